"""The tables of a page that hold data, rather than lay it out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from integrations.pages.nesting import shallow

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

MAX_TABLES, MAX_ROWS, MAX_COLUMNS = 50, 5_000, 60


@dataclass(frozen=True)
class Table:
    """A table: its caption, the names of its columns, and its rows, each as long as the names."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def read_tables(html: bytes) -> list[Table]:
    """The tables of a page with at least two columns and two rows, nested ones and layouts left out."""
    from selectolax.lexbor import LexborHTMLParser

    return tables_in(LexborHTMLParser(shallow(html)))


def tables_in(tree: LexborHTMLParser) -> list[Table]:
    """The tables in a parsed page."""
    found = []
    for node in tree.css("table")[:MAX_TABLES]:
        if len(node.css("table")) == 1 and (table := _table(node)):
            found.append(table)
    return found


def _table(node: LexborNode) -> Table | None:
    grid = _grid(node)
    width = max((len(row) for row in grid), default=0)
    if width < 2 or len(grid) < 2:
        return None
    caption = node.css_first("caption")
    heads = _heads(node, grid)
    names = _named(grid[0] if heads else [], width)
    rows = [tuple(row + [""] * (width - len(row))) for row in grid[1 if heads else 0 :]]
    return Table(_text(caption) if caption else "", names, tuple(row for row in rows if any(row)))


def _grid(node: LexborNode) -> list[list[str]]:
    """The cells as rows; a cell that spans several places is repeated in each."""
    grid: list[list[str]] = []
    down: dict[int, tuple[int, str]] = {}
    for line in node.css("tr")[: MAX_ROWS + 1]:
        row: list[str] = []
        for cell in line.css("th, td"):
            _fill(row, down)
            text = _text(cell)
            wide, tall = _span(cell, "colspan"), _span(cell, "rowspan")
            for _ in range(wide):
                if tall > 1:
                    down[len(row)] = (tall - 1, text)
                row.append(text)
        _fill(row, down)
        grid.append(row[:MAX_COLUMNS])
    return [row for row in grid if row]


def _fill(row: list[str], down: dict[int, tuple[int, str]]) -> None:
    while (place := len(row)) in down and len(row) < MAX_COLUMNS:
        left, text = down.pop(place)
        row.append(text)
        if left > 1:
            down[place] = (left - 1, text)


def _heads(node: LexborNode, grid: list[list[str]]) -> bool:
    first = node.css_first("tr")
    return first is not None and bool(first.css("th")) and not first.css("td") and len(grid) > 1


def _named(heads: list[str], width: int) -> tuple[str, ...]:
    names: list[str] = []
    for place in range(width):
        name = (heads[place] if place < len(heads) else "") or f"column {place + 1}"
        names.append(name if name not in names else f"{name} {place + 1}")
    return tuple(names)


def _span(cell: LexborNode, name: str) -> int:
    value = (cell.attributes.get(name) or "").strip()
    return min(int(value), MAX_COLUMNS) if value.isascii() and value.isdigit() and int(value) else 1


def _text(node: LexborNode) -> str:
    return " ".join(node.text(separator=" ").split())
