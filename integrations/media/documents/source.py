"""Source code: pieces of lines with their numbers, under the names of the functions and classes they belong to."""

from __future__ import annotations

import re
from pathlib import Path

from integrations.media.documents.format import Block, DocumentFormat, Parsed, UnreadableDocument
from integrations.media.documents.text import decode, sniff

LINES = 12
"""Lines of a piece at most; an empty line ends one."""
_NAMED = re.compile(
    r"^\s{0,8}(?:(?:export|default|public|private|protected|internal|static|abstract|final|async|override|pub)\s+)*"
    r"(?:def|class|function|func|fn|interface|trait|struct|enum|impl|module|namespace|record|object|"
    r"create (?:table|view|function))\s+[\w.\"`]+",
    re.IGNORECASE,
)


def read(path: Path) -> Parsed:
    """Read code; each block knows its line. Raises UnreadableDocument when there is nothing in it."""
    blocks: list[Block] = []
    piece: list[str] = []
    start = 1

    def close() -> None:
        if piece:
            blocks.append(Block("\n".join(piece), "paragraph", None, start))
            piece.clear()

    for number, raw in enumerate(decode(path.read_bytes()).splitlines(), 1):
        line = re.sub(r"[\x00-\x08\x0b-\x1f\x7f]", " ", raw.rstrip())
        named = _NAMED.match(line)
        if not line or named or len(piece) >= LINES:
            close()
        if named:
            blocks.append(Block(" ".join(named[0].split()), "heading", None, number, 1 + (line[0] in " \t")))
        if line:
            start = start if piece else number
            piece.append(line)
    close()
    if not blocks:
        raise UnreadableDocument("The file is empty; please check that the right one was uploaded.")
    return Parsed(blocks)


FORMAT = DocumentFormat(
    name="source code",
    suffixes=(
        "py", "js", "ts", "jsx", "tsx", "java", "kt", "c", "h", "cpp", "hpp", "cs", "go", "rs", "rb", "php", "swift",
        "scala", "r", "sql", "sh", "css", "json", "yaml", "yml", "toml", "ini", "xml", "ipynb", "tex",
    ),
    sniff=sniff,
    read=read,
)  # fmt: skip
