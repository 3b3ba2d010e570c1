"""Cuts what was said and answered into pieces that keep to their heading, paragraphs and sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

LEAST, MOST = 60, 150
"""Words in a piece: it is closed at a paragraph's end past the first, and in any case before the second."""
_HEADING = re.compile(r"^(?:#{1,6}\s+(?P<hash>.+?)\s*#*|\*\*(?P<bold>[^*]{1,80})\*\*:?)$")
_SENTENCE = re.compile(r".+?(?:(?<=[.!?…])(?=\s+[\"'“‘(\[]?[A-ZÄÖÜÀ-Þ0-9•])|$)", re.DOTALL)


@dataclass(frozen=True)
class Piece:
    """A piece of a text, with the heading it stands under and its first line, from 1."""

    text: str
    heading: str = ""
    line: int = 1


def cut(text: str) -> list[Piece]:
    """The pieces of plain text or markdown in order."""
    pieces: list[Piece] = []
    held: list[str] = []
    heading, words, first = "", 0, 1
    for line, paragraph in _paragraphs(text):
        title = _HEADING.match(paragraph)
        parts = [] if title else list(_parts(paragraph))
        for part in parts:
            size = len(part.split())
            if held and (words + size > MOST or words >= LEAST):
                pieces.append(Piece("\n".join(held), heading, first))
                held, words = [], 0
            first = first if held else line
            held.append(part)
            words += size
        if title:
            if held:
                pieces.append(Piece("\n".join(held), heading, first))
            heading, held, words = title["hash"] or title["bold"], [], 0
    return [*pieces, Piece("\n".join(held), heading, first)] if held else pieces


def _paragraphs(text: str) -> Iterator[tuple[int, str]]:
    """Each line that says something, with its number. Rows of a table keep together: their words are few."""
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip(" -*_|:=#\t"):
            yield number, line.strip()


def _parts(paragraph: str) -> Iterator[str]:
    """The paragraph itself when it fits one piece, and else as many of its sentences as fit, again and again."""
    if len(paragraph.split()) <= MOST:
        yield paragraph
        return
    held: list[str] = []
    for sentence in _SENTENCE.findall(paragraph):
        words = sentence.split()
        for start in range(0, len(words), MOST):  # a sentence longer than any piece is cut where it must
            chunk = words[start : start + MOST]
            if held and len(held) + len(chunk) > MOST:
                yield " ".join(held)
                held = []
            held += chunk
    if held:
        yield " ".join(held)
