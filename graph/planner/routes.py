"""What the user corrected before: words like these are for that agent.

Two texts are as like as the stems they share, Dice's coefficient 2·|A ∩ B| / (|A| + |B|) over sets of stems. Only what
is almost the same is taken for the same, because a correction says nothing of other requests.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from graph.planner.words import in_english, stem, words

ALIKE = 0.85


@dataclass(frozen=True)
class Route:
    """That a text is for an agent."""

    text: str
    agent: str


def preferred(text: str, routes: Sequence[Route]) -> str | None:
    """The agent that was taught for such a text, None when none was; of equally like ones the first counts."""
    asked = _stems(text)
    best = max(routes, key=lambda route: _alike(asked, _stems(route.text)), default=None)
    return best.agent if best and _alike(asked, _stems(best.text)) >= ALIKE else None


def _stems(text: str) -> frozenset[str]:
    return frozenset(stem(word) for word in words(in_english(text)))


def _alike(one: frozenset[str], other: frozenset[str]) -> float:
    return 2 * len(one & other) / (len(one) + len(other)) if one and other else 0.0
