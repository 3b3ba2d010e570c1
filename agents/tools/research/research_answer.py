"""Answers a question from what sources say: their own sentences, each with who says it.

A sentence counts by how much of the question it covers, rarer words more, and by how high its source was ranked. One
that says what another source also says is kept once, with both named: two sources are worth more than one.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from agents.tools.documents.topics import concepts, stems
from integrations.media.documents.passages import sentences

SHORTEST, LONGEST = 6, 60
"""Words a sentence has to have to say something, and may have to be quoted."""
SAME = 0.55
"""Share of stems two sentences have in common when they say the same (Jaccard)."""
MOST_READ = 400
"""Sentences weighed; of each source the first ones, where authors say what matters."""


@dataclass(frozen=True)
class Statement:
    """A sentence as it stands, and the places (from 0) of the sources that say it, the one quoted first."""

    text: str
    sources: tuple[int, ...]


def statements(question: str, texts: Sequence[str], count: int = 5) -> list[Statement]:
    """The `count` sentences of `texts` that say most about a question, best first.

    A text that says nothing about it gives none.
    """
    asked = {term for concept in concepts(question) for term in stems(concept.words)} or set(stems(question))
    each = max(4, MOST_READ // max(1, len(texts)))
    read = [
        (source, place, sentence, frozenset(stems(sentence)))
        for source, text in enumerate(texts)
        for place, sentence in enumerate(sentences(text)[:each])
        if SHORTEST <= len(sentence.split()) <= LONGEST
    ]
    if not read or not asked:
        return []
    rarity = {term: math.log(1 + len(read) / (1 + sum(term in bag for *_, bag in read))) for term in asked}
    total = sum(rarity.values()) or 1.0
    weighed = [
        (
            sum(rarity[term] for term in asked & bag) / total + 0.15 / (1 + place) + 0.1 / (1 + source),
            source,
            sentence,
            bag,
        )
        for source, place, sentence, bag in read
        if asked & bag
    ]
    chosen: list[tuple[str, frozenset[str], list[int]]] = []
    for _, source, sentence, bag in sorted(weighed, key=lambda one: -one[0]):
        twin = next((one for one in chosen if _alike(one[1], bag) >= SAME), None)
        if twin is not None:
            if source not in twin[2]:
                twin[2].append(source)
        elif len(chosen) < count:
            chosen.append((sentence, bag, [source]))
    return [Statement(text, tuple(found)) for text, _, found in chosen]


def _alike(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / (len(one | other) or 1)
