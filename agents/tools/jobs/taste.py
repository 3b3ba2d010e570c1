"""What kinds of jobs the user goes for, and which they turn down, from what became of jobs before.

A trait is a skill, a word of the title, or the company. Its weight is (up - down) / (up + down + 1), so that one job
says little and several say more; a job's taste is the sum over its traits, halved and held between -1 and 1.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from agents.tools.jobs.skills import find_skills
from integrations.job_boards.dedupe import company_key
from integrations.job_boards.post import JobPost

UP, DOWN = frozenset({"applied", "won", "liked"}), frozenset({"disliked"})
"""What speaks for a kind of job, and what against it; that one was lost says nothing of the user's taste."""
MOST = 15
"""Points of fit that taste adds or takes at most."""
_COMMON = frozenset(
    "senior junior lead developer engineer needed wanted looking remote freelance freelancer contract project expert "
    "with from that this your team work full part time the and for".split()
)


@dataclass(frozen=True)
class Taste:
    """The weight of each trait, from -1 to 1; empty for a user who has told nothing yet."""

    weights: Mapping[str, float] = field(default_factory=dict)

    def of(self, post: JobPost) -> tuple[float, str]:
        """How much a job is to the user's taste, from -1 to 1, and why; 0 and "" when nothing is known."""
        if not self.weights:
            return 0.0, ""
        told = {trait: self.weights[trait] for trait in traits_of(post) if trait in self.weights}
        score = max(-1.0, min(1.0, sum(told.values()) / 2))
        strongest = sorted(told, key=lambda trait: -abs(told[trait]))[:2]
        named = ", ".join(trait.removeprefix("at:") for trait in strongest if told[trait] * score > 0)
        if abs(score) < 0.05 or not named:
            return 0.0, ""
        return score, f"like jobs you {'went for' if score > 0 else 'turned down'}: {named}"


def traits_of(post: JobPost) -> list[str]:
    """The traits of a job, each once."""
    words = [word.casefold() for word in re.findall(r"[^\W\d_]{4,}", post.title)]
    named = [skill.casefold() for skill in [*post.skills, *find_skills(post.title)]]
    company = [f"at:{key}"] if (key := company_key(post.company)) else []
    return list(dict.fromkeys([*named, *(word for word in words if word not in _COMMON), *company]))


def taste_of(outcomes: Iterable[tuple[str, Iterable[str]]]) -> Taste:
    """The taste that outcomes show, each its kind and the traits of its job."""
    up: Counter[str] = Counter()
    down: Counter[str] = Counter()
    for kind, traits in outcomes:
        (up if kind in UP else down if kind in DOWN else Counter()).update(traits)
    known = up.keys() | down.keys()
    return Taste({trait: (up[trait] - down[trait]) / (up[trait] + down[trait] + 1) for trait in sorted(known)})
