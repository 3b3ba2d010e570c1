"""Every page of an invoice: a band at the head, the sender and the number at the foot, a stamp where it is void."""

from __future__ import annotations

from typing import Any

from agents.tools.billing.invoice_style import ACCENT, RULE, SOFT
from agents.tools.writing.papers import say


def word_for(invoice: dict[str, Any], language: str = "en") -> str:
    """What the paper is called."""
    return say("Credit note" if invoice.get("kind") == "credit" else "Invoice", language)


def sender_name(sender: dict[str, Any]) -> str:
    """The company, else the person."""
    return str(sender.get("company") or sender.get("name") or "")


def canvas(invoice: dict[str, Any], sender: dict[str, Any], language: str) -> Any:
    """A canvas that knows the number of pages when it draws the foot of each."""
    from reportlab.lib.colors import HexColor
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.units import mm
    from reportlab.pdfgen.canvas import Canvas

    address = ", ".join(part.strip() for part in str(sender.get("address") or "").splitlines() if part.strip())
    tax = say("Tax ID {}", language, str(sender["tax_id"])) if sender.get("tax_id") else ""
    first = "  ·  ".join(part for part in (sender_name(sender), address) if part)
    second = "  ·  ".join(str(part) for part in (tax, sender.get("email"), sender.get("phone")) if part)

    class Pages(Canvas):  # type: ignore[misc]
        def __init__(self, *args: Any, **options: Any) -> None:
            super().__init__(*args, **{**options, "initialFontName": "Text"})  # PDF/A embeds every font it names
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
            page = say("Page {} of {}", language, str(self._pageNumber), str(pages))
            where = f"{word_for(invoice, language)} {invoice['number']}" + (f"  ·  {page}" if pages > 1 else "")
            self.drawRightString(A4[0] - 20 * mm, 14 * mm, where)
            if invoice["state"] == "void":
                self.saveState()
                self.translate(A4[0] / 2, A4[1] / 2)
                self.rotate(35)
                self.setFillColor(HexColor("#b3261e"), alpha=0.12)
                stamp = say("VOID", language)
                self.setFont("Bold", 120 if len(stamp) < 6 else 80)
                self.drawCentredString(0, -40, stamp)
                self.restoreState()

    return Pages
