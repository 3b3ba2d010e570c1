"""Takes back what was done last: everything that one request changed in the business records.

    history: … made invoice, billed 3 hours │ marked it paid, kept a payment        "undo that"
                                            └──────────── one batch ─────────▶ both taken back, and noted so

Said again, it takes back what was before. What must stay in the books stays: an invoice becomes void and keeps its
number, a payment is reversed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy.exc import IntegrityError
from sqlmodel import SQLModel, col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from config.dates import day_text
from memory.business.book import Refused
from memory.business.changes import SKIPPED, Change, fields_of, note
from memory.business.clients import Client
from memory.business.contacts import Contact
from memory.business.expenses import Expense
from memory.business.goals import Goal
from memory.business.invoice import InvoiceLineRow, InvoiceRow, number_of
from memory.business.invoice_rows import add_lines
from memory.business.leads import Lead
from memory.business.payments import Payment, PaymentState
from memory.business.projects import Project
from memory.business.proposals import Proposal
from memory.business.recurring import RecurringInvoice
from memory.business.time_entries import TimeEntry
from memory.business.totals import Line
from memory.database import Database

TABLES: dict[str, type[SQLModel]] = {
    "client": Client,
    "contact": Contact,
    "expense": Expense,
    "goal": Goal,
    "invoice": InvoiceRow,
    "lead": Lead,
    "payment": Payment,
    "project": Project,
    "proposal": Proposal,
    "recurring invoice": RecurringInvoice,
    "time entry": TimeEntry,
}
FURTHEST = 500
"""Changes looked at, the newest first."""
_MARK = "undo of "
_OF_INVOICES = {"client", "received", "total", "lines", "kind"}
"""What the history tells of an invoice beside its own columns."""


@dataclass(frozen=True)
class Undone:
    """One change that was taken back; `kept` when the record had to stay, because others rest on it."""

    kind: str
    record: str
    action: str
    name: str
    kept: bool = False


async def last_batch(database: Database, user: str) -> list[Change]:
    """The changes that would be taken back next, the newest first; empty when there is nothing."""
    query = select(Change).where(Change.user == user).order_by(col(Change.at).desc(), col(Change.id).desc())
    async with database.read() as session:
        found = [one for one in await session.exec(query.limit(FURTHEST)) if one.kind in TABLES]
    done = {one.batch.removeprefix(_MARK) for one in found if one.batch.startswith(_MARK)}
    open_ones = [one for one in found if not one.batch.startswith(_MARK) and (one.batch or one.id) not in done]
    return [one for one in open_ones if (one.batch or one.id) == (open_ones[0].batch or open_ones[0].id)]


async def undo(database: Database, user: str) -> list[Undone]:
    """Take back the last batch. Raises Refused when nothing can be."""
    batch = await last_batch(database, user)
    if not batch:
        raise Refused("There is nothing to undo in your records.")
    if any(one.kind == "invoice" and one.action == "void" for one in batch):
        raise Refused("A void invoice stays void, so that no number is missing; write a new one instead.")
    mark = _MARK + (batch[0].batch or batch[0].id)
    done = []
    async with database.write() as session:
        for one in sorted(batch, key=lambda change: (change.at, change.action != "made"), reverse=True):
            if (undone := await _take_back(session, one, mark)) is not None:
                done.append(undone)
    return done


async def _take_back(session: AsyncSession, change: Change, mark: str) -> Undone | None:
    table: Any = TABLES[change.kind]
    row = await session.get(table, change.record)
    if change.action == "removed":
        row = table(id=change.record, user=change.user, **_values(table, change.before))
        session.add(row)
    elif row is None:
        return None
    before, name, kept = fields_of(row), _name(row), False
    if change.kind == "invoice":
        await _restore_invoice(session, row, change)
    elif change.kind == "payment" and change.action == "made":
        row.state = str(PaymentState.REVERSED)
    elif change.action in ("made", "kept") and not change.before:
        kept = not await _delete(session, row)
    else:
        for field, value in _values(table, change.before).items():
            setattr(row, field, value)
        session.add(row)
    await session.flush()
    client = change.client
    if client and await session.get(Client, client) is None:
        client = ""
    note(session, change.user, change.kind, change.record, "undone", before, {}, client=client, batch=mark)
    return Undone(change.kind, change.record, change.action, name, kept)


async def _delete(session: AsyncSession, row: Any) -> bool:
    try:
        async with session.begin_nested():
            await session.delete(row)
            await session.flush()
    except IntegrityError:
        return False
    return True


async def _restore_invoice(session: AsyncSession, row: InvoiceRow, change: Change) -> None:
    if change.action == "made":
        row.state = "void"
    for name, value in _values(InvoiceRow, change.before).items():
        if name not in _OF_INVOICES:
            setattr(row, name, value)
    if row.state == "draft":
        row.sent_on, row.billed_to = None, {}
    if "lines" in change.before:
        await session.exec(delete(InvoiceLineRow).where(col(InvoiceLineRow.invoice) == row.id))
        lines = [Line(d, Decimal(q), u, Decimal(p), Decimal(v)) for d, q, u, p, v in change.before["lines"]]
        add_lines(session, row, lines)
    session.add(row)


def _values(table: type[SQLModel], fields: dict[str, Any]) -> dict[str, Any]:
    """Fields of the history as the columns take them."""
    kinds: dict[str, Any] = {
        name: field.annotation for name, field in table.model_fields.items() if name not in SKIPPED
    }
    own = {name: value for name, value in fields.items() if name in kinds and name not in ("lines", "client")}
    found = {name: TypeAdapter(kinds[name]).validate_python(value) for name, value in own.items()}
    for name in ("lines", "client"):
        if name in fields and name in kinds and table is not InvoiceRow:
            found[name] = fields[name]
    return found


def _name(row: Any) -> str:
    if isinstance(row, InvoiceRow):
        return number_of(row)
    if isinstance(row, TimeEntry):
        return f"{row.minutes or 0} minutes on {day_text(row.day, '%-d %B')}"
    if isinstance(row, Payment):
        return row.money.text()
    if isinstance(row, Goal):
        return row.measure
    named: date | str = getattr(row, "title", "") or getattr(row, "name", "") or getattr(row, "description", "")
    return str(named or getattr(row, "next_on", ""))
