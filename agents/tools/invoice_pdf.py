"""Draws an invoice on A4: made in another process, because fonts and layout take their time.

The page, from the top: who sends it and the word Invoice; who gets it beside number and dates; the lines, with the
table's head on every page; net, tax by rate and total; how to pay; the sender's details at the foot of every page.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from memory.business.totals import Line, Totals, totals
from memory.money import UNITS, Money, plain

INK, SOFT, FAINT, RULE, ACCENT = "#1b2430", "#5c6b7a", "#f3f6f8", "#d5dde3", "#0f6b62"
UNIT_NAMES = {"h": "h", "day": "days", "item": "", "": ""}


def draw(invoice: dict[str, Any], sender: dict[str, Any], path: str) -> dict[str, Any]:
    """Write the PDF of an invoice to `path` and return ``{"path", "pages"}``.

    Args:
        invoice: number, state, client (name, address, tax_id, email), issued_on, due_on, paid_on (ISO dates), currency,
            note, and lines: lists of description, quantity, unit, price, vat (numbers as text).
        sender: the profile's fields name, title, company, address, email, phone, tax_id, iban; any may be missing.
        path: where to write.
    """
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.units import mm
    from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate

    _fonts()
    lines = tuple(Line(d, Decimal(q), u, Decimal(p), Decimal(v)) for d, q, u, p, v in invoice["lines"])
    sums = totals(lines, invoice["currency"])
    document = BaseDocTemplate(
        path,
        pagesize=A4,
        title=f"Invoice {invoice['number']}",
        author=_sender_name(sender) or "FreelanceX",
        subject=f"Invoice {invoice['number']} for {invoice['client'].get('name', '')}".strip(),
        creator="FreelanceX",
    )
    frame = Frame(20 * mm, 30 * mm, A4[0] - 40 * mm, A4[1] - 50 * mm, 0, 0, 0, 0)
    document.addPageTemplates(PageTemplate("page", [frame]))
    story = [*_head(invoice, sender), *_table(lines, sums), *_sums(sums), *_closing(invoice, sender, sums)]
    document.build(story, canvasmaker=_canvas(invoice, sender))
    return {"path": path, "pages": document.page}


def long_date(text: str) -> str:
    """``2026-04-01`` as ``1 April 2026``."""
    day = date.fromisoformat(text)
    return f"{day.day} {day:%B %Y}"


def quantity_text(line: Line) -> str:
    """``12.5 h``, ``3 days``, ``2``."""
    number = plain(line.quantity)
    many = next((word for word, unit in UNITS.items() if unit == line.unit and word.endswith("s")), line.unit)
    unit = UNIT_NAMES.get(line.unit, many)
    if line.quantity <= 1 and unit.endswith("s"):
        unit = line.unit
    return f"{number} {unit}".strip()


def price_text(price: Decimal, currency: str) -> str:
    """A unit price with as many decimals as it has: a price a word may lie below a cent."""
    money = Money(price, currency)
    if money.rounded().amount == price:
        return money.text()
    digits = money.text()
    return digits.replace(f"{abs(money.rounded().amount):,f}", f"{price.normalize():,f}")


def _fonts() -> None:
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


def _p(
    text: str, size: float = 9, *, bold: bool = False, color: str = INK, right: bool = False, lead: float = 1.42
) -> Any:
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


def _sender_name(sender: dict[str, Any]) -> str:
    return str(sender.get("company") or sender.get("name") or "")


def _head(invoice: dict[str, Any], sender: dict[str, Any]) -> list[Any]:
    from reportlab.lib.units import mm
    from reportlab.platypus import Spacer, Table, TableStyle

    bare = TableStyle([(f"{side}PADDING", (0, 0), (-1, -1), 0) for side in ("LEFT", "RIGHT", "TOP", "BOTTOM")])
    bare.add("VALIGN", (0, 0), (-1, -1), "TOP")
    name = _sender_name(sender)
    under = str(sender.get("name") or "") if sender.get("company") else str(sender.get("title") or "")
    left = [_p(name, 14, bold=True, lead=1.25)] if name else []
    if under:
        left.append(_p(under, 9, color=SOFT))
    title = Table(
        [[left or "", _p("Invoice", 23, color=ACCENT, right=True, lead=1.0)]], [100 * mm, 70 * mm], style=bare
    )
    client = invoice["client"]
    to: list[Any] = []
    if client.get("name"):
        to = [_p("Billed to", 7.5, color=SOFT), Spacer(1, 1.5 * mm), _p(client["name"], 10.5, bold=True)]
    to += [_p(client[field], 9) for field in ("address", "email") if client.get(field)]
    if client.get("tax_id"):
        to.append(_p(f"VAT ID {client['tax_id']}", 9, color=SOFT))
    facts = [("Number", invoice["number"]), ("Date", long_date(invoice["issued_on"]))]
    facts.append(
        ("Paid on", long_date(invoice["paid_on"])) if invoice.get("paid_on") else ("Due", long_date(invoice["due_on"]))
    )
    meta = Table(
        [[_p(label, 8.5, color=SOFT), _p(value, 9, bold=label == "Number", right=True)] for label, value in facts],
        [20 * mm, 40 * mm],
        style=bare,
    )
    meta.setStyle(TableStyle([("BOTTOMPADDING", (0, 0), (-1, -1), 3)]))
    parties = Table([[to or "", meta]], [110 * mm, 60 * mm], style=bare)
    return [title, Spacer(1, 17 * mm), parties, Spacer(1, 12 * mm)]


def _table(lines: tuple[Line, ...], sums: Totals) -> list[Any]:
    from reportlab.lib.colors import HexColor
    from reportlab.lib.units import mm
    from reportlab.platypus import LongTable, TableStyle

    taxed = any(line.vat for line in lines)
    heads = ["Description", "Quantity", "Unit price", *(["VAT"] if taxed else []), "Amount"]
    rows = [[_p(head, 7.5, color=SOFT, right=n > 0) for n, head in enumerate(heads)]]
    for line, amount in zip(lines, sums.amounts, strict=True):
        cells = [
            _p(line.description, 9),
            _p(quantity_text(line), 9, right=True),
            _p(price_text(line.price, sums.net.currency), 9, right=True),
            _p(f"{plain(line.vat)} %", 9, right=True),
            _p(amount.text(), 9, right=True),
        ]
        rows.append(cells if taxed else [*cells[:3], cells[4]])
    widths = [w * mm for w in ((74, 24, 28, 14, 30) if taxed else (82, 26, 30, 32))]
    style = TableStyle(
        [
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (0, -1), 0),
            ("RIGHTPADDING", (-1, 0), (-1, -1), 8),
            ("BOTTOMPADDING", (0, 0), (-1, 0), 4),
            ("TOPPADDING", (0, 1), (-1, -1), 6),
            ("BOTTOMPADDING", (0, 1), (-1, -1), 6),
            ("LINEBELOW", (0, 1), (-1, -1), 0.4, HexColor(RULE)),
            # last, because a split table draws a row's rule over it otherwise
            ("LINEBELOW", (0, 0), (-1, 0), 0.9, HexColor(INK)),
        ]
    )
    return [LongTable(rows, widths, repeatRows=1, splitInRow=1, style=style)]


def _sums(sums: Totals) -> list[Any]:
    from reportlab.lib.colors import HexColor
    from reportlab.lib.units import mm
    from reportlab.platypus import KeepTogether, Spacer, Table, TableStyle

    rows = [[_p("Net", 9, color=SOFT), _p(sums.net.text(), 9, right=True)]]
    for group in sums.groups:
        of = f" on {group.net.text()}" if len(sums.groups) > 1 else ""
        if group.vat or len(sums.groups) > 1:
            rows.append([_p(f"VAT {plain(group.vat)} %{of}", 9, color=SOFT), _p(group.tax.text(), 9, right=True)])
    rows = rows if len(rows) > 1 else []
    rows.append([_p("Total", 11, bold=True), _p(sums.total.text(), 11, bold=True, right=True)])
    style = TableStyle(
        [
            ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
            ("LEFTPADDING", (0, 0), (-1, -1), 8),
            ("RIGHTPADDING", (0, 0), (-1, -1), 8),
            ("TOPPADDING", (0, 0), (-1, -2), 3),
            ("BOTTOMPADDING", (0, 0), (-1, -2), 3),
            ("TOPPADDING", (0, -1), (-1, -1), 6),
            ("BOTTOMPADDING", (0, -1), (-1, -1), 8),
            ("BACKGROUND", (0, -1), (-1, -1), HexColor(FAINT)),
        ]
    )
    return [Spacer(1, 5 * mm), KeepTogether(Table(rows, [52 * mm, 42 * mm], style=style, hAlign="RIGHT"))]


def _closing(invoice: dict[str, Any], sender: dict[str, Any], sums: Totals) -> list[Any]:
    from reportlab.lib.units import mm
    from reportlab.platypus import KeepTogether, Spacer

    parts: list[Any] = [Spacer(1, 12 * mm)]
    if invoice.get("note"):
        parts += [_p(invoice["note"], 9), Spacer(1, 5 * mm)]
    if invoice["state"] == "void":
        return [KeepTogether([*parts, _p("This invoice was cancelled. Nothing is to be paid.", 9, bold=True)])]
    if invoice["state"] == "paid":
        return [KeepTogether([*parts, _p("Paid in full, with thanks.", 9, bold=True)])]
    parts.append(_p(f"Please pay {sums.total.text()} by {long_date(invoice['due_on'])}.", 9, bold=True))
    if sender.get("iban"):
        parts += [
            Spacer(1, 1.5 * mm),
            _p(f"Account holder: {sender.get('name') or _sender_name(sender)}", 9, color=SOFT),
            _p(f"IBAN: {spaced_iban(str(sender['iban']))}", 9, color=SOFT),
            _p(f"Reference: Invoice {invoice['number']}", 9, color=SOFT),
        ]
    return [KeepTogether(parts)]


def spaced_iban(iban: str) -> str:
    """An IBAN in groups of four, as it is printed."""
    bare = "".join(iban.split()).upper()
    return " ".join(bare[n : n + 4] for n in range(0, len(bare), 4))


def _canvas(invoice: dict[str, Any], sender: dict[str, Any]) -> Any:
    """A canvas that knows the number of pages when it draws the foot of each."""
    from reportlab.lib.colors import HexColor
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.units import mm
    from reportlab.pdfgen.canvas import Canvas

    address = ", ".join(part.strip() for part in str(sender.get("address") or "").splitlines() if part.strip())
    tax = f"Tax ID {sender['tax_id']}" if sender.get("tax_id") else ""
    first = "  ·  ".join(part for part in (_sender_name(sender), address) if part)
    second = "  ·  ".join(str(part) for part in (tax, sender.get("email"), sender.get("phone")) if part)

    class Pages(Canvas):  # type: ignore[misc]
        def __init__(self, *args: Any, **options: Any) -> None:
            super().__init__(*args, **options)
            self._drawn: list[dict[str, Any]] = []

        def showPage(self) -> None:
            self._drawn.append(dict(self.__dict__))
            self._startPage()

        def save(self) -> None:
            for page in self._drawn:
                self.__dict__.update(page)
                self._foot(len(self._drawn))
                super().showPage()
            super().save()

        def _foot(self, pages: int) -> None:
            self.setFillColor(HexColor(ACCENT))
            self.rect(0, A4[1] - 2.2 * mm, A4[0], 2.2 * mm, stroke=0, fill=1)
            self.setStrokeColor(HexColor(RULE))
            self.setLineWidth(0.4)
            self.line(20 * mm, 22 * mm, A4[0] - 20 * mm, 22 * mm)
            self.setFillColor(HexColor(SOFT))
            self.setFont("Text", 7)
            self.drawString(20 * mm, 17.5 * mm, first[:120])
            self.drawString(20 * mm, 14 * mm, second[:120])
            where = f"  ·  Page {self._pageNumber} of {pages}" if pages > 1 else ""
            self.drawRightString(A4[0] - 20 * mm, 14 * mm, f"Invoice {invoice['number']}{where}")
            if invoice["state"] == "void":
                self.saveState()
                self.translate(A4[0] / 2, A4[1] / 2)
                self.rotate(35)
                self.setFillColor(HexColor("#b3261e"), alpha=0.12)
                self.setFont("Bold", 120)
                self.drawCentredString(0, -40, "VOID")
                self.restoreState()

    return Pages
