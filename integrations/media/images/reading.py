"""Text found in a picture, and the order people read it in: columns first, then lines, then words from the left."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from statistics import median

Box = tuple[float, float, float, float]
"""Left, top, right, bottom, in pixels of the upright picture."""


@dataclass(frozen=True)
class Piece:
    """A run of text: its box, and how sure the engine is of it (0 to 1)."""

    text: str
    box: Box
    confidence: float

    @property
    def height(self) -> float:
        """Pixels."""
        return self.box[3] - self.box[1]

    @property
    def middle(self) -> float:
        """The height it lies at, in pixels from the top."""
        return (self.box[1] + self.box[3]) / 2


@dataclass(frozen=True)
class Reading:
    """What was read in a picture of `width` × `height` pixels, by which `engine`.

    `lines` are the pieces of each line, in reading order. `turned` says by how many degrees, clockwise, the picture was
    turned to be read: 0, 90, 180 or 270. `unread` counts places that look like text but gave none that can be trusted.
    """

    lines: tuple[tuple[Piece, ...], ...]
    width: int
    height: int
    engine: str
    turned: int = 0
    unread: int = 0

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """One string a line; pieces far apart are parted by two spaces."""
        return tuple(line_text(line) for line in self.lines)

    @property
    def text(self) -> str:
        """The whole text, a line each."""
        return "\n".join(self.texts)

    @property
    def confidence(self) -> float:
        """How sure the engine is, by letter, from 0 to 1; 0 when nothing was read."""
        pieces = [piece for line in self.lines for piece in line]
        letters = sum(len(piece.text) for piece in pieces)
        return sum(piece.confidence * len(piece.text) for piece in pieces) / letters if letters else 0.0

    @cached_property
    def tables(self) -> tuple[tuple[tuple[str, ...], ...], ...]:
        """Every table: rows of cells, empty ones too."""
        return tuple(find_tables(self.lines))


def line_text(line: Sequence[Piece]) -> str:
    """The pieces of one line as text; a gap wider than the letters are high is shown as two spaces."""
    text = line[0].text if line else ""
    for before, piece in pairwise(line):
        wide = piece.box[0] - before.box[2] > 0.9 * max(before.height, piece.height)
        text += ("  " if wide else " ") + piece.text
    return text


def in_reading_order(pieces: Iterable[Piece], slope: float = 0.0) -> tuple[tuple[Piece, ...], ...]:
    """Pieces as lines; `slope` is how far a line of text falls for each pixel to the right."""
    return tuple(line for column in _columns(list(pieces)) for line in _rows(column, slope))


def slope_of(corners: Sequence[Sequence[Sequence[float]]]) -> float:
    """The typical slope of the upper edges of four-cornered boxes, the long ones counting."""
    long = [c for c in corners if math.dist(c[0], c[1]) > 3 * math.dist(c[0], c[3])]
    slopes = [(c[1][1] - c[0][1]) / (c[1][0] - c[0][0]) for c in long if c[1][0] > c[0][0]]
    return median(slopes) if len(slopes) >= 3 else 0.0


def _rows(pieces: list[Piece], slope: float) -> list[tuple[Piece, ...]]:
    """Pieces whose middles lie at the same height, once the slope is taken off, share a line."""

    def height_at(piece: Piece) -> float:
        return piece.middle - slope * (piece.box[0] + piece.box[2]) / 2

    rows: list[list[Piece]] = []
    for piece in sorted(pieces, key=height_at):
        if rows:
            row = rows[-1]
            typical = min(median(one.height for one in row), piece.height)
            taken = any(_overlap(piece, one) > 0.3 * min(_width(piece), _width(one)) for one in row)
            if not taken and abs(height_at(piece) - median(map(height_at, row))) < 0.5 * typical:
                row.append(piece)
                continue
        rows.append([piece])
    return [tuple(sorted(row, key=lambda piece: piece.box[0])) for row in rows]


def _width(piece: Piece) -> float:
    return piece.box[2] - piece.box[0]


def _overlap(one: Piece, other: Piece) -> float:
    return min(one.box[2], other.box[2]) - max(one.box[0], other.box[0])


def _columns(pieces: list[Piece]) -> list[list[Piece]]:
    """Columns of running text, left to right; what goes across parts them. Short cells side by side are a table."""
    if not pieces:
        return []
    across = 0.6 * (max(p.box[2] for p in pieces) - min(p.box[0] for p in pieces))
    bounds = [-math.inf, *sorted(p.middle for p in pieces if _width(p) > across), math.inf]
    parts: list[list[Piece]] = []
    parted = False
    for above, below in pairwise(bounds):
        columns = _split([p for p in pieces if above < p.middle < below])
        parted = parted or len(columns) > 1
        parts += [*columns, [p for p in pieces if p.middle == below]]
    return parts if parted else [pieces]


def _split(pieces: list[Piece]) -> list[list[Piece]]:
    """The pieces parted at a gutter with running text on both sides, or all of them."""
    edges = sorted(pieces, key=lambda piece: piece.box[0])
    reach = -math.inf
    for place, piece in enumerate(edges):
        if place and piece.box[0] > reach + 0.5 * median(p.height for p in pieces):
            one, other = edges[:place], edges[place:]
            if _is_running(one) and _is_running(other):
                return [one, *_split(other)]
        reach = max(reach, piece.box[2])
    return [pieces]


def _is_running(pieces: list[Piece]) -> bool:
    if len(pieces) < 4:
        return False
    width = max(p.box[2] for p in pieces) - min(p.box[0] for p in pieces)
    return median(_width(p) for p in pieces) > 0.55 * width and median(len(p.text) for p in pieces) >= 15


def find_tables(lines: Sequence[Sequence[Piece]]) -> list[tuple[tuple[str, ...], ...]]:
    """Runs of three or more lines whose pieces stand under each other in at least two columns."""
    tables: list[tuple[tuple[str, ...], ...]] = []
    run: list[Sequence[Piece]] = []
    for line in [*lines, ()]:
        if len(line) >= 2 and (not run or line[0].middle - run[-1][0].middle < 4 * line[0].height):
            run.append(line)
            continue
        if len(run) >= 3 and (table := _cells(run)):
            tables.append(table)
        run = [line] if len(line) >= 2 else []
    return tables


def _cells(run: list[Sequence[Piece]]) -> tuple[tuple[str, ...], ...]:
    """The cells of lines that share columns; empty when they do not."""
    spans: list[list[float]] = []
    for piece in sorted((piece for line in run for piece in line), key=lambda piece: piece.box[0]):
        if spans and piece.box[0] < spans[-1][1]:
            spans[-1][1] = max(spans[-1][1], piece.box[2])
        else:
            spans.append([piece.box[0], piece.box[2]])
    if len(spans) < 2:
        return ()
    rows = []
    for line in run:
        cells = [""] * len(spans)
        for piece in line:
            place = next(i for i, (start, end) in enumerate(spans) if start <= piece.box[0] < end)
            cells[place] = f"{cells[place]} {piece.text}".strip()
        rows.append(tuple(cells))
    return tuple(rows)
