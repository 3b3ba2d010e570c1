"""Web pages saved as a file: their words, without scripts, styles and navigation, in time linear in their length."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from integrations.media.documents.format import Block, BlockKind, DocumentFormat, Parsed, UnreadableDocument, row
from integrations.media.documents.text import decode

_SILENT = {"script", "style", "noscript", "template", "nav", "svg", "head", "iframe", "object", "math"}
_BREAKS = {"p", "div", "section", "article", "br", "table", "ul", "ol", "blockquote", "pre", "dt", "dd", "li", "body"}
_KEPT = re.compile(r"h[1-6]")
LONGEST = 20_000_000
"""Signs of a page that are read."""


def sniff(path: Path, head: bytes) -> bool:
    """A page begins with its doctype or its root."""
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    while start.startswith((b"<!--", b"<?xml")):
        end = start.find(b"-->" if start.startswith(b"<!--") else b">")
        if end < 0:
            return False
        start = start[end + 1 :].lstrip(b"-> \t\r\n")
    return bool(re.match(rb"<(?:!doctype\s+html|html)\b", start, re.I))


def read(path: Path) -> Parsed:
    """Read a saved page. Raises UnreadableDocument when it shows no text."""
    blocks = blocks_of(decode(path.read_bytes()))
    if not blocks:
        raise UnreadableDocument("The page holds no text; it is perhaps built by a script, so please save it as PDF.")
    return Parsed(blocks)


def blocks_of(text: str, tables: int = 0) -> list[Block]:
    """The visible blocks of a page; its tables are counted from `tables` on."""
    from lxml import etree, html

    parser = html.HTMLParser(no_network=True, remove_comments=True, remove_pis=True, encoding="utf-8")
    try:
        root = html.fromstring(text[:LONGEST].encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError):
        return []
    page = _Page(tables=tables)
    for event, element in etree.iterwalk(root, events=("start", "end")):
        page.see(event, element)
    page.close()
    return list(_in_order(page.blocks))


@dataclass
class _Page:
    """What was seen of a page so far."""

    tables: int
    blocks: list[Block] = field(default_factory=list)
    _words: list[str] = field(default_factory=list)
    _cells: list[str] | None = None
    _kind: BlockKind = "paragraph"
    _level: int = 0
    _silent: int = 0

    def see(self, event: str, element: Any) -> None:
        tag = element.tag if isinstance(element.tag, str) else ""
        opens = event == "start"
        if tag in _SILENT:
            self._silent += 1 if opens else -1
        elif not self._silent:
            self._begin(tag) if opens else self._end(tag)
        said = element.text if opens else element.tail
        if said and not self._silent:
            self._words.append(said)

    def _begin(self, tag: str) -> None:
        if _KEPT.fullmatch(tag) and self._cells is None:
            self.close("heading", int(tag[1]))
        elif tag == "table":
            self.close()
            self.tables += 1
        elif tag == "tr":
            self.close()
            self._cells = []
        elif tag in ("td", "th") and self._cells is not None:
            self._words.clear()
        elif tag in _BREAKS:
            if self._cells is None:
                self.close("item" if tag == "li" else "paragraph")
            else:
                self._words.append(" ")

    def _end(self, tag: str) -> None:
        if tag in ("td", "th") and self._cells is not None:
            self._cells.append("".join(self._words))
            self._words.clear()
        elif tag == "tr" and self._cells is not None:
            block = row(self._cells, self.tables)
            self._cells = None
            self._words.clear()
            if block.text:
                self.blocks.append(block)
        elif (tag in _BREAKS or _KEPT.fullmatch(tag)) and self._cells is None:
            self.close()

    def close(self, kind: BlockKind = "paragraph", level: int = 0) -> None:
        """Close the block that is open and begin one of another kind."""
        text = " ".join("".join(self._words).split())
        if text and self._cells is None:
            self.blocks.append(Block(text, self._kind, level=self._level))
        self._words.clear()
        self._kind, self._level = kind, level


def _in_order(blocks: list[Block]) -> Iterator[Block]:
    """Tables that only lay a page out, one cell a row, are paragraphs."""
    wide = {block.table for block in blocks if len(block.cells) > 1}
    for block in blocks:
        yield replace(block, kind="paragraph", cells=(), table=0) if block.cells and block.table not in wide else block


FORMAT = DocumentFormat(name="web page", suffixes=("html", "htm", "xhtml"), sniff=sniff, read=read, specific=1)
