"""The list of records that a figure leads to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from memory.overview import choosing, words
from memory.overview.books import Books
from memory.overview.shapes import Row, Table

PAGE = 50


class UnknownList(ValueError):
    """There is no such list, or no such way to narrow it."""


@dataclass(frozen=True)
class Listing:
    """One page of a list: `count` records in all, of which these are those from `start` on; `narrowed` says to what."""

    table: Table
    count: int
    start: int
    narrowed: tuple[str, ...] = ()


def listing(books: Books, today: date, kind: str, only: Mapping[str, str], start: int = 0) -> Listing:
    """Records of a kind, newest first, narrowed as a link says. Raises UnknownList."""
    if kind not in LISTS:
        raise UnknownList(f"There is no list of '{kind}'.")
    title, columns, right, rows = LISTS[kind]
    try:
        found = rows(books, today, dict(only))
    except (TypeError, ValueError) as error:
        raise UnknownList(f"The list of {title.lower()} cannot be narrowed that way.") from error
    table = Table(
        kind, title, columns, tuple(found[start : start + PAGE]), right, empty="There is nothing of that kind."
    )
    return Listing(table, len(found), start, narrowed(only, books))


def narrowed(only: Mapping[str, str], books: Books) -> tuple[str, ...]:
    """In words, to what a list is narrowed."""
    said = dict(only)
    if client := said.get("client"):
        said["client"] = books.name("" if client == "none" else client)
    if project := said.get("project"):
        said["project"] = books.titles.get(project, "gone")
    return tuple(f"{words.upper(name)}: {value}" for name, value in said.items())


def _invoices(books: Books, today: date, only: dict[str, str]) -> list[Row]:
    found = sorted(choosing.bills(books, today, **only), key=lambda one: (one.issued, one.number), reverse=True)
    return [
        Row(
            (
                one.number,
                books.name(one.client),
                words.day(one.issued),
                words.day(one.due),
                "credit note" if one.credit else "overdue" if one.open and one.overdue(today) else one.state,
                words.money(one.total, one.currency),
                words.money(one.open, one.currency),
            ),
            ask=f"Show invoice {one.number}",
            tone="bad" if one.open and one.overdue(today) else "",
        )
        for one in found
    ]


def _payments(books: Books, today: date, only: dict[str, str]) -> list[Row]:
    numbers = {bill.id: bill.number for bill in books.bills}
    found = sorted(choosing.receipts(books, **only), key=lambda one: one.day, reverse=True)
    return [
        Row(
            (
                words.day(one.day),
                books.name(one.client),
                numbers.get(one.bill, "–"),
                words.money(one.amount, one.currency),
            ),
            ask=f"Show invoice {numbers[one.bill]}" if one.bill in numbers else "",
        )
        for one in found
    ]


def _expenses(books: Books, today: date, only: dict[str, str]) -> list[Row]:
    found = sorted(choosing.costs(books, **only), key=lambda one: one.day, reverse=True)
    return [
        Row(
            (
                words.day(one.day),
                words.upper(one.category),
                books.name(one.client) if one.client else "–",
                words.money(one.amount, one.currency) + (f" ({one.paid.text()})" if one.paid else ""),
            ),
            ask=f"Show my expenses of {one.day:%B %Y}",
        )
        for one in found
    ]


def _hours(books: Books, today: date, only: dict[str, str]) -> list[Row]:
    found = sorted(choosing.work(books, **only), key=lambda one: one.day, reverse=True)
    return [
        Row(
            (
                words.day(one.day),
                books.name(one.client),
                books.titles.get(one.project, "") or "–",
                "running" if one.minutes is None else "billed" if one.billed else "not billed yet",
                words.hours(one.minutes or 0),
            ),
            ask=f"Show my hours for {books.name(one.client)}" if one.client else "Show my hours this week",
            tone="good" if one.minutes is None else "",
        )
        for one in found
    ]


def _leads(books: Books, today: date, only: dict[str, str]) -> list[Row]:
    found = sorted(choosing.leads(books, **only), key=lambda one: _time(one.came), reverse=True)
    return [
        Row(
            (
                one.title,
                books.name(one.client),
                one.source or "–",
                words.day(one.came.date()),
                one.state,
                words.money(one.value, one.currency) if one.value is not None and one.currency else "–",
            ),
            ask=f"Show the lead “{one.title}”",
        )
        for one in found
    ]


def _proposals(books: Books, today: date, only: dict[str, str]) -> list[Row]:
    found = sorted(choosing.offers(books, **only), key=lambda one: _time(one.sent or one.made), reverse=True)
    return [
        Row(
            (
                one.title,
                books.name(one.client),
                words.day((one.sent or one.made).date()),
                one.state,
                words.money(one.price, one.currency) if one.price is not None and one.currency else "–",
            ),
            ask=f"Show the proposal “{one.title}”",
        )
        for one in found
    ]


def _projects(books: Books, today: date, only: dict[str, str]) -> list[Row]:
    return [
        Row(
            (
                one.title,
                books.name(one.client),
                one.state,
                words.day(one.due) if one.due else "–",
                "–" if one.estimated is None else f"{one.estimated:f} h",
            ),
            ask=f"How is the project “{one.title}” going?",
        )
        for one in choosing.projects(books, **only)
    ]


def _time(at: datetime) -> datetime:
    return at.replace(tzinfo=at.tzinfo or UTC)


Rows = Callable[[Books, date, dict[str, str]], list[Row]]
LISTS: dict[str, tuple[str, tuple[str, ...], tuple[str, ...], Rows]] = {
    "invoice": (
        "Invoices",
        ("Invoice", "Client", "Issued", "Due", "State", "Total", "Open"),
        ("Total", "Open"),
        _invoices,
    ),
    "payment": ("Payments", ("Received", "Client", "Invoice", "Amount"), ("Amount",), _payments),
    "expense": ("Expenses", ("Day", "Category", "Client", "Amount"), ("Amount",), _expenses),
    "time": ("Hours", ("Day", "Client", "Project", "State", "Time"), ("Time",), _hours),
    "lead": ("Leads", ("Lead", "Client", "Source", "Came", "State", "Value"), ("Value",), _leads),
    "proposal": ("Proposals", ("Proposal", "Client", "Sent", "State", "Price"), ("Price",), _proposals),
    "project": ("Projects", ("Project", "Client", "State", "Due", "Estimated"), ("Estimated",), _projects),
}
"""What each list is called, its columns, those with figures, and how its rows are made."""
