"""Small numbers as people write them in a sentence: in figures, or as words up to ten."""

from __future__ import annotations

WORDS = {word: number for number, word in enumerate(
    "one two three four five six seven eight nine ten".split(), 1)}  # fmt: skip
COUNT = rf"\d{{1,2}}|{'|'.join(WORDS)}"
"""A number up to 99, to be part of a larger pattern that ignores case; `value` says how much it is."""


def value(word: str) -> int:
    """How much a word that `COUNT` fits is.

    >>> value("Three"), value("12")
    (3, 12)
    """
    return WORDS.get(word.lower()) or int(word)
