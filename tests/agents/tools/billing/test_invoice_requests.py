"""A sentence about invoices names one thing to do."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.tools.billing.invoice_requests import days_of, read_action, read_request


@pytest.mark.parametrize(
    ("text", "action", "fields"),
    [
        ("list my invoices", "list", {}),
        ("show unpaid invoices", "list", {"state": "unpaid"}),
        ("which invoices are overdue?", "list", {"state": "overdue"}),
        ("who owes me money?", "list", {"state": "unpaid"}),
        ("show me all invoices for Acme", "list", {"client": "Acme"}),
        ("show invoices from last month", "list", {"period": "last month"}),
        ("mark invoice 2026-0003 paid", "paid", {"number": "2026-0003"}),
        ("invoice 3 is paid", "paid", {"number": "3"}),
        ("that invoice is paid", "paid", {}),
        ("Acme GmbH has paid", "paid", {"client": "Acme GmbH"}),
        ("is invoice 2026-0001 paid?", "show", {"number": "2026-0001"}),
        ("mark 2026-0001 unpaid", "unpay", {"number": "2026-0001"}),
        ("I sent the invoice", "sent", {}),
        ("show invoice 2026-0001", "show", {"number": "2026-0001"}),
        ("give me the PDF of that invoice", "show", {}),
        ("how much did I bill this year?", "billed", {"period": "this year"}),
        ("how much have I invoiced in March 2025", "billed", {"period": "march 2025"}),
        ("my revenue in 2025", "billed", {"period": "2025"}),
        ("void invoice 2026-0002", "void", {"number": "2026-0002"}),
        ("cancel that invoice", "void", {}),
        ("for Acme GmbH", "change", {"client": "Acme GmbH"}),
        ("make it 85 €", "change", {}),
        ("due in 30 days", "change", {"due_days": 30}),
        ("how much did Karst pay me this year", "billed", {"client": "Karst", "period": "this year"}),
        ("does Wendelin still owe me anything", "list", {"client": "Wendelin"}),
        ("is Karst's invoice overdue", "list", {"client": "Karst", "state": "overdue"}),
        ("mark the Karst invoice as paid", "paid", {"client": "Karst"}),
        ("make it net 30", "change", {"client": None, "due_days": 30}),
    ],
)
def test_the_action_and_what_it_needs_are_read(text: str, action: str, fields: dict[str, Any]) -> None:
    read = read_request(text)
    assert read["action"] == action
    assert {name: read.get(name) for name in fields} == fields


@pytest.mark.parametrize(
    ("text", "price"),
    [
        ("bill Wendelin for the brochure, 640", "640"),
        ("invoice: Studio Vega, 360 for banners", "360"),
        ("no, 85 not 75!!", "85"),
        ("bill Wendelin for the 2 brochures", None),
    ],
)
def test_the_one_sum_without_a_currency_is_the_price(text: str, price: str | None) -> None:
    assert [line["price"] for line in read_request(text)["lines"]] == [price]


@pytest.mark.parametrize(
    "text",
    [
        "create an invoice for 12.5 hours at 80 € with 19 % VAT",
        "invoice ACME 3 days at 640 EUR",
        "send an invoice to Acme for 3 days at 500 €",
        "12.5 hours at 80 €",
        "new invoice",
        "bill Maria for 2 hours at my usual rate",
    ],
)
def test_making_one_is_making_one(text: str) -> None:
    assert read_action(text) == "create"


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        ("this month", date(2026, 2, 1), date(2026, 2, 28)),
        ("last month", date(2026, 1, 1), date(2026, 1, 31)),
        ("last quarter", date(2025, 10, 1), date(2025, 12, 31)),
        ("this year", date(2026, 1, 1), date(2026, 12, 31)),
        ("2024", date(2024, 1, 1), date(2024, 12, 31)),
        ("march", date(2025, 3, 1), date(2025, 3, 31)),
        ("february 2024", date(2024, 2, 1), date(2024, 2, 29)),
        ("last week", date(2026, 2, 2), date(2026, 2, 8)),
        ("today", date(2026, 2, 11), date(2026, 2, 11)),
    ],
)
def test_a_period_has_a_first_and_a_last_day(period: str, first: date, last: date) -> None:
    assert days_of(period, date(2026, 2, 11)) == (first, last)


@pytest.mark.timeout(20)
@pytest.mark.parametrize("piece", [" ", "\n", " \n", "\t", "a", "1 ", "€", "A ", '"', "for Acme ", "12h"])
def test_a_hostile_text_is_read_all_the_same(piece: str) -> None:
    assert read_request(piece * 100_000)["action"]


@given(st.text(max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    assert read_request(text)["action"]
