"""Receipts and invoices: from a picture's text to vendor, date, lines, tax, total and currency, checked by arithmetic.

Reading ──▶ amounts on each line, by the words beside them ──▶ the total that most of the arithmetic agrees with
        ──▶ the date, by the words beside it
        ──▶ the vendor, by height and place
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from integrations.media.images.amounts import currency_among
from integrations.media.images.reading import Reading
from integrations.media.images.receipt_date import date_of
from integrations.media.images.receipt_rows import ReceiptLine, lines_of, rows_of
from integrations.media.images.receipt_sums import tax_of, total_of
from integrations.media.images.receipt_vendor import vendor_of


@dataclass(frozen=True)
class Receipt:
    """What a receipt says. `total` is what was to pay, tax included; `currency` an ISO 4217 code.

    `agrees` names the sums that come out right: lines, tax, change, paid. `doubts` are sentences for the user on what
    could not be read or does not add up.
    """

    vendor: str | None
    day: date | None
    lines: tuple[ReceiptLine, ...]
    net: Decimal | None
    tax: Decimal | None
    total: Decimal | None
    currency: str | None
    agrees: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()

    def as_data(self) -> dict[str, Any]:
        """As JSON: dates in ISO form, amounts as exact text."""

        def exact(amount: Decimal | None) -> str | None:
            return None if amount is None else str(amount)

        return {
            "vendor": self.vendor,
            "date": self.day.isoformat() if self.day else None,
            "lines": [{"description": line.text, "amount": str(line.amount)} for line in self.lines],
            "net": exact(self.net),
            "tax": exact(self.tax),
            "total": exact(self.total),
            "currency": self.currency,
            "agrees": list(self.agrees),
            "doubts": list(self.doubts),
        }


def looks_like_receipt(reading: Reading) -> bool:
    """Whether a text has a total with an amount, and a second sign of a receipt."""
    rows = list(rows_of(reading))
    total = any(row.kind in ("sure", "total") and row.amounts for row in rows)
    signs = {row.kind for row in rows if row.kind in ("tax", "net", "given", "back", "paid")}
    prices = sum(row.kind == "item" and bool(row.amounts) for row in rows)
    return total and (bool(signs) or prices >= 2) and len(rows) < 90


def receipt_of(reading: Reading, today: date) -> Receipt:
    """What a text read from a picture says, if it is a receipt; what it does not say is None, and said in `doubts`."""
    rows = list(rows_of(reading))
    currency, decimals = currency_among(reading.texts)
    total, agrees = total_of(rows, decimals)
    tax, net = tax_of(rows, total)
    lines = tuple(lines_of(rows, total, [tax] if tax is not None else []))
    if total is not None and tax is not None and net is not None and net + tax == total:
        agrees = tuple(dict.fromkeys((*agrees, "tax")))
    summed = sum((line.amount for line in lines), Decimal(0))
    if total is not None and len(lines) > 1 and summed in (total, total - (tax or 0)):
        agrees = tuple(dict.fromkeys(("lines", *agrees)))
    day, sure = date_of(reading.texts, today, american=currency == "USD")
    vendor = vendor_of(reading)
    missing = [
        name
        for name, value in (("vendor", vendor), ("date", day), ("total", total), ("currency", currency))
        if value is None
    ]
    doubts = []
    if missing:
        doubts.append(f"I could not find the {' and the '.join(missing)}.")
    if total is not None and not agrees:
        doubts.append("Nothing else on it confirms the total; please compare it with the picture.")
    elif total is not None and len(lines) > 1 and not {"lines", "tip"} & set(agrees):
        doubts.append("The lines I read do not add up to the total, so one may be missing or misread.")
    if day is not None and not sure:
        doubts.append(f"I took the date as {day:%d %B %Y}; day and month may be the other way round.")
    return Receipt(vendor, day, lines, net, tax, total, currency, agrees, tuple(doubts))
