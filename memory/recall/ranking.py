"""Puts what was found by words and by meaning into one order, and looks closer at the best.

    ranks by words ─┐
    ranks by meaning┴─▶ reciprocal rank fusion ──▶ the first are opened ──▶ features of their text ──▶ no text twice

Fusion: Cormack, Clarke and Büttcher (2009), k = 60.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from memory.blind_search import stems

RRF = 60
ALIKE = 0.75
"""Two texts that share this part of the fewer words say the same."""
YEAR = 365.0
WEIGHTS = {"rank": 0.5, "covered": 1.0, "in_row": 0.2, "headed": 0.2, "meant": 4.0, "recent": 0.05}
"""What each feature counts; all lie between 0 and 1. Set on one half of the questions in bench/recall.py."""
FITS, MEANT = 0.5, 0.35
"""A text answers when it holds this part of what was asked, by weight, or comes this close in meaning."""
_STOP = frozenset(
    stem
    for stem in stems(
        "a an the of to in on at by for from with about and or but is are was were be been do does did have has "
        "had i you he she it we they me my your our their his her its this that these those what which who whom "
        "when where why how can could would should will shall may might there here not no any some all everything "
        "anything something if then than so as up out into over again tell show find know say said tell told "
        "remember der die das den dem ein eine einen und oder ist sind war was wer wann wo wie ich du wir sie es "
        "mit von zu im am über el la los las un una y o es son qué que quién cuándo dónde cómo yo tú de en con por "
        "para sobre le les des du et ou est sont qui quand où comment je tu nous vous dans avec pour sur il lo gli "
        "e è sono che chi quando dove come io di da in con su o os as um uma é são quem onde como eu não em com "
        "por para "
    )
)


@dataclass(frozen=True)
class Asked:
    """What is looked for: the stems that matter in order, and how much each weighs, rare ones most."""

    stems: tuple[str, ...]
    weights: Mapping[str, float] = field(default_factory=dict)

    @classmethod
    def of(cls, question: str) -> Asked:
        found = stems(question)
        return cls(tuple(stem for stem in found if stem not in _STOP) or tuple(found))

    def weighed(self, counts: Mapping[str, int], total: int) -> Asked:
        """With weights by how many of all chunks hold each stem: ln(1 + total / count), ln 2 where none does."""
        return Asked(
            self.stems, {stem: math.log1p(total / (counts.get(stem) or total or 1)) for stem in set(self.stems)}
        )

    def covered(self, said: frozenset[str]) -> float:
        """The part of what is asked that a text holds, by weight."""
        whole = sum(self.weights.get(stem, 1.0) for stem in set(self.stems))
        return sum(self.weights.get(stem, 1.0) for stem in set(self.stems) & said) / whole if whole else 0.0

    def in_row(self, said: Sequence[str], held: frozenset[str]) -> float:
        """The part of neighbours in the question that are neighbours in a text, which holds these stems."""
        pairs = set(pairwise(self.stems))
        if not any(one in held and other in held for one, other in pairs):
            return 0.0
        kept = [stem for stem in said if stem not in _STOP]
        return len(pairs & set(pairwise(kept))) / len(pairs)


@dataclass(frozen=True)
class Candidate:
    """An opened text: its rank after fusion from 0 to 1, its cosine with the question if known, its age in days."""

    text: str
    heading: str
    rank: float
    meant: float | None
    days: float


@dataclass(frozen=True)
class Scored:
    """A candidate's place in the list it came in, its score, and whether it answers."""

    place: int
    score: float
    fits: bool


def fused(*ranked: Sequence[str]) -> dict[str, float]:
    """Ids by how early they come in several rankings; 1 for one that comes first in all."""
    scores: dict[str, float] = {}
    for ids in ranked:
        for rank, one in enumerate(ids, 1):
            scores[one] = scores.get(one, 0.0) + (RRF + 1) / (RRF + rank) / len(ranked)
    return dict(sorted(scores.items(), key=lambda pair: -pair[1]))


def ranked(asked: Asked, candidates: Sequence[Candidate], count: int) -> list[Scored]:
    """The best candidates first, each text once."""
    said = [stems(one.text) for one in candidates]
    sets = [frozenset(one) for one in said]
    known = [one.meant for one in candidates if one.meant is not None]
    least = min(known, default=0.0)
    scored = []
    for place, one in enumerate(candidates):
        meant = least if one.meant is None else one.meant
        heads = frozenset(stems(one.heading))
        covered = asked.covered(sets[place] | heads)
        values = {
            "rank": one.rank,
            "covered": covered,
            "in_row": asked.in_row(said[place], sets[place]),
            "headed": asked.covered(heads),
            "meant": max(0.0, meant),
            "recent": math.exp(-max(0.0, one.days) / YEAR),
        }
        score = sum(WEIGHTS[name] * value for name, value in values.items())
        scored.append(Scored(place, score, covered >= FITS or (one.meant or 0.0) >= MEANT))
    kept: list[Scored] = []
    for best in sorted(scored, key=lambda one: -one.score):
        if len(kept) < count and not any(_alike(sets[best.place], sets[other.place]) for other in kept):
            kept.append(best)
    return kept


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two texts say the same: they share most of the words of both, or all of the shorter is in the longer."""
    shared, fewer, more = len(one & other), *sorted((len(one), len(other)))
    return fewer > 0 and (shared / (fewer + more - shared) >= ALIKE or (fewer >= 6 and shared == fewer))
