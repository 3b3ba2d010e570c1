"""The store of invoices: numbers without gaps, changes only where a state allows them, every change kept.

The number is allocated in the transaction that writes the invoice, and no invoice is ever deleted on its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlmodel import col, delete, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from memory.business.clients import upsert
from memory.business.expenses import Expense
from memory.business.invoice import (
    TRANSITIONS,
    Invoice,
    InvoiceError,
    InvoiceLineRow,
    InvoiceRow,
    Kind,
    State,
    Treatment,
    check,
    number_of,
    read,
    snapshot,
)
from memory.business.invoice_rows import (
    add_lines,
    changed,
    credits_of,
    freeze,
    keep_payment,
    next_sequence,
    opened,
    reverse,
)
from memory.business.time_entries import TimeEntry, free
from memory.business.totals import Line
from memory.database import Database
from memory.money import Money, total
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
        treatment: str = Treatment.STANDARD,
        served: tuple[date, date] | None = None,
        project: str | None = None,
    ) -> Invoice:
        """Write a draft under the next number of its year; `client` is a name. Raises InvoiceError.

        `hours` and `costs` are the time entries and expenses it bills, by id: none may be on another invoice. `served`
        are the first and last day of the work.
        """
        check(lines, currency, issued_on, due_on, treatment=treatment)
        async with self._database.write() as session:
            billed = await upsert(session, user, client) if client else None
            row = InvoiceRow(
                user=user,
                year=issued_on.year,
                sequence=await next_sequence(session, user, issued_on.year),
                client=billed.id if billed else None,
                issued_on=issued_on,
                due_on=due_on,
                currency=currency,
                note=note,
                treatment=str(treatment),
                served_from=served[0] if served else None,
                served_until=served[1] if served else None,
                project=project,
            )
            kept = await add_once(session, row)
            if kept is not row:
                return (await read(session, [kept]))[0]
            await session.flush()
            add_lines(session, row, lines)
            await self._bill(session, row, TimeEntry, hours)
            await self._bill(session, row, Expense, costs)
            return await changed(session, row, "made", {})

    async def revise(self, invoice_id: str, *, user: str, client: str | None = None, **fields: Any) -> Invoice:
        """Change a draft: `client` (a name), `lines`, `currency`, `issued_on`, `due_on`, `note` or `treatment`.

        A client that is still open may be named later too. Raises InvoiceError for anything else.
        """
        unknown = set(fields) - {"lines", "currency", "issued_on", "due_on", "note", "treatment"}
        if unknown:
            raise ValueError(f"an invoice has no {', '.join(sorted(unknown))} to change")
        async with self._database.write() as session:
            row, before = await opened(session, invoice_id, user)
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
            check(lines, row.currency, row.issued_on, row.due_on, row.kind, row.treatment)
            if lines != before.lines:
                await session.exec(delete(InvoiceLineRow).where(col(InvoiceLineRow.invoice) == row.id))
                add_lines(session, row, lines)
            return await changed(session, row, "changed", snapshot(before))

    async def move(self, invoice_id: str, state: State, *, user: str, on: date) -> Invoice:
        """Bring an invoice into another state; a draft marked paid was sent as well. Raises InvoiceError.

        Marked paid, a payment of what was open is kept; no longer paid, its payments are reversed.
        """
        async with self._database.write() as session:
            row, before = await opened(session, invoice_id, user)
            steps: tuple[State, ...] = ("sent", "paid") if (row.state, state) == ("draft", "paid") else (state,)
            for step in steps:
                if step not in TRANSITIONS[row.state]:
                    raise InvoiceError(f"Invoice {number_of(row)} is {row.state}, so it cannot become {step}.")
                row.state = step
            await freeze(session, row)
            row.sent_on = row.sent_on or (on if "sent" in steps else None)
            row.paid_on = on if state == "paid" else None
            if state == "paid" and before.open.amount:
                await keep_payment(session, row, before.open, on)
            elif before.state == "paid":
                for one in before.payments:
                    reverse(session, one)
            return await changed(session, row, state, snapshot(before))

    async def pay(self, invoice_id: str, money: Money | None, *, user: str, on: date, **fields: Any) -> Invoice:
        """Keep a payment, of all that is open without `money`; paid in full, the invoice is marked paid.

        `fields` are those of a Payment: reference, source, rate. Raises InvoiceError.
        """
        async with self._database.write() as session:
            row, before = await opened(session, invoice_id, user)
            if row.state in ("paid", "void"):
                raise InvoiceError(f"Invoice {before.number} is {row.state}, so nothing is to be paid on it.")
            money = money or before.open
            if money.currency != row.currency:
                raise InvoiceError(f"Invoice {before.number} is in {row.currency}; say what came in {row.currency}.")
            if not money.amount or (money.amount < 0) != (before.open.amount < 0):
                raise InvoiceError(f"On invoice {before.number} {before.open.text()} is open; pay above nothing.")
            await freeze(session, row)
            await keep_payment(session, row, money, on, **fields)
            left = before.open - money
            row.state, row.sent_on = "sent", row.sent_on or on
            if not left.amount or (left.amount < 0) != (before.open.amount < 0):
                row.state, row.paid_on = "paid", on
            return await changed(session, row, "paid" if row.state == "paid" else "paid in part", snapshot(before))

    async def credit(
        self, invoice_id: str, lines: Sequence[Line] | None, *, user: str, on: date, note: str = ""
    ) -> Invoice:
        """Write a credit note for lines of an invoice, all of them without `lines`. Raises InvoiceError.

        `lines` have positive quantities. What is open on the invoice is settled first; only what goes beyond it, as on
        an invoice that was paid, stays open on the credit note, to be given back.
        """
        async with self._database.write() as session:
            row, before = await opened(session, invoice_id, user)
            if row.kind == Kind.CREDIT or row.state in ("draft", "void"):
                raise InvoiceError(f"{before.number} is no invoice that was sent, so there is nothing to credit.")
            back = [replace(line, quantity=-line.quantity) for line in (lines or before.lines)]
            check(back, row.currency, on, on, Kind.CREDIT)
            credit = InvoiceRow(
                user=user,
                year=on.year,
                sequence=await next_sequence(session, user, on.year),
                state="sent",
                client=row.client,
                billed_to=row.billed_to,
                issued_on=on,
                due_on=on,
                sent_on=on,
                currency=row.currency,
                note=note,
                kind=str(Kind.CREDIT),
                corrects=row.id,
                treatment=row.treatment,
                served_from=row.served_from,
                served_until=row.served_until,
            )
            kept = await add_once(session, credit)
            if kept is not credit:
                return (await read(session, [kept]))[0]
            await session.flush()
            add_lines(session, credit, back)
            made = await changed(session, credit, "made", {})
            notes = await read(session, list(await session.exec(credits_of(row))))
            if total((-one.totals.total for one in notes), row.currency) > before.totals.total:
                raise InvoiceError(f"More than {before.totals.total.text()} cannot be credited on {before.number}.")
            less, left = -made.totals.total, before.open
            if row.state == "paid":
                return made
            if less > left:  # the rest is to be given back
                await keep_payment(session, row, left, on, reference=f"Credit note {made.number}")
                await keep_payment(session, credit, -left, on, reference=f"Invoice {before.number}")
            else:
                credit.state, credit.paid_on = "paid", on
            if not less < left:
                row.state, row.paid_on = "paid", on
            await changed(session, row, "credited", snapshot(before))
            return await changed(session, credit, "settled", snapshot(made))

    async def remind(self, invoice_id: str, *, user: str, on: date) -> Invoice:
        """Note that the client was reminded once more. Raises InvoiceError for one that is not overdue."""
        async with self._database.write() as session:
            row, before = await opened(session, invoice_id, user)
            if not before.overdue(on):
                raise InvoiceError(f"Invoice {before.number} is not overdue, so there is nothing to remind of.")
            row.reminder_level, row.reminded_on = row.reminder_level + 1, on
            return await changed(session, row, "reminded", snapshot(before))

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

    async def _bill(
        self, session: AsyncSession, row: InvoiceRow, table: type[TimeEntry] | type[Expense], ids: Sequence[str]
    ) -> None:
        mine = (col(table.id).in_(ids), col(table.user) == row.user, free(table.invoice))
        done = await session.exec(update(table).where(*mine).values(invoice=row.id))
        if done.rowcount != len(ids):
            raise InvoiceError("Some of this is on another invoice already; ask for what is unbilled again.")
