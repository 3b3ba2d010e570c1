"""OpenDocument texts (ODT): headings, paragraphs, lists, tables, footnotes, comments and tracked changes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from integrations.media.documents.archive import check_archive
from integrations.media.documents.format import Block, DocumentFormat, Parsed, UnreadableDocument, row
from integrations.media.documents.markup_tree import DAMAGED, attribute, local, part

_TEXT = b"application/vnd.oasis.opendocument.text"
_ASIDE = {"note", "annotation", "tracked-changes"}
_REPEATED = 200
"""Most times that one cell is repeated."""


def sniff(path: Path, head: bytes) -> bool:
    """A zip archive that begins with the media type of a text."""
    return head.startswith(b"PK") and _TEXT in head[:200]


def read(path: Path) -> Parsed:
    """Read a text. Raises UnreadableDocument when it is unsafe, damaged or empty."""
    check_archive(path)
    root = part(path, "content.xml")
    body = next((one for one in root.iter() if local(one) == "text"), None) if root is not None else None
    if body is None:
        raise UnreadableDocument(DAMAGED)
    blocks = list(_Reading(_changes(body)).blocks(body))
    if not blocks:
        raise UnreadableDocument("The document holds no text, perhaps only pictures; please save it as PDF.")
    return Parsed(blocks)


def _changes(body: Any) -> dict[str, Block]:
    """The tracked changes by the id with which the text refers to them."""
    found = {}
    for region in (one for one in body.iter() if local(one) == "changed-region"):
        for change in (one for one in region if local(one) in ("insertion", "deletion")):
            who = next((one.text for one in change.iter() if local(one) == "creator" and one.text), "someone")
            what = " ".join(_text(one) for one in change if local(one) in ("p", "h")).strip()
            done = "inserted words here" if local(change) == "insertion" else f"deleted “{what}”"
            found[attribute(region, "id")] = Block(f"Tracked change by {who}: {done}", "change")
    return found


@dataclass
class _Reading:
    changes: dict[str, Block]
    tables: int = 0

    def blocks(self, above: Any, *, listed: bool = False) -> Iterator[Block]:
        """The blocks beneath an element."""
        for element in above:
            name = local(element)
            if name in ("p", "h"):
                if text := _text(element):
                    level = int(attribute(element, "outline-level") or 1) if name == "h" else 0
                    yield Block(text, "heading" if name == "h" else "item" if listed else "paragraph", level=level)
                yield from self._asides(element)
            elif name == "table":
                self.tables += 1
                yield from self._rows(element, self.tables)
            elif name not in _ASIDE:
                yield from self.blocks(element, listed=listed or name == "list")

    def _rows(self, table: Any, number: int) -> Iterator[Block]:
        for line in (one for one in table.iter() if local(one) == "table-row"):
            cells: list[str] = []
            for cell in (one for one in line if local(one) == "table-cell"):
                times = attribute(cell, "number-columns-repeated")
                text = " ".join(filter(None, (_text(one) for one in cell.iter() if local(one) in ("p", "h"))))
                cells += [text] * min(int(times) if times.isdigit() else 1, _REPEATED)
            block = row(cells, number)
            if block.text:
                yield block
            yield from self._asides(line)

    def _asides(self, element: Any) -> Iterator[Block]:
        for one in element.iter():
            name = local(one)
            if name == "note":
                body = (part for part in one if local(part) == "note-body")
                yield from (Block(f"Footnote: {_whole(part)}", "note") for part in body)
            elif name == "annotation":
                who = next((part.text for part in one if local(part) == "creator" and part.text), "someone")
                said = " ".join(_text(part) for part in one if local(part) == "p")
                yield Block(f"Comment by {who}: {said}", "comment")
            elif name in ("change", "change-start") and (change := self.changes.get(attribute(one, "change-id"))):
                yield change


def _whole(element: Any) -> str:
    return " ".join(_text(one) for one in element if local(one) in ("p", "h"))


def _text(element: Any) -> str:
    """The words of a paragraph, without those of its notes and comments."""
    words: list[str] = [element.text or ""]
    for one in element:
        if local(one) in ("s", "tab", "line-break"):
            words.append(" ")
        elif local(one) not in _ASIDE:
            words.append(_text(one))
        words.append(one.tail or "")
    return " ".join("".join(words).split()) if local(element) in ("p", "h") else "".join(words)


FORMAT = DocumentFormat(name="OpenDocument text", suffixes=("odt",), sniff=sniff, read=read, specific=2)
