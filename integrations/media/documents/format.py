"""What a document format must say of itself, and what reading one gives.

A format is one file in this folder with one `FORMAT = DocumentFormat(...)`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from config.errors import Mendable

BlockKind = Literal["heading", "paragraph", "item", "row", "note", "comment", "change"]


class UnreadableDocument(Mendable):
    """The document cannot be read. The message is one sentence that says why and what to do."""


class LockedDocument(UnreadableDocument):
    """The document opens with a password only, and none was given or another one."""


@dataclass(frozen=True)
class Block:
    """One heading, paragraph, list item or table row, footnote, comment or tracked change, in reading order.

    `page` counts from 1 where the format has pages, `line` from 1 where it has lines. `level` is a heading's depth.
    A row has its `cells`, empty ones too, and `table` counts the tables of the document from 1.
    """

    text: str
    kind: BlockKind = "paragraph"
    page: int | None = None
    line: int | None = None
    level: int = 0
    cells: tuple[str, ...] = ()
    table: int = 0


def row(cells: Iterable[str], table: int, page: int | None = None, line: int | None = None) -> Block:
    """A table's row; its text are the cells that are not empty, parted by " | "."""
    clean = tuple(" ".join(cell.split()) for cell in cells)
    return Block(" | ".join(cell for cell in clean if cell), "row", page, line, cells=clean, table=table)


@dataclass(frozen=True)
class Parsed:
    """A document's blocks, its number of pages (None where it has none) and what the reader should be told.

    `scanned` are the pages, from 1, that are pictures without text.
    """

    blocks: list[Block]
    pages: int | None = None
    notes: list[str] = field(default_factory=list)
    scanned: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class DocumentFormat:
    """One format. `sniff(path, head)` looks at the file's first bytes; the most `specific` format that agrees wins.

    One that can be locked has `unlock`, which reads with a password.
    """

    name: str
    suffixes: tuple[str, ...]
    sniff: Callable[[Path, bytes], bool]
    read: Callable[[Path], Parsed]
    specific: int = 0
    unlock: Callable[[Path, str], Parsed] | None = None
