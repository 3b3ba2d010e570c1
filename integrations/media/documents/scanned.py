"""Reads the pages of a PDF that are pictures: each is drawn, its text recognised, and put among the others.

page ──▶ picture at 150 dpi ──▶ lines with their boxes ──▶ headings, paragraphs and rows, as of any PDF
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

from integrations.media.documents.format import DocumentFormat, Parsed, UnreadableDocument
from integrations.media.documents.pdf import FORMAT, Line, arranged, open_pdf
from integrations.media.documents.read import parse, read_parsed
from integrations.media.images.ocr import read_text
from integrations.media.images.reading import Piece

SECONDS, MEMORY_MB = 600, 3_072
"""What reading the pictures of one document may cost; a page takes two to five seconds, and what is read when
nine tenths of the time are over is what there is."""
DPI = 150
POINTS = 72
_NUMBERED = re.compile(r"^(\d{1,2}(?:\.\d{1,2})*\.)(?=[A-ZÄÖÜÀ-Þ])")


def read_scanned(
    path: str, name: str, password: str = "", progress: Callable[[str, float | None], None] | None = None
) -> dict[str, Any]:
    """Read a document whose pages are pictures; returns what `read.read_document` does. Raises UnreadableDocument."""
    format, parsed = scanned(Path(path), name, password, progress)
    return read_parsed(format, parsed)


def scanned(
    path: Path, name: str, password: str = "", progress: Callable[[str, float | None], None] | None = None
) -> tuple[DocumentFormat, Parsed]:
    """The same before it is cut into passages."""
    format, parsed = parse(path, name, password=password)
    if not parsed.scanned or format.name != FORMAT.name:
        return format, parsed
    document = open_pdf(path, password)
    lines: list[Line] = []
    ends = time.monotonic() + 0.9 * SECONDS
    count = 0
    try:
        for number in parsed.scanned:
            if count and time.monotonic() > ends:
                break
            if progress:
                progress(f"Reading the picture of page {number}", count / len(parsed.scanned))
            lines += _lines(document, number)
            count += 1
    finally:
        document.close()
    blocks = sorted([*arranged(lines, [], parsed.pages or 1), *parsed.blocks], key=lambda block: block.page or 0)
    if not blocks:
        raise UnreadableDocument("The pages are pictures on which I can make out no text; a sharper scan may help.")
    notes = [*parsed.notes, f"{count} {'page is a picture' if count == 1 else 'pages are pictures'} whose text was "
             "recognised, so single letters may be wrong."]  # fmt: skip
    if count < len(parsed.scanned):
        notes.append(
            f"Only the first {count} of {len(parsed.scanned)} pictures of pages were read in the time there is; "
            "please split the file to have the others read."
        )
    return format, replace(parsed, blocks=blocks, notes=notes, scanned=[])


def _lines(document: Any, number: int) -> list[Line]:
    page = document[number - 1]
    try:
        picture = page.render(scale=DPI / POINTS).to_pil()
    finally:
        page.close()
    read = read_text(picture)
    return _of_one_size([_line(row, number, read.height * POINTS / DPI) for row in read.lines])


def _of_one_size(lines: list[Line]) -> list[Line]:
    """Give lines of about the usual size that size: a box is taller where a letter reaches below the line."""
    usual = median(line.size for line in lines) if lines else 0.0
    return [replace(line, size=usual) if 0.7 * usual < line.size < 1.3 * usual else line for line in lines]


def _line(row: Sequence[Piece], number: int, height: float) -> Line:
    """One printed line; pieces that stand far apart are cells."""
    tall = max(piece.height for piece in row)
    cells = [row[0].text]
    for before, piece in pairwise(row):
        if piece.box[0] - before.box[2] > 1.5 * tall:
            cells.append(piece.text)
        else:
            cells[-1] += f" {piece.text}"
    return Line(
        text=_NUMBERED.sub(r"\1 ", " | ".join(cells)),
        page=number,
        size=round(tall * POINTS / DPI / 1.3, 1),  # a box is about 1.3 times as tall as its type
        right=row[-1].box[2] * POINTS / DPI,
        base=height - max(piece.box[3] for piece in row) * POINTS / DPI,
        cells=tuple(cells) if len(cells) > 1 else (),
    )
