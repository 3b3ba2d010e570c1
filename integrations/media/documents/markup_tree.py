"""Reads the XML inside office files: no entities, no network, and a document type is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from zipfile import ZipFile

from integrations.media.documents.archive import BROKEN
from integrations.media.documents.format import UnreadableDocument

DAMAGED = "The file is damaged or cut off; please save or download it again."


def part(path: Path, name: str) -> Any | None:
    """The root of one XML part of a checked archive; None when there is no such part. Raises UnreadableDocument."""
    try:
        with ZipFile(path) as archive:
            if name not in archive.namelist():
                return None
            data = archive.read(name)
    except BROKEN as error:
        raise UnreadableDocument(DAMAGED) from error
    return tree(data)


def tree(data: bytes) -> Any:
    """The root of an XML text. Raises UnreadableDocument when it is broken or declares a document type."""
    from lxml import etree

    if b"<!DOCTYPE" in data[:4096].upper():
        raise UnreadableDocument("The file declares entities, which no office program does; I will not open it.")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        return etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableDocument(DAMAGED) from error


def local(element: Any) -> str:
    """An element's name without its namespace; empty for a comment."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def attribute(element: Any, name: str) -> str:
    """An attribute by its name without namespace."""
    return next((str(value) for key, value in element.attrib.items() if key.rpartition("}")[2] == name), "")
