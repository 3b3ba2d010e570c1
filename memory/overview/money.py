"""The view of money: earned, due, overdue, and what is to be expected."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal

from memory.business.insights import USUAL_PERCENT, set_aside
from memory.overview import choosing, words
from memory.overview.books import Bill, Books
from memory.overview.shapes import Chart, Row, Series, Table, Tile, View, link

MONTHS = 12
WEEKS = 8
MOST = 8
ENOUGH = 5
"""Paid invoices from which on their lateness tells something."""
LATENESS = (0, 7, 21)
"""Days late that are assumed until then: prompt, usual, slow."""
LOST = 90
"""Days late from which on an invoice is not counted on any more."""


def money(books: Books, today: date, currency: str = "") -> View:
    """Figures of one currency, the most frequent unless one is named."""
    currency = currency or books.currencies[0]
    due, overdue = (choosing.bills(books, today, state=state, currency=currency) for state in ("due", "overdue"))
    late, soon = _open(overdue), _open(due)
    month, year = words.month_of(today), f"{today:%Y}"
    came, before = _received(books, month, currency), _to_same_day(books, today, currency)
    earned, spent = _received(books, year, currency), _spent(books, year, currency)
    expected = forecast(books, today, currency)
    four = expected[3]
    percent = USUAL_PERCENT if books.tax_percent is None else books.tax_percent
    aside = set_aside(books, currency, today.replace(month=1, day=1), today, percent)
    tiles = (
        Tile(
            "Received this month",
            words.sum_of(came, currency),
            words.change(float(came), float(before), "last month by this day"),
            link=link("payment", month=month, currency=currency),
        ),
        Tile(
            "Due",
            words.sum_of(soon, currency),
            words.count(len(due), "invoice"),
            link=link("invoice", state="due", currency=currency),
        ),
        Tile(
            "Overdue",
            words.sum_of(late, currency),
            words.count(len(overdue), "invoice"),
            "bad" if late else "",
            link("invoice", state="overdue", currency=currency),
        ),
        Tile(
            "Expected in 4 weeks",
            words.sum_of(four[1], currency),
            f"between {words.sum_of(four[0], currency)} and {words.sum_of(four[2], currency)}"
            if four[0] < four[2]
            else "",
            link=link("invoice", state="open", currency=currency),
        ),
        Tile(
            f"Received in {year}",
            words.sum_of(earned, currency),
            link=link("payment", month=year, currency=currency),
        ),
        Tile(f"Spent in {year}", words.sum_of(spent, currency), link=link("expense", month=year, currency=currency)),
        Tile(
            "To set aside for tax",
            words.sum_of(aside.total.amount, currency),
            f"VAT and {percent.normalize():f} % of the profit" + ("" if books.tax_percent else ", a rule of thumb"),
            link=link("payment", month=year, currency=currency),
        ),
    )
    charts = (_by_month(books, today, currency), _expected(expected, today, currency), _by_client(due + overdue, books))
    return View(
        "money",
        "Money",
        _sentence(came, late, len(overdue), currency),
        tiles,
        tuple(chart for chart in charts if chart.labels),
        (_overdue(overdue, books, today),),
        empty=""
        if books.bills or books.costs
        else "No invoice and no expense yet. Write the first one by chat, and this page begins to count.",
        asks=("Create an invoice for 10 hours at 80 € for Acme", "I spent 49 € on software today"),
        currencies=books.currencies,
    )


def forecast(books: Books, today: date, currency: str, weeks: int = WEEKS) -> list[tuple[Decimal, Decimal, Decimal]]:
    """What comes in by the end of each coming week, added up: low, middle and high.

    Each open invoice is expected so many days after it is due as clients were late before: the slowest fifth (low), the
    median (middle) and the promptest fifth (high). One that is later than that already is expected within a week, but
    one that is `LOST` days late only in the high one.
    """
    prompt, usual, slow = lateness(books, today)
    waiting = choosing.bills(books, today, state="open", currency=currency)
    ends = [today + timedelta(weeks=number) for number in range(1, weeks + 1)]

    likely = [bill for bill in waiting if (today - bill.due).days < LOST]

    def by(end: date, late: int, bills: list[Bill]) -> Decimal:
        return sum((bill.open for bill in bills if bill.due + timedelta(days=late) <= end), Decimal(0))

    return [(by(end, slow, likely), by(end, usual, likely), by(end, prompt, waiting)) for end in ends]


def lateness(books: Books, today: date) -> tuple[int, int, int]:
    """Days between due and paid in the last year: of the promptest fifth, the median, and the slowest fifth."""
    paid = [
        (bill.paid_on - bill.due).days
        for bill in books.bills
        if bill.state == "paid" and bill.paid_on and not bill.credit and (today - bill.paid_on).days <= 365
    ]
    if len(paid) < ENOUGH:
        return LATENESS
    low, middle, high = (int(words.quantile(paid, part)) for part in (0.2, 0.5, 0.8))
    return low, middle, high


def _open(bills: list[Bill]) -> Decimal:
    return sum((bill.open for bill in bills), Decimal(0))


def _received(books: Books, month: str, currency: str) -> Decimal:
    return sum((one.amount for one in choosing.receipts(books, month=month, currency=currency)), Decimal(0))


def _spent(books: Books, month: str, currency: str) -> Decimal:
    return sum((one.amount for one in choosing.costs(books, month=month, currency=currency)), Decimal(0))


def _to_same_day(books: Books, today: date, currency: str) -> Decimal:
    last = words.month_of(today.replace(day=1) - timedelta(days=1))
    came = choosing.receipts(books, month=last, currency=currency)
    return sum((one.amount for one in came if one.day.day <= today.day), Decimal(0))


def _sentence(came: Decimal, late: Decimal, count: int, currency: str) -> str:
    first = f"{words.sum_of(came, currency)} came in this month"
    if not late:
        return f"{first}, and nothing is overdue."
    verb = "is" if count == 1 else "are"
    return f"{first}; {words.count(count, 'invoice')} {verb} overdue, {words.sum_of(late, currency)} in all."


def _by_month(books: Books, today: date, currency: str) -> Chart:
    months = words.months_until(today, MONTHS)
    came, went = dict.fromkeys(months, Decimal(0)), dict.fromkeys(months, Decimal(0))
    for one in choosing.receipts(books, currency=currency):
        if (month := words.month_of(one.day)) in came:
            came[month] += one.amount
    for cost in choosing.costs(books, currency=currency):
        if (month := words.month_of(cost.day)) in went:
            went[month] += cost.amount
    best = max(months, key=lambda month: came[month])
    return Chart(
        "by_month",
        "Received and spent by month",
        f"In twelve months {words.sum_of(sum(came.values(), Decimal(0)), currency)} came in and "
        f"{words.sum_of(sum(went.values(), Decimal(0)), currency)} went out; the best month was "
        f"{words.month_name(best)} with {words.sum_of(came[best], currency)}.",
        "columns",
        "money",
        tuple(words.month_name(month) for month in months) if any(came.values()) or any(went.values()) else (),
        (
            Series("Received", tuple(map(float, came.values())), "good"),
            Series("Spent", tuple(map(float, went.values())), "warn"),
        ),
        currency,
        links=tuple(link("payment", month=month, currency=currency) for month in months),
    )


def _expected(expected: list[tuple[Decimal, Decimal, Decimal]], today: date, currency: str) -> Chart:
    ends = [today + timedelta(weeks=number) for number in range(1, len(expected) + 1)]
    low, middle, high = zip(*expected, strict=True)
    if not high[-1]:
        ends = []
    return Chart(
        "forecast",
        "What is likely to come in",
        f"By {words.day(ends[-1])} {words.sum_of(middle[-1], currency)} of invoices sent should be here; the range "
        "shows clients who pay as promptly, and as late, as they did before."
        if ends
        else "",
        "band",
        "money",
        tuple(end.isoformat() for end in ends),
        tuple(
            Series(name, tuple(map(float, values)) if ends else ())
            for name, values in (("Slow payers", low), ("As usual", middle), ("Prompt payers", high))
        ),
        currency,
        dated=True,
    )


def _by_client(bills: list[Bill], books: Books) -> Chart:
    owed: Counter[str] = Counter()
    for bill in bills:
        owed[bill.client] += bill.open  # type: ignore[assignment]  # amounts are Decimals
    most = owed.most_common(MOST)
    currency = bills[0].currency if bills else ""
    first = f"{books.name(most[0][0])} owes most: {words.sum_of(Decimal(most[0][1]), currency)}." if most else ""
    return Chart(
        "owed",
        "Who owes how much",
        first,
        "bars",
        "money",
        tuple(books.name(client) for client, _ in most),
        (Series("Open", tuple(float(amount) for _, amount in most)),),
        currency,
        links=tuple(link("invoice", state="open", client=client or "none", currency=currency) for client, _ in most),
    )


def _overdue(bills: list[Bill], books: Books, today: date) -> Table:
    oldest = sorted(bills, key=lambda bill: bill.due)[:MOST]
    return Table(
        "overdue",
        "Overdue invoices",
        ("Invoice", "Client", "Due", "Days late", "Open"),
        tuple(
            Row(
                (
                    bill.number,
                    books.name(bill.client),
                    words.day(bill.due),
                    f"{(today - bill.due).days:,}",
                    words.money(bill.open, bill.currency),
                ),
                ask=f"Write a payment reminder for invoice {bill.number}",
                tone="bad",
            )
            for bill in oldest
        ),
        ("Days late", "Open"),
        link("invoice", state="overdue", currency=bills[0].currency) if len(bills) > MOST else "",
        "Nothing is overdue.",
    )
