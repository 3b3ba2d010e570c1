"""The typeface and the colours of invoices."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

INK, SOFT, FAINT, RULE, ACCENT = "#1b2430", "#5c6b7a", "#f3f6f8", "#d5dde3", "#0f6b62"


def fonts() -> None:
    """Register the typeface matplotlib carries: free to embed, with €, ß and every European letter."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    spec = find_spec("matplotlib")
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError("matplotlib, whose typeface invoices are set in, is not installed")
    folder = Path(spec.submodule_search_locations[0]) / "mpl-data" / "fonts" / "ttf"
    for name, file in (("Text", "DejaVuSans.ttf"), ("Bold", "DejaVuSans-Bold.ttf")):
        if name not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont(name, str(folder / file)))


def paragraph(
    text: str, size: float = 9, *, bold: bool = False, color: str = INK, right: bool = False, lead: float = 1.42
) -> Any:
    """A text as the page sets it; line breaks stay."""
    from reportlab.lib.enums import TA_LEFT, TA_RIGHT
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import Paragraph

    style = ParagraphStyle(
        "p",
        fontName="Bold" if bold else "Text",
        fontSize=size,
        leading=size * lead,
        textColor=color,
        alignment=TA_RIGHT if right else TA_LEFT,
        splitLongWords=True,
        wordWrap=None,
    )
    return Paragraph(escape(text).replace("\n", "<br/>"), style)
