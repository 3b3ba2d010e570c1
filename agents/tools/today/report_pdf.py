"""Sets a view of figures as a report on A4, with its charts and tables. To be run as a job."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from agents.tools.billing.invoice_style import ACCENT, FAINT, INK, RULE, SOFT, fonts
from agents.tools.billing.invoice_style import paragraph as _p
from agents.tools.today.chart_pictures import draw

ACROSS = 3
"""Figures side by side."""


def write(view: dict[str, Any], path: str, made: str) -> dict[str, Any]:
    """Write the PDF and return ``{"path", "pages"}``.

    Args:
        view: a `memory.overview.shapes.View` as a dict.
        path: where to write.
        made: the line at the foot of every page.
    """
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.units import mm
    from reportlab.platypus import BaseDocTemplate, Frame, Image, KeepTogether, PageTemplate, Spacer

    fonts()
    wide = A4[0] - 40 * mm
    document = BaseDocTemplate(path, pagesize=A4, title=view["title"], author="FreelanceX", creator="FreelanceX")
    frame = Frame(20 * mm, 22 * mm, wide, A4[1] - 42 * mm, 0, 0, 0, 0)
    document.addPageTemplates(PageTemplate("page", [frame], onPage=lambda canvas, _: _foot(canvas, made)))
    story: list[Any] = [_p(view["title"], 18, bold=True), Spacer(1, 4), _p(view["sentence"], 10, color=SOFT)]
    story += [Spacer(1, 12), _tiles(view["tiles"], wide), Spacer(1, 14)]
    with tempfile.TemporaryDirectory() as folder:
        for chart in view["charts"]:
            picture = Image(str(draw(chart, Path(folder) / f"{chart['name']}.png")))
            picture.drawHeight *= wide / picture.drawWidth
            picture.drawWidth = wide
            story.append(KeepTogether([picture, Spacer(1, 8)]))
        for table in view["tables"]:
            story += [_p(table["title"], 11.5, bold=True), Spacer(1, 5), _table(table, wide), Spacer(1, 10)]
        document.build(story)
    return {"path": path, "pages": document.page}


def _tiles(tiles: list[dict[str, Any]], wide: float) -> Any:
    from reportlab.platypus import Table

    def cell(tile: dict[str, Any]) -> list[Any]:
        note = [_p(tile["note"], 8, color=SOFT)] if tile["note"] else []
        return [_p(tile["label"], 8, color=SOFT), _p(tile["value"], 13, bold=True), *note]

    cells = [cell(tile) for tile in tiles]
    cells += [[]] * (-len(cells) % ACROSS)
    rows = [cells[start : start + ACROSS] for start in range(0, len(cells), ACROSS)]
    style = [
        ("BACKGROUND", (0, 0), (-1, -1), FAINT),
        ("INNERGRID", (0, 0), (-1, -1), 4, "#ffffff"),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 9),
        ("TOPPADDING", (0, 0), (-1, -1), 7),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 9),
    ]
    return Table(rows, [wide / ACROSS] * ACROSS, style=style)


def _table(table: dict[str, Any], wide: float) -> Any:
    from reportlab.platypus import Table

    if not table["rows"]:
        return _p(table["empty"] or "None.", color=SOFT)
    right = [column in table["right"] for column in table["columns"]]
    head = [_p(name, 8, color=SOFT, right=side) for name, side in zip(table["columns"], right, strict=True)]
    body = [
        [_p(cell, 8.5, color=INK, right=side) for cell, side in zip(row["cells"], right, strict=True)]
        for row in table["rows"]
    ]
    style = [
        ("LINEBELOW", (0, 0), (-1, 0), 0.8, ACCENT),
        ("LINEBELOW", (0, 1), (-1, -1), 0.4, RULE),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("TOPPADDING", (0, 0), (-1, -1), 3),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 4),
    ]
    return Table([head, *body], [wide / len(head)] * len(head), repeatRows=1, style=style)


def _foot(canvas: Any, made: str) -> None:
    from reportlab.lib.units import mm

    canvas.setFont("Text", 7.5)
    canvas.setFillColor(SOFT)
    canvas.drawString(20 * mm, 12 * mm, made)
    canvas.drawRightString(190 * mm, 12 * mm, f"{canvas.getPageNumber()}")
