"""Ten thousand random invoices in every currency: the printed figures add up, and none is far from the exact one."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from random import Random

from memory.business.totals import Line, totals
from memory.money import EXPONENTS

INVOICES = 10_000
VATS = [Decimal(rate) for rate in ("0", "5.5", "7", "7.7", "19", "20", "21", "25.5")]


def lines(chance: Random) -> list[Line]:
    sign = -1 if chance.random() < 0.05 else 1
    return [
        Line(
            "Work",
            sign * Decimal(chance.randrange(1, 100_000)) / 10 ** chance.randrange(4),
            "h",
            Decimal(chance.randrange(0, 10_000_000)) / 10 ** chance.randrange(6),
            chance.choice(VATS[: chance.randrange(1, 4)]),
        )
        for _ in range(chance.randrange(1, 7))
    ]


def test_the_lines_come_to_the_total_in_every_currency_and_no_cent_is_lost() -> None:
    chance, currencies = Random(1), sorted(EXPONENTS)
    for number in range(INVOICES):
        currency = currencies[number % len(currencies)]
        some = lines(chance)
        found = totals(some, currency)
        unit = Fraction(1, 10 ** EXPONENTS[currency])
        assert sum(amount.amount for amount in found.amounts) == found.net.amount
        assert sum(group.net.amount for group in found.groups) == found.net.amount
        assert sum(group.tax.amount for group in found.groups) == found.tax.amount
        assert found.net.amount + found.tax.amount == found.total.amount
        for amount in (*found.amounts, found.net, found.tax, found.total):
            assert amount.rounded() == amount, "every figure is a whole number of the smallest unit"
        exact = sum(Fraction(line.quantity) * Fraction(line.price) for line in some)
        assert abs(Fraction(found.net.amount) - exact) <= unit / 2 * len(some)
        for group in found.groups:
            tax = Fraction(group.net.amount) * Fraction(group.vat) / 100
            assert abs(Fraction(group.tax.amount) - tax) <= unit / 2


def test_a_credit_note_over_all_lines_takes_off_exactly_what_was_billed() -> None:
    chance = Random(2)
    for number in range(1_000):
        currency = sorted(EXPONENTS)[number % len(EXPONENTS)]
        some = lines(chance)
        back = [Line(one.description, -one.quantity, one.unit, one.price, one.vat) for one in some]
        assert totals(some, currency).total.amount + totals(back, currency).total.amount == 0
