"""The one way into a document: recognise it by its content, read it, cut it into passages.

`read_document` is meant to run in a process of its own with limits on time and memory: the file is a stranger's.
"""

from __future__ import annotations

import importlib
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

from integrations.media.documents.archive import members
from integrations.media.documents.format import DocumentFormat, Parsed, UnreadableDocument
from integrations.media.documents.passages import cut

SECONDS, MEMORY_MB = 20, 768
"""What reading one document may cost."""
MAX_MB = 100
CERTAIN = 2
"""From this specificity on, the content alone says what a file is."""
MAX_CHARACTERS = 10_000_000
_READABLE = "PDF, Word (DOCX), text, Markdown, HTML and e-mail (EML)"
_OTHERS = (
    (b"\xd0\xcf\x11\xe0", "an old Office file", "open it in Word and save it as DOCX or PDF"),
    (b"{\\rtf", "an RTF file", "save it as DOCX or PDF"),
    (b"\x89PNG", "a picture", "reading pictures of pages is not possible yet, so please upload a version with text"),
    (
        b"\xff\xd8\xff",
        "a picture",
        "reading pictures of pages is not possible yet, so please upload a version with text",
    ),
    (b"GIF8", "a picture", "reading pictures of pages is not possible yet, so please upload a version with text"),
    (b"Rar!", "a packed archive", "unpack it and upload the document inside"),
    (b"7z\xbc\xaf", "a packed archive", "unpack it and upload the document inside"),
    (b"\x1f\x8b", "a packed archive", "unpack it and upload the document inside"),
)


@cache
def formats() -> tuple[DocumentFormat, ...]:
    """Every format in this folder, the most specific first. Raises ImportError naming a file that is broken."""
    found: list[DocumentFormat] = []
    for path in sorted(Path(__file__).parent.glob("[!_]*.py")):
        format = getattr(importlib.import_module(f"integrations.media.documents.{path.stem}"), "FORMAT", None)
        if isinstance(format, DocumentFormat):
            found.append(format)
    return tuple(sorted(found, key=lambda format: -format.specific))


def read_document(path: str, name: str) -> dict[str, Any]:
    """Read one file for the file store's `name`.

    Returns ``{"format", "pages", "notes", "headings", "passages": [{"text", "place", "page", "heading"}]}``. Raises
    UnreadableDocument when the user has to mend something first.
    """
    format, parsed = _parse(Path(path), name)
    headings = list(dict.fromkeys(block.text for block in parsed.blocks if block.kind == "heading"))
    passages = [asdict(passage) for passage in cut(parsed.blocks)]
    if not passages:
        raise UnreadableDocument("The document holds only headings; please check that the right file was uploaded.")
    return {
        "format": format.name,
        "pages": parsed.pages,
        "notes": parsed.notes,
        "headings": headings,
        "passages": passages,
    }


def _parse(path: Path, name: str) -> tuple[DocumentFormat, Parsed]:
    size = path.stat().st_size
    if size == 0:
        raise UnreadableDocument("The file is empty; please check that the right one was uploaded.")
    if size > MAX_MB * 1024 * 1024:
        raise UnreadableDocument(f"The file is larger than {MAX_MB} MB; please split it and upload the part you need.")
    with path.open("rb") as file:
        head = file.read(4096)
    suffix = name.rpartition(".")[2].lower()
    format = _recognise(path, head, suffix)
    parsed = format.read(path)
    if sum(len(block.text) for block in parsed.blocks) > MAX_CHARACTERS:
        raise UnreadableDocument("The document holds more text than can be read at once; please split it.")
    if suffix not in format.suffixes:
        parsed.notes.append(f"The file is named .{suffix} but its content is a {format.name}, and it was read as that.")
    return format, parsed


def _recognise(path: Path, head: bytes, suffix: str) -> DocumentFormat:
    for magic, what, remedy in _OTHERS:
        if head.startswith(magic):
            raise UnreadableDocument(f"The file is {what}, which cannot be read as a document: {remedy}.")
    agreeing = [format for format in formats() if format.sniff(path, head)]
    by_name = [format for format in agreeing if suffix in format.suffixes]
    if agreeing:  # a PDF is one whatever its name; what may be text or HTML goes by its name
        return agreeing[0] if agreeing[0].specific >= CERTAIN or not by_name else by_name[0]
    if head.startswith(b"PK"):
        inside = members(path)
        if not inside:
            raise UnreadableDocument("The file is damaged or cut off; please save or download it again.")
        what = "a spreadsheet" if "xl/workbook.xml" in inside else "an archive or a format I do not know"
        raise UnreadableDocument(f"The file is {what}; as documents I read {_READABLE}.")
    raise UnreadableDocument(f"The content is no document I know; I read {_READABLE}.")
