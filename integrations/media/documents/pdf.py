"""PDF, read with pypdfium2: text with its pages, headings by their type, words joined again at line ends.

What stands in a form and what readers wrote beside the text comes behind each page. Pages that are pictures are named,
so that `scanned.py` can read them.
"""

from __future__ import annotations

import ctypes
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from integrations.media.documents.format import (
    Block,
    BlockKind,
    DocumentFormat,
    LockedDocument,
    Parsed,
    UnreadableDocument,
    row,
)
from integrations.media.documents.pdf_annotations import beside

MAX_PAGES = 2_000
_ITEM = re.compile(r"^(?:[•●▪◦‣–—*-]|\(?[a-z0-9]{1,2}\))\s+\S")
_NUMBERED = re.compile(r"^(?:§\s*)?\d{1,2}(?:\.\d{1,2})*\.?\s+[A-ZÄÖÜÀ-Þ]")
_FOOTNOTE = re.compile(r"^(?:\d{1,2}|\*{1,3}|†)\s?(?=[^\W\d]).{12,}")
FEW_SIGNS = 8
"""Fewer letters and figures than these beside a picture are no text, perhaps a stamp or a page number."""
_BREAK = "\x02\ufffe\u00ad"
"""What stands in the text for a hyphen that only breaks a word at the end of a line."""

Box = tuple[float, float, float]
"""A character's left and right edge and its foot, in points."""


@dataclass(frozen=True)
class Line:
    """One printed line: its type size in points, whether it is bold, where it ends and stands on the page.

    It is a table's row when wide gaps part it into `cells`; its text then parts them by " | ".
    """

    text: str
    page: int
    size: float = 0.0
    bold: bool = False
    right: float = 0.0
    base: float = 0.0
    cells: tuple[str, ...] = ()


def sniff(path: Path, head: bytes) -> bool:
    """A PDF says so within its first kilobyte."""
    return b"%PDF-" in head[:1024]


def read(path: Path, password: str = "") -> Parsed:
    """Read a PDF's text layer. Raises LockedDocument, and UnreadableDocument when it is damaged or empty."""
    document = open_pdf(path, password)
    whole = _ends_well(path)
    try:
        count = len(document)
        read = [_page(document, number) for number in range(min(count, MAX_PAGES))]
    finally:
        document.close()
    lines = [line for page in read for line in page.lines]
    asides = [block for page in read for block in page.beside]
    scanned = [number for number, page in enumerate(read, 1) if page.picture]
    if not scanned and not asides and not any(character.isalnum() for line in lines for character in line.text):
        if not whole or not count:
            raise UnreadableDocument("The PDF is damaged or cut off; please export or download it again.")
        raise UnreadableDocument("The pages of the PDF are empty; please check that the right file was uploaded.")
    notes = []
    if count > MAX_PAGES:
        notes.append(f"Only the first {MAX_PAGES:,} of {count:,} pages were read.")
    if not whole:
        notes.append(f"The PDF is cut off at its end; the {count} page{'s' * (count != 1)} that are there were read.")
    return Parsed(arranged(lines, asides, count), pages=count, notes=notes, scanned=scanned)


def open_pdf(path: Path, password: str = "") -> Any:
    """The opened document. Raises LockedDocument and UnreadableDocument."""
    import pypdfium2

    try:
        return pypdfium2.PdfDocument(path, password=password or None)
    except pypdfium2.PdfiumError as error:
        if "password" not in str(error).lower():
            raise UnreadableDocument("The PDF is damaged or cut off; please export or download it again.") from error
        if password:
            raise LockedDocument("That is not the password of the PDF; please try another one.") from error
        raise LockedDocument(
            "The PDF is locked with a password; write “the password is …” and I will open it."
        ) from error


def arranged(lines: list[Line], asides: list[Block], pages: int) -> list[Block]:
    """Lines as blocks, and behind each page what stands beside its text."""
    blocks = blocks_of(_without_running_titles(lines, pages))
    return sorted([*blocks, *asides], key=lambda block: block.page or 0)


def _ends_well(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(max(path.stat().st_size - 2048, 0))
        return b"%%EOF" in file.read()


@dataclass(frozen=True)
class _Page:
    """What one page gives; it is a `picture` when it shows one and no text."""

    lines: list[Line]
    beside: list[Block]
    picture: bool


def _page(document: Any, number: int) -> _Page:
    import pypdfium2.raw as pdfium

    try:
        page = document[number]
    except Exception:  # one broken page leaves the others readable
        return _Page([], [], picture=False)
    try:
        lines = list(_lines(page, number))
        said = sum(character.isalnum() for line in lines for character in line.text)
        picture = said < FEW_SIGNS and any(page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=2))
        return _Page(lines, list(beside(document, page, number + 1)), picture)
    finally:
        page.close()


def _lines(page: Any, number: int) -> Iterator[Line]:
    import pypdfium2.raw as pdfium

    textpage = page.get_textpage()
    name = ctypes.create_string_buffer(128)
    flags = ctypes.c_int()
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))

    def box(index: int) -> Box:
        pdfium.FPDFText_GetCharBox(textpage, index, left, right, bottom, top)
        return left.value, right.value, bottom.value

    try:
        start = 0
        for raw in textpage.get_text_range().splitlines(keepends=True):
            text = raw.strip(" \t\r\n\x00")
            if text:
                first = pdfium.FPDFText_GetCharIndexFromTextIndex(textpage, start + raw.index(text[0]))
                last = pdfium.FPDFText_GetCharIndexFromTextIndex(textpage, start + raw.rindex(text[-1]))
                name.value = b""
                pdfium.FPDFText_GetFontInfo(textpage, first, name, len(name), flags)
                size = round(pdfium.FPDFText_GetFontSize(textpage, first), 1)
                cells = [" ".join(text.split())]
                if last - first == len(text) - 1:
                    cells = _cells(text, partial(_shifted, box, first), 2 * size)
                yield Line(
                    text=" | ".join(cells) if len(cells) > 1 else cells[0],
                    page=number + 1,
                    size=size,
                    bold=b"bold" in name.value.lower() or b"black" in name.value.lower(),
                    right=box(last)[1],
                    base=box(first)[2],
                    cells=tuple(cells) if len(cells) > 1 else (),
                )
            start += len(raw)
    finally:
        textpage.close()


def _shifted(box: Callable[[int], Box], first: int, place: int) -> Box:
    return box(first + place)


def _cells(text: str, box: Callable[[int], Box], gap: float) -> list[str]:
    """The line's parts between gaps wider than `gap` points; `box` measures the sign at a place of the text."""
    cells: list[str] = []
    start = 0
    for space in re.finditer(r"\s+", text):
        if box(space.end())[0] - box(space.start() - 1)[1] > gap:
            cells.append(text[start : space.start()])
            start = space.end()
    return [" ".join(cell.split()) for cell in (*cells, text[start:])]


def _without_running_titles(lines: list[Line], pages: int) -> list[Line]:
    """Drop headers and footers: what stands first or last on most pages, whatever number it carries."""
    if pages < 3:
        return lines
    by_page: dict[int, list[int]] = {}
    for index, line in enumerate(lines):
        by_page.setdefault(line.page, []).append(index)
    edges = {page: {*indexes[:2], *indexes[-2:]} for page, indexes in by_page.items()}
    seen = Counter(shape for page in edges.values() for shape in {_shape(lines[index]) for index in page})
    running = {shape for shape, times in seen.items() if times >= max(3, 0.6 * pages)}
    return [line for index, line in enumerate(lines) if index not in edges[line.page] or _shape(line) not in running]


def _shape(line: Line) -> str:
    return re.sub(r"\d+", "#", line.text)


def blocks_of(lines: list[Line]) -> list[Block]:
    """Put lines together into headings, paragraphs, list items and rows."""
    if not lines:
        return []
    letters: Counter[float] = Counter()
    for line in lines:
        letters[line.size] += len(line.text)
    body = letters.most_common(1)[0][0]
    edge = max((line.right for line in lines if line.size == body), default=0.0)
    words = Counter(word.lower() for line in lines for word in re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", line.text))
    blocks: list[Block] = []
    tables = 0
    before: Line | None = None
    for line in lines:
        kind = _kind(line, body)
        if before and blocks and _continues(before, line, body, edge, blocks[-1].kind, kind):
            last = blocks[-1]
            blocks[-1] = replace(last, text=_joined(last.text, line.text))
        else:
            level = 0 if kind != "heading" else 1 if line.size > 1.35 * body else 2
            tables += line.cells != () and not (blocks and blocks[-1].table and blocks[-1].page == line.page)
            block = row(line.cells, tables, line.page) if line.cells else Block(line.text, kind, line.page, level=level)
            blocks.append(block)
        before = line
    return [replace(block, text=_clean(block.text, words)) for block in blocks if block.text.strip()]


def _kind(line: Line, body: float) -> BlockKind:
    if line.cells:
        return "row"
    if line.size <= 0.88 * body and _FOOTNOTE.match(line.text):
        return "note"
    if _is_heading(line, body):
        return "heading"
    return "item" if _ITEM.match(line.text) else "paragraph"


def _is_heading(line: Line, body: float) -> bool:
    text = line.text
    if len(text) > 100 or not re.search(r"[^\W\d_]{2}", text) or text[-1] in ".,;:" + _BREAK:
        return False
    if line.size >= 1.15 * body:
        return True
    numbered = bool(_NUMBERED.match(text)) and len(text) <= 60 and not re.search(r"\d", text[4:])
    return numbered or (line.bold and len(text) <= 60 and not _ITEM.match(text) and not re.search(r"\d{3}", text))


def _continues(before: Line, line: Line, body: float, edge: float, open_kind: BlockKind, kind: BlockKind) -> bool:
    if kind in ("item", "row", "note") or open_kind == "row" or (kind == "heading") != (open_kind == "heading"):
        return False
    if kind == "heading":
        return line.page == before.page and line.size == before.size and 0 < before.base - line.base < 1.5 * line.size
    if before.text[-1] in _BREAK:
        return True
    if line.page != before.page:
        return False  # a passage is cited by its page, so a paragraph ends where its page does
    gap = before.base - line.base
    short = bool(edge) and before.right < 0.72 * edge
    return line.size == before.size and not short and (not body or -2 < gap < 1.9 * max(body, 6.0))


def _joined(text: str, more: str) -> str:
    if text[-1] in _BREAK:
        return text + more
    if re.search(r"[^\W\d_]-$", text) and more[0].islower():
        return f"{text[:-1]}{_BREAK[0]}{more}"
    return f"{text} {more}" if not text.endswith("-") else text + more


def _clean(text: str, words: Counter[str]) -> str:
    def mend(match: re.Match[str]) -> str:
        # A hyphen at a line's end is kept only when the document writes that word with one elsewhere.
        together, apart = match[1] + match[2], f"{match[1]}-{match[2]}"
        return apart if words[apart.lower()] > words[together.lower()] else together

    text = re.sub(rf"([^\W\d_]+)[{_BREAK}]([^\W\d_]+)", mend, text)
    text = re.sub(f"[{_BREAK}]", "", text)
    for joined, letters in (("ﬁ", "fi"), ("ﬂ", "fl"), ("ﬀ", "ff"), ("ﬃ", "ffi"), ("ﬄ", "ffl")):
        text = text.replace(joined, letters)
    return re.sub(r"[\x00-\x1f\x7f]", "", text)


FORMAT = DocumentFormat(name="PDF", suffixes=("pdf",), sniff=sniff, read=read, specific=2, unlock=read)
