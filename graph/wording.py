"""Says in the user's language what agents say in English, with no model.

    markdown ─▶ lines, cells, sentences ─▶ the English pattern each was made from ─▶ the same in the other language

Agents write English alone. ``config/languages/xx.yaml`` holds what each sentence they write is in that language, with
an f-string's fields as ``{}``: `texts` for sentences, `words` for what stands alone in a cell or a field;
words with fields of their own, such as "on {}", are looked for in fields alone.
A translation may name fields by place, ``{1}``, leave them out, and choose by whether one is empty: ``{1?many:one}``,
which is how an English plural's "s" is read. What no pattern fits, such as the words of a job post, stays as it is.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yaml

from config.dates import ENGLISH_MONTHS, ENGLISH_WEEKDAYS
from config.paths import ROOT

FOLDER = ROOT / "config" / "languages"
FIELD = re.compile(r"\{(\d*)(?:\?([^{}:]*):([^{}:]*))?\}")
SENTENCE_END = re.compile(r"(?<=[.!?:;,])(\s+)")
NEXT_SENTENCE = re.compile(r"[.!?]\s+\S|^\s+[A-Z“*].*[.!?]$", re.DOTALL)
LISTED = re.compile(r"(, | and )")
LISTED_LONG = re.compile(r"(; )")
HEAD = re.compile(r"^(\s*(?:(?:[-*+>]|\d+\.|#{1,6})\s+)*)(.*?)(\s*)$", re.DOTALL)
STARS = re.compile(r"^(\*{1,3}|_)(.+)\1$", re.DOTALL)
AMOUNT = re.compile(
    r"(?<![\w.,-])(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?(?=\s?(?:[€$£%]|[A-Z]{3}\b|h\b))|(?<=[€$£])(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?"
)
FIGURE = re.compile(r"(\d{1,3}(?:,\d{3})+|0(?=\.))(\.\d+)?")
"""A figure that fills a field and can be nothing else, as a version might."""
UNIT = re.compile(r"\s?(?:[€$£%]|[A-Z]{3}\b|h\b)")
PERCENT = re.compile(r"(?<=\d)%(?!\w)")
QUOTED = re.compile(r"`[^`]*`|(?<![\w'])'(?P<inside>[^'\n]{1,80})'(?![\w'])")
"""What an agent quotes in straight quotes; code is matched too, and stays."""
SHORT = 3
"""How many letters tell the English months and weekdays apart."""
_NAMED = [
    "|".join(f"{name.title()}|{name[:SHORT].title()}" for name in names) for names in (ENGLISH_WEEKDAYS, ENGLISH_MONTHS)
]
DAY = re.compile(rf"\b(?:({_NAMED[0]}),? )?(\d{{1,2}}) ({_NAMED[1]})(?: (\d{{4}}))?\b")
LONGEST_FIELD = 120
MOST_SENTENCES = 16
"""A line of more sentences than this is outside text, which no agent wrote."""


@dataclass(frozen=True)
class Pattern:
    """One sentence of an agent by its fixed pieces, and its translation. `letters` are those that are fixed."""

    pieces: tuple[str, ...]
    said: str
    letters: int

    def fields(self, text: str) -> tuple[str, ...] | None:
        """What stands between the fixed pieces, each as short as can be; None where they are not the text's.

        Takes time in proportion to the text, where a regular expression of many fields may take its power.
        """
        first, *others = self.pieces
        if not text.startswith(first):
            return None
        found, at = [], len(first)
        for piece in others[:-1]:
            next_at = text.find(piece, at)
            if next_at < 0:
                return None
            found.append(text[at:next_at])
            at = next_at + len(piece)
        if others:
            end = len(text) - len(others[-1])
            if end < at or not text.endswith(others[-1]):
                return None
            return (*found, text[at:end])
        return () if text == first else None


class Wording:
    """One language's sentences, prepared once."""

    def __init__(self, texts: Mapping[str, str], words: Mapping[str, str], days: Mapping[str, Any]) -> None:
        self._words = dict(words)
        self._within = [_pattern(english, said) for english, said in words.items() if FIELD.search(english)]
        self._exact: dict[str, str] = {}
        self._days = days
        self._by_start: dict[str, list[Pattern]] = defaultdict(list)
        for english, said in texts.items():
            if FIELD.search(english):
                pattern = _pattern(english, said)
                self._by_start[_start(english)].append(pattern)
            else:
                self._exact[english] = said
        for patterns in self._by_start.values():
            patterns.sort(key=lambda pattern: -pattern.letters)

    def __call__(self, markdown: str) -> str:
        """The markdown in this language; what stands in code stays."""
        lines, code = markdown.split("\n"), False
        for place, line in enumerate(lines):
            if line.lstrip().startswith("```"):
                code = not code
            elif not code:
                lines[place] = self._row(line) if line.startswith("|") else self._line(line)
        return "\n".join(lines)

    def _row(self, line: str) -> str:
        return "|".join(self._line(cell) for cell in line.split("|"))

    def _line(self, line: str) -> str:
        head, body, tail = HEAD.match(line).groups()  # type: ignore[union-attr]  # it matches any text
        if not any(sign.isalnum() for sign in body):
            return line
        return head + self._figures(self._sentences(body)) + tail

    def _sentences(self, body: str) -> str:
        """Translate the longest runs of sentences that a pattern fits, from left to right."""
        parts = SENTENCE_END.split(body)
        if len(parts) > 2 * MOST_SENTENCES:
            return body
        said: list[str] = []
        start = 0
        while start < len(parts):
            for end in range(len(parts), start, -2):
                found = self._clause("".join(parts[start:end]))
                if found is not None:
                    said.append(found)
                    break
            else:
                end = start + 1
                said.append(parts[start])
            said += parts[end : end + 1]
            start = end + 1
        return "".join(said)

    def _clause(self, text: str) -> str | None:
        """A run of sentences, or one thing of a list with the mark behind it; None when it is not known."""
        found = self.piece(text)
        if found is None and text[-1:] in ",;:":
            plain = self.piece(text[:-1])
            found = None if plain is None else plain + text[-1]
        return found

    def piece(self, text: str) -> str | None:
        """One sentence, cell or field in this language; None when no pattern fits."""
        found = self._exact.get(text) or self._words.get(text)
        if found is not None:
            return found
        if stars := STARS.match(text):
            inner = self.piece(stars[2])
            if inner is not None:
                return f"{stars[1]}{inner}{stars[1]}"
        for pattern in (*self._by_start.get(_start(text), ()), *self._by_start.get("", ())):
            fields = pattern.fields(text)
            if fields is not None and not any(map(NEXT_SENTENCE.search, fields)):
                return self._filled(pattern.said, fields)
        return None

    def _field(self, text: str) -> str | None:
        """What fills a sentence: a known piece, a list of known words, or phrases, "on Friday for **ACME**"."""
        if (known := self.piece(text) or self._list(text)) is not None:
            return known
        for gap in re.finditer(" ", text) if len(text) < LONGEST_FIELD else ():
            first, second = self._phrase(text[: gap.start()]), self._phrase(text[gap.end() :])
            if first and second:
                return f"{first} {second}"
        return self._phrase(text)

    def _phrase(self, text: str) -> str | None:
        if (known := self.piece(text)) is not None:
            return known
        hits = ((pattern, pattern.fields(text)) for pattern in self._within)
        return next((self._filled(pattern.said, fields) for pattern, fields in hits if fields is not None), None)

    def _list(self, text: str) -> str | None:
        """A field that lists known pieces, such as "name, address and IBAN"; None when one of them is not known."""
        parts = (LISTED_LONG if "; " in text else LISTED).split(text)
        known = [self.piece(part) for part in parts[::2]]
        if len(known) < 2 or None in known:
            return None
        links = [f" {self._words.get('and', 'and')} " if link == " and " else link for link in parts[1::2]]
        return "".join(f"{word}{link}" for word, link in zip(known, [*links, ""], strict=True))

    def _filled(self, said: str, fields: tuple[str, ...]) -> str:
        places = iter(range(len(fields)))

        def fill(hit: re.Match[str]) -> str:
            place = int(hit[1]) if hit[1] else next(places)
            value = fields[place]
            if hit[2] is not None:
                return hit[2] if value else hit[3]
            plain = value.strip()
            if self._days and (figure := FIGURE.fullmatch(plain)) and not UNIT.match(said, hit.end()):
                return value.replace(plain, self._written(*figure.groups()))
            known = self._field(plain) if plain else None
            return value.replace(plain, known) if known else value

        return FIELD.sub(fill, said)

    def _figures(self, text: str) -> str:
        """Dates, amounts, percentages and quotes as this language writes them."""
        if not self._days:
            return text
        figured = AMOUNT.sub(self._amount, DAY.sub(self._day, text))
        return QUOTED.sub(self._quoted, PERCENT.sub(self._days["percent"], figured))

    def _quoted(self, hit: re.Match[str]) -> str:
        return hit[0] if hit["inside"] is None else self._days["quotes"].replace("{}", hit["inside"])

    def _day(self, hit: re.Match[str]) -> str:
        weekday, day, month, year = hit.groups()
        name = self._days["weekdays"][_place(weekday, ENGLISH_WEEKDAYS)] if weekday else ""
        form = self._days["year" if year else "day"]
        said: str = form.format(day=day, month=self._days["months"][_place(month, ENGLISH_MONTHS)], year=year)
        return self._days["weekday"].format(weekday=name, day=said) if name else said

    def _amount(self, hit: re.Match[str]) -> str:
        return self._written(*(hit.groups()[:2] if hit[1] else hit.groups()[2:]))

    def _written(self, whole: str, part: str | None) -> str:
        thousands, decimal = self._days["thousands"], self._days["decimal"]
        return whole.replace(",", thousands) + (part.replace(".", decimal) if part else "")


def languages() -> tuple[str, ...]:
    """The codes of the languages there are besides English."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.yaml")))


@cache
def wording(language: str) -> Wording | None:
    """The wording of a language, or None where everything stays in English."""
    path = FOLDER / f"{Path(language).name}.yaml"
    if language not in languages():
        return None
    data: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return Wording(data.get("texts") or {}, data.get("words") or {}, data.get("days") or {})


@lru_cache(maxsize=256)
def in_language(markdown: str, language: str) -> str:
    """What an agent wrote, in the user's language as far as it is known there.

    >>> in_language("Fine, I did not do that.", "en")
    'Fine, I did not do that.'
    """
    said = wording(language) if markdown and language != "en" else None
    return said(markdown) if said else markdown


def _place(name: str, names: Sequence[str]) -> int:
    """Where a month or weekday stands, by its first letters."""
    return [one[:SHORT] for one in names].index(name[:SHORT].casefold())


def _start(text: str) -> str:
    """What a sentence begins with, by which patterns are found: its first word, or "" where that is not fixed."""
    first = re.match(r"[^\W\d_]+(?=[\s,.:;!?])", text)
    return first.group() if first else ""


def _pattern(english: str, said: str) -> Pattern:
    pieces = FIELD.split(english)[:: FIELD.groups + 1]
    return Pattern(tuple(pieces), said, sum(sign.isalpha() for piece in pieces for sign in piece))
