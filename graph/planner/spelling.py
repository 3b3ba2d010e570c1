"""Puts misspelt words right, by the words that are known: "pyhton jbos" is read as "python jobs"."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from graph.planner.words import fold, words

WORD = re.compile(r"(?<![^\W\d_])[a-z]{4,}(?![\w@])")
SHORT = 5
"""Up to so many letters only two that changed places are a misspelling: another letter is mostly another word."""
TWICE = 2


class Spelling:
    """The words of the examples, and how a word nobody knows is spelt rightly."""

    def __init__(self, examples: Iterable[str]) -> None:
        counted = Counter(word for text in examples for word in words(text))
        self._known = frozenset(counted)
        self._often = [word for word, count in counted.items() if count >= TWICE and len(word) >= 4]
        self._right = lru_cache(5_000)(self._find)

    def __call__(self, text: str) -> str:
        """The text with its misspelt small-letter words put right."""
        return WORD.sub(lambda hit: self._right(hit.group()), text)

    def _find(self, word: str) -> str:
        if fold(word) in self._known:
            return word
        for near, _, _ in process.extract(word, self._often, scorer=OSA.distance, score_cutoff=1, limit=5):
            if len(word) > SHORT or sorted(near) == sorted(word):
                return str(near)
        return word
