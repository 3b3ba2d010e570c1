"""Which numbers a text states, and which of them nothing holds."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.tools.text.stated import Held, stated

TODAY = date(2026, 11, 21)
EVIDENCE = "| VAT | 19 | 1,190.00 € | due 12 May 2026 | 12.5 hours | $3k | 0.5 % |"


def lacks(text: str, evidence: str = EVIDENCE) -> list[str]:
    return Held([evidence], TODAY, counts=[3]).lacks(text)


@pytest.mark.parametrize(
    "text",
    [
        "1,190.00 €", "1.190,00 EUR", "1190", "1 190 euros", "19 %", "12,5 h", "2026-05-12", "12.05.2026",
        "May 12, 2026", "the 12th", "in 2026", "three", "$3,000", "3k USD", "nineteen", "19–19", "0,5%",
    ],
)  # fmt: skip
def test_the_same_number_may_be_written_in_other_ways(text: str) -> None:
    assert lacks(text) == []


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1,191.00 €", "1,191.00 €"),
        ("EUR1191", "1191"),
        ("13 May 2026", "13 May 2026"),
        ("two thousand dollars", "two thousand dollars"),
        ("a million", "million"),
        ("1.19 million", "1.19 million"),
        ("1190 $", "1190 $"),
        ("0.5 €", "0.5 €"),
        ("٤٢", "٤٢"),
        ("x²", "2"),
        ("42", "42"),
    ],
)
def test_a_number_of_another_value_or_unit_is_lacking(text: str, number: str) -> None:
    assert lacks(text) == [number]


def test_one_is_a_pronoun_and_a_plain_figure_may_get_any_unit() -> None:
    assert lacks("the one that is 19 % or 19 €") == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,200.50", "1200.50"), ("1.200,50", "1200.50"), ("1'200", "1200"), ("1.2 million", "1200000"),
        ("80k €", "80000"), ("twenty-five thousand", "25000"), ("three hundred", "300"), ("a million", "1000000"),
        ("1 200 400", "1200400"), ("12", "12"),
    ],
)  # fmt: skip
def test_a_number_has_one_reading(text: str, value: str) -> None:
    assert [one.value for one in stated(text, TODAY)] == [Decimal(value)]


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="0123456789.,'’ €$%kEURabc-/:()²٣３½\u00a0", max_size=40))
def test_what_is_said_may_be_said_again_and_no_figure_goes_unread(text: str) -> None:
    held = Held([text], TODAY)
    assert held.lacks(text) == []
    if any(letter.isdecimal() for letter in text):
        assert Held([], TODAY).lacks(text)


@settings(max_examples=200, deadline=None)
@given(
    st.integers(min_value=21, max_value=10**9),
    st.sampled_from(["{}", "{} €", "EUR{}", "({})", "{:,}", "{:,.2f} $", "x{}y"]),
)
def test_a_number_that_is_nowhere_is_always_found_out(number: int, form: str) -> None:
    held = Held(["Between 1 and 20 there is nothing of the kind."], TODAY)
    assert held.lacks(f"It comes to {form.format(number)}, they say.")
