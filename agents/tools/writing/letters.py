"""Business texts by kind and language, from ``config/letters.yaml``, filled from what is known."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml

from config.paths import ROOT

_FIELD = re.compile(r"\{(\w+)\}")
_IF_KNOWN = re.compile(r"\?(\w+) ([^.?!]*[.?!]) ?")
_GERMAN = {
    "client": "Name", "me": "Ihr Name", "project": "das Projekt", "company": "Ihrer Firma", "title": "Ihr Beruf",
    "number": "Nummer", "total": "Betrag", "due": "Fälligkeit", "deadline": "Frist", "start": "Datum",
    "new": "neuer Satz",
    "back": "Datum", "service": "Ihre Leistung", "a_title": "Ihr Beruf",
}  # fmt: skip


@dataclass(frozen=True)
class Letter:
    """A text that is ready but for its `open` places; `subject` is empty where it is no mail."""

    kind: str
    title: str
    language: str
    subject: str
    body: str
    open: tuple[str, ...]

    @property
    def text(self) -> str:
        """The whole, as it is copied."""
        return f"{self.subject}\n\n{self.body}" if self.subject else self.body


@cache
def _letters() -> dict[str, dict[str, Any]]:
    data: dict[str, dict[str, Any]] = yaml.safe_load((ROOT / "config" / "letters.yaml").read_text(encoding="utf-8"))
    return data


@cache
def kinds() -> dict[str, str]:
    """What each kind of text is called, by its name."""
    return {name: letter["title"] for name, letter in _letters().items()}


def kind_in(text: str) -> str:
    """The kind of text that a request asks for; empty when it names none."""
    hits = [
        (hit.start(), order, name)
        for order, (name, letter) in enumerate(_letters().items())
        if (hit := re.search(rf"(?<!\w)(?:{letter['when']})", text, re.IGNORECASE))
    ]
    firm = [hit for hit in hits if hit[2] == "reminder_firm"]
    return (firm or sorted(hits))[0][2] if hits else ""


def languages_of(kind: str) -> list[str]:
    """The languages a kind of text is written in."""
    return [name for name in _letters()[kind] if len(name) == 2]


def letter(kind: str, language: str, known: Mapping[str, str]) -> Letter:
    """Fill one text. `language` is one of `languages_of`; what is not in `known` stays as a place to fill in."""
    source = _letters()[kind]
    missing: dict[str, None] = {}

    def fill(match: re.Match[str]) -> str:
        if value := known.get(match[1]):
            return value
        label = _GERMAN.get(match[1], match[1]) if language == "de" else match[1].replace("a_title", "title")
        missing[label] = None
        return f"[{label}]"

    kept = []
    for paragraph in source[language].strip().split("\n\n"):
        chosen = _IF_KNOWN.sub(lambda part: f"{part[2]} " if known.get(part[1]) else "", paragraph).rstrip(" ")
        if chosen.strip():
            kept.append(_FIELD.sub(fill, chosen))
    missing |= dict.fromkeys(re.findall(r"\[([^\]]{12,})\]", "\n".join(kept)))
    mail = len(kept) > 1 and not kept[0].startswith(("#", "**")) and "\n" not in kept[0]
    subject, body = (kept[0], "\n\n".join(kept[1:])) if mail else ("", "\n\n".join(kept))
    return Letter(kind, source["title"], language, subject, body, tuple(missing))


def facts_for(profile: Mapping[str, Any], language: str) -> dict[str, str]:
    """What a profile says, as the texts take it."""
    joined = {
        name: _joined([str(one) for one in profile.get(name) or []][:6], language)
        for name in ("skills", "languages", "experience")
    }
    plain = {
        name: str(profile.get(name) or "").strip(" .") for name in ("title", "bio", "location", "email", "iban", "rate")
    }
    title = plain["title"]
    article = "an" if title[:1].lower() in "aeiou" else "a"
    a_title = f"{article} {title[:1].lower() if title[1:2].islower() else title[:1]}{title[1:]}" if title else ""
    return {**joined, **plain, "me": str(profile.get("name") or ""), "a_title": a_title}


def _joined(values: list[str], language: str) -> str:
    last = {"en": "and", "de": "und", "es": "y", "fr": "et", "it": "e", "pt": "e"}[language]
    return f" {last} ".join(filter(None, (", ".join(values[:-1]), values[-1]))) if values else ""
