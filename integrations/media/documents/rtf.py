"""Rich text (RTF), read with striprtf: paragraphs and table rows."""

from __future__ import annotations

from pathlib import Path

from integrations.media.documents.format import Block, DocumentFormat, Parsed, UnreadableDocument, row
from integrations.media.documents.text import blocks_of

LONGEST = 20_000_000
_DAMAGED = "The RTF file is damaged or cut off; please save or download it again."


def sniff(path: Path, head: bytes) -> bool:
    """Rich text says so first."""
    return head.startswith(b"{\\rtf")


def read(path: Path) -> Parsed:
    """Read rich text. Raises UnreadableDocument when it is damaged or empty."""
    from striprtf.striprtf import rtf_to_text

    data = path.read_bytes()
    if len(data) > LONGEST:
        raise UnreadableDocument("The RTF file is larger than 20 MB, mostly pictures; please save it as PDF.")
    try:
        text = str(rtf_to_text(data.decode("latin-1"), errors="ignore"))
    except (ValueError, LookupError, IndexError, RecursionError, TypeError, AttributeError) as error:
        raise UnreadableDocument(_DAMAGED) from error
    blocks: list[Block] = []
    tables = 0
    for line in text.splitlines():
        if line.count("|") >= 2:
            tables += not (blocks and blocks[-1].table)
            blocks.append(row(line.strip("| ").split("|"), tables))
        else:
            blocks += [Block(one.text, one.kind, level=one.level) for one in blocks_of(line)]
    if not blocks:
        raise UnreadableDocument(_DAMAGED if not data.rstrip(b"\0\r\n ").endswith(b"}") else "The RTF file is empty.")
    return Parsed(blocks)


FORMAT = DocumentFormat(name="rich text", suffixes=("rtf",), sniff=sniff, read=read, specific=2)
