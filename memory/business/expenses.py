"""The expenses: what was spent on what, for whom, and whether a client is to pay it back."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import DateTime, Index
from sqlmodel import Field, col, select

from memory.business.changes import fields_of, note
from memory.business.time_entries import free
from memory.database import Database, new_id, now
from memory.money import Money
from memory.once import add_once
from memory.sealed import Sealed, SealedRow


class Expense(SealedRow, table=True):
    """One expense: `amount` as paid, tax included; `receipt` is the file that proves it, `invoice` bills it on.

    One in another currency than the books are kept in has what it came to in theirs, `converted`, with the `rate`
    (units of `converted_to` for one of `currency`) of the day `rate_on`.
    """

    __tablename__ = "expenses"
    __table_args__ = (Index("ix_expenses", "user", "day"),)
    id: str = Field(default_factory=new_id, primary_key=True)
    user: str
    day: date
    description: str = Field(sa_type=Sealed())
    category: str = "other"
    amount: Decimal = Field(sa_type=Sealed("decimal"))
    currency: str
    vat: Decimal | None = Field(default=None, sa_type=Sealed("decimal"))
    client: str | None = Field(default=None, foreign_key="clients.id", index=True)
    rebillable: bool = False
    receipt: str | None = None
    invoice: str | None = Field(default=None, index=True)
    converted: Decimal | None = Field(default=None, sa_type=Sealed("decimal"))
    converted_to: str = ""
    rate: Decimal | None = Field(default=None, sa_type=Sealed("decimal"))
    rate_on: date | None = None
    created_at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))

    @property
    def money(self) -> Money:
        return Money(self.amount, self.currency)


class Expenses:
    """The expenses in one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def save(self, expense: Expense) -> Expense:
        """Keep an expense."""
        async with self._database.write() as session:
            kept = await add_once(session, expense)
            if kept is not expense:
                return kept
            client = expense.client or ""
            note(session, expense.user, "expense", expense.id, "made", {}, fields_of(expense), client=client)
        return expense

    async def last(self, user: str) -> Expense | None:
        """The expense kept last, or None."""
        query = select(Expense).where(Expense.user == user).order_by(col(Expense.created_at).desc()).limit(1)
        async with self._database.read() as session:
            return (await session.exec(query)).first()

    async def with_receipt(self, user: str, receipt: str) -> Expense | None:
        """The expense that a file was booked as, or None."""
        query = select(Expense).where(Expense.user == user, Expense.receipt == receipt)
        async with self._database.read() as session:
            return (await session.exec(query)).first()

    async def remove(self, expense: str, *, user: str) -> bool:
        """Forget an expense; False when this user has no such one that is not billed on."""
        mine = (col(Expense.id) == expense, col(Expense.user) == user, free(Expense.invoice))
        async with self._database.write() as session:
            row = (await session.exec(select(Expense).where(*mine))).first()
            if row is not None:
                note(session, user, "expense", row.id, "removed", fields_of(row), {}, client=row.client or "")
                await session.delete(row)
            return row is not None

    async def all(
        self,
        user: str,
        *,
        since: date | None = None,
        until: date | None = None,
        client: str | None = None,
        category: str | None = None,
        to_bill: bool = False,
    ) -> list[Expense]:
        """Expenses, newest first, days included; with `to_bill` those a client is yet to pay back."""
        wanted: list[Any] = [col(Expense.user) == user]
        if since:
            wanted.append(col(Expense.day) >= since)
        if until:
            wanted.append(col(Expense.day) <= until)
        if client:
            wanted.append(col(Expense.client) == client)
        if category:
            wanted.append(col(Expense.category) == category)
        if to_bill:
            wanted += [col(Expense.rebillable).is_(True), free(Expense.invoice)]
        query = select(Expense).where(*wanted).order_by(col(Expense.day).desc(), col(Expense.created_at).desc())
        async with self._database.read() as session:
            return list(await session.exec(query))
