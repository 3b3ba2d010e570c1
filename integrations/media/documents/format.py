"""What a document format must say of itself, and what reading one gives.

A format is one file in this folder with one `FORMAT = DocumentFormat(...)`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from config.errors import Mendable

BlockKind = Literal["heading", "paragraph", "item", "row"]


class UnreadableDocument(Mendable):
    """The document cannot be read. The message is one sentence that says why and what to do."""


@dataclass(frozen=True)
class Block:
    """One heading, paragraph, list item or table row, in reading order.

    `page` counts from 1 where the format has pages, `line` from 1 where it has lines. `level` is a heading's depth.
    """

    text: str
    kind: BlockKind = "paragraph"
    page: int | None = None
    line: int | None = None
    level: int = 0


@dataclass(frozen=True)
class Parsed:
    """A document's blocks, its number of pages (None where it has none) and what the reader should be told."""

    blocks: list[Block]
    pages: int | None = None
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class DocumentFormat:
    """One format. `sniff(path, head)` looks at the file's first bytes; the most `specific` format that agrees wins."""

    name: str
    suffixes: tuple[str, ...]
    sniff: Callable[[Path, bytes], bool]
    read: Callable[[Path], Parsed]
    specific: int = 0
