"""The report as PDF on A4, in the typeface matplotlib carries, with page numbers."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Any

from automl.paper.blocks import Block, spans

INK, FAINT, RULE, SOFT = "#1e293b", "#64748b", "#e2e8f0", "#f1f5f9"


def write(blocks: list[Block], path: Path) -> Path:
    """Write the blocks; the first heading is the title."""
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.units import mm
    from reportlab.platypus import SimpleDocTemplate

    _typeface()
    margin = 20 * mm
    document = SimpleDocTemplate(
        str(path), pagesize=A4, leftMargin=margin, rightMargin=margin, topMargin=margin, bottomMargin=margin
    )
    document.title, document.creator = blocks[0].text, "FreelanceX"
    width = A4[0] - 2 * margin
    story = [part for place, block in enumerate(blocks) for part in _flow(block, place == 0, width)]
    document.build(story, onFirstPage=_foot, onLaterPages=_foot)
    return path


def _typeface() -> None:
    from matplotlib import font_manager
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    for name, weight in (("Text", "normal"), ("Bold", "bold")):
        if name not in pdfmetrics.getRegisteredFontNames():
            found = font_manager.FontProperties(family="DejaVu Sans", weight=weight)
            pdfmetrics.registerFont(TTFont(name, font_manager.findfont(found)))


def _flow(block: Block, first: bool, width: float) -> list[Any]:
    from reportlab.platypus import Image, KeepTogether, Spacer, Table, TableStyle

    if block.kind == "heading":
        return [Spacer(1, 0 if first else 12), _set(block.text, 19 if first else 13, strong=True, after=6)]
    if block.kind == "text":
        return [_set(block.text)]
    if block.kind == "list":
        return [_set(line, bullet=True) for line in block.lines]
    if block.kind == "table":
        share = width / (1 + 0.5 * (len(block.rows[0]) - 1))
        rows = [[_set(cell, 8.5, strong=not place, after=0) for cell in row] for place, row in enumerate(block.rows)]
        style = TableStyle([("BACKGROUND", (0, 0), (-1, 0), SOFT), ("LINEBELOW", (0, 0), (-1, -1), 0.5, RULE)])
        widths = [share, *([0.5 * share] * (len(block.rows[0]) - 1))]
        return [Table(rows, colWidths=widths, style=style, repeatRows=1), Spacer(1, 6)]
    picture = Image(str(block.picture), hAlign="LEFT")
    scale = min(width / picture.imageWidth, 270 / picture.imageHeight)
    picture.drawWidth, picture.drawHeight = picture.imageWidth * scale, picture.imageHeight * scale
    return [KeepTogether([Spacer(1, 6), picture, _set(block.text, 8, color=FAINT, after=8)])]


def _set(
    text: str, size: float = 9.5, *, strong: bool = False, bullet: bool = False, color: str = INK, after: float = 4
) -> Any:
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import Paragraph

    face = "Bold" if strong else "Text"
    style = ParagraphStyle(
        "p", fontName=face, fontSize=size, leading=1.42 * size, textColor=color, spaceAfter=after,
        leftIndent=12 if bullet else 0, bulletFontName="Text", splitLongWords=True, keepWithNext=strong and size > 10,
    )  # fmt: skip
    pieces = (f'<font name="Bold">{escape(part)}</font>' if bold else escape(part) for part, bold in spans(text))
    return Paragraph("".join(pieces), style, bulletText="•" if bullet else None)


def _foot(canvas: Any, document: Any) -> None:
    canvas.saveState()
    canvas.setFont("Text", 8)
    canvas.setFillColor(FAINT)
    canvas.drawRightString(document.pagesize[0] - document.rightMargin, 28, str(document.page))
    canvas.restoreState()
