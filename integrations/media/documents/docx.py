"""Word documents (DOCX): headings, paragraphs, lists and tables in reading order, footnotes, comments, tracked changes.

The text is the one that would print with every tracked change accepted; what was changed, by whom, stands behind it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from integrations.media.documents.archive import check_archive, members
from integrations.media.documents.format import Block, BlockKind, DocumentFormat, Parsed, UnreadableDocument, row
from integrations.media.documents.markup_tree import attribute, local, part

_DAMAGED = "The Word document is damaged or cut off; please save or download it again."
_SPACES = {"tab": " ", "br": " ", "cr": " ", "noBreakHyphen": "-"}


def sniff(path: Path, head: bytes) -> bool:
    """A zip archive that holds a Word document."""
    return head.startswith(b"PK") and "word/document.xml" in members(path)


def read(path: Path) -> Parsed:
    """Read a Word document. Raises UnreadableDocument when it is unsafe, damaged or empty.

    Pages are known only where Word left its own page breaks in the file.
    """
    from docx import Document

    check_archive(path)
    try:
        with ZipFile(path) as archive:
            for entry in archive.namelist():
                if entry.endswith(".xml") and b"<!DOCTYPE" in archive.open(entry).read(1024).upper():
                    raise UnreadableDocument(
                        "The Word document declares entities, which no Word does; I will not open it."
                    )
        found = list(_blocks(Document(str(path)), _Asides(path)))
    except (MemoryError, UnreadableDocument):
        raise
    except Exception as error:  # whatever python-docx and lxml raise on a malformed file means the same to the user
        raise UnreadableDocument(_DAMAGED) from error
    pages = max((page for page, _ in found), default=1)
    paged = pages > 1
    blocks = [Block(b.text, b.kind, page if paged else None, None, b.level, b.cells, b.table) for page, b in found]
    if not blocks:
        raise UnreadableDocument("The Word document holds no text, perhaps only pictures; please save it as PDF.")
    return Parsed(blocks, pages=pages if paged else None)


class _Asides:
    """The footnotes, endnotes and comments of a document, by their ids."""

    def __init__(self, path: Path) -> None:
        self._notes = {kind: self._of(path, kind) for kind in ("footnote", "endnote", "comment")}

    @staticmethod
    def _of(path: Path, kind: str) -> dict[str, tuple[str, str]]:
        root = part(path, f"word/{kind}s.xml")
        found = {} if root is None else {attribute(one, "id"): one for one in root if local(one) == kind}
        return {id: (attribute(one, "author"), _text(one)) for id, one in found.items()}

    def at(self, paragraph: Any) -> Iterator[Block]:
        """The notes and comments that a paragraph refers to, and what was changed in it."""
        for element in paragraph.iter():
            kind = local(element).removesuffix("Reference")
            if kind in self._notes and local(element).endswith("Reference"):
                author, text = self._notes[kind].get(attribute(element, "id"), ("", ""))
                if text and kind == "comment":
                    yield Block(f"Comment by {author or 'someone'}: {text}", "comment")
                elif text:
                    yield Block(f"{kind.capitalize()}: {text}", "note")
            elif local(element) in ("ins", "del") and (text := _text(element, deleted=local(element) == "del")):
                done = "inserted" if local(element) == "ins" else "deleted"
                when = attribute(element, "date")[:10]
                who = " ".join(filter(None, (attribute(element, "author") or "someone", when and f"on {when}")))
                yield Block(f"Tracked change by {who}: {done} “{text}”", "change")


def _text(element: Any, *, deleted: bool = False) -> str:
    """The words beneath an element: those that stay, or those that a tracked change takes out."""
    words = []
    for one in element.iter():
        name = local(one)
        if name == "p":
            words.append(" ")
        elif name == ("delText" if deleted else "t") and one.text:
            gone = any(local(above) in ("moveFrom", "txbxContent") for above in one.iterancestors())
            words.append("" if gone else one.text)
        elif name in _SPACES and local(one.getparent()) == "r":
            words.append(_SPACES[name])
    return " ".join("".join(words).split())


def _pieces(document: Any, above: Any) -> Iterator[Any]:
    """The paragraphs and tables in reading order, those inside of content controls too."""
    from docx.table import Table
    from docx.text.paragraph import Paragraph

    for element in above:
        if local(element) == "p":
            yield Paragraph(element, document._body)
        elif local(element) == "tbl":
            yield Table(element, document._body)
        elif local(element) in ("sdt", "sdtContent", "ins", "smartTag", "customXml"):
            yield from _pieces(document, element)


def _blocks(document: Any, asides: _Asides) -> Iterator[tuple[int, Block]]:
    from docx.table import Table

    page, tables = 1, 0
    for piece in _pieces(document, document.element.body):
        if isinstance(piece, Table):
            tables += 1
            for line in piece.rows:
                block = row(_cells(line), tables)
                page += _page_breaks(line._tr)
                if block.text:
                    yield page, block
                yield from ((page, aside) for aside in asides.at(line._tr))
            continue
        breaks = _page_breaks(piece._p)
        text = _text(piece._p)
        if breaks and (not text or _breaks_first(piece._p)):
            page, breaks = page + breaks, 0
        if text:
            yield page, _block(piece, text)
        yield from ((page, aside) for aside in asides.at(piece._p))
        page += breaks


def _cells(line: Any) -> list[str]:
    """The texts of a row's cells; one that spans several columns counts once."""
    return [_text(cell) for cell in line._tr if local(cell) == "tc"]


def _block(paragraph: Any, text: str) -> Block:
    style = (paragraph.style.name or "").lower() if paragraph.style is not None else ""
    if style.startswith(("heading", "title", "überschrift", "titel", "titre", "título", "titolo")):
        level = next((int(character) for character in style if character.isdigit()), 1)
        return Block(text, "heading", level=level)
    runs = [run for run in paragraph.runs if run.text.strip()]
    if runs and all(run.bold for run in runs) and len(text) <= 60 and text[-1] not in ".,;:":
        return Block(text, "heading", level=2)
    numbered = paragraph._p.pPr is not None and paragraph._p.pPr.numPr is not None
    kind: BlockKind = "item" if numbered or style.startswith("list") else "paragraph"
    return Block(text, kind)


def _page_breaks(element: Any) -> int:
    return len(
        element.xpath(".//w:lastRenderedPageBreak | .//w:br[@w:type='page'][not(following::w:lastRenderedPageBreak)]")
    )


def _breaks_first(element: Any) -> bool:
    first = element.xpath("(.//w:t[string-length(.) > 0] | .//w:lastRenderedPageBreak | .//w:br[@w:type='page'])[1]")
    return bool(first) and not first[0].tag.endswith("}t")


FORMAT = DocumentFormat(name="Word document", suffixes=("docx",), sniff=sniff, read=read, specific=2)
