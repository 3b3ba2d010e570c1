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
        ("CHF 120'000 p.a.", "120,000 CHF/year"),
        ("CHF 110’000 - 130’000 p.a.", "110,000-130,000 CHF/year"),
        ("1.200 € / Tag", "1,200 EUR/day"),
        ("1 200 € par jour", "1,200 EUR/day"),
        ("€80/hr - €95/hr", "80-95 EUR/h"),
        ("$60K/yr - $80K/yr", "60,000-80,000 USD/year"),
        ("50€/h bis 60€/h", "50-60 EUR/h"),
        ("up to €500/day", "up to 500 EUR/day"),
        ("bis zu 90 € pro Stunde", "up to 90 EUR/h"),
        ("from $60 per hour", "from 60 USD/h"),
        ("ab 85 € pro Stunde", "from 85 EUR/h"),
        ("$60+/hr", "from 60 USD/h"),
        ("$1.5k - $2k per month", "1,500-2,000 USD/month"),
        ("S$4,500 monthly", "4,500 SGD/month"),
        ("HK$400 an hour", "400 HKD/h"),
        ("SEK 650/h", "650 SEK/h"),
        ("15 000 zł miesięcznie, 15 000 zł per month", "15,000 PLN/month"),
        ("£300-350pd", "300-350 GBP/day"),
        ("€ 45,50 pro Stunde", "45.50 EUR/h"),
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
        "try 3 times a day", "top 5 all 3",
        "12 people, 3 hours a week", "call 555 1234", "since 2019", "", "Average bid: $430",
    ],
)  # fmt: skip
def test_other_money_and_other_numbers_are_not_pay(text: str) -> None:
    assert find_pay(text) is None


def test_the_pay_is_picked_from_among_other_money() -> None:
    text = "We raised $5M last year. The budget for tools is $200. Pay is $90/h, and the client has $18K total spent."
    assert str(find_pay(text).text()) == "90 USD/h"  # type: ignore[union-attr]


SIGNS = {"$": "USD", "€": "EUR", "£": "GBP", "CHF ": "CHF", "A$": "AUD"}
UNITS = {"/hr": "h", " per hour": "h", " pro Stunde": "h", "/day": "day", " pro Tag": "day", " a month": "month",
         " per year": "year", " p.a.": "year"}  # fmt: skip
MOST = {"h": 900, "day": 3_000, "month": 30_000, "year": 400_000}


def written(amount: int, mark: str) -> str:
    """An amount with its thousands apart, as one land or another writes it."""
    return f"{amount:,}".replace(",", mark)


@given(
    data=st.data(),
    sign=st.sampled_from(sorted(SIGNS)),
    unit=st.sampled_from(sorted(UNITS)),
    mark=st.sampled_from(["", ",", ".", "'", " ", "\u202f"]),
    dash=st.sampled_from(["-", " - ", "–", " to ", " bis "]),
    repeated=st.booleans(),
)
def test_a_range_comes_back_as_written(
    data: st.DataObject, sign: str, unit: str, mark: str, dash: str, repeated: bool
) -> None:
    period = UNITS[unit]
    low = data.draw(st.integers(10, MOST[period] - 1))
    high = data.draw(st.integers(low, MOST[period]))
    second = sign if repeated else ""
    pay = find_pay(f"We pay {sign}{written(low, mark)}{dash}{second}{written(high, mark)}{unit}, more or less.")
    assert pay is not None
    assert (pay.low, pay.high, pay.currency, pay.period) == (low, high, SIGNS[sign], period)


@given(
    amount=st.integers(10, 900),
    sign=st.sampled_from(sorted(SIGNS)),
    bound=st.sampled_from(["up to", "max.", "from", "at least", "exactly"]),
)
def test_a_bound_says_which_end_is_known(amount: int, sign: str, bound: str) -> None:
    pay = find_pay(f"The rate is {bound} {sign}{amount} per hour")
    assert pay is not None
    wanted = {"up to": (None, amount), "max.": (None, amount), "from": (amount, None), "at least": (amount, None)}
    assert (pay.low, pay.high) == wanted.get(bound, (amount, amount))


@given(amount=st.integers(1, 400), sign=st.sampled_from(["$", "€", "£"]), behind=st.booleans())
def test_thousands_in_short_are_thousands(amount: int, sign: str, behind: bool) -> None:
    pay = find_pay(f"{amount}k {sign} per year" if behind else f"{sign}{amount}k per year")
    assert pay is not None
    assert (pay.low, pay.period) == (amount * 1000, "year")


@given(st.text(max_size=400))
def test_no_text_breaks_it(text: str) -> None:
    pay = read_pay(text)
    assert pay is None or pay.low or pay.high
    assert pay is None or pay.low is None or pay.high is None or pay.low <= pay.high
