"""Reads the pages of a PDF that are pictures: each is drawn, read by rapidocr, and put among the others.

page ──▶ picture at 150 dpi ──▶ lines with their boxes ──▶ headings, paragraphs and rows, as of any PDF
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from integrations.media.documents.format import DocumentFormat, Parsed, UnreadableDocument
from integrations.media.documents.pdf import FORMAT, Line, arranged, open_pdf
from integrations.media.documents.read import parse, read_parsed

SECONDS, MEMORY_MB = 600, 3_072
"""What reading the pictures of one document may cost; a page takes two to four seconds."""
MOST_PAGES = 120
DPI = 150
POINTS = 72
CLEAR = 0.8
"""A page that is read less surely is turned, in case it lies on its side or stands on its head."""
_UNSURE = 0.5
"""Below this confidence a line is left out."""


class Seen(NamedTuple):
    """A piece of text on a picture, how sure it is, and its box in pixels."""

    text: str
    score: float
    left: float
    top: float
    right: float
    bottom: float


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
    read = _reader()
    lines: list[Line] = []
    try:
        for done, number in enumerate(parsed.scanned[:MOST_PAGES]):
            if progress:
                progress(f"Reading the picture of page {number}", done / len(parsed.scanned))
            lines += _lines(read, document, number)
    finally:
        document.close()
    blocks = sorted([*arranged(lines, [], parsed.pages or 1), *parsed.blocks], key=lambda block: block.page or 0)
    if not blocks:
        raise UnreadableDocument("The pages are pictures on which I can make out no text; a sharper scan may help.")
    count = min(len(parsed.scanned), MOST_PAGES)
    notes = [*parsed.notes, f"{count} {'page is a picture' if count == 1 else 'pages are pictures'} whose text was "
             "recognised, so single letters may be wrong."]  # fmt: skip
    if len(parsed.scanned) > MOST_PAGES:
        notes.append(f"Only the first {MOST_PAGES} of {len(parsed.scanned)} pictures of pages were read.")
    return format, replace(parsed, blocks=blocks, notes=notes, scanned=[])


def _reader() -> Callable[[Any], list[Seen]]:
    from rapidocr import RapidOCR

    # Its own check for lines that stand on their head turns about every twentieth long line, so pages are turned here.
    engine = RapidOCR(
        params={
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "Global.use_cls": False,
            "Global.log_level": "critical",
        }
    )

    def read(picture: Any) -> list[Seen]:
        found = engine(picture)
        if found.txts is None:
            return []
        return [
            Seen(text, score, *_bounds(box))
            for box, text, score in zip(found.boxes.tolist(), found.txts, found.scores, strict=True)
            if score >= _UNSURE
        ]

    return read


def _bounds(box: list[list[float]]) -> tuple[float, float, float, float]:
    across, down = [point[0] for point in box], [point[1] for point in box]
    return min(across), min(down), max(across), max(down)


def _lines(read: Callable[[Any], list[Seen]], document: Any, number: int) -> list[Line]:
    import numpy as np

    page = document[number - 1]
    try:
        picture = page.render(scale=DPI / POINTS).to_numpy()
    finally:
        page.close()
    height, pieces = picture.shape[0], read(picture)
    for turns in (2, 1, 3):
        if not pieces or _clear(pieces) >= CLEAR:
            break
        turned = np.ascontiguousarray(np.rot90(picture, turns))
        if _clear(again := read(turned)) > _clear(pieces):
            height, pieces = turned.shape[0], again
    return [_line(row, number, height * POINTS / DPI) for row in _rows(pieces)]


def _clear(pieces: list[Seen]) -> float:
    """How surely a page was read, 0 to 1: the mean by letters; upright text is wider than tall."""
    letters = sum(len(one.text) for one in pieces)
    flat = sum(len(one.text) for one in pieces if one.right - one.left > one.bottom - one.top)
    return sum(one.score * len(one.text) for one in pieces) / letters * flat / letters if letters else 0.0


def _rows(pieces: list[Seen]) -> list[list[Seen]]:
    """The pieces that stand on one line, from left to right, the lines from top to bottom."""
    rows: list[list[Seen]] = []
    for piece in sorted(pieces, key=lambda one: (one.top + one.bottom) / 2):
        middle = (piece.top + piece.bottom) / 2
        if rows and rows[-1][0].top < middle < rows[-1][0].bottom:
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return [sorted(row, key=lambda one: one.left) for row in rows]


def _line(row: list[Seen], number: int, height: float) -> Line:
    """One printed line; pieces that stand far apart are cells."""
    tall = max(one.bottom - one.top for one in row)
    cells = [row[0].text]
    for before, one in pairwise(row):
        if one.left - before.right > 1.5 * tall:
            cells.append(one.text)
        else:
            cells[-1] += f" {one.text}"
    # A box is about 1.3 times as tall as its type; sizes are rounded so that lines of one paragraph agree.
    size = round(tall * POINTS / DPI / 1.3 / 2) * 2.0
    return Line(
        text=" | ".join(cells),
        page=number,
        size=max(size, 2.0),
        right=row[-1].right * POINTS / DPI,
        base=height - max(one.bottom for one in row) * POINTS / DPI,
        cells=tuple(cells) if len(cells) > 1 else (),
    )
