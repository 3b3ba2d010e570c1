"""Invoices that come again: what is billed to whom every week, month, quarter or year.

active ⇄ paused ──▶ ended        `due_invoices` writes a draft for every day that has come, each once
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import DateTime, Index
from sqlmodel import Field

from memory.business.book import Book
from memory.business.totals import Line
from memory.database import Database, new_id, now
from memory.money import plain
from memory.once import in_step
from memory.sealed import Sealed, SealedRow

if TYPE_CHECKING:
    from memory.business.invoice import Invoice
    from memory.stores import Stores

MONTHS = {"month": 1, "quarter": 3, "year": 12}


class RecurringState(StrEnum):
    """Whether it goes on."""

    ACTIVE = "active"
    PAUSED = "paused"
    ENDED = "ended"


STEPS: dict[str, tuple[RecurringState, ...]] = {
    "active": (RecurringState.PAUSED, RecurringState.ENDED),
    "paused": (RecurringState.ACTIVE, RecurringState.ENDED),
    "ended": (),
}


class RecurringInvoice(SealedRow, table=True):
    """What is billed `every` week, month, quarter or year, next on `next_on`; `day` keeps the 31st through February.

    `lines` are description, quantity, unit, price and VAT, numbers as text.
    """

    __tablename__ = "recurring_invoices"
    __table_args__ = (Index("ix_recurring", "state", "next_on"),)
    id: str = Field(default_factory=new_id, primary_key=True)
    user: str = Field(index=True)
    client: str = Field(foreign_key="clients.id", index=True)
    state: str = "active"
    every: str
    day: int
    next_on: date
    until: date | None = None
    due_days: int = 14
    currency: str
    treatment: str = "standard"
    note: str = Field(default="", sa_type=Sealed())
    lines: list[list[str]] = Field(default_factory=list, sa_type=Sealed("json"))
    created_at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))

    def items(self) -> list[Line]:
        """The lines as invoices take them."""
        return [Line(d, Decimal(q), unit, Decimal(p), Decimal(vat)) for d, q, unit, p, vat in self.lines]


def as_text(lines: list[Line]) -> list[list[str]]:
    """Lines as they are kept."""
    return [[one.description, plain(one.quantity), one.unit, plain(one.price), plain(one.vat)] for one in lines]


def recurring(database: Database) -> Book[RecurringInvoice]:
    """The recurring invoices in one database."""
    return Book(database, RecurringInvoice, "recurring invoice", day="next_on", steps=STEPS)


def following(day: date, every: str, wanted: int) -> date:
    """The day after which it comes again, on the `wanted` day of its month where that month has one."""
    if every == "week":
        return day + timedelta(days=7)
    month = day.year * 12 + day.month - 1 + MONTHS[every]
    year, month = divmod(month, 12)
    return date(year, month + 1, min(wanted, monthrange(year, month + 1)[1]))


async def due_invoices(stores: Stores, user: str, today: date) -> list[Invoice]:
    """Write the drafts of every recurring invoice whose day has come, one for each day that was missed.

    Killed in between and run again, it makes none twice.
    """
    made = []
    for one in await stores.recurring.all(user, until=today, state=str(RecurringState.ACTIVE)):
        client = await stores.clients.get(one.client, user=user)
        day = one.next_on
        while client and day <= today and (one.until is None or day <= one.until):
            with in_step(f"{one.id}|{day}"):
                invoice = await stores.invoices.create(
                    user,
                    lines=one.items(),
                    currency=one.currency,
                    issued_on=today,
                    due_on=today + timedelta(days=one.due_days),
                    client=client.name,
                    note=one.note,
                    treatment=one.treatment,
                )
            made.append(invoice)
            day = following(day, one.every, one.day)
            fields: dict[str, Any] = {"next_on": day}
            if one.until and day > one.until:
                fields["state"] = str(RecurringState.ENDED)
            await stores.recurring.change(one.id, user=user, **fields)
    return made
