"""Books (EPUB): the chapters in reading order, each read as a page of HTML."""

from __future__ import annotations

import posixpath
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote
from zipfile import ZipFile

from integrations.media.documents import html
from integrations.media.documents.archive import BROKEN, check_archive
from integrations.media.documents.format import Block, DocumentFormat, Parsed, UnreadableDocument
from integrations.media.documents.markup_tree import DAMAGED, local, part
from integrations.media.documents.text import decode


def sniff(path: Path, head: bytes) -> bool:
    """A zip archive that begins with the media type of a book."""
    return head.startswith(b"PK") and b"application/epub+zip" in head[:200]


def read(path: Path) -> Parsed:
    """Read a book. Raises UnreadableDocument when it is unsafe, protected, damaged or empty."""
    check_archive(path)
    blocks: list[Block] = []
    try:
        with ZipFile(path) as archive:
            names = set(archive.namelist())
            if "META-INF/encryption.xml" in names:
                raise UnreadableDocument("The book is protected against copying, so it cannot be read here.")
            for chapter in _chapters(path):
                if chapter in names:
                    before = max((block.table for block in blocks), default=0)
                    blocks += [replace(b, line=None) for b in html.blocks_of(decode(archive.read(chapter)), before)]
    except BROKEN as error:
        raise UnreadableDocument(DAMAGED) from error
    if not blocks:
        raise UnreadableDocument("The book holds no text, perhaps only pictures; please check the file.")
    return Parsed(blocks)


def _chapters(path: Path) -> list[str]:
    container = part(path, "META-INF/container.xml")
    roots = [] if container is None else [one.get("full-path") for one in container.iter() if local(one) == "rootfile"]
    package = part(path, roots[0]) if roots and roots[0] else None
    if package is None:
        raise UnreadableDocument(DAMAGED)
    folder = posixpath.dirname(roots[0])
    items = {one.get("id"): unquote(one.get("href", "")) for one in package.iter() if local(one) == "item"}
    order = [items.get(one.get("idref"), "") for one in package.iter() if local(one) == "itemref"]
    return [posixpath.normpath(posixpath.join(folder, name)) for name in order if name]


FORMAT = DocumentFormat(name="book (EPUB)", suffixes=("epub",), sniff=sniff, read=read, specific=2)
