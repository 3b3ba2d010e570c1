"""The sentences that say most about a document, quoted as they stand.

TextRank (Mihalcea and Tarau, 2004): a sentence matters when it shares words with others that matter. Sentences that
open the document or a section count more, as do those with sums or dates in them; one that repeats another is left out.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Any

from agents.tools.documents.topics import stems
from integrations.media.documents.passages import sentences

MOST_SENTENCES = 250
"""Of a long document the openings of its passages are weighed; comparing all with all would take too long."""
DAMPING, ROUNDS = 0.85, 25
_FUNCTION_WORDS = frozenset(
    "the a an and or of to in on for by with at from is are be it its this that as not which each any all if has have "
    "will may must der die das und".split()
)


def summary(passages: Sequence[dict[str, Any]], count: int = 5) -> list[dict[str, Any]]:
    """The `count` sentences that say most, in reading order: ``{"text", "place", "heading"}``. For a job."""
    found: list[tuple[dict[str, Any], str, int]] = []
    per_passage = max(2, MOST_SENTENCES // max(1, len(passages)))
    for passage in passages:
        here = [s for s in sentences(passage["text"]) if len(s.split()) >= 6 and " | " not in s]
        found += [(passage, sentence, position) for position, sentence in enumerate(here[:per_passage])]
    found = found[: 2 * MOST_SENTENCES]
    bags = [frozenset(stems(sentence)) - _FUNCTION_WORDS for _, sentence, _ in found]
    weights = _rank(bags)
    scores = [
        weight * _prior(sentence, position, index / len(found))
        for index, (weight, (_, sentence, position)) in enumerate(zip(weights, found, strict=True))
    ]
    chosen: list[int] = []
    for index in sorted(range(len(found)), key=lambda i: -scores[i]):
        same_section = sum(found[other][0]["heading"] == found[index][0]["heading"] for other in chosen)
        alike = any(_overlap(bags[index], bags[other]) > 0.5 for other in chosen)
        if not alike and same_section < 2:
            chosen.append(index)
        if len(chosen) == count:
            break
    return [
        {"text": found[i][1], "place": found[i][0]["place"], "heading": found[i][0]["heading"]} for i in sorted(chosen)
    ]


def by_section(passages: Sequence[dict[str, Any]], most: int = 40) -> list[dict[str, Any]]:
    """The one or two sentences that say most in each section: ``{"heading", "sentences"}``, for a job."""
    sections: dict[str, list[dict[str, Any]]] = {}
    for passage in passages:
        sections.setdefault(passage["heading"], []).append(passage)
    found = []
    for heading, own in list(sections.items())[:most]:
        long = sum(len(passage["text"].split()) for passage in own) > 150
        if sentences := summary(own, 2 if long else 1) or _opening(own):
            found.append({"heading": heading, "sentences": sentences})
    return found


def _opening(passages: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The first line, of a section that holds no full sentence."""
    first = passages[0]
    return [{"text": first["text"].splitlines()[0], "place": first["place"], "heading": first["heading"]}]


def _rank(bags: list[frozenset[str]]) -> list[float]:
    size = len(bags)
    links: list[list[tuple[int, float]]] = [[] for _ in bags]
    for one in range(size):
        for other in range(one):
            shared = len(bags[one] & bags[other])
            if shared > 1:
                weight = shared / (math.log(len(bags[one]) + 1) + math.log(len(bags[other]) + 1))
                links[one].append((other, weight))
                links[other].append((one, weight))
    totals = [sum(weight for _, weight in out) or 1.0 for out in links]
    ranks = [1.0] * size
    for _ in range(ROUNDS):
        ranks = [
            1 - DAMPING + DAMPING * sum(ranks[other] * weight / totals[other] for other, weight in links[index])
            for index in range(size)
        ]
    return ranks


def _prior(sentence: str, position: int, depth: float) -> float:
    weight = 1.25 if position == 0 else 1.0
    weight *= 1.2 - 0.3 * depth
    if re.search(r"[€$£]|\b(?:EUR|USD|GBP|CHF)\b|\b(?:19|20)\d\d\b|\d\s?%", sentence):
        weight *= 1.3
    return weight * (0.7 if len(sentence.split()) > 45 else 1.0)


def _overlap(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / (min(len(one), len(other)) or 1)
