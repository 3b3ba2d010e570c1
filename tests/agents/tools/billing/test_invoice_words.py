"""One sentence becomes exact lines, a client, a tax and a due date."""

from decimal import Decimal

import pytest

from agents.tools.billing.invoice_words import (
    REVERSE_NOTE,
    SMALL_NOTE,
    Tax,
    read_client,
    read_due,
    read_lines,
    read_tax,
)


def said(text: str) -> list[tuple[str, str | None, str, str | None, str]]:
    return [
        (
            line.description,
            None if line.quantity is None else f"{line.quantity.normalize():f}",
            line.unit,
            None if line.price is None else f"{line.price.normalize():f}",
            line.currency,
        )
        for line in read_lines(text)
    ]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("create an invoice for 12.5 hours at 80 € with 19 % VAT", [("", "12.5", "h", "80", "EUR")]),
        ("create an invoice for 12,5 hours at 80 €", [("", "12.5", "h", "80", "EUR")]),
        ("invoice ACME 3 days at 640 EUR", [("", "3", "day", "640", "EUR")]),
        (
            "create an invoice for Acme GmbH for website work, 12.5 hours at 80 € plus 19% VAT",
            [("Website work", "12.5", "h", "80", "EUR")],
        ),
        (
            "10 h design at 70 € and 5 h development at 90 €",
            [("Design", "10", "h", "70", "EUR"), ("Development", "5", "h", "90", "EUR")],
        ),
        (
            "10 h design and 5 h development at 80 €",
            [("Design", "10", "h", "80", "EUR"), ("Development", "5", "h", "80", "EUR")],
        ),
        (
            "Invoice:\n- 10 h design at 70 €\n- 5 h development at 90 €\nfor Acme GmbH\n19% VAT",
            [("Design", "10", "h", "70", "EUR"), ("Development", "5", "h", "90", "EUR")],
        ),
        (
            'invoice Acme 3 h "API, and tests" at 90 € and 200 € for hosting',
            [("API, and tests", "3", "h", "90", "EUR"), ("Hosting", "1", "", "200", "EUR")],
        ),
        ("bill Bolt Ltd $1,200 for the landing page", [("Landing page", "1", "", "1200", "USD")]),
        ("invoice 2 logos at 300 € each for Studio Nord", [("Logos", "2", "item", "300", "EUR")]),
        ("invoice 1500 words at 0.12 USD", [("", "1500", "word", "0.12", "USD")]),
        ("half a day of consulting at 800 CHF/day", [("Consulting", "0.5", "day", "800", "CHF")]),
        ("twenty-five hours design at 80 €", [("Design", "25", "h", "80", "EUR")]),
        ("three days of workshop at 900 €", [("Workshop", "3", "day", "900", "EUR")]),
        ("invoice 12h30 at 90 eur", [("", "12.5", "h", "90", "EUR")]),
        ("90 minutes coaching at €100/h", [("Coaching", "1.5", "h", "100", "EUR")]),
        ("Rechnung an Müller GmbH, 8 Stunden à 85 Euro, 19 % MwSt", [("", "8", "h", "85", "EUR")]),
        ("fais une facture pour Studio Lumière, 2 jours à 450 €", [("", "2", "day", "450", "EUR")]),
        ("12.5 hours at 80", [("", "12.5", "h", "80", "")]),
        ("3 days of consulting, at 640 EUR", [("Consulting", "3", "day", "640", "EUR")]),
        ("12.5 hours for website work in March at 80 €", [("Website work in March", "12.5", "h", "80", "EUR")]),
    ],
)
def test_lines_are_read(text: str, lines: list[tuple[str, str, str, str, str]]) -> None:
    assert said(text) == lines


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("create an invoice for 10 hours", ("", "10", "h", None, "")),
        ("create an invoice for website work at 80 €/h", ("Website work", None, "h", "80", "EUR")),
    ],
)
def test_what_was_not_said_stays_open(text: str, line: tuple[str, str | None, str, str | None, str]) -> None:
    assert said(text) == [line]


def test_a_fixed_price_beside_hours_does_not_become_their_price() -> None:
    assert said("10 h design and 200 € for hosting") == [
        ("Design", "10", "h", None, ""),
        ("Hosting", "1", "", "200", "EUR"),
    ]


@pytest.mark.parametrize("text", ["create an invoice", "create an invoice for Acme GmbH", "new invoice please"])
def test_a_bare_wish_has_no_lines(text: str) -> None:
    assert read_lines(text) == []


@pytest.mark.parametrize(
    ("text", "client"),
    [
        ("create an invoice for Acme GmbH for website work", "Acme GmbH"),
        ("invoice ACME 3 days at 640 EUR", "ACME"),
        ("invoice acme for 3 days at 640 EUR", "acme"),
        ("invoice for 10 h design at 70 € for Müller & Söhne GmbH", "Müller & Söhne GmbH"),
        ("bill Bolt Ltd $1,200 for the landing page", "Bolt Ltd"),
        ("an invoice of 500 euros to Maria López for a logo", "Maria López"),
        ("Please write an invoice to Café Zürich AG: 1,190 €", "Café Zürich AG"),
        ("bill 3 hours at 60 € for Python Software Foundation, due 1 April", "Python Software Foundation"),
        ("the client is Bolt Ltd", "Bolt Ltd"),
        ("for Acme GmbH", "Acme GmbH"),
        ("create an invoice for 12.5 hours at 80 € with 19 % VAT", None),
        ("create an invoice for SEO work at 80 €", None),
        ("create an invoice for Python development, 3 h at 80 €", None),
        ("create an invoice for work in March", None),
        ("create an invoice over 12.5 hours at 80 €", None),
    ],
)
def test_the_client_is_read(text: str, client: str | None) -> None:
    assert read_client(text) == client


@pytest.mark.parametrize(
    ("text", "tax"),
    [
        ("with 19 % VAT", Tax(Decimal(19))),
        ("plus 8.1% tax", Tax(Decimal("8.1"))),
        ("VAT at 20%", Tax(Decimal(20))),
        ("1190 € including 19 % VAT", Tax(Decimal(19), gross=True)),
        ("1190 €, 19 % VAT included", Tax(Decimal(19), gross=True)),
        ("without VAT", Tax(Decimal(0))),
        ("under reverse charge", Tax(Decimal(0), note=REVERSE_NOTE)),
        ("I am a small business", Tax(Decimal(0), note=SMALL_NOTE)),
        ("12.5 hours at 80 €", Tax()),
    ],
)
def test_the_tax_is_read(text: str, tax: Tax) -> None:
    assert read_tax(text) == tax


def test_two_rates_belong_to_their_lines() -> None:
    lines = read_lines("a book at 20 € with 7 % VAT and 10 hours at 100 € with 19 % VAT")
    assert [line.vat for line in lines] == [Decimal(7), Decimal(19)]


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("due in 30 days", (30, None)),
        ("net 14", (14, None)),
        ("payable within 2 weeks", (14, None)),
        ("due immediately", (0, None)),
        ("due on 2026-04-01", (None, "2026-04-01")),
        ("due 1 April 2026", (None, "2026-04-01")),
        ("due by April 1st", (None, "04-01")),
        ("due on 1.4.2026", (None, "2026-04-01")),
        ("payable until 1. März 2027", (None, "2027-03-01")),
        ("12.5 hours in 14 days", (None, None)),
    ],
)
def test_the_due_date_is_read(text: str, due: tuple[int | None, str | None]) -> None:
    assert read_due(text) == due
