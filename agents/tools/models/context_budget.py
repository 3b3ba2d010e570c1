"""Fits what a model is to read into what it can read, and says how much of it that was.

    system, message, findings, … ──▶ each its share of the limit ──▶ what is left goes to those that lack ──▶ cut

A text is cut where a sentence or a row ends.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_PIECE = re.compile(r".+?(?:(?<=[.!?…])\s+|\n+|(?<=[。！？])|\Z)", re.DOTALL)
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f ]")
_CLOSE = re.compile(r"[\u0370-\u1fff]")
_WIDE = re.compile(r"[\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Section:
    """One kind of thing to read. `share` is the part of the limit that is kept for it.

    `texts` are whole messages or paragraphs. When not all fit, the first are read, or with `newest` the last; the one
    at the border is cut, except with `newest`, where a message is read whole or not at all.
    """

    name: str
    texts: Sequence[str]
    share: float
    newest: bool = False


@dataclass(frozen=True)
class Fitted:
    """What fits, by section, and the tokens of what is `read` and of the `whole`."""

    texts: Mapping[str, tuple[str, ...]]
    read: int
    whole: int


def tokens(text: str) -> int:
    """About how many tokens a text has, rather too many than too few, without asking a model.

    Three Latin letters or blanks count as one (vocabularies of today take about four), two letters of Greek, Cyrillic,
    Hebrew, Arabic, Indic and Thai scripts as one, every digit, sign, and Chinese, Japanese or Korean character as one,
    and what lies beyond those, such as emoji, as three: a vocabulary that lacks it spells it in bytes.
    """
    latin, close, wide = (len(pattern.findall(text)) for pattern in (_LATIN, _CLOSE, _WIDE))
    return math.ceil(latin / 3 + close / 2 + 3 * wide + (len(text) - latin - close - wide))


def budgeted(sections: Sequence[Section], limit: int) -> Fitted:
    """Fit sections into `limit` tokens."""
    needs = [sum(map(tokens, section.texts)) for section in sections]
    given = [min(need, int(limit * section.share)) for need, section in zip(needs, sections, strict=True)]
    left = max(0, limit - sum(given))
    for place, need in enumerate(needs):
        more = min(left, need - given[place])
        given[place], left = given[place] + more, left - more
    texts = {section.name: _fit(section, room) for section, room in zip(sections, given, strict=True)}
    return Fitted(texts, sum(tokens(text) for found in texts.values() for text in found), sum(needs))


def cut(text: str, room: int) -> str:
    """The beginning of a text that has at most `room` tokens, to the end of a sentence or row; may be empty."""
    kept, used = "", 0
    for piece in pieces(text):
        used += tokens(piece)
        if used > room:
            break
        kept += piece
    return kept.rstrip()


def pieces(text: str) -> list[str]:
    """A text's sentences and rows, with the white space behind each."""
    return _PIECE.findall(text)


def _fit(section: Section, room: int) -> tuple[str, ...]:
    kept: list[str] = []
    for text in reversed(section.texts) if section.newest else section.texts:
        size = tokens(text)
        if size > room:
            if not section.newest and (part := cut(text, room)):
                kept.append(part)
            break
        kept.append(text)
        room -= size
    return tuple(reversed(kept) if section.newest else kept)
