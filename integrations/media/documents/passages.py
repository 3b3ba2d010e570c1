"""Cuts a document into passages of 80 to 150 words that keep to their section, page and sentences."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from integrations.media.documents.format import Block

LEAST, MOST = 80, 150
"""Words in a passage: it is closed at a paragraph's end past the first, and in any case before the second."""

_SHORT_FORMS = re.compile(
    r"(?:\b(?:e\.g|i\.e|z\.B|d\.h|bzw|ca|approx|no|nr|art|sec|para|fig|mr|mrs|ms|dr|prof|st|vs|etc|inc|ltd|co|corp|"
    r"gmbh|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|incl|excl|max|min|tel|abs)|\b[A-Z]|^\s*\d{1,3})\.$",
    re.IGNORECASE,
)
_MONTH = re.compile(r"\s+(?:\d{1,2}\.|jan|feb|m[aä]r|apr|ma[iy]|jun|jul|aug|sep|o[ck]t|nov|de[cz])", re.IGNORECASE)
_END = re.compile(r"[.!?…](?:[\"'”’)\]]*)(?=\s+[\"'“‘(\[]?[A-ZÄÖÜÀ-Þ0-9•-])")


@dataclass(frozen=True)
class Passage:
    """A piece of a document. `place` is how it is cited: ``page 2``, ``section "Fees"`` or ``line 12``."""

    text: str
    place: str
    page: int | None = None
    heading: str = ""


def sentences(text: str) -> list[str]:
    """Split at sentence ends and line ends. Abbreviations, initials and days (``30. April``) do not end one."""
    found: list[str] = []
    for line in text.splitlines():
        start = 0
        for end in _END.finditer(line):
            piece = line[start : end.end()]
            ordinal = line[end.start() - 1].isdigit() and _MONTH.match(line, end.end())
            if not ordinal and not _SHORT_FORMS.search(line[start : end.start() + 1]):
                found.append(piece.strip())
                start = end.end()
        found.append(line[start:].strip())
    return [sentence for sentence in found if sentence]


def cut(blocks: Iterable[Block]) -> list[Passage]:
    """Passages in reading order; the blocks of one passage are its lines."""
    passages: list[Passage] = []
    heading = ""
    piece: list[Block] = []
    for block in blocks:
        if block.kind == "heading":
            passages += _passages(piece, heading)
            piece, heading = [], block.text
        else:
            if piece and block.page != piece[-1].page:
                passages += _passages(piece, heading)
                piece = []
            piece.append(block)
    return passages + list(_passages(piece, heading))


def _passages(blocks: list[Block], heading: str) -> Iterator[Passage]:
    lines: list[str] = []
    words = 0
    first: Block | None = None
    for block in blocks:
        for part in _parts(block.text):
            size = len(part.split())
            if first is not None and (words + size > MOST or words >= LEAST):
                yield Passage("\n".join(lines), _place(first, heading), first.page, heading)
                lines, words, first = [], 0, None
            first = first or block
            lines.append(part)
            words += size
    if first is not None:
        yield Passage("\n".join(lines), _place(first, heading), first.page, heading)


def _parts(text: str) -> Iterator[str]:
    """The text itself when it fits one passage, and else pieces of whole sentences."""
    if len(text.split()) <= MOST:
        yield text
        return
    part: list[str] = []
    size = 0
    for sentence in sentences(text):
        words = sentence.split()
        for start in range(0, len(words), MOST):  # a sentence longer than any passage is cut where it must
            chunk = words[start : start + MOST]
            if part and size + len(chunk) > MOST:
                yield " ".join(part)
                part, size = [], 0
            part.append(" ".join(chunk))
            size += len(chunk)
    if part:
        yield " ".join(part)


def _place(block: Block, heading: str) -> str:
    if block.page is not None:
        return f"page {block.page}"
    if block.line is not None:
        return f"line {block.line}"
    return f'section "{heading}"' if heading else "the beginning"
