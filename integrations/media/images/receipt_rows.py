"""The lines of a receipt by what their words speak of, and those among them that were bought."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from integrations.media.images.amounts import Amount, amounts_of
from integrations.media.images.reading import Reading
from integrations.media.images.receipt_words import (
    BACK,
    COUNTED,
    GIVEN,
    LESS,
    MEASURED,
    NET,
    PAID,
    TAX,
    TAX_NUMBER,
    TIP,
    TOTAL,
    TOTAL_SURE,
)

_KINDS = (
    ("number", TAX_NUMBER), ("less", LESS), ("back", BACK), ("given", GIVEN), ("net", NET),
    ("sure", TOTAL_SURE), ("tip", TIP), ("total", TOTAL), ("tax", TAX), ("paid", PAID),
)  # fmt: skip
_TIMES = re.compile(r"^\W*\d+(?:[.,]\d{1,3})?\s*(?:[x×*@]|st(?:k|ck)?\.?|pcs?\.?)\s*(?:à|a)?\s*\W?$", re.IGNORECASE)
"""What stands before a single price: how many of it, without a name."""


@dataclass(frozen=True)
class ReceiptLine:
    """One thing that was bought, and what all of it costs."""

    text: str
    amount: Decimal


@dataclass(frozen=True)
class Row:
    """A line of the receipt: what kind of words it has, and its amounts from left to right."""

    place: int
    text: str
    kind: str
    amounts: tuple[Amount, ...]

    @property
    def last(self) -> Decimal:
        """The amount it ends with; there must be one."""
        return self.amounts[-1].value


def rows_of(reading: Reading) -> Iterator[Row]:
    """Each line with its kind: one of `_KINDS`, "measured" or "item"."""
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
        if kind == "item" and amounts and (MEASURED.search(text) or _TIMES.match(amounts[-1].before)):
            kind = "measured"
        if kind == "item" and waiting and amounts and not any(letter.isalpha() for letter in amounts[0].before):
            kind = waiting  # the words stand on the line above their amount
        waiting = kind if kind in ("sure", "total") and not amounts else ""
        yield Row(place, text, kind, amounts)


def lines_of(rows: Sequence[Row], total: Decimal | None = None, taxes: Sequence[Decimal] = ()) -> list[ReceiptLine]:
    """What was bought: lines that end with an amount, above the first that speaks of net or total.

    With a `total`, a single line that keeps the rest from coming to it, with one of the `taxes` or none, is left out.
    """
    lines = list(_bought(rows))
    if total is None:
        return lines
    wanted = {total, *(total - tax for tax in taxes)}
    summed = sum((line.amount for line in lines), Decimal(0))
    if len(lines) < 2 or summed in wanted:
        return lines
    odd = [place for place, line in enumerate(lines) if summed - line.amount in wanted]
    return [line for place, line in enumerate(lines) if place != odd[0]] if len(odd) == 1 else lines


def _bought(rows: Sequence[Row]) -> Iterator[ReceiptLine]:
    name, summed_up = "", False
    for row in rows:
        if row.kind in ("net", "sure", "total") and row.amounts:
            if _after_items(row, rows):
                return
            summed_up = True
        if row.kind not in ("item", "paid", "given", "less", "tip"):
            continue
        if row.kind in ("paid", "given") and row.amounts and (summed_up or row.last < 0):
            continue  # what was paid, no more what was bought
        if row.amounts and row.amounts[-1].exact and row.amounts[-1].ends:
            before = row.amounts[0].before.strip(" .:-–|*")
            words = before if sum(letter.isalpha() for letter in before) >= 2 else name
            if words:
                yield ReceiptLine(words, row.last)
            name = ""
        elif not any(amount.exact for amount in row.amounts):
            name = row.text


def _after_items(row: Row, rows: Sequence[Row]) -> bool:
    return any(
        other.kind == "item" and other.amounts and other.amounts[-1].exact for other in rows if other.place < row.place
    )
