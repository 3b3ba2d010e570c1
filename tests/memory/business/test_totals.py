"""The printed figures of an invoice always add up."""

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from memory.business.totals import Line, totals
from memory.money import EXPONENTS, Money

lines = st.lists(
    st.builds(
        Line,
        description=st.just("work"),
        quantity=st.decimals(min_value="0.01", max_value="10000", places=2),
        unit=st.just("h"),
        price=st.decimals(min_value=0, max_value="100000", places=3),
        vat=st.sampled_from([Decimal(0), Decimal(7), Decimal("5.5"), Decimal(19), Decimal(23)]),
    ),
    min_size=1,
    max_size=25,
)


def test_twelve_and_a_half_hours_at_80_euros_with_19_percent() -> None:
    result = totals([Line("Work", Decimal("12.5"), "h", Decimal(80), Decimal(19))], "EUR")
    assert (result.net.text(), result.tax.text(), result.total.text()) == ("1,000.00 €", "190.00 €", "1,190.00 €")


def test_tax_is_rounded_once_for_each_rate() -> None:
    # 3 × 0.19 = 0.57 of tax on 3 × 1.01; rounding each line would give 0.57, rounding the group 0.5757 → 0.58
    result = totals([Line("a", Decimal(1), "", Decimal("1.01"), Decimal(19))] * 3, "EUR")
    assert result.tax.amount == Decimal("0.58")


def test_rates_are_kept_apart() -> None:
    mixed = [
        Line("Book", Decimal(1), "", Decimal(100), Decimal(7)),
        Line("Work", Decimal(1), "h", Decimal(100), Decimal(19)),
        Line("More work", Decimal(2), "h", Decimal(50), Decimal(19)),
    ]
    result = totals(mixed, "EUR")
    assert [(group.vat, group.net.amount, group.tax.amount) for group in result.groups] == [
        (Decimal(7), Decimal("100.00"), Decimal("7.00")),
        (Decimal(19), Decimal("200.00"), Decimal("38.00")),
    ]


def test_a_currency_without_cents_has_none() -> None:
    result = totals([Line("Work", Decimal("1.5"), "h", Decimal(8333), Decimal(10))], "JPY")
    assert (result.net.text(), result.tax.text(), result.total.text()) == ("¥12,500", "¥1,250", "¥13,750")


@given(lines, st.sampled_from(sorted(EXPONENTS)))
@settings(max_examples=150)
def test_no_cent_is_lost(items: list[Line], currency: str) -> None:
    result = totals(items, currency)
    unit = Decimal(1).scaleb(-EXPONENTS[currency])
    printed = [*result.amounts, result.net, result.tax, result.total, *(group.tax for group in result.groups)]
    assert all(amount == amount.rounded() for amount in printed)
    assert sum(amount.amount for amount in result.amounts) == result.net.amount
    assert sum(group.net.amount for group in result.groups) == result.net.amount
    assert sum(group.tax.amount for group in result.groups) == result.tax.amount
    assert result.net + result.tax == result.total
    exact = sum((line.quantity * line.price for line in items), Decimal(0))
    assert abs(result.net.amount - exact) <= unit / 2 * len(items)


@given(lines)
@settings(max_examples=50)
def test_the_order_of_lines_does_not_change_the_total(items: list[Line]) -> None:
    assert totals(items, "EUR").total == totals(items[::-1], "EUR").total
    assert isinstance(totals(items, "EUR").total, Money)
