"""The code on an invoice that a banking app reads a SEPA transfer from (EPC069-12)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from agents.tools.billing.invoice_style import INK, SOFT, paragraph
from memory.money import Money


def epc(reference: str, name: str, sender: dict[str, Any], open_: Money) -> Any:
    """The code a banking app reads a SEPA transfer from (EPC069-12), or None where it cannot be one."""
    import segno
    from segno.helpers import make_epc_qr

    iban = "".join(str(sender.get("iban") or "").split())
    if open_.currency != "EUR" or not iban or not name or not Decimal("0.01") <= open_.amount <= Decimal(999_999_999):
        return None
    try:
        made = make_epc_qr(name=name[:70], iban=iban, amount=open_.amount, text=reference)
    except ValueError:  # an IBAN that is none is printed as told, without a code
        return None
    return made if isinstance(made, segno.QRCode) else None


def beside(words: list[Any], code: Any) -> Any:
    """What to pay, with the code to its right."""
    from reportlab.graphics.shapes import Drawing, Rect
    from reportlab.lib.colors import HexColor
    from reportlab.lib.units import mm
    from reportlab.platypus import Table, TableStyle

    rows = [list(row) for row in code.matrix]
    size = 30 * mm
    dot = size / len(rows)
    drawing = Drawing(size, size)
    for y, row in enumerate(rows):
        for x, dark in enumerate(row):
            if dark:
                drawing.add(Rect(x * dot, size - (y + 1) * dot, dot, dot, fillColor=HexColor(INK), strokeColor=None))
    note = paragraph("Scan to pay with your banking app", 7, color=SOFT)
    bare = [(f"{side}PADDING", (0, 0), (-1, -1), 0) for side in ("LEFT", "RIGHT", "TOP", "BOTTOM")]
    right = Table([[drawing], [note]], [45 * mm], style=TableStyle([*bare, ("TOPPADDING", (0, 1), (0, 1), 4)]))
    return Table([[words, right]], [125 * mm, 45 * mm], style=TableStyle([*bare, ("VALIGN", (0, 0), (-1, -1), "TOP")]))
