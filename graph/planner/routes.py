"""What the user corrected before: words like these are for that agent.

Two texts are as like as the stems they share, Dice's coefficient 2·|A ∩ B| / (|A| + |B|) over sets of stems. Only what
is almost the same is taken for the same, because a correction says nothing of other requests.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from graph.planner.words import in_english, stem, words

ALIKE = 0.85


@dataclass(frozen=True)
class Route:
    """That a text is for an agent."""

    text: str
    agent: str


def preferred(text: str, routes: Sequence[Route]) -> str | None:
    """The agent that was taught for such a text, None when none was; of equally like ones the first counts."""
    best = max(routes, key=lambda route: likeness(text, route.text), default=None)
    return best.agent if best and alike(text, best.text) else None


def alike(one: str, other: str) -> bool:
    """Whether two texts are almost the same."""
    return likeness(one, other) >= ALIKE


def likeness(one: str, other: str) -> float:
    """How like two texts are, from 0 to 1."""
    mine, theirs = _stems(one), _stems(other)
    return 2 * len(mine & theirs) / (len(mine) + len(theirs)) if mine and theirs else 0.0


@lru_cache(maxsize=1_000)
def _stems(text: str) -> frozenset[str]:
    return frozenset(stem(word) for word in words(in_english(text)))
