"""Pay as people write it, and the money in a post that is not pay."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.job_boards.pay import find_pay, read_pay


@pytest.mark.parametrize(
    ("text", "pay"),
    [
        ("$60-80/hr", "60-80 USD/h"),
        ("€500 per day", "500 EUR/day"),
        ("80k", "80,000/year"),
        ("80k - 100k", "80,000-100,000/year"),
        ("Budget: $3,000", "3,000 USD fixed"),
        ("60 bis 80 € pro Stunde", "60-80 EUR/h"),
        ("Hourly range: $40-$60", "40-60 USD/h"),
        ("$40.00\n-\n$60.00\n\nHourly", "40-60 USD/h"),
        ("$3,000.00\nFixed-price", "3,000 USD fixed"),
        ("£450 - £500 per day", "450-500 GBP/day"),
        ("USD 50 – 70 / hour", "50-70 USD/h"),
        ("$120k – $150k", "120,000-150,000 USD/year"),
        ("80-120k EUR", "80,000-120,000 EUR/year"),
        ("5.000 € Festpreis", "5,000 EUR fixed"),
        ("Stundensatz: 85 €", "85 EUR/h"),
        ("Tagessatz 700€", "700 EUR/day"),
        ("1.200,50 € pro Monat", "1,200.50 EUR/month"),
        ("between $50 and $70 an hour", "50-70 USD/h"),
        ("rate: 80/h", "80/h"),
    ],
)
def test_pay_is_read(text: str, pay: str) -> None:
    found = read_pay(text)
    assert found is not None
    assert found.text() == pay


@pytest.mark.parametrize(
    "text",
    [
        "$25K total spent", "We raised $20 million", "$32.50 /hr avg hourly rate paid", "a $15 gift card",
        "12 people, 3 hours a week", "call 555 1234", "since 2019", "", "Average bid: $430",
    ],
)  # fmt: skip
def test_other_money_and_other_numbers_are_not_pay(text: str) -> None:
    assert find_pay(text) is None


def test_the_pay_is_picked_from_among_other_money() -> None:
    text = "We raised $5M last year. The budget for tools is $200. Pay is $90/h, and the client has $18K total spent."
    assert str(find_pay(text).text()) == "90 USD/h"  # type: ignore[union-attr]


@given(low=st.integers(10, 400), more=st.integers(0, 200), sign=st.sampled_from(["$", "€", "£"]))
def test_a_range_comes_back_as_written(low: int, more: int, sign: str) -> None:
    pay = find_pay(f"We pay {sign}{low} - {sign}{low + more} per hour.")
    assert pay is not None
    assert (pay.low, pay.high, pay.period) == (low, low + more, "h")


@given(st.text(max_size=400))
def test_no_text_breaks_it(text: str) -> None:
    pay = read_pay(text)
    assert pay is None or (pay.low is not None and pay.low <= pay.high)  # type: ignore[operator]
