"""Presentations (PPTX): each slide is a page with its title, text, tables and speaker notes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from integrations.media.documents.archive import check_archive, members
from integrations.media.documents.format import Block, DocumentFormat, Parsed, UnreadableDocument, row
from integrations.media.documents.markup_tree import DAMAGED, attribute, local, part

_ORDER = "ppt/_rels/presentation.xml.rels"


def sniff(path: Path, head: bytes) -> bool:
    """A zip archive that holds a presentation."""
    return head.startswith(b"PK") and "ppt/presentation.xml" in members(path)


def read(path: Path) -> Parsed:
    """Read a presentation. Raises UnreadableDocument when it is unsafe, damaged or without words."""
    check_archive(path)
    slides = _slides(path)
    if not slides:
        raise UnreadableDocument(DAMAGED)
    blocks: list[Block] = []
    tables = 0
    for number, name in enumerate(slides, 1):
        root = part(path, name)
        if root is None:
            continue
        for block in _slide(root, number, tables):
            tables = max(tables, block.table)
            blocks.append(block)
        blocks += [Block(f"Speaker notes: {text}", "note", number) for text in _notes(path, name)]
    if not blocks:
        raise UnreadableDocument("The presentation holds no text, perhaps only pictures; please save it as PDF.")
    return Parsed(blocks, pages=len(slides))


def _slides(path: Path) -> list[str]:
    """The parts of the slides in the order in which they are shown."""
    order, links = part(path, "ppt/presentation.xml"), part(path, _ORDER)
    if order is None or links is None:
        return []
    targets = {one.get("Id"): str(one.get("Target", "")).lstrip("/").removeprefix("ppt/") for one in links}
    ids = [_link(one) for one in order.iter() if local(one) == "sldId"]
    return [f"ppt/{targets[id]}" for id in ids if targets.get(id)]


def _link(element: Any) -> str:
    return next((value for key, value in element.attrib.items() if key.endswith("relationships}id")), "")


def _slide(root: Any, number: int, tables: int) -> Iterator[Block]:
    for shape in root.iter():
        if local(shape) == "sp":
            kind = next((attribute(one, "type") for one in shape.iter() if local(one) == "ph"), "")
            if kind in ("sldNum", "ftr", "dt"):
                continue
            for paragraph in (one for one in shape.iter() if local(one) == "p"):
                if text := _text(paragraph):
                    yield _block(text, paragraph, number, title="itle" in kind)
        elif local(shape) == "tbl":
            tables += 1
            for line in (one for one in shape.iter() if local(one) == "tr"):
                block = row([_text(cell) for cell in line if local(cell) == "tc"], tables, number)
                if block.text:
                    yield block


def _block(text: str, paragraph: Any, number: int, *, title: bool) -> Block:
    if title:
        return Block(text, "heading", number, level=1)
    properties = next((one for one in paragraph if local(one) == "pPr"), None)
    listed = properties is not None and any(local(one) in ("buChar", "buAutoNum") for one in properties)
    deep = properties is not None and attribute(properties, "lvl") not in ("", "0")
    return Block(text, "item" if listed or deep else "paragraph", number)


def _text(element: Any) -> str:
    return " ".join("".join(one.text or "" if local(one) == "t" else " " for one in element.iter()
                            if local(one) in ("t", "br", "p")).split())  # fmt: skip


def _notes(path: Path, slide: str) -> list[str]:
    folder, _, file = slide.rpartition("/")
    links = part(path, f"{folder}/_rels/{file}.rels")
    found = [] if links is None else [str(one.get("Target")) for one in links if "notesSlide" in str(one.get("Type"))]
    notes = part(path, f"ppt/notesSlides/{found[0].rpartition('/')[2]}") if found else None
    if notes is None:
        return []
    shapes = (one for one in notes.iter() if local(one) == "sp")
    bodies = (shape for shape in shapes if any(attribute(one, "type") == "body" for one in shape.iter()))
    return [text for body in bodies if (text := _text(body))]


FORMAT = DocumentFormat(name="presentation", suffixes=("pptx",), sniff=sniff, read=read, specific=2)
