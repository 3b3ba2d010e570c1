"""Web pages saved as a file: their words, without scripts, styles and navigation."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

from integrations.media.documents.format import Block, BlockKind, DocumentFormat, Parsed, UnreadableDocument
from integrations.media.documents.text import decode

_SILENT = {"script", "style", "noscript", "template", "nav", "svg", "head"}
_BREAKS = {"p", "div", "section", "article", "li", "tr", "br", "table", "ul", "ol", "blockquote", "pre", "dt", "dd"}


def sniff(path: Path, head: bytes) -> bool:
    """A page begins with its doctype or its root."""
    return bool(
        re.match(
            rb"\s*(?:\xef\xbb\xbf)?\s*(?:<!--.*?-->\s*|<\?xml[^>]*>\s*)*<(?:!doctype\s+html|html)\b", head, re.I | re.S
        )
    )


def read(path: Path) -> Parsed:
    """Read a saved page. Raises UnreadableDocument when it shows no text."""
    blocks = blocks_of(decode(path.read_bytes()))
    if not blocks:
        raise UnreadableDocument("The page holds no text; it is perhaps built by a script, so please save it as PDF.")
    return Parsed(blocks)


def blocks_of(text: str) -> list[Block]:
    """The visible blocks of a page."""
    page = _Page()
    page.feed(text)
    page.close()
    page.end_block()
    return page.blocks


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[Block] = []
        self._words: list[str] = []
        self._kind: BlockKind = "paragraph"
        self._level = 0
        self._silent: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent.append(tag)
        elif tag == "body":
            self._silent.clear()  # pages that never close their head still show their body
        elif re.fullmatch(r"h[1-6]", tag):
            self.end_block("heading", int(tag[1]))
        elif tag in _BREAKS:
            self.end_block("item" if tag == "li" else "row" if tag == "tr" else "paragraph")
        elif tag in {"td", "th"} and self._words:
            self._words.append(" | ")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._silent:
            del self._silent[self._silent.index(tag) :]
        elif tag in _BREAKS or re.fullmatch(r"h[1-6]", tag):
            self.end_block()

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._words.append(data)

    def end_block(self, kind: BlockKind = "paragraph", level: int = 0) -> None:
        """Close the block that is open and begin one of another kind."""
        text = " ".join("".join(self._words).split())
        if text.strip("| "):
            self.blocks.append(Block(text, self._kind, level=self._level))
        self._words.clear()
        self._kind, self._level = kind, level


FORMAT = DocumentFormat(name="web page", suffixes=("html", "htm"), sniff=sniff, read=read, specific=1)
