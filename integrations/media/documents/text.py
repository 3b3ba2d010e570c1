"""Plain text and Markdown."""

from __future__ import annotations

import re
from pathlib import Path

from integrations.media.documents.format import Block, DocumentFormat, Parsed, UnreadableDocument, row

_ITEM = re.compile(r"^\s*(?:[-*+•]|\d{1,2}[.)])\s+")
_RULE = re.compile(r"^\s*(?:[=\-_*~] ?){3,}\s*$")


def decode(data: bytes) -> str:
    """Bytes to text: by their mark, as UTF-8, and else as Windows-1252, which reads anything."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def sniff(path: Path, head: bytes) -> bool:
    """Text has no zero bytes and few control characters."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    control = sum(byte < 9 or 13 < byte < 32 for byte in head)
    return b"\x00" not in head and control <= len(head) / 100


def read(path: Path) -> Parsed:
    """Read a text file; each block knows its line. Raises UnreadableDocument when there is no text in it."""
    blocks = blocks_of(decode(path.read_bytes()))
    if not blocks:
        raise UnreadableDocument("The file is empty; please check that the right one was uploaded.")
    return Parsed(blocks)


def blocks_of(text: str) -> list[Block]:
    """Split text at its blank lines, headings, list items and table rows."""
    blocks: list[Block] = []
    open_lines: list[str] = []
    start = tables = 0

    def close() -> None:
        if open_lines:
            joined = " ".join(open_lines)
            blocks.append(
                Block(_plain(_ITEM.sub("", joined)), "item" if _ITEM.match(joined) else "paragraph", None, start)
            )
            open_lines.clear()

    lines = text.splitlines()
    for number, raw in enumerate(lines, start=1):
        line = raw.strip()
        below = lines[number].strip() if number < len(lines) else ""
        if not line or line.startswith("```") or _RULE.match(line):
            close()
        elif level := _heading_level(line, below, alone=not open_lines):
            close()
            blocks.append(Block(_plain(line.strip("#").strip()), "heading", None, number, level))
        elif line.count("|") >= 2:
            close()
            if not re.fullmatch(r"[|:\- ]+", line):
                tables += not (blocks and blocks[-1].table and blocks[-1].line in (number - 1, number - 2))
                blocks.append(row((_plain(cell) for cell in line.strip("|").split("|")), tables, None, number))
        else:
            if _ITEM.match(raw):
                close()
            if not open_lines:
                start = number
            open_lines.append(line)
    close()
    return [block for block in blocks if block.text]


def _heading_level(line: str, below: str, *, alone: bool) -> int:
    if marks := re.match(r"(#{1,6})\s+\S", line):
        return len(marks[1])
    if not alone or len(line) > 70 or line[-1] in ".,;:":
        return 0
    if re.fullmatch(r"={3,}|-{3,}", below):
        return 1
    numbered = re.match(r"\d{1,2}(?:\.\d{1,2})*\.?\s+[A-ZÄÖÜ]", line) and not below
    loud = line.isupper() and len(line) > 3 and " | " not in line
    return 2 if numbered or loud else 0


def _plain(text: str) -> str:
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"(\*\*|__|`)(.+?)\1", r"\2", text)
    return " ".join(re.sub(r"[\x00-\x1f\x7f]", " ", text).split())


FORMAT = DocumentFormat(name="text", suffixes=("txt", "md", "text", "markdown", "log"), sniff=sniff, read=read)
