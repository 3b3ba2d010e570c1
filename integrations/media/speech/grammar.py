"""Counts which word follows which two, and writes that down as recognisers read it: a 3-gram model in ARPA format.

Discounts by Kneser and Ney's absolute amount, with back-off to shorter histories (Jurafsky and Martin, Speech and
Language Processing, chapter 3).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from math import log10

ORDER = 3
DISCOUNT = 0.6
NEVER = -99.0
Words = tuple[str, ...]


def arpa(sentences: Iterable[str], known: Iterable[str] | None = None) -> str:
    """The model of these sentences; those with a word that is not `known` are left out."""
    vocabulary = set(known) if known is not None else None
    counts: list[Counter[Words]] = [Counter() for _ in range(ORDER)]
    for sentence in sentences:
        words = sentence.split()
        if vocabulary is not None and not vocabulary.issuperset(words):
            continue
        line = ("<s>", *words, "</s>")
        for order in range(1, ORDER + 1):
            counts[order - 1].update(line[at : at + order] for at in range(len(line) - order + 1))
    followers = [_followers(counter) for counter in counts]
    parts = ["\\data\\", *(f"ngram {order}={len(counter)}" for order, counter in enumerate(counts, 1)), ""]
    probabilities: dict[Words, float] = {}
    for order, counter in enumerate(counts, 1):
        parts.append(f"\\{order}-grams:")
        for one, count in sorted(counter.items()):
            total, kinds = followers[order - 1][one[:-1]]
            if order == 1:
                probability = count / total
            else:
                spare = DISCOUNT * kinds / total
                probability = max(count - DISCOUNT, 0) / total + spare * probabilities[one[1:]]
            probabilities[one] = probability
            shown = NEVER if one == ("<s>",) else log10(probability)
            back = _back_off(one, followers, order)
            parts.append(f"{shown:.4f} {' '.join(one)}{f' {back:.4f}' if back is not None else ''}")
        parts.append("")
    return "\n".join([*parts, "\\end\\", ""])


def _followers(counter: Mapping[Words, int]) -> dict[Words, tuple[int, int]]:
    """How often anything follows a history, and how many different words do."""
    found: dict[Words, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for words, count in counter.items():
        total, kinds = found[words[:-1]]
        found[words[:-1]] = total + count, kinds + 1
    return found


def _back_off(words: Words, followers: list[dict[Words, tuple[int, int]]], order: int) -> float | None:
    """The weight of the shorter history where this one has not been seen with a word; None at the longest order.

    The probabilities above are interpolated, so what the discount freed is exactly this weight.
    """
    if order == ORDER:
        return None
    total, kinds = followers[order].get(words, (0, 0))
    return log10(DISCOUNT * kinds / total) if total else 0.0
