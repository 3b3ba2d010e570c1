"""The one way into a document: recognise it by its content, read it, cut it into passages.

`read_document` is meant to run in a process of its own with limits on time and memory: the file is a stranger's.
"""

from __future__ import annotations

import importlib
from dataclasses import asdict
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from integrations.media.documents.archive import members
from integrations.media.documents.format import DocumentFormat, Parsed, UnreadableDocument
from integrations.media.documents.locked_office import is_locked, unlocked
from integrations.media.documents.passages import cut

SECONDS, MEMORY_MB = 60, 768
"""What reading one document may cost."""
MAX_MB = 100
CERTAIN = 2
"""From this specificity on, the content alone says what a file is."""
MAX_CHARACTERS = 10_000_000
_READABLE = "PDF, Word, PowerPoint, Excel, OpenDocument, RTF, HTML, text, mails, books (EPUB) and ZIP of these"
_PICTURE = ("a picture", "ask me what is on the picture, or save it as PDF")
_PACKED = ("a packed archive", "unpack it and upload the document inside, or pack it as ZIP")
_OTHERS = (
    (b"\x89PNG", *_PICTURE),
    (b"\xff\xd8\xff", *_PICTURE),
    (b"GIF8", *_PICTURE),
    (b"Rar!", *_PACKED),
    (b"7z\xbc\xaf", *_PACKED),
    (b"\x1f\x8b", *_PACKED),
)
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"


@cache
def formats() -> tuple[DocumentFormat, ...]:
    """Every format in this folder, the most specific first. Raises ImportError naming a file that is broken."""
    found: list[DocumentFormat] = []
    for path in sorted(Path(__file__).parent.glob("[!_]*.py")):
        format = getattr(importlib.import_module(f"integrations.media.documents.{path.stem}"), "FORMAT", None)
        if isinstance(format, DocumentFormat):
            found.append(format)
    return tuple(sorted(found, key=lambda format: -format.specific))


def read_document(path: str, name: str, password: str = "") -> dict[str, Any]:
    """Read one file for the file store's `name`.

    Returns ``{"format", "pages", "notes", "headings", "passages": [{"text", "place", "page", "heading"}], "scanned"}``;
    `scanned` are pages that are pictures, which `scanned.read_scanned` reads. Raises UnreadableDocument when the user
    has to mend something first.
    """
    return read_parsed(*parse(Path(path), name, password=password))


def read_parsed(format: DocumentFormat, parsed: Parsed) -> dict[str, Any]:
    """What `read_document` returns, of a document that is parsed already."""
    headings = list(dict.fromkeys(block.text for block in parsed.blocks if block.kind == "heading"))
    passages = [asdict(passage) for passage in cut(parsed.blocks)]
    if not passages and not parsed.scanned:
        raise UnreadableDocument("The document holds only headings; please check that the right file was uploaded.")
    return {
        "format": format.name,
        "pages": parsed.pages,
        "notes": parsed.notes,
        "headings": headings,
        "passages": passages,
        "scanned": parsed.scanned,
    }


def parse(path: Path, name: str, *, password: str = "", inside: bool = False) -> tuple[DocumentFormat, Parsed]:
    """A file's format and what is in it; `inside` an archive, no further archive is opened.

    Raises UnreadableDocument.
    """
    size = path.stat().st_size
    if size == 0:
        raise UnreadableDocument("The file is empty; please check that the right one was uploaded.")
    if size > MAX_MB * 1024 * 1024:
        raise UnreadableDocument(f"The file is larger than {MAX_MB} MB; please split it and upload the part you need.")
    with path.open("rb") as file:
        head = file.read(4096)
    if is_locked(path, head):
        with TemporaryDirectory() as folder:
            return parse(unlocked(path, password, Path(folder)), name, inside=inside)
    suffix = name.rpartition(".")[2].lower()
    format = _recognise(path, head, suffix)
    if inside and "zip" in format.suffixes:
        raise UnreadableDocument("It is an archive inside of an archive; please upload it by itself.")
    parsed = format.unlock(path, password) if format.unlock and password else format.read(path)
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
    if head.startswith(_OLD_OFFICE):
        raise UnreadableDocument(
            "The file is an old Office file, from before 2007; please open it and save it as DOCX or PDF."
        )
    if head.startswith(b"PK"):
        if not members(path):
            raise UnreadableDocument("The file is damaged or cut off; please save or download it again.")
        raise UnreadableDocument(f"The file is an archive or a format I do not know; I read {_READABLE}.")
    raise UnreadableDocument(f"The content is no document I know; I read {_READABLE}.")
