"""How like a text is to labelled examples: to the nearest one of each label, and to all of a label's together.

The nearest counts by the cosine of term vectors, a term weighing more the rarer it is among all examples. All together
count by naive Bayes over the terms that are known (Manning, Raghavan, Schütze, *Introduction to Information Retrieval*,
chapters 6 and 13). The first is sharp where somebody asked in the same words; the second still has an opinion where
nobody did.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from graph.planner.words import fold, terms

MISSPELT = 84
"""How alike, in percent, an unknown word and a known one must be to be taken for the same."""
UNKNOWN_PAIR = 0.3
"""What a pair of words nobody used counts beside a word nobody used: most pairs are new, and say little by that."""
SMOOTHING = 0.1
"""Added to every count of a term in a label (Lidstone)."""
SUPPORTED = 3.0
"""The label's probability counts in full from a nearness of one over this."""


@dataclass(frozen=True)
class Like:
    """How like a text is to a label: `nearness` to its nearest `example` and the `probability` of the label, 0 to 1."""

    nearness: float
    example: str
    probability: float


class Likeness:
    """Examples by label, prepared once."""

    def __init__(self, examples: Mapping[str, Sequence[str]]) -> None:
        said = [(label, text, Counter(terms(fold(text)))) for label, texts in examples.items() for text in texts]
        documents = Counter(term for _, _, counts in said for term in counts)
        self._rarity = {term: math.log(1 + len(said) / count) for term, count in documents.items()}
        self._unknown = math.log(1 + len(said))
        self._words = [term for term in self._rarity if " " not in term and len(term) > 3]
        self._spellings: dict[str, str] = {}
        self._examples = [(label, text) for label, text, _ in said]
        self._index: dict[str, list[tuple[int, float]]] = defaultdict(list)
        counted: dict[str, Counter[str]] = {label: Counter() for label in examples}
        for number, (label, _, counts) in enumerate(said):
            counted[label].update(counts.keys())
            for term, weight in self._vector(counts).items():
                self._index[term].append((number, weight))
        self._chances = {label: self._chance(counts, len(documents)) for label, counts in counted.items()}

    def __call__(self, text: str) -> dict[str, Like]:
        """The labels a text is at all like."""
        counts = Counter(self._spelled(term) for term in terms(fold(text)))
        dots: dict[int, float] = defaultdict(float)
        for term, weight in self._vector(counts).items():
            for number, other in self._index.get(term, ()):
                dots[number] += weight * other
        nearest: dict[str, tuple[float, str]] = {}
        for number, dot in dots.items():
            label, example = self._examples[number]
            if dot > nearest.get(label, (0.0, ""))[0]:
                nearest[label] = (dot, example)
        chances = self._probabilities([term for term in counts if term in self._rarity])
        return {
            label: Like(nearness, example, chances[label] * min(1.0, nearness * SUPPORTED))
            for label, (nearness, example) in nearest.items()
        }

    def _probabilities(self, known: Sequence[str]) -> dict[str, float]:
        logs = {
            label: sum(chance.get(term, unseen) for term in known) for label, (chance, unseen) in self._chances.items()
        }
        highest = max(logs.values())
        parts = {label: math.exp(value - highest) for label, value in logs.items()}
        whole = sum(parts.values())
        return {label: part / whole for label, part in parts.items()}

    def _chance(self, counts: Counter[str], vocabulary: int) -> tuple[dict[str, float], float]:
        """The logarithm of each term's chance in a label, and that of a term it never had."""
        whole = counts.total() + SMOOTHING * vocabulary
        chances = {term: math.log((count + SMOOTHING) / whole) for term, count in counts.items()}
        return chances, math.log(SMOOTHING / whole)

    def _spelled(self, term: str) -> str:
        """The term, or the one it is a misspelling of."""
        if term in self._rarity or " " in term or len(term) < 5:
            return term
        if term not in self._spellings:
            near = process.extractOne(term, self._words, scorer=fuzz.ratio, score_cutoff=MISSPELT)
            self._spellings[term] = near[0] if near else term
        return self._spellings[term]

    def _vector(self, counts: Counter[str]) -> dict[str, float]:
        weights = {term: (1 + math.log(count)) * self._weight(term) for term, count in counts.items()}
        length = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
        return {term: weight / length for term, weight in weights.items()}

    def _weight(self, term: str) -> float:
        known = self._rarity.get(term)
        return known if known is not None else self._unknown * (UNKNOWN_PAIR if " " in term else 1.0)
