"""A request in another language, word for word in English, so that agents need to read English alone.

    "Erinnere mich am Freitag daran, die Bank anzurufen"
    "remind me on Freitag to, the bank anzurufen"       and each stretch knows the words it stands for

What an agent reads from it as a text, such as a title, is given back in the user's own words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

import yaml

from config.paths import ROOT
from graph.planner.words import fold

TOKEN = re.compile(r"[^\W\d_]{1,4}['’](?=[^\W\d_])|[^\W\d_]+(?:['’-][^\W\d_]+)*|\d[\d.,]*\d|\d|\s+|.", re.DOTALL)
LONGEST = 4
"""The most words a phrase of the gloss has."""
CONTINENTAL = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d{1,2})?|\d+,\d{1,2}")
FIGURE = re.compile(r"\W*\d[\d.,:/-]*\s*\S{0,4}(?:/\w+)?")
"""A number, sum, rate or day, which is the same in every language."""
CHOSEN = frozenset({"action", "kind", "state", "period", "language"})
"""Fields that hold a choice of the agent's own, not the user's words."""


class Stretch(NamedTuple):
    """Where a piece of the English text begins and ends, and the piece of the original it stands for."""

    start: int
    end: int
    first: int
    last: int


@dataclass(frozen=True)
class Gloss:
    """A text in English, and what it was in the user's language."""

    text: str
    original: str
    stretches: tuple[Stretch, ...]

    def back(self, read: Mapping[str, Any]) -> dict[str, Any]:
        """The fields an agent read from the English text, with words of the user's where they are the user's."""
        return {name: value if name in CHOSEN else self._back(value) for name, value in read.items()}

    def _back(self, value: Any) -> Any:
        if isinstance(value, str):
            return value if FIGURE.fullmatch(value) else self._words(value)
        if isinstance(value, list):
            return [self._back(item) for item in value]
        if isinstance(value, dict):
            return self.back(value)
        return value

    def _words(self, value: str) -> str:
        """The original of a stretch of the English text that begins and ends with whole words; else the value."""
        at = self.text.casefold().find(value.casefold()) if value.strip() else -1
        if at < 0:
            return value
        inside = [one for one in self.stretches if at <= one.start and one.end <= at + len(value)]
        if not inside or inside[0].start != at or inside[-1].end != at + len(value):
            return value
        return self.original[inside[0].first : inside[-1].last]


def gloss(text: str, language: str) -> Gloss:
    """The text word for word in English; numbers written 1.200,50 become 1200.50.

    Words nobody lists, such as names, stay as they are.
    """
    phrases, tokens = _phrases(language), TOKEN.findall(text)
    said: list[str] = []
    stretches: list[Stretch] = []
    at = place = first = 0
    while place < len(tokens):
        count, english = _longest(phrases, tokens, place)
        original = "".join(tokens[place : place + count])
        stretches.append(Stretch(at, at + len(english), first, first + len(original)))
        english += " " if english and original[-1] in "'’" else ""  # d'appeler: to appeler
        stretches.append(Stretch(at, at + len(english), first, first + len(original)))
        said.append(english)
        at, first, place = at + len(english), first + len(original), place + count
    return Gloss("".join(said), text, tuple(stretches))


def _longest(phrases: Mapping[str, str], tokens: list[str], place: int) -> tuple[int, str]:
    """How many tokens the longest phrase from here on takes, and its English; the token itself when none fits."""
    token = tokens[place]
    if token[0].isdigit():
        plain = token.replace(".", "").replace(",", ".") if CONTINENTAL.fullmatch(token) else token
        return 1, plain
    if token.isspace():
        return 1, token
    for count in range(2 * LONGEST - 1, 0, -1):
        key = " ".join("".join(tokens[place : place + count]).split())
        found = phrases.get(fold(key).replace("’", "'"))
        if found is not None and not tokens[min(place + count, len(tokens)) - 1].isspace():
            if found == "to" and re.match(r"\s*[€$£]?\d", "".join(tokens[place + count : place + count + 3])):
                found = "at"  # what is done "to 80 €" is done at that price
            return min(count, len(tokens) - place), found.capitalize() if token[0].isupper() and not place else found
    return 1, token


@cache
def _phrases(language: str) -> dict[str, str]:
    """Phrases of a language and their English: the gloss before the lexicon."""
    found: dict[str, str] = {}
    for name in ("lexicon", "gloss"):
        data = yaml.safe_load((ROOT / "config" / f"{name}.yaml").read_text(encoding="utf-8"))
        found |= {fold(str(word)): str(english) for word, english in (data.get(language) or {}).items()}
    return found
