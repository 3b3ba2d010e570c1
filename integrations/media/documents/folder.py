"""Archives (ZIP) of documents: each is read by its own format, under its name."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile, ZipInfo

from integrations.media.documents.archive import BROKEN, check_archive, shown_name
from integrations.media.documents.format import Block, DocumentFormat, Parsed, UnreadableDocument
from integrations.media.documents.markup_tree import DAMAGED

MOST_FILES = 50
_OWN = ("mimetype", "[Content_Types].xml", "META-INF/container.xml")
"""What office files and books hold, which are archives too."""


def sniff(path: Path, head: bytes) -> bool:
    """An archive; those of the office formats are more specific."""
    if not head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return False
    try:
        with ZipFile(path) as archive:
            return not any(name in archive.namelist() for name in _OWN)
    except BROKEN:
        return False


def read(path: Path) -> Parsed:
    """Read the documents in an archive. Raises UnreadableDocument when it is unsafe or holds none that can be read."""
    from integrations.media.documents.read import parse

    check_archive(path)
    blocks: list[Block] = []
    notes: list[str] = []
    tables = 0
    with tempfile.TemporaryDirectory() as scratch, ZipFile(path) as archive:
        files = [one for one in archive.infolist() if not one.is_dir() and not one.filename.startswith("__MACOSX")]
        if len(files) > MOST_FILES:
            notes.append(f"Only the first {MOST_FILES} of {len(files)} files in the archive were read.")
        for number, entry in enumerate(files[:MOST_FILES]):
            name = shown_name(entry.filename)
            try:
                _, parsed = parse(_unpacked(archive, entry, Path(scratch) / str(number)), name, inside=True)
            except UnreadableDocument as error:
                notes.append(f"{name} was not read: {str(error)[:1].lower()}{str(error)[1:]}")
                continue
            notes += parsed.notes + [f"{name} is scanned; please upload it by itself."] * bool(parsed.scanned)
            heading = "" if len(files) == 1 else name
            inside = [replace(one, page=None, table=one.table and one.table + tables) for one in parsed.blocks]
            blocks += [*([Block(heading, "heading", level=1)] if heading else ()), *inside]
            tables = max([tables, *(one.table for one in inside)])
    if not any(block.kind != "heading" for block in blocks):
        raise UnreadableDocument("The archive holds no document that I can read; unpack it and upload what you need.")
    return Parsed(blocks, notes=notes)


def _unpacked(archive: ZipFile, entry: ZipInfo, target: Path) -> Path:
    try:
        target.write_bytes(archive.read(entry))
    except BROKEN as error:
        raise UnreadableDocument(DAMAGED) from error
    return target


FORMAT = DocumentFormat(name="archive", suffixes=("zip",), sniff=sniff, read=read, specific=1)
