"""What the books teach, by figures worked out by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from memory.business.insights import estimate_fit, hourly_rates, set_aside, share, win_rate, win_rates
from memory.business.late_interest import owed_on
from memory.money import Money
from memory.overview.books import Bill, Books, Chance, Cost, Offer, Receipt, Undertaking, Work

DAY = date(2026, 3, 2)
CAME = datetime(2026, 3, 1, 9, tzinfo=UTC)


def euro(amount: str) -> Money:
    return Money(Decimal(amount), "EUR")


def lead(name: str, state: str, value: str = "800", source: str = "referral", hours: float = 2) -> Chance:
    answered = CAME + timedelta(hours=hours)
    return Chance(name, name, "", state, source, "web", Decimal(value), "EUR", CAME, answered, answered)


def bill(id_: str, net: str, tax: str, **changes: Any) -> Bill:
    fields: dict[str, Any] = {
        "id": id_, "number": id_, "state": "paid", "client": "acme", "project": "", "issued": DAY, "due": DAY,
        "paid_on": DAY, "currency": "EUR", "net": Decimal(net), "tax": Decimal(tax),
        "total": Decimal(net) + Decimal(tax), "paid": Decimal(net) + Decimal(tax), "credited": Decimal(0),
        "credit": False,
    }  # fmt: skip
    return Bill(**{**fields, **changes})


def work(minutes: int, billed: bool, project: str = "", client: str = "acme") -> Work:
    return Work("w", client, project, DAY, minutes, None, billed)


def test_a_share_of_few_says_how_little_it_knows() -> None:
    few, many = share("", 2, 4), share("", 200, 400)
    assert few.rate == many.rate == 0.5
    assert (round(few.low, 2), round(few.high, 2)) == (0.18, 0.82)
    assert (round(many.low, 2), round(many.high, 2)) == (0.46, 0.54)
    assert share("", 0, 0).high == 1


def test_the_win_rate_counts_what_was_decided() -> None:
    books = Books(leads=(lead("a", "won"), lead("b", "lost"), lead("c", "won"), lead("d", "new"), lead("e", "dropped")))
    assert (win_rate(books).won, win_rate(books).count) == (2, 3)
    assert win_rate(books, since=DAY + timedelta(days=9)).count == 0


def test_the_win_rate_by_price_source_and_time_to_answer() -> None:
    leads = (
        lead("a", "won", "400", "referral", 0.5),
        lead("b", "won", "900", "referral", 30),
        lead("c", "lost", "900", "upwork", 100),
    )
    sent = Offer("o", "c", "", "declined", "c", Decimal(12_000), "EUR", CAME, CAME, None)
    books = Books(leads=leads, offers=(sent,))
    prices = [(one.label, one.won, one.count) for one in win_rates(books, "price")]
    assert prices == [("below 500 €", 1, 1), ("500 to 1,000 €", 1, 1), ("10,000 € and more", 0, 1)]
    assert [(one.label, one.rate) for one in win_rates(books, "source")] == [("referral", 1), ("upwork", 0)]
    assert [one.label for one in win_rates(books, "answer")] == ["within an hour", "within three days", "later"]
    assert [(one.label, one.count) for one in win_rates(books, "niche")] == [("web", 3)]


def test_estimates_are_compared_with_the_hours_logged_on_finished_projects() -> None:
    projects = tuple(
        Undertaking(name, name, "acme", state, Decimal(10), None)
        for name, state in (("a", "done"), ("b", "done"), ("c", "done"), ("d", "open"))
    )
    hours = tuple(work(minutes, True, name) for name, minutes in (("a", 600), ("b", 720), ("c", 900), ("d", 9_000)))
    fit = estimate_fit(Books(projects=projects, work=hours))
    assert fit and (fit.projects, fit.middle, fit.low, fit.high) == (3, 1.2, 1.1, 1.35)
    assert estimate_fit(Books(projects=projects)) is None


def test_an_hour_with_a_client_brings_what_is_left_after_unpaid_time_and_costs() -> None:
    books = Books(
        bills=(bill("1", "1000", "190"), bill("2", "-200", "-38", credit=True), bill("3", "9", "0", state="draft")),
        work=(work(480, True), work(120, False)),
        costs=(
            Cost("x", DAY, "software", Decimal(50), "EUR", "acme", False),
            Cost("y", DAY, "travel", Decimal(99), "EUR", "acme", True),
        ),
    )
    (acme,) = hourly_rates(books)
    assert (acme.hours, acme.unbilled, acme.billed, acme.costs) == (10, 2, euro("800"), euro("50"))
    assert acme.rate == euro("75")


def test_what_to_set_aside_is_the_vat_that_came_in_and_a_part_of_the_profit() -> None:
    books = Books(
        bills=(bill("1", "1000", "190"),),
        receipts=(Receipt(DAY, Decimal("595"), "EUR", "acme", "1"),),
        costs=(Cost("x", DAY, "software", Decimal(100), "EUR", "", False),),
    )
    aside = set_aside(books, "EUR", DAY, DAY, Decimal(30))
    assert (aside.received, aside.vat, aside.profit) == (euro("595"), euro("95"), euro("400"))
    assert (aside.income_tax, aside.total) == (euro("120"), euro("215"))
    assert set_aside(Books(costs=books.costs), "EUR", DAY, DAY, Decimal(30)).income_tax == euro("0")


@pytest.mark.parametrize(
    ("country", "amount", "percent", "interest", "fee"),
    [
        ("DE", "1190.00", "10.27", "10.04", "40"),
        ("ES", "1190.00", "10.15", "9.93", "40"),
        ("FR", "1190.00", "12.15", "11.88", "40"),
    ],
)
def test_late_interest_follows_the_rule_of_the_country(
    country: str, amount: str, percent: str, interest: str, fee: str
) -> None:
    owed = owed_on(euro(amount), date(2025, 9, 1), date(2025, 10, 1), country)
    assert owed and (owed.days, owed.percent, owed.interest) == (30, Decimal(percent), euro(interest))
    assert owed.fee == euro(fee) and owed.known_since == date(2025, 7, 1)


def test_late_interest_takes_a_base_rate_that_was_told_and_assumes_none_elsewhere() -> None:
    due, today = date(2026, 9, 1), date(2026, 9, 11)
    owed = owed_on(euro("1000"), due, today, "AT", {"ECB": {"2026-07-01": "1.50"}})
    assert owed and owed.percent == Decimal("9.50") and owed.known_since == date(2026, 7, 1)
    assert owed_on(euro("1000"), due, due, "AT") is None
    assert owed_on(euro("1000"), due, today, "US") is None
    pounds = owed_on(Money(Decimal(5000), "GBP"), due, today, "GB")
    assert pounds and pounds.fee == Money(Decimal(70), "GBP")
