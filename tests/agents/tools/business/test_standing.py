"""How business stands, from the books."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest

from agents.specialists.insights import read
from agents.tools.business.standing import standing
from memory.overview.books import Bill, Books, Cost, Receipt, Work

TODAY = date(2026, 11, 22)


def bill(number: str, issued: date, net: int, *, state: str = "sent", due: date = date(2026, 12, 31)) -> Bill:
    gross = Decimal(net) * Decimal("1.19")
    paid = gross if state == "paid" else Decimal(0)
    return Bill(
        number, number, state, "c", "", issued, due, issued if paid else None, "EUR", Decimal(net),
        gross - net, gross, paid, Decimal(0), False,
    )  # fmt: skip


BOOKS = Books(
    bills=(
        bill("1", date(2026, 3, 1), 1000, state="paid"),
        bill("2", date(2026, 10, 1), 500, due=date(2026, 10, 31)),
        bill("3", date(2025, 5, 1), 1200, state="paid"),
        bill("4", date(2025, 12, 1), 9000, state="paid"),
        bill("5", date(2026, 11, 1), 7000, state="draft"),
    ),
    receipts=(Receipt(date(2026, 3, 9), Decimal(1190), "EUR", "c", "1"),),
    costs=(Cost("k", date(2026, 2, 1), "travel", Decimal(100), "EUR", "", False),),
    work=(
        Work("w", "c", "", date(2026, 11, 2), 90, None, billed=False),
        Work("v", "c", "", date(2026, 11, 3), 60, datetime(2026, 11, 3, 9), billed=True),
    ),
)


def test_the_year_is_told_beside_the_same_days_of_the_year_before() -> None:
    text = standing("insights", None, BOOKS, TODAY).text
    assert "From 1 Jan to 22 Nov 2026" in text
    assert "Billed: **1,500.00 €** before tax on 2 invoices." in text
    assert "That is 25 % more than the 1,200.00 € of a year before." in text
    assert "Received: 1,190.00 €" in text
    assert "Still to come: 595.00 €. Of that **595.00 €** is overdue." in text
    assert "Expenses: 100.00 €, which leaves 1,400.00 € before tax" in text
    assert "2.5 h logged, 1.5 h of them not billed yet" in text


def test_a_month_without_records_is_not_judged() -> None:
    assert "nothing to judge" in standing("insights", "this month", replace(BOOKS, bills=(), work=()), TODAY).text


@pytest.mark.parametrize(
    "text",
    ["how am I doing this year?", "how's business?", "wie läuft es dieses Jahr?", "¿cómo voy este año?",
     "am I doing better than last year?"],
)  # fmt: skip
def test_it_is_asked_in_many_ways(text: str) -> None:
    assert read(text)["action"] == "standing" and read(text).get("period") in (None, "this year")
