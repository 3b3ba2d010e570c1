"""Word documents (DOCX), read with python-docx: headings, paragraphs, lists and tables in reading order."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from integrations.media.documents.archive import check_archive, members
from integrations.media.documents.format import Block, DocumentFormat, Parsed, UnreadableDocument

_DAMAGED = "The Word document is damaged or cut off; please save or download it again."


def sniff(path: Path, head: bytes) -> bool:
    """A zip archive that holds a Word document."""
    return head.startswith(b"PK") and "word/document.xml" in members(path)


def read(path: Path) -> Parsed:
    """Read a Word document. Raises UnreadableDocument when it is unsafe, damaged or empty.

    Pages are known only where Word left its own page breaks in the file.
    """
    from docx import Document

    check_archive(path)
    with ZipFile(path) as archive:
        for entry in archive.namelist():
            if entry.endswith(".xml") and b"<!DOCTYPE" in archive.open(entry).read(1024).upper():
                raise UnreadableDocument("The Word document declares entities, which no Word does; I will not open it.")
    try:
        document = Document(str(path))
        found = list(_blocks(document))
    except MemoryError:
        raise
    except Exception as error:  # whatever python-docx and lxml raise on a malformed file means the same to the user
        raise UnreadableDocument(_DAMAGED) from error
    pages = max((page for page, _ in found), default=1)
    paged = pages > 1
    blocks = [Block(b.text, b.kind, page if paged else None, None, b.level) for page, b in found]
    if not blocks:
        raise UnreadableDocument(
            "The Word document holds no text, perhaps only pictures; reading pictures of pages is not possible yet."
        )
    return Parsed(blocks, pages=pages if paged else None)


def _blocks(document: Any) -> Iterator[tuple[int, Block]]:
    from docx.table import Table

    page = 1
    for part in document.iter_inner_content():
        if isinstance(part, Table):
            for row in part.rows:
                cells = dict.fromkeys(" ".join(cell.text.split()) for cell in row.cells)
                text = " | ".join(cell for cell in cells if cell)
                page += _page_breaks(row._tr)
                if text:
                    yield page, Block(text, "row")
            continue
        breaks = _page_breaks(part._p)
        text = " ".join(part.text.split())
        if breaks and (not text or _breaks_first(part._p)):
            page, breaks = page + breaks, 0
        if text:
            yield page, _block(part, text)
        page += breaks


def _block(paragraph: Any, text: str) -> Block:
    style = (paragraph.style.name or "").lower() if paragraph.style is not None else ""
    if style.startswith(("heading", "title", "überschrift", "titel")):
        level = next((int(character) for character in style if character.isdigit()), 1)
        return Block(text, "heading", level=level)
    runs = [run for run in paragraph.runs if run.text.strip()]
    if runs and all(run.bold for run in runs) and len(text) <= 60 and text[-1] not in ".,;:":
        return Block(text, "heading", level=2)
    numbered = paragraph._p.pPr is not None and paragraph._p.pPr.numPr is not None
    return Block(text, "item" if numbered or style.startswith("list") else "paragraph")


def _page_breaks(element: Any) -> int:
    return len(
        element.xpath(".//w:lastRenderedPageBreak | .//w:br[@w:type='page'][not(following::w:lastRenderedPageBreak)]")
    )


def _breaks_first(element: Any) -> bool:
    first = element.xpath("(.//w:t[string-length(.) > 0] | .//w:lastRenderedPageBreak | .//w:br[@w:type='page'])[1]")
    return bool(first) and not first[0].tag.endswith("}t")


FORMAT = DocumentFormat(name="Word document", suffixes=("docx",), sniff=sniff, read=read, specific=2)
