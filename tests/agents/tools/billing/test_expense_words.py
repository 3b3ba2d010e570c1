"""What a sentence says of money that was spent."""

from __future__ import annotations

import pytest

from agents.specialists.bookkeeping import read


@pytest.mark.parametrize(
    ("text", "amount", "category"),
    [
        ("I spent 40 € on train tickets", "40 EUR", "travel"),
        ("taxi 18 euro yesterday", "18 EUR", "travel"),
        ("lunch with client 38.50", "38.50", "meals"),
        ("spent 89.99 on a keyboard", "89.99", "hardware"),
        ("paid 12 for hosting", "12", "software"),
    ],
)
def test_costs_are_kept_with_or_without_a_currency(text: str, amount: str, category: str) -> None:
    found = read(text)
    assert (found["action"], found["amount"], found["category"]) == ("spend", amount, category)


@pytest.mark.parametrize(
    "text", ["bill Acme 40 € for train tickets", "Acme has paid 300", "taxi design, 3 h at 80 €, bill it"]
)
def test_work_that_is_billed_is_no_cost(text: str) -> None:
    assert read(text)["action"] != "spend"
