"""PDF, read with pypdfium2: text with its pages, headings by their type, words joined again at line ends."""

from __future__ import annotations

import ctypes
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from integrations.media.documents.format import Block, BlockKind, DocumentFormat, Parsed, UnreadableDocument

MAX_PAGES = 2_000
_ITEM = re.compile(r"^(?:[•●▪◦‣–—*-]|\(?[a-z0-9]{1,2}\))\s+\S")
_NUMBERED = re.compile(r"^(?:§\s*)?\d{1,2}(?:\.\d{1,2})*\.?\s+[A-ZÄÖÜÀ-Þ]")
_BREAK = "\x02\ufffe\u00ad"
"""What stands in the text for a hyphen that only breaks a word at the end of a line."""

Box = tuple[float, float, float]
"""A character's left and right edge and its foot, in points."""


@dataclass(frozen=True)
class Line:
    """One printed line: its type size in points, whether it is bold, where it ends and stands on the page.

    It is a table's `row` when wide gaps part it; its cells are then parted by " | ".
    """

    text: str
    page: int
    size: float = 0.0
    bold: bool = False
    right: float = 0.0
    base: float = 0.0
    row: bool = False


def sniff(path: Path, head: bytes) -> bool:
    """A PDF says so within its first kilobyte."""
    return b"%PDF-" in head[:1024]


def read(path: Path) -> Parsed:
    """Read a PDF's text layer. Raises UnreadableDocument when it is locked, damaged, or only pictures."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            locked = "The PDF is locked with a password; please save a copy without one and upload that."
            raise UnreadableDocument(locked) from error
        raise UnreadableDocument("The PDF is damaged or cut off; please export or download it again.") from error
    try:
        count = len(document)
        lines = [line for number in range(min(count, MAX_PAGES)) for line in _lines(document, number)]
    finally:
        document.close()
    whole = _ends_well(path)
    if not any(character.isalnum() for line in lines for character in line.text):
        if not whole or not count:
            raise UnreadableDocument("The PDF is damaged or cut off; please export or download it again.")
        raise UnreadableDocument(
            "The PDF holds no text, so it seems to be scanned; reading pictures of pages is not possible yet, "
            "so please upload a version with text."
        )
    notes = []
    if count > MAX_PAGES:
        notes.append(f"Only the first {MAX_PAGES:,} of {count:,} pages were read.")
    if not whole:
        notes.append(f"The PDF is cut off at its end; the {count} page{'s' * (count != 1)} that are there were read.")
    return Parsed(blocks_of(_without_running_titles(lines, count)), pages=count, notes=notes)


def _ends_well(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(max(path.stat().st_size - 2048, 0))
        return b"%%EOF" in file.read()


def _lines(document: Any, number: int) -> Iterator[Line]:
    import pypdfium2.raw as pdfium

    page = document[number]
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
                    cells = _cells(text, [box(index) for index in range(first, last + 1)], 2 * size)
                yield Line(
                    text=" | ".join(cells) if len(cells) > 1 else cells[0],
                    page=number + 1,
                    size=size,
                    bold=b"bold" in name.value.lower() or b"black" in name.value.lower(),
                    right=box(last)[1],
                    base=box(first)[2],
                    row=len(cells) > 1,
                )
            start += len(raw)
    finally:
        textpage.close()
        page.close()


def _cells(text: str, boxes: list[Box], gap: float) -> list[str]:
    """The line's parts between gaps wider than `gap` points."""
    cells: list[str] = []
    start = 0
    for space in re.finditer(r"\s+", text):
        if boxes[space.end()][0] - boxes[space.start() - 1][1] > gap:
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
    before: Line | None = None
    for line in lines:
        kind = _kind(line, body)
        if before and blocks and _continues(before, line, body, edge, blocks[-1].kind, kind):
            last = blocks[-1]
            blocks[-1] = replace(last, text=_joined(last.text, line.text))
        else:
            level = 0 if kind != "heading" else 1 if line.size > 1.35 * body else 2
            blocks.append(Block(line.text, kind, line.page, level=level))
        before = line
    return [replace(block, text=_clean(block.text, words)) for block in blocks if block.text.strip()]


def _kind(line: Line, body: float) -> BlockKind:
    if line.row:
        return "row"
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
    if kind in ("item", "row") or open_kind == "row" or (kind == "heading") != (open_kind == "heading"):
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


FORMAT = DocumentFormat(name="PDF", suffixes=("pdf",), sniff=sniff, read=read, specific=2)
