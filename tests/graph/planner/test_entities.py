"""What the planner finds in a sentence."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.planner.entities import extract, names

TODAY = date(2026, 11, 21)  # a Saturday


def test_the_parts_of_an_invoice_sentence() -> None:
    found = extract("create an invoice for 12.5 hours at 80 € with 19 % VAT", TODAY)
    assert found.hours == [Decimal("12.5")]
    assert found.money == [(Decimal(80), "EUR")]
    assert found.percents == [Decimal(19)]
    assert found.numbers == []


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("over $60/h", ("60", "USD", "h")),
        ("80 euros an hour", ("80", "EUR", "h")),
        ("640 EUR per day", ("640", "EUR", "day")),
        ("£5k a month", ("5000", "GBP", "month")),
        ("60k € per year", ("60000", "EUR", "year")),
    ],
)
def test_a_rate_is_money_with_a_unit_of_time(text: str, rate: tuple[str, str, str]) -> None:
    assert extract(text, TODAY).rates == [(Decimal(rate[0]), rate[1], rate[2])]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("due 2026-12-01", date(2026, 12, 1)),
        ("by 3.12.2026", date(2026, 12, 3)),
        ("on 5 January", date(2027, 1, 5)),
        ("December 24th, 2026", date(2026, 12, 24)),
        ("tomorrow", date(2026, 11, 22)),
        ("in 2 weeks", date(2026, 12, 5)),
        ("by Friday", date(2026, 11, 27)),
        ("next saturday", date(2026, 11, 28)),
        ("bis Freitag", date(2026, 11, 27)),
        ("am 1. März 2027", date(2027, 3, 1)),
    ],
)
def test_dates_in_figures_and_in_words(text: str, day: date) -> None:
    assert extract(text, TODAY).dates == [day]


def test_the_and_after_a_price_is_no_unit() -> None:
    found = extract("10 h at 70 € and 5 h at 90 €", TODAY)
    assert found.rates == []
    assert found.money == [(Decimal(70), "EUR"), (Decimal(90), "EUR")]


def test_a_day_that_does_not_exist_is_no_date() -> None:
    found = extract("on 2026-02-31", TODAY)
    assert (found.dates, found.numbers) == ([], [])


def test_addresses_and_quotes() -> None:
    found = extract("mail bob@acme.com about https://acme.com/jobs/7, subject “Hello there”.", TODAY)
    assert found.emails == ["bob@acme.com"]
    assert found.urls == ["https://acme.com/jobs/7"]
    assert found.quoted == ["Hello there"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("can Lindqvist pay me by card?", ["Lindqvist"]),
        ("hat Karst schon bezahlt?", ["Karst"]),
        ("Did Studio Vega finally pay?", ["Studio Vega"]),
        ("Karst ha pagado", ["Karst"]),
        ("Karst por fin ha pagado la factura 2026-0041", ["Karst"]),
        ("Frau Nowak hat die 380 überwiesen", ["Nowak"]),
        ("wipe everything you have on Bianchi", ["Bianchi"]),
        ("une facture, client Mairie de Vannes", ["Mairie de Vannes"]),
        ("Delacroix a enfin réglé", ["Delacroix"]),
        ("ha pagado ya la señora Ortega?", ["Ortega"]),
        ("ha pagato la Rossini?", ["Rossini"]),
        ("check if Mr Tanaka's payment came in", ["Tanaka"]),
        ("answer Kim: yes, thursday works", ["Kim"]),
        ("send the offer to de Vries, 4 days", ["de Vries"]),
        ("Brief an Frau von Bergen", ["von Bergen"]),
        ("tell petra i need the logo files", ["petra"]),
        ("ask them if it fits", []),
        ("Who paid?", []),
        ("Client paid me today", []),
    ],
)
def test_who_pays_is_named(text: str, found: list[str]) -> None:
    assert names(text) == found


@given(st.sampled_from(("Kovács", "Smith & Sons", "Atelier Roux", "Nowak")), st.integers(1, 99_999))
def test_a_name_is_found_whatever_sum_stands_beside_it(name: str, amount: int) -> None:
    for text in (f"invoice {name} {amount}", f"{amount} € for {name}", f"did {name} pay the {amount}?"):
        assert names(text) == [name]


@given(st.decimals(min_value=1, max_value=999_999, places=2), st.sampled_from(("€{}", "{} EUR", "{} euros", "EUR {}")))
def test_a_sum_is_the_same_however_it_is_written(amount: Decimal, form: str) -> None:
    english, continental = f"{amount:,.2f}", f"{amount:,.2f}".translate(str.maketrans(",.", ".,"))
    assert extract(form.format(english), TODAY).money == extract(form.format(continental), TODAY).money
    assert extract(form.format(english), TODAY).money == [(amount, "EUR")]


@given(st.text(max_size=300))
def test_no_text_breaks_it(text: str) -> None:
    extract(text, TODAY)
