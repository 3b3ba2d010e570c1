"""The total and the tax of a receipt: those amounts that the words and the arithmetic speak most for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import combinations

from integrations.media.images.receipt_rows import Row, lines_of
from integrations.media.images.receipt_words import TAX

MOST_TAX = Decimal("0.3")
"""No tax is a larger part of what it is on."""
_RATE = re.compile(r"(\d{1,2}(?:[.,]\d{1,3})?)\s?%")
_HALF_CENT = Decimal("0.005")


def total_of(rows: Sequence[Row], decimals: int) -> tuple[Decimal | None, tuple[str, ...]]:
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


def tax_of(rows: Sequence[Row], total: Decimal | None) -> tuple[Decimal | None, Decimal | None]:
    """Tax and net amount: those that sums or rates confirm where there are such, else what a tax line ends with."""
    taxes = [amount.value for row in rows if row.kind == "tax" for amount in row.amounts if amount.exact]
    if total is None or not any(TAX.search(row.text) for row in rows):
        return (taxes[-1] if taxes else None), None
    nets = [amount.value for row in rows if row.kind in ("net", "tax") for amount in row.amounts if amount.exact]
    below = [amount.value for row in rows if row.kind == "item" for amount in row.amounts if amount.exact]
    for few in (taxes, [*taxes, *below]):
        for tax, net in ((t, n) for t in few for n in {*nets, *(below if few is not taxes else [])}):
            if 0 < tax < net and net + tax == total and tax <= MOST_TAX * net:
                return tax, net
    for one, other in combinations(taxes, 2):
        if one + other < total and any(net + one + other == total for net in nets):
            return one + other, total - one - other
    each = [row.last for row in rows if row.kind == "tax" and row.amounts and row.amounts[-1].exact]
    if len(each) > 1 and (_by_rates(rows, total) or _by_lines(rows, total, sum(each, Decimal(0)))):
        return sum(each, Decimal(0)), total - sum(each, Decimal(0))
    smaller = [tax for tax in taxes if 0 < tax < total * MOST_TAX]
    return (smaller[-1], total - smaller[-1]) if smaller else (None, None)


def _by_rates(rows: Sequence[Row], total: Decimal) -> bool:
    """Whether what each tax is on, reckoned from its rate, comes to the total as nearly as whole cents can tell."""
    on, leeway = Decimal(0), Decimal(0)
    for row in rows:
        if row.kind == "tax" and row.amounts:
            rate = _RATE.search(row.text)
            if rate is None or not (part := Decimal(rate[1].replace(",", ".")) / 100):
                return False
            on += row.last * (1 + part) / part
            leeway += _HALF_CENT * (1 + part) / part
    return abs(on - total) <= leeway


def _by_lines(rows: Sequence[Row], total: Decimal, tax: Decimal) -> bool:
    return sum((line.amount for line in lines_of(rows)), Decimal(0)) + tax == total


def _agreeing(total: Decimal, rows: Sequence[Row]) -> Iterator[str]:
    """Names of the sums that come to this total."""
    each = [row.last for row in rows if row.kind == "tax" and row.amounts]
    taxes = {amount.value for row in rows if row.kind == "tax" for amount in row.amounts} | {sum(each, Decimal(0))}
    nets = {amount.value for row in rows if row.kind in ("net", "tax") for amount in row.amounts}
    lines = [line.amount for line in lines_of(rows)]
    summed = sum(lines, Decimal(0))
    if len(lines) > 1 and (summed == total or any(summed + tax == total for tax in taxes)):
        yield "lines"
    if any(net + tax == total for net in nets for tax in taxes if tax < net):
        yield "tax"
    tips = {row.last for row in rows if row.kind == "tip" and row.amounts and row.last > 0}
    if any(net + tax + tip == total for net in nets for tax in {*taxes, Decimal(0)} for tip in tips):
        yield "tip"
    given = [row.last for row in rows if row.kind == "given" and row.amounts]
    back = [row.last for row in rows if row.kind == "back" and row.amounts]
    if any(one - other == total for one in given for other in back):
        yield "change"
    if any(row.kind == "paid" and row.amounts and row.last == total for row in rows):
        yield "paid"
