"""The report on one month or year: what came in, was billed, was spent and was worked."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal

from memory.overview import choosing, words
from memory.overview.books import Books
from memory.overview.shapes import Chart, Row, Series, Table, Tile, View, link

MOST = 10
ROWS = 40


def report(books: Books, month: str, today: date, currency: str = "") -> View:
    """Figures of a month (``2026-10``) or a year (``2026``), of one currency."""
    currency = currency or books.currencies[0]
    came = choosing.receipts(books, month=month, currency=currency)
    went = choosing.costs(books, month=month, currency=currency)
    billed = [
        bill for bill in choosing.bills(books, today, month=month, currency=currency) if bill.state in ("sent", "paid")
    ]
    work = [one for one in books.work if f"{one.day:%Y-%m}".startswith(month)]
    won = [one for one in books.leads if one.state == "won" and one.closed and f"{one.closed:%Y-%m}".startswith(month)]
    received = sum((one.amount for one in came), Decimal(0))
    spent = sum((one.amount for one in went), Decimal(0))
    minutes = sum(one.minutes or 0 for one in work)
    name = month if len(month) == 4 else f"{date.fromisoformat(f'{month}-01'):%B %Y}"
    tiles = (
        Tile("Received", words.money(received, currency), words.count(len(came), "payment")),
        Tile(
            "Billed",
            words.money(sum((bill.total for bill in billed), Decimal(0)), currency),
            words.count(len(billed), "invoice") + ", tax included",
        ),
        Tile("Spent", words.money(spent, currency), words.count(len(went), "expense")),
        Tile("Left", words.money(received - spent, currency), "received less spent"),
        Tile("Worked", words.hours(minutes), words.count(len({one.day for one in work}), "day")),
        Tile("Won", words.count(len(won), "lead")),
    )
    clients: Counter[str] = Counter()
    for one in came:
        clients[one.client] += one.amount  # type: ignore[assignment]  # amounts are Decimals
    kinds: Counter[str] = Counter()
    for cost in went:
        kinds[cost.category] += cost.amount  # type: ignore[assignment]
    hours: Counter[str] = Counter()
    for entry in work:
        hours[entry.client] += entry.minutes or 0
    charts = (
        _bars("received", "Received by client", {books.name(one): float(of) for one, of in clients.items()}, currency),
        _bars("spent", "Spent on what", {words.upper(one): float(of) for one, of in kinds.items()}, currency),
        _bars("hours", "Hours by client", {books.name(one): round(of / 60, 2) for one, of in hours.items()}),
    )
    rows = tuple(
        Row(
            (
                bill.number,
                books.name(bill.client),
                words.day(bill.issued),
                bill.state,
                words.money(bill.total, currency),
            )
        )
        for bill in sorted(billed, key=lambda bill: bill.number)[:ROWS]
    )
    return View(
        "report",
        f"Report for {name}",
        f"In {name} {words.money(received, currency)} came in and {words.money(spent, currency)} went out; "
        f"{words.hours(minutes)} were worked.",
        tiles,
        tuple(chart for chart in charts if chart.labels),
        (
            Table(
                "invoices",
                "Invoices",
                ("Invoice", "Client", "Issued", "State", "Total"),
                rows,
                ("Total",),
                link("invoice", month=month, currency=currency) if len(billed) > ROWS else "",
                "No invoice was sent.",
            ),
        ),
        empty="" if came or went or billed or work else f"Your books say nothing of {name}.",
        currencies=books.currencies,
    )


def _bars(name: str, title: str, sums: dict[str, float], currency: str = "") -> Chart:
    most = sorted(sums, key=lambda one: -sums[one])[:MOST]
    return Chart(
        name,
        title,
        f"{most[0]} is the largest part." if most else "",
        "bars",
        "money" if currency else "hours",
        tuple(most),
        (Series(title, tuple(round(sums[one], 2) for one in most)),),
        currency,
    )
