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
from graph.planner.language import OPAQUE
from graph.planner.words import fold

TOKEN = re.compile(
    rf"{OPAQUE.pattern}|[^\W\d_]{{1,4}}['’](?=[^\W\d_])|[^\W\d_]+(?:['’-][^\W\d_]+)*|\d[\d.,]*\d|\d|\s+|.",
    re.DOTALL | re.IGNORECASE,
)
LONGEST = 4
"""The most words a phrase of the gloss has."""
CONTINENTAL = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d{1,2})?|\d+,\d{1,2}")
FIGURE = re.compile(r"\W*\d[\d.,:/-]*\s*\S{0,4}(?:/\w+)?")
"""A number, sum, rate or day, which is the same in every language."""
CHOSEN = frozenset({"action", "kind", "state", "period", "language", "currency", "request"})
"""Fields that hold a choice of the agent's own, or what it calculates from, not the user's words."""
SELF = frozenset({"i am", "i work as", "i'm"})
LENGTH_OF_TIME = re.compile(
    r"\s*\d[\d.,]*\s*(?:h|std|stunden?|horas?|heures?|or[ae]|tage?|d[ií]as?|jours?|giorn[io])\b", re.I
)
PARTED = re.compile(r"\b(?:kenne mich\b.*\b(?P<aus>aus)|(?:füge?\b).*\b(?P<hinzu>hinzu))\W*$", re.I | re.S)
"""Verbs of two parts, the second of which stands last and says nothing that the first does not."""


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
        """The original of a stretch of the English text that begins and ends with whole words, with a capital where the
        value has one; else the value.
        """
        at = self.text.casefold().find(value.casefold()) if value.strip() else -1
        if at < 0:
            return value
        inside = [one for one in self.stretches if at <= one.start and one.end <= at + len(value)]
        if not inside or inside[0].start != at or inside[-1].end != at + len(value):
            return value
        words = self.original[inside[0].first : inside[-1].last]
        return words[:1].upper() + words[1:] if value[0].isupper() else words


def gloss(text: str, language: str) -> Gloss:
    """The text word for word in English; numbers written 1.200,50 become 1200.50.

    Words nobody lists, such as names, stay as they are.
    """
    phrases, tokens = _phrases(language), TOKEN.findall(text)
    said: list[str] = []
    stretches: list[Stretch] = []
    at = place = first = 0
    works = False
    last = PARTED.search(text) if language == "de" else None
    while place < len(tokens):
        count, english = _longest(phrases, tokens, place)
        original = "".join(tokens[place : place + count])
        ahead = tokens[place + count :]
        if last and first == last.start(last.lastgroup or 0):
            english = ""
        elif english.lower() in SELF and _is_work(phrases, ahead, language):
            english += " a"  # as English has it: soy traductora, I am a translator
        elif works and english in ("at", "to", "in the") and _capital(ahead):
            english = "in"  # développeur à Paris
        elif works and english in ("of", "of the") and _capital(ahead):
            english = "from"  # traductora de Sevilla
        works = is_profession(original) or (works and original.isspace())
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
        key = key.casefold().replace("’", "'")
        found = phrases.get(key, phrases.get(fold(key)))
        if found is not None and not tokens[min(place + count, len(tokens)) - 1].isspace():
            behind = "".join(tokens[place + count : place + count + 4])
            if found == "to" and re.match(r"\s*[€$£]?\d", behind):
                found = "at"  # what is done "to 80 €" is done at that price
            if found == "of" and LENGTH_OF_TIME.match(behind):
                found = "for"  # what is billed "de 10 horas" is billed for them
            return min(count, len(tokens) - place), found.capitalize() if token[0].isupper() and not place else found
    return 1, token


def is_profession(word: str) -> bool:
    """Whether a word of any of the languages is what people work as.

    >>> is_profession("Datenanalystin")
    True
    """
    said = fold(word)
    return any(stem in said for stem in _professions())


def _is_work(phrases: Mapping[str, str], ahead: list[str], language: str) -> bool:
    """Whether what stands ahead is a profession without an article, perhaps behind an adjective."""
    found = [token for token in ahead[:4] if not token.isspace()][:2]
    if not found or phrases.get(fold(found[0])) in ("a", "the"):
        return False
    if is_profession(found[0]):
        return found[0][0].islower() or language == "de"
    return found[0].islower() and len(found) == 2 and is_profession(found[1])


def _capital(ahead: list[str]) -> bool:
    return len(ahead) > 1 and ahead[0].isspace() and ahead[1][0].isupper()


@cache
def _listed() -> dict[str, Any]:
    return {
        name: yaml.safe_load((ROOT / "config" / f"{name}.yaml").read_text(encoding="utf-8"))
        for name in ("lexicon", "gloss")
    }


@cache
def _professions() -> tuple[str, ...]:
    return tuple(_listed()["gloss"]["professions"].split())


@cache
def _phrases(language: str) -> dict[str, str]:
    """Phrases of a language and their English: the gloss before the lexicon.

    One with accents is found with these alone, since è, "is", differs from e, "and"; one without, with or without.
    """
    found: dict[str, str] = {}
    for listed in _listed().values():
        found |= {str(word).casefold(): str(english) for word, english in (listed.get(language) or {}).items()}
    return found
