"""Business terms in six languages, from ``config/glossary.yaml``."""

from __future__ import annotations

import re
from functools import cache

import yaml

from config.paths import ROOT

LANGUAGES = ("en", "de", "es", "fr", "it", "pt")
_PLURALS = {"en": "s", "es": "s", "fr": "s", "pt": "s", "de": "en", "it": ""}


@cache
def _concepts() -> tuple[tuple[str, ...], ...]:
    data = yaml.safe_load((ROOT / "config" / "glossary.yaml").read_text(encoding="utf-8"))
    return tuple(tuple(term.strip() for term in line.split("|")) for line in data["terms"].splitlines() if "|" in line)


def phrase(text: str, source: str, target: str) -> str:
    """The translation of a text that is one known phrase; empty when it is none."""
    if source not in LANGUAGES or target not in LANGUAGES:
        return ""
    wanted = _key(text)
    here, there = LANGUAGES.index(source), LANGUAGES.index(target)
    found = next((terms[there] for terms in _concepts() if _key(terms[here]) == wanted), "")
    if not found:
        return ""
    found = found[:1].upper() + found[1:] if text[:1].isupper() else found
    mark = text.strip()[-1:]
    return found if found[-1:] in "?!." or mark not in ("?", "!", ".") else found + mark


def terms_in(text: str, source: str, target: str) -> list[tuple[str, str]]:
    """The known terms that stand in a text, the longest first, with their translation; none inside a longer one."""
    if source not in LANGUAGES or target not in LANGUAGES:
        return []
    here, there = LANGUAGES.index(source), LANGUAGES.index(target)
    left, found = text, []
    for terms in sorted(_concepts(), key=lambda terms: -len(terms[here])):
        pattern = rf"(?<!\w){re.escape(terms[here])}(?:{_PLURALS[source]})?(?!\w)"
        if re.search(pattern, left, re.IGNORECASE):
            found.append((terms[here], terms[there]))
            left = re.sub(pattern, " ; ", left, flags=re.IGNORECASE)
    return found


def size() -> int:
    """How many concepts are known."""
    return len(_concepts())


def _key(text: str) -> str:
    return " ".join(re.findall(r"[\w'’]+", text.casefold()))
