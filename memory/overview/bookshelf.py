"""The books of each user, read anew only when a record changed.

The trail has an entry for each change of a business record, so its end tells whether anything is new.
"""

from __future__ import annotations

from typing import Any

import anyio
from sqlalchemy import func, select

from memory.business.clients import Client
from memory.business.expenses import Expense
from memory.business.goals import Goal
from memory.business.invoice import InvoiceLineRow, InvoiceRow
from memory.business.leads import Lead
from memory.business.payments import Payment
from memory.business.projects import Project
from memory.business.proposals import Proposal
from memory.business.time_entries import TimeEntry
from memory.database import Database
from memory.overview.binding import Amounts, Read, bound
from memory.overview.books import Books
from memory.overview.opening import Opening
from memory.profile import ProfileField
from memory.restrictions import EVERYTHING, Restriction
from memory.trail import TrailEntry

_BILL = (
    "year",
    "sequence",
    "state",
    "client",
    "project",
    "issued_on",
    "due_on",
    "paid_on",
    "currency",
    "kind",
    "corrects",
)
_LINE = ("quantity", "price", "vat")
_WORK = ("client", "project", "day", "minutes", "started_at", "invoice")
_COST = ("day", "category", "amount", "currency", "client", "rebillable", "invoice", "converted", "converted_to")
_PAYMENT = ("invoice", "client", "state", "amount", "currency", "received_on")
_LEAD = ("title", "client", "state", "source", "niche", "value", "currency", "came_at", "answered_at", "closed_at")
_OFFER = ("title", "client", "state", "lead", "price", "currency", "created_at", "sent_at", "answered_at")
_GOAL = ("measure", "target", "currency", "since", "until", "state")
_PROJECT = ("title", "client", "state", "estimated_hours", "rate", "due_on")


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
            connection = await session.connection()
            return tuple((await connection.execute(select(end.scalar_subquery(), rows.scalar_subquery()))).one())

    async def of(self, user: str) -> Books:
        """The books as they stand now. Raises Tampered, StorageTrouble."""
        stamp = await self.stamp(user)
        kept = self._books.get(user)
        if kept is None or kept[0] != stamp:
            kept = stamp, await self._read(user)
            self._books[user] = kept
        return kept[1]

    def forget(self) -> None:
        """Forget what was read."""
        self._books.clear()
        self._amounts.clear()

    async def _read(self, user: str) -> Books:
        opening = self._opening

        def mine(kind: Any) -> Any:
            return kind.__table__.c.user == user

        hidden = {row["client"] for row in await opening.rows(Restriction, ("client",), mine(Restriction), _standing())}
        if EVERYTHING in hidden:
            return Books(hidden=1)
        clients = await opening.rows(Client, ("id", "name", "rate"), mine(Client), keep="clients")
        bills = await opening.rows(InvoiceRow, _BILL, mine(InvoiceRow))
        lines = await opening.rows(InvoiceLineRow, _LINE, mine(InvoiceLineRow), keep="lines")
        work = await opening.rows(TimeEntry, _WORK, mine(TimeEntry))
        costs = await opening.rows(Expense, _COST, mine(Expense), keep="costs")
        projects = await opening.rows(Project, _PROJECT, mine(Project), keep="projects")
        payments = await opening.rows(Payment, _PAYMENT, mine(Payment), keep="payments")
        leads = await opening.rows(Lead, _LEAD, mine(Lead), keep="leads")
        offers = await opening.rows(Proposal, _OFFER, mine(Proposal), keep="proposals")
        goals = await opening.rows(Goal, _GOAL, mine(Goal), keep="goals")
        own = await opening.rows(
            ProfileField, ("value",), mine(ProfileField), _named("rate", "tax_percent"), keep="own"
        )
        read = Read(hidden, clients, bills, lines, work, costs, projects, payments, leads, offers, goals, own)
        books, self._amounts = await anyio.to_thread.run_sync(bound, read, self._amounts)
        return books


def _standing() -> Any:
    return Restriction.__table__.c.lifted_at.is_(None)  # type: ignore[attr-defined]


def _named(*names: str) -> Any:
    return ProfileField.__table__.c.name.in_(names)  # type: ignore[attr-defined]
