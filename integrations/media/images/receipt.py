"""Receipts and invoices: from a picture's text to vendor, date, lines, tax, total and currency, checked by arithmetic.

Reading ──▶ amounts on each line, by the words beside them ──▶ the total that most of the arithmetic agrees with
        ──▶ the date, by the words beside it
        ──▶ the vendor, by height and place
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import combinations
from typing import Any

from integrations.media.images.amounts import Amount, amounts_of, currency_among
from integrations.media.images.ocr import read_text
from integrations.media.images.reading import Reading
from integrations.media.images.receipt_date import date_of
from integrations.media.images.receipt_vendor import vendor_of
from integrations.media.images.receipt_words import (
    BACK,
    COUNTED,
    GIVEN,
    LESS,
    NET,
    PAID,
    TAX,
    TAX_NUMBER,
    TIP,
    TOTAL,
    TOTAL_SURE,
)

CENT = Decimal("0.01")


@dataclass(frozen=True)
class ReceiptLine:
    """One thing that was bought, and what all of it costs."""

    text: str
    amount: Decimal


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


@dataclass(frozen=True)
class _Row:
    """A line of the receipt: what kind of words it has, and its amounts from left to right."""

    place: int
    text: str
    kind: str
    amounts: tuple[Amount, ...]

    @property
    def last(self) -> Decimal:
        return self.amounts[-1].value


def read_receipt(path: str, today: str) -> dict[str, Any]:
    """Read a receipt's picture, in a job of `ocr.SECONDS` and `ocr.MEMORY_MB`; `today` is an ISO date.

    Returns `Receipt.as_data()`. Raises UnreadablePicture and NoReader.
    """
    return receipt_of(read_text(path), date.fromisoformat(today)).as_data()


def looks_like_receipt(reading: Reading) -> bool:
    """Whether a text has a total with an amount, and a second sign of a receipt."""
    rows = list(_rows(reading))
    total = any(row.kind in ("sure", "total") and row.amounts for row in rows)
    signs = {row.kind for row in rows if row.kind in ("tax", "net", "given", "back", "paid")}
    prices = sum(row.kind == "item" and bool(row.amounts) for row in rows)
    return total and (bool(signs) or prices >= 2) and len(rows) < 90


def receipt_of(reading: Reading, today: date) -> Receipt:
    """What a text read from a picture says, if it is a receipt; what it does not say is None, and said in `doubts`."""
    rows = list(_rows(reading))
    currency, decimals = currency_among(reading.texts)
    total, agrees = _total(rows, decimals)
    tax, net = _tax(rows, total)
    if total is not None and tax is not None and net is not None and net + tax == total:
        agrees = tuple(dict.fromkeys((*agrees, "tax")))
    day, sure = date_of(reading.texts, today, american=currency == "USD")
    vendor = vendor_of(reading)
    lines = tuple(_lines(rows))
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
    if day is not None and not sure:
        doubts.append(f"I took the date as {day:%d %B %Y}; day and month may be the other way round.")
    return Receipt(vendor, day, lines, net, tax, total, currency, agrees, tuple(doubts))


_KINDS = (
    ("number", TAX_NUMBER), ("less", LESS), ("back", BACK), ("given", GIVEN), ("net", NET),
    ("sure", TOTAL_SURE), ("tip", TIP), ("total", TOTAL), ("tax", TAX), ("paid", PAID),
)  # fmt: skip


def _rows(reading: Reading) -> Iterator[_Row]:
    waiting = ""
    for place, text in enumerate(reading.texts):
        amounts = amounts_of(text)
        kind = next((name for name, pattern in _KINDS if pattern.search(text)), "item")
        if kind in ("total", "sure") and COUNTED.search(text) and not amounts:
            kind = "item"
        if kind == "total" and TAX.search(text) and not text.lower().lstrip().startswith("tot"):
            kind = "tax"
        if kind == "net" and len(amounts) > 1 and TAX.search(text):
            kind = "tax"  # tax and what it is taken on share the line
        if kind == "item" and waiting and amounts and not any(letter.isalpha() for letter in amounts[0].before):
            kind = waiting  # the words stand on the line above their amount
        waiting = kind if kind in ("sure", "total") and not amounts else ""
        yield _Row(place, text, kind, amounts)


def _total(rows: list[_Row], decimals: int) -> tuple[Decimal | None, tuple[str, ...]]:
    """The amount that the words and the sums speak most for, and the sums that agree with it."""
    weights: dict[Decimal, float] = {}
    for row in rows:
        weight = {"sure": 4.0, "total": 3.0, "paid": 1.5, "item": 0.2, "net": 0.3}.get(row.kind, 0.0)
        for amount in row.amounts:
            if weight and amount.value > 0 and (amount.exact or decimals == 0 or row.kind in ("sure", "total")):
                less = 0 if amount is row.amounts[-1] else 0.5
                weights[amount.value] = max(weights.get(amount.value, 0), weight * (1 if amount.exact else 0.5) - less)
    best: tuple[float, Decimal, tuple[str, ...]] | None = None
    for value, weight in weights.items():
        agrees = tuple(_agreeing(value, rows))
        times = sum(amount.value == value for row in rows for amount in row.amounts)
        score = weight + 1.5 * len(agrees) + 0.3 * min(times, 4)
        if best is None or (score, value) > best[:2]:
            best = (score, value, agrees)
    if best is None or best[0] < 1:
        return None, ()
    return best[1], best[2]


def _agreeing(total: Decimal, rows: list[_Row]) -> Iterator[str]:
    """Names of the sums that come to this total."""
    lines = [line.amount for line in _lines(rows)]
    taxes = {amount.value for row in rows if row.kind == "tax" for amount in row.amounts}
    nets = {amount.value for row in rows if row.kind in ("net", "tax") for amount in row.amounts}
    summed = sum(lines, Decimal(0))
    if len(lines) > 1 and (summed == total or any(summed + tax == total for tax in taxes)):
        yield "lines"
    if any(net + tax == total for net in nets for tax in taxes if tax < net):
        yield "tax"
    given = [row.last for row in rows if row.kind == "given" and row.amounts]
    back = [row.last for row in rows if row.kind == "back" and row.amounts]
    if any(one - other == total for one in given for other in back):
        yield "change"
    if any(row.kind == "paid" and row.amounts and row.last == total for row in rows):
        yield "paid"


def _lines(rows: list[_Row]) -> Iterator[ReceiptLine]:
    """What was bought: lines that end with an amount, above the first that speaks of net, tax or total."""
    name = ""
    end = next(
        (
            row.place
            for row in rows
            if row.kind in ("net", "sure", "total", "tax") and row.amounts and _after_items(row, rows)
        ),
        len(rows),
    )
    for row in rows:
        if row.place >= end:
            return
        if row.kind not in ("item", "paid", "given", "less", "tip"):
            continue
        if row.amounts and row.amounts[-1].exact and row.amounts[-1].ends:
            before = row.amounts[0].before.strip(" .:-–|*")
            words = before if sum(letter.isalpha() for letter in before) >= 2 else name
            if words:
                yield ReceiptLine(words, row.last)
            name = ""
        elif not row.amounts:
            name = row.text


def _after_items(row: _Row, rows: list[_Row]) -> bool:
    return any(
        other.kind == "item" and other.amounts and other.amounts[-1].exact for other in rows if other.place < row.place
    )


def _tax(rows: list[_Row], total: Decimal | None) -> tuple[Decimal | None, Decimal | None]:
    """Tax and net amount: two that add up to the total where there are such, else what the tax's line ends with."""
    taxes = [amount.value for row in rows if row.kind == "tax" for amount in row.amounts if amount.exact]
    nets = [amount.value for row in rows if row.kind in ("net", "tax") for amount in row.amounts if amount.exact]
    below = [amount.value for row in rows if row.kind == "item" for amount in row.amounts if amount.exact]
    if total is None or not any(TAX.search(row.text) for row in rows):
        return (taxes[-1] if taxes else None), None
    for few in (taxes, [*taxes, *below]):
        for tax, net in ((t, n) for t in few for n in {*nets, *(below if few is not taxes else [])}):
            if 0 < tax < net and net + tax == total and tax <= Decimal("0.3") * net:
                return tax, net
    for one, other in combinations(taxes, 2):
        if one + other < total and any(net + one + other == total for net in nets):
            return one + other, total - one - other
    smaller = [tax for tax in taxes if tax < total * Decimal("0.3")]
    return (smaller[-1], total - smaller[-1]) if smaller else (None, None)
