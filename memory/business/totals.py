"""What an invoice comes to.

The rule, the same everywhere: each line is quantity × unit price, rounded half up to the currency's smallest unit; the
lines of one tax rate are added and the tax of that sum is rounded half up once; net, tax and total are plain sums of
these rounded amounts. So the printed figures always add up, and no cent is lost or invented.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from memory.money import Money, total


@dataclass(frozen=True)
class Line:
    """One line: so many `unit` (h, day, item, or "" for a fixed price) at `price` each, taxed at `vat` percent."""

    description: str
    quantity: Decimal
    unit: str
    price: Decimal
    vat: Decimal = Decimal(0)


@dataclass(frozen=True)
class TaxGroup:
    """The lines of one rate together: `net` and the `tax` on it."""

    vat: Decimal
    net: Money
    tax: Money


@dataclass(frozen=True)
class Totals:
    """All amounts of an invoice: one of `amounts` per line, one of `groups` per tax rate, lowest rate first."""

    amounts: tuple[Money, ...]
    groups: tuple[TaxGroup, ...]
    net: Money
    tax: Money
    total: Money


def line_amount(line: Line, currency: str) -> Money:
    """A line without tax, rounded."""
    return (Money(line.price, currency) * line.quantity).rounded()


def totals(lines: Sequence[Line], currency: str) -> Totals:
    """Everything an invoice of these lines comes to."""
    amounts = tuple(line_amount(line, currency) for line in lines)
    groups = []
    for vat in sorted({line.vat for line in lines}):
        net = total((amount for line, amount in zip(lines, amounts, strict=True) if line.vat == vat), currency)
        groups.append(TaxGroup(vat, net, net.percent(vat)))
    net = total(amounts, currency).rounded()
    tax = total((group.tax for group in groups), currency).rounded()
    return Totals(amounts, tuple(groups), net, tax, net + tax)
