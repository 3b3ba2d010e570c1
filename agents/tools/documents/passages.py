"""Finds the sentences of a document that answer a question, with no language model: by their words and their meaning.

question ─┬─ BM25 over concepts ─▶ passages ─▶ sentences by their words ──┐
          └─ closeness in meaning ─────────────▶ the closest sentences ───┴─▶ fused by rank ─▶ quotes

The ranking by words is Okapi BM25 (Robertson and Zaragoza, 2009), in which a concept's frequency is the sum of its
terms' weights. Without closeness it stands alone. What is returned is quoted as it stands in the document.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from agents.tools.documents.topics import RELATED, Concept, Term, concepts, stems
from agents.tools.research.relevance import fused
from integrations.media.documents.passages import sentences

K1, B = 1.2, 0.6
ENOUGH, NEAR = 0.4, 0.15
"""The share of what was asked, by weight, that a sentence must hold to count as an answer, or as near to one."""
MEANT, HINTED = 0.4, 0.15
"""The same for how close in meaning it must be: the cosine of its vector with the question's."""
CLOSE, ALIKE = 0.55, 0.75
"""A sentence is quoted beside the best one when it has at least this part of the best score, by words or meaning."""
MOST_PASSAGES, MOST_SENTENCES = 6, 12
"""So many of the best passages by words, and of the closest sentences, are looked at."""
MOST_QUOTES, MOST_NEAR = 4, 3

_AMOUNT = re.compile(r"[€$£¥]|\b(?:EUR|USD|GBP|CHF)\b|\d\s?%")
_DATE = re.compile(
    r"\b\d{4}-\d\d-\d\d\b|\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*\b"
    r"|\b\d+ (?:working |calendar )?(?:days?|weeks?|months?)\b",
    re.IGNORECASE,
)
_NAME = re.compile(r"(?<=[\w,(] )[A-Z][a-z]+ [A-Z][a-z]+|\b(?:GmbH|Ltd|Inc|LLC|AG)\b")


class Passage(Protocol):
    """What is searched: a text with its place in a document."""

    @property
    def document(self) -> str: ...
    @property
    def place(self) -> str: ...
    @property
    def heading(self) -> str: ...
    @property
    def text(self) -> str: ...


@dataclass(frozen=True)
class Quote:
    """A sentence as it stands in a document. `score` compares quotes of one question only."""

    document: str
    text: str
    place: str
    heading: str
    score: float


@dataclass(frozen=True)
class Answer:
    """The best sentences in reading order. When not `sure`, they are only near to what was asked."""

    quotes: list[Quote]
    sure: bool


def answer(
    question: str,
    passages: Sequence[Passage],
    total: int | None = None,
    closeness: Mapping[str, float] | None = None,
) -> Answer:
    """The sentences that answer best; none when nothing is even near.

    Args:
        question: the user's words.
        passages: those to look in, in reading order; without closeness those that hold any of the words are enough.
        total: how many passages there are in all, which says how rare a word is.
        closeness: how close in meaning sentences are to the question, as cosines.
    """
    import numpy as np

    found = [one for one in _candidates(question, passages, total, closeness or {}) if one.near]
    sure = any(one.fits for one in found)
    words, close = (np.array([getattr(one, name) for one in found]) for name in ("words", "close"))
    ranks = fused(words, close) if closeness and found else words
    best = max(words, default=0.0), max(close, default=0.0)
    quoted = [
        (rank, one)
        for rank, one in zip(ranks.tolist(), found, strict=True)
        if one.fits == sure and (one.words >= CLOSE * best[0] > 0 or one.close >= ALIKE * best[1] > 0)
    ]
    most = MOST_QUOTES if sure else MOST_NEAR if closeness else 1
    quoted = sorted(quoted, key=lambda pair: -pair[0])[:most]
    return Answer([one.quote(rank) for rank, one in sorted(quoted, key=lambda pair: pair[1].position)], sure)


def _candidates(
    question: str, passages: Sequence[Passage], total: int | None, closeness: Mapping[str, float]
) -> list[_Candidate]:
    """The sentences of the best passages by words, and the closest ones anywhere."""
    asked = concepts(question)
    bags = [_positions(stems(passage.text)) for passage in passages]
    heads = [_positions(stems(passage.heading)) for passage in passages]
    rarity = _rarity(asked, bags, heads, max(total or 0, len(passages)))
    mean = sum(bag.length for bag in bags) / (len(bags) or 1)
    scores = [_bm25(asked, rarity, bag, head, mean) for bag, head in zip(bags, heads, strict=True)]
    best = max(scores, default=0.0) or 1.0
    first = set(sorted(range(len(passages)), key=lambda i: -scores[i])[:MOST_PASSAGES])
    closest = set(sorted(closeness, key=lambda sentence: -closeness[sentence])[:MOST_SENTENCES])
    found: list[_Candidate] = []
    for index, passage in enumerate(passages):
        for number, sentence in enumerate(sentences(passage.text)):
            if index in first or sentence in closest:
                score, share = _sentence(question, asked, rarity, sentence, heads[index])
                score *= 0.5 + 0.5 * scores[index] / best
                found.append(_Candidate(passage, (index, number), sentence, score, share, closeness.get(sentence, 0.0)))
    return found


@dataclass(frozen=True)
class _Candidate:
    """A sentence: how well its `words` score, the `share` of what was asked they hold, how `close` it is in meaning."""

    passage: Passage
    position: tuple[int, int]
    sentence: str
    words: float
    share: float
    close: float

    @property
    def near(self) -> bool:
        return self.share >= NEAR or self.close >= HINTED

    @property
    def fits(self) -> bool:
        return self.share >= ENOUGH or self.close >= MEANT

    def quote(self, score: float) -> Quote:
        passage = self.passage
        return Quote(passage.document, self.sentence, passage.place, passage.heading, round(score, 4))


@dataclass(frozen=True)
class _Bag:
    places: dict[str, list[int]]
    length: int

    def count(self, term: Term) -> int:
        starts = self.places.get(term[0], [])
        rest = [set(self.places.get(word, ())) for word in term[1:]]
        return sum(all(start + step in places for step, places in enumerate(rest, 1)) for start in starts)


def _positions(found: list[str]) -> _Bag:
    places: dict[str, list[int]] = {}
    for index, word in enumerate(found):
        places.setdefault(word, []).append(index)
    return _Bag(places, len(found))


def _rarity(asked: list[Concept], bags: list[_Bag], heads: list[_Bag], total: int) -> list[float]:
    rarity = []
    for concept in asked:
        holding = sum(
            any(bag.count(term) or head.count(term) for term in concept.terms)
            for bag, head in zip(bags, heads, strict=True)
        )
        rarity.append(math.log(1 + (total - holding + 0.5) / (holding + 0.5)))
    return rarity


def _bm25(asked: list[Concept], rarity: list[float], bag: _Bag, head: _Bag, mean: float) -> float:
    score = 0.0
    for concept, rare in zip(asked, rarity, strict=True):
        frequency = sum(weight * (bag.count(term) + 2 * head.count(term)) for term, weight in concept.terms.items())
        score += rare * frequency * (K1 + 1) / (frequency + K1 * (1 - B + B * bag.length / (mean or 1)))
    return score


def _sentence(
    question: str, asked: list[Concept], rarity: list[float], sentence: str, head: _Bag
) -> tuple[float, float]:
    """A sentence's score, and the share of what was asked that it is about."""
    bag = _positions(stems(sentence))
    if bag.length < 3:
        return 0.0, 0.0
    score = covered = possible = 0.0
    for concept, rare in zip(asked, rarity, strict=True):
        hits = sorted((weight for term, weight in concept.terms.items() if bag.count(term)), reverse=True)
        titled = max((weight for term, weight in concept.terms.items() if head.count(term)), default=0.0)
        best = hits[0] if hits else 0.0
        score += rare * (best + 0.2 * sum(hits[1:4]) + 0.6 * titled)
        possible += rare
        covered += rare * min(1.0, max(best, 0.8 * titled))
        if concept.topic and (titled >= RELATED or len(hits) > 1 or best == 1.0):
            covered += ENOUGH * sum(rarity)  # a topic that is plainly dealt with is an answer by itself
    score *= _suits(question, sentence) / (1 + max(0, bag.length - 45) / 60)
    return score, covered / possible if possible else 0.0


def _suits(question: str, sentence: str) -> float:
    """More for a sentence with the kind of thing asked for: a sum, a date or a name."""
    asked = question.lower()
    if re.search(r"\bhow much|price|cost|fee|budget|rate|amount|deposit\b", asked) and _AMOUNT.search(sentence):
        return 1.4
    if re.search(r"\bwhen|deadline|due|date|how long|until|by when|notice\b", asked) and _DATE.search(sentence):
        return 1.4
    if re.search(r"\bpay(?:ment|able)?\b|\binvoice", asked) and (_AMOUNT.search(sentence) or _DATE.search(sentence)):
        return 1.25
    return 1.3 if re.search(r"\bwho\b", asked) and _NAME.search(sentence) else 1.0
