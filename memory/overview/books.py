"""The records a view is worked out from: light, frozen, and read anew only when one of them changed.

The trail has an entry for each change of a business record, so its end tells whether anything is new.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple

import anyio
from sqlalchemy import func, select

from memory.business.clients import Client
from memory.business.expenses import Expense
from memory.business.invoice import InvoiceLineRow, InvoiceRow
from memory.business.projects import Project
from memory.business.time_entries import TimeEntry
from memory.business.totals import Line, totals
from memory.database import Database
from memory.money import Money, parse_price
from memory.overview.opening import Opening
from memory.profile import ProfileField
from memory.restrictions import EVERYTHING, Restriction
from memory.trail import TrailEntry

STANDARD = "EUR"
"""The currency of figures where no record has one."""


@dataclass(frozen=True, slots=True)
class Bill:
    """One invoice: its amounts, and what of it was paid."""

    id: str
    number: str
    state: str
    client: str
    project: str
    issued: date
    due: date
    paid_on: date | None
    currency: str
    net: Decimal
    tax: Decimal
    total: Decimal
    paid: Decimal

    @property
    def open(self) -> Decimal:
        """What is still to come, of one that was sent."""
        return self.total - self.paid if self.state == "sent" else Decimal(0)

    def overdue(self, today: date) -> bool:
        return self.state == "sent" and self.due < today


@dataclass(frozen=True, slots=True)
class Work:
    """Time worked on one day; `minutes` is None while the timer runs."""

    id: str
    client: str
    project: str
    day: date
    minutes: int | None
    started: datetime | None
    billed: bool


@dataclass(frozen=True, slots=True)
class Cost:
    """One expense."""

    id: str
    day: date
    category: str
    amount: Decimal
    currency: str
    client: str
    to_bill: bool


@dataclass(frozen=True, slots=True)
class Undertaking:
    """One project, with its own price of an hour where it has one."""

    id: str
    title: str
    client: str
    state: str
    estimated: Decimal | None
    rate: Money | None


@dataclass(frozen=True)
class Books:
    """Everything a user's figures come from. `hidden` is how many clients are left out because they are restricted."""

    bills: tuple[Bill, ...] = ()
    work: tuple[Work, ...] = ()
    costs: tuple[Cost, ...] = ()
    projects: tuple[Undertaking, ...] = ()
    clients: dict[str, str] = field(default_factory=dict)
    rates: dict[str, Money] = field(default_factory=dict)
    own_rate: Money | None = None
    hidden: int = 0

    @cached_property
    def currencies(self) -> tuple[str, ...]:
        """The currencies of invoices and expenses, the most frequent first."""
        seen = Counter(bill.currency for bill in self.bills)
        seen.update(dict.fromkeys((cost.currency for cost in self.costs if cost.currency not in seen), 0))
        return tuple(name for name, _ in seen.most_common()) or (self.own_rate.currency if self.own_rate else STANDARD,)

    @cached_property
    def titles(self) -> dict[str, str]:
        """What each project is called."""
        return {one.id: one.title for one in self.projects}

    @cached_property
    def agreed(self) -> dict[str, Money]:
        """The price of an hour by project."""
        return {one.id: one.rate for one in self.projects if one.rate}

    def name(self, client: str) -> str:
        """What a client is called."""
        return self.clients.get(client, "") or "No client"

    def price(self, work: Work) -> Money | None:
        """The price of an hour of this work: the project's, the client's, or one's own."""
        return self.agreed.get(work.project) or self.rates.get(work.client) or self.own_rate


Rows = list[dict[str, Any]]
Amounts = dict[tuple[str, tuple[Line, ...]], tuple[Decimal, Decimal, Decimal]]
"""What lines of a currency come to: net, tax and total."""


class _Read(NamedTuple):
    hidden: set[str]
    clients: Rows
    bills: Rows
    lines: Rows
    work: Rows
    costs: Rows
    projects: Rows
    own: Rows


class Bookshelf:
    """The books of each user, read when they changed."""

    def __init__(self, database: Database, opening: Opening) -> None:
        self._database = database
        self._opening = opening
        self._books: dict[str, tuple[tuple[Any, ...], Books]] = {}
        self._amounts: Amounts = {}

    async def stamp(self, user: str) -> tuple[Any, ...]:
        """What is another one as soon as a business record of the user is."""
        end = select(func.max(TrailEntry.number)).where(TrailEntry.user == user)  # type: ignore[arg-type]
        rows = select(func.count()).select_from(InvoiceRow).where(InvoiceRow.user == user)  # type: ignore[arg-type]
        async with self._database.read() as session:
            return (await session.execute(select(end.scalar_subquery(), rows.scalar_subquery()))).one()._tuple()

    async def of(self, user: str) -> Books:
        """The books as they stand now. Raises Tampered, StorageTrouble."""
        stamp = await self.stamp(user)
        kept = self._books.get(user)
        if kept is None or kept[0] != stamp:
            kept = stamp, await self._read(user)
            self._books[user] = kept
        return kept[1]

    async def _read(self, user: str) -> Books:
        opening, mine = self._opening, lambda kind: kind.__table__.c.user == user
        hidden = {row["client"] for row in await opening.rows(Restriction, ("client",), mine(Restriction), _standing())}
        if EVERYTHING in hidden:
            return Books(hidden=1)
        clients = await opening.rows(Client, ("id", "name", "rate"), mine(Client), keep="clients")
        bills = await opening.rows(InvoiceRow, _BILL, mine(InvoiceRow))
        lines = await opening.rows(InvoiceLineRow, _LINE, mine(InvoiceLineRow), keep="lines")
        work = await opening.rows(TimeEntry, _WORK, mine(TimeEntry))
        costs = await opening.rows(Expense, _COST, mine(Expense), keep="costs")
        projects = await opening.rows(Project, _PROJECT, mine(Project), keep="projects")
        own = await opening.rows(ProfileField, ("value",), mine(ProfileField), _named("rate"), keep="rate")
        read = _Read(hidden, clients, bills, lines, work, costs, projects, own)
        books, self._amounts = await anyio.to_thread.run_sync(_bound, read, self._amounts)
        return books


_BILL = ("year", "sequence", "state", "client", "project", "issued_on", "due_on", "paid_on", "currency")
_LINE = ("quantity", "price", "vat")
_WORK = ("client", "project", "day", "minutes", "started_at", "invoice")
_COST = ("day", "category", "amount", "currency", "client", "rebillable", "invoice")
_PROJECT = ("title", "client", "state", "estimated_hours", "rate")


def _standing() -> Any:
    return Restriction.__table__.c.lifted_at.is_(None)  # type: ignore[attr-defined]


def _named(name: str) -> Any:
    return ProfileField.__table__.c.name == name  # type: ignore[attr-defined]


def _bound(read: _Read, known: Amounts) -> tuple[Books, Amounts]:
    """The books of what was read; amounts that are `known` are not worked out again."""

    def seen(rows: Rows) -> Iterable[dict[str, Any]]:
        return (row for row in rows if row["client"] not in read.hidden)

    amounts: Amounts = {}
    of_bill: dict[str, list[Line]] = {}
    for row in read.lines:
        if row["quantity"] is not None and row["price"] is not None:
            of_bill.setdefault(row["invoice"], []).append(Line("", row["quantity"], "", row["price"], row["vat"]))
    bills = []
    for row in seen(read.bills):
        key = (row["currency"], tuple(of_bill.get(row["id"], ())))
        if key not in amounts:
            amounts[key] = known.get(key) or _amounts(*key)
        bills.append(_bill(row, *amounts[key]))
    standing = {row["id"] for row in read.bills if row["state"] != "void"}
    clients = {row["id"]: row for row in read.clients if row["id"] not in read.hidden}
    return Books(
        bills=tuple(bills),
        work=tuple(_work(row, standing) for row in seen(read.work)),
        costs=tuple(_cost(row, standing) for row in seen(read.costs) if row["amount"] is not None),
        projects=tuple(_project(row) for row in seen(read.projects)),
        clients={name: row["name"] or "" for name, row in clients.items()},
        rates={name: rate for name, row in clients.items() if (rate := _rate(row["rate"]))},
        own_rate=_rate(read.own[0]["value"]) if read.own else None,
        hidden=len(read.hidden),
    ), amounts


def _amounts(currency: str, lines: tuple[Line, ...]) -> tuple[Decimal, Decimal, Decimal]:
    came = totals(lines, currency)
    return came.net.amount, came.tax.amount, came.total.amount


def _bill(row: dict[str, Any], net: Decimal, tax: Decimal, total: Decimal) -> Bill:
    return Bill(
        id=row["id"],
        number=f"{row['year']}-{row['sequence']:04d}",
        state=row["state"],
        client=row["client"] or "",
        project=row["project"] or "",
        issued=row["issued_on"],
        due=row["due_on"],
        paid_on=row["paid_on"],
        currency=row["currency"],
        net=net,
        tax=tax,
        total=total,
        paid=total if row["state"] == "paid" else Decimal(0),
    )


def _work(row: dict[str, Any], standing: set[str]) -> Work:
    return Work(
        id=row["id"],
        client=row["client"] or "",
        project=row["project"] or "",
        day=row["day"],
        minutes=row["minutes"],
        started=row["started_at"],
        billed=row["invoice"] in standing,
    )


def _cost(row: dict[str, Any], standing: set[str]) -> Cost:
    return Cost(
        id=row["id"],
        day=row["day"],
        category=row["category"],
        amount=row["amount"],
        currency=row["currency"],
        client=row["client"] or "",
        to_bill=bool(row["rebillable"]) and row["invoice"] not in standing,
    )


def _project(row: dict[str, Any]) -> Undertaking:
    return Undertaking(
        id=row["id"],
        title=row["title"] or "",
        client=row["client"] or "",
        state=row["state"],
        estimated=row["estimated_hours"],
        rate=_rate(row["rate"]),
    )


def _rate(text: Any) -> Money | None:
    """An hour's price as it was told, or None where it cannot be read as one."""
    try:
        price = parse_price(str(text))
    except ValueError:
        return None
    return price.money if price.unit in ("h", "") else None
