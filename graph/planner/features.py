"""What a classifier of texts goes by: words and pairs of words, how it begins and ends, and the letters of its words.

A text counts as written and, where that differs, read in English. Every mark, such as "w invoice for" or "c voic", is
known by its CRC-32, so that no vocabulary need be kept. A word that hardly occurs in the examples, such as a client's
name, stands in further pairs and triples as what it looks like: "write Petrov that" is "write Name that" as well.
Values follow Salton and Buckley, *Term-Weighting Approaches in Automatic Text Retrieval*, 1988: 1 + log of the count,
times the rarity, each kind of marks at length 1.
"""

from __future__ import annotations

import math
import re
import zlib
from collections import Counter
from collections.abc import Callable, Mapping
from functools import lru_cache
from itertools import pairwise

from graph.planner.gloss import gloss
from graph.planner.language import language_of
from graph.planner.words import fold

MOST_CHARS = 200
"""Of a long text the beginning says what is wanted, and the rest would make the planner slow."""
WORD = re.compile(r"\w+|\?")
LONG = 12
"""From so many words on a text is just long."""
PIECES = range(2, 6)
"""Letters of a piece of a word."""
RARE, RARE_NAME = 2, 40
"""A word in so few examples is rare; a name is it still in more of them."""
NAME, OTHER = "Name", "rare"

Marks = tuple[dict[int, float], dict[int, float]]
"""The marks of a text, words and pieces, each with 1 + log of how often it occurs."""


@lru_cache(maxsize=20_000)
def reading(text: str) -> str:
    """A text word for word in English; an English one as it is."""
    language = language_of(text)
    return text if language == "en" else gloss(text, language).text


def marks(text: str) -> Marks:
    """The marks of a text by their CRC-32."""
    short = text[:MOST_CHARS]
    read = _plain(short)
    other = reading(short)
    ends = WORD.findall(_plain(other))
    if other != short:
        read = f"{read} | {_plain(other)}"
    words = WORD.findall(read)
    said = Counter(words)
    said.update(f"{one} {two}" for one, two in pairwise(words))
    if ends:
        said.update(
            (f"first {ends[0]}", f"first {' '.join(ends[:2])}", f"last {ends[-1]}", f"{min(len(ends), LONG)} long")
        )
    pieces: Counter[str] = Counter()
    for word in read.split():
        framed = f" {word} "
        for size in PIECES:
            if size >= len(framed):
                pieces[framed] += 1
                break
            pieces.update(framed[at : at + size] for at in range(len(framed) - size + 1))
    return _numbered("w", said), _numbered("c", pieces)


def looks(text: str, seen: Callable[[int], int]) -> dict[int, float]:
    """Further marks of a text, of the words around those that are rare; `seen` counts the examples with a mark."""
    words = [
        _look(word, place, seen) for place, word in enumerate(WORD.findall(re.sub(r"\d+", "0", text[:MOST_CHARS])))
    ]
    around = Counter(" ".join(pair) for pair in pairwise(words) if NAME in pair or OTHER in pair)
    around.update(" ".join(three) for three in zip(words, words[1:], words[2:], strict=False) if NAME in three)
    return _numbered("n", around)


def _look(word: str, place: int, seen: Callable[[int], int]) -> str:
    """A word as it is, or what it looks like when it is rare; a large letter says nothing at the beginning."""
    folded = fold(word)
    count = seen(_mark("w", folded))
    named = place > 0 and word[0].isupper()
    if named and not word.isupper() and count <= RARE_NAME:
        return NAME
    if count <= RARE and folded not in ("0", "?"):
        return NAME if named else OTHER
    return folded


def weighed(found: Marks, rarity: Mapping[int, float]) -> dict[int, float]:
    """The known marks' values; `rarity` is by mark, and one it lacks is unknown."""
    values: dict[int, float] = {}
    for kind in found:
        known = {mark: count * rarity[mark] for mark, count in kind.items() if mark in rarity}
        length = math.sqrt(sum(value * value for value in known.values())) or 1.0
        values.update({mark: value / length for mark, value in known.items()})
    return values


def _numbered(kind: str, counts: Mapping[str, int]) -> dict[int, float]:
    return {_mark(kind, mark): 1 + math.log(count) for mark, count in counts.items()}


def _mark(kind: str, text: str) -> int:
    return zlib.crc32(f"{kind} {text}".encode())


def _plain(text: str) -> str:
    return re.sub(r"\d+", "0", fold(text))
