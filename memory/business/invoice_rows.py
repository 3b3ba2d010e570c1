"""What the store of invoices does inside one transaction: numbers, lines, payments, the history."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from memory.business.changes import fields_of
from memory.business.changes import note as record_change
from memory.business.clients import Client
from memory.business.invoice import MARK, Invoice, InvoiceError, InvoiceLineRow, InvoiceRow, read, snapshot
from memory.business.payments import Payment, PaymentState
from memory.business.totals import Line
from memory.money import Money
from memory.once import add_once


async def next_sequence(session: AsyncSession, user: str, year: int) -> int:
    """The next number of a year: one above the last, so that none is missing."""
    wanted = (InvoiceRow.user == user, InvoiceRow.year == year, col(InvoiceRow.id).not_like(f"{MARK}%"))
    return ((await session.exec(select(func.max(InvoiceRow.sequence)).where(*wanted))).one() or 0) + 1


def credits_of(row: InvoiceRow) -> Any:
    """The query for the credit notes of an invoice that stand."""
    return select(InvoiceRow).where(InvoiceRow.corrects == row.id, InvoiceRow.state != "void")


async def opened(session: AsyncSession, invoice: str, user: str) -> tuple[InvoiceRow, Invoice]:
    """The row to change, and the invoice as it stands. Raises InvoiceError."""
    row = await session.get(InvoiceRow, invoice)
    if row is None or row.user != user:
        raise InvoiceError('There is no such invoice; say "list my invoices" to see their numbers.')
    return row, (await read(session, [row]))[0]


def add_lines(session: AsyncSession, row: InvoiceRow, lines: Sequence[Line]) -> None:
    """Write the lines of an invoice, in order."""
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


async def freeze(session: AsyncSession, row: InvoiceRow) -> None:
    """Keep what is printed about the client as it is now."""
    if row.client and not row.billed_to:
        row.billed_to = (await session.get_one(Client, row.client)).details()


async def keep_payment(session: AsyncSession, row: InvoiceRow, money: Money, on: date, **fields: Any) -> Payment:
    """Keep that money came for an invoice, or went back for a credit note."""
    payment = Payment(
        user=row.user,
        invoice=row.id,
        client=row.client,
        amount=money.amount,
        currency=money.currency,
        received_on=on,
        **fields,
    )
    kept = await add_once(session, payment)
    if kept is payment:
        record_change(session, row.user, "payment", kept.id, "made", {}, fields_of(kept), client=row.client or "")
    return kept


def reverse(session: AsyncSession, payment: Payment) -> None:
    """Let a payment count no more."""
    before = fields_of(payment)
    payment.state = str(PaymentState.REVERSED)
    session.add(payment)
    after, client = fields_of(payment), payment.client or ""
    record_change(session, payment.user, "payment", payment.id, "reversed", before, after, client=client)


async def changed(session: AsyncSession, row: InvoiceRow, action: str, before: dict[str, Any]) -> Invoice:
    """Write what was set, note it in the history, and read the invoice as it stands now."""
    await session.flush()
    after = (await read(session, [row]))[0]
    record_change(session, row.user, "invoice", row.id, action, before, snapshot(after), client=row.client or "")
    return after
