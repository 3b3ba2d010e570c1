"""The store of invoices: numbers without gaps, changes only where a state allows them, every change kept.

The number is allocated in the transaction that writes the invoice, and no invoice is ever deleted on its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import func
from sqlmodel import col, delete, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from memory.business.changes import note as record_change
from memory.business.clients import Client, upsert
from memory.business.expenses import Expense
from memory.business.invoice import (
    TRANSITIONS,
    Invoice,
    InvoiceError,
    InvoiceLineRow,
    InvoiceRow,
    State,
    check,
    number_of,
    read,
    snapshot,
)
from memory.business.time_entries import TimeEntry, free
from memory.business.totals import Line
from memory.database import Database
from memory.once import add_once


class Invoices:
    """The invoices in one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def create(
        self,
        user: str,
        *,
        lines: Sequence[Line],
        currency: str,
        issued_on: date,
        due_on: date,
        client: str | None = None,
        note: str = "",
        hours: Sequence[str] = (),
        costs: Sequence[str] = (),
    ) -> Invoice:
        """Write a draft under the next number of its year; `client` is a name. Raises InvoiceError.

        `hours` and `costs` are the time entries and expenses it bills, by id: none may be on another invoice.
        """
        check(lines, currency, issued_on, due_on)
        async with self._database.write() as session:
            billed = await upsert(session, user, client) if client else None
            last = await session.exec(
                select(func.max(InvoiceRow.sequence)).where(InvoiceRow.user == user, InvoiceRow.year == issued_on.year)
            )
            row = InvoiceRow(
                user=user,
                year=issued_on.year,
                sequence=(last.one() or 0) + 1,
                client=billed.id if billed else None,
                issued_on=issued_on,
                due_on=due_on,
                currency=currency,
                note=note,
            )
            kept = await add_once(session, row)
            if kept is not row:
                return (await read(session, [kept]))[0]
            await session.flush()
            self._add_lines(session, row, lines)
            await self._bill(session, row, TimeEntry, hours)
            await self._bill(session, row, Expense, costs)
            return await self._changed(session, row, "made", {})

    async def revise(self, invoice_id: str, *, user: str, client: str | None = None, **fields: Any) -> Invoice:
        """Change a draft: `client` (a name), `lines`, `currency`, `issued_on`, `due_on` or `note`.

        A client that is still open may be named later too. Raises InvoiceError for anything else.
        """
        unknown = set(fields) - {"lines", "currency", "issued_on", "due_on", "note"}
        if unknown:
            raise ValueError(f"an invoice has no {', '.join(sorted(unknown))} to change")
        async with self._database.write() as session:
            row, before = await self._open(session, invoice_id, user)
            if row.state != "draft" and (fields or row.client):
                raise InvoiceError(f"Invoice {number_of(row)} is {row.state}, so it can no longer be changed.")
            if client:
                billed = await upsert(session, user, client)
                row.client = billed.id
                if row.state != "draft":
                    row.billed_to = billed.details()
            lines = fields.pop("lines", before.lines)
            for name, value in fields.items():
                setattr(row, name, value)
            if row.issued_on.year != row.year:
                raise InvoiceError(
                    f"Invoice {number_of(row)} has its number from {row.year} and must stay in that year."
                )
            check(lines, row.currency, row.issued_on, row.due_on)
            if lines != before.lines:
                await session.exec(delete(InvoiceLineRow).where(col(InvoiceLineRow.invoice) == row.id))
                self._add_lines(session, row, lines)
            return await self._changed(session, row, "changed", snapshot(before))

    async def move(self, invoice_id: str, state: State, *, user: str, on: date) -> Invoice:
        """Bring an invoice into another state; a draft marked paid was sent as well. Raises InvoiceError."""
        async with self._database.write() as session:
            row, before = await self._open(session, invoice_id, user)
            steps: tuple[State, ...] = ("sent", "paid") if (row.state, state) == ("draft", "paid") else (state,)
            for step in steps:
                if step not in TRANSITIONS[row.state]:
                    raise InvoiceError(f"Invoice {number_of(row)} is {row.state}, so it cannot become {step}.")
                row.state = step
            if row.client and not row.billed_to:
                row.billed_to = (await session.get_one(Client, row.client)).details()
            row.sent_on = row.sent_on or (on if "sent" in steps else None)
            row.paid_on = on if state == "paid" else None
            return await self._changed(session, row, state, snapshot(before))

    async def get(self, invoice_id: str, *, user: str) -> Invoice | None:
        """One invoice by its id, or None."""
        found = await self._select(user, col(InvoiceRow.id) == invoice_id)
        return found[0] if found else None

    async def find(self, number: str, *, user: str) -> Invoice | None:
        """One invoice by its number (``2026-0003``, or just 3 for the latest such one), or None."""
        year, dash, sequence = number.strip().rpartition("-")
        if not sequence.isdigit() or (dash and not year.isdigit()):
            return None
        wanted = [col(InvoiceRow.sequence) == int(sequence)]
        if dash:
            wanted.append(col(InvoiceRow.year) == int(year))
        found = await self._select(user, *wanted)
        return found[0] if found else None

    async def all(
        self,
        user: str,
        *,
        states: Sequence[State] = (),
        client: str | None = None,
        since: date | None = None,
        until: date | None = None,
        limit: int | None = None,
    ) -> list[Invoice]:
        """Invoices, newest first; `client` is an id, `since` and `until` are issue dates, both included."""
        wanted: list[Any] = []
        if states:
            wanted.append(col(InvoiceRow.state).in_(states))
        if client:
            wanted.append(col(InvoiceRow.client) == client)
        if since:
            wanted.append(col(InvoiceRow.issued_on) >= since)
        if until:
            wanted.append(col(InvoiceRow.issued_on) <= until)
        return await self._select(user, *wanted, limit=limit)

    async def _select(self, user: str, *wanted: Any, limit: int | None = None) -> list[Invoice]:
        query = (
            select(InvoiceRow)
            .where(InvoiceRow.user == user, *wanted)
            .order_by(col(InvoiceRow.year).desc(), col(InvoiceRow.sequence).desc())
            .limit(limit)
        )
        async with self._database.read() as session:
            return await read(session, list(await session.exec(query)))

    async def _open(self, session: AsyncSession, invoice_id: str, user: str) -> tuple[InvoiceRow, Invoice]:
        row = await session.get(InvoiceRow, invoice_id)
        if row is None or row.user != user:
            raise InvoiceError('There is no such invoice; say "list my invoices" to see their numbers.')
        return row, (await read(session, [row]))[0]

    async def _bill(
        self, session: AsyncSession, row: InvoiceRow, table: type[TimeEntry] | type[Expense], ids: Sequence[str]
    ) -> None:
        mine = (col(table.id).in_(ids), col(table.user) == row.user, free(table.invoice))
        done = await session.exec(update(table).where(*mine).values(invoice=row.id))
        if done.rowcount != len(ids):
            raise InvoiceError("Some of this is on another invoice already; ask for what is unbilled again.")

    def _add_lines(self, session: AsyncSession, row: InvoiceRow, lines: Sequence[Line]) -> None:
        for position, line in enumerate(lines, start=1):
            session.add(
                InvoiceLineRow(
                    invoice=row.id,
                    position=position,
                    user=row.user,
                    description=line.description,
                    quantity=line.quantity,
                    unit=line.unit,
                    price=line.price,
                    vat=line.vat,
                )
            )

    async def _changed(self, session: AsyncSession, row: InvoiceRow, action: str, before: dict[str, Any]) -> Invoice:
        await session.flush()
        after = (await read(session, [row]))[0]
        record_change(session, row.user, "invoice", row.id, action, before, snapshot(after))
        return after
