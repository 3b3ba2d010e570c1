"""What an invoice is: its tables, its states, and the frozen object everything else works with.

    draft ──▶ sent ──▶ paid          draft and sent may become void; a payment entered by mistake goes back to sent
      └────────┴────▶ void           nothing is ever deleted, so no number is ever missing

What is printed about the client is frozen when the invoice is sent. A credit note is an invoice of negative quantities,
numbered in the same series, so that every sum of invoices is right; it lowers what is open on the invoice it corrects.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Any, Literal, cast

from sqlalchemy import Column, DateTime, UniqueConstraint
from sqlmodel import Field, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from memory.business.clients import Client
from memory.business.columns import Exact
from memory.business.payments import Payment, received
from memory.business.totals import Line, Totals, totals
from memory.database import new_id, now
from memory.money import EXPONENTS, Money, plain
from memory.sealed import Sealed, SealedRow

State = Literal["draft", "sent", "paid", "void"]
TRANSITIONS: dict[str, tuple[State, ...]] = {
    "draft": ("sent", "void"),
    "sent": ("paid", "void"),
    "paid": ("sent",),
    "void": (),
}


class Kind(StrEnum):
    """What the paper is."""

    INVOICE = "invoice"
    CREDIT = "credit"


class Treatment(StrEnum):
    """Why lines without VAT have none, which decides what an invoice must say."""

    STANDARD = "standard"
    REVERSE_CHARGE = "reverse_charge"
    SMALL_BUSINESS = "small_business"
    OUTSIDE = "outside"
    EXEMPT = "exempt"


MARK = "5a3b1e00"
"""How the ids of the sample business begin; its invoices take no number of the user's own."""
BATCH = 5_000
"""Ids in one query: SQLite takes 32,766 parameters."""


class InvoiceRow(SealedRow, table=True):
    """One invoice without its lines. `project` is the work it bills, `corrects` the invoice a credit note is for.

    The work was done from `served_from` to `served_until`; `reminder_level` counts how often was reminded.
    """

    __tablename__ = "invoices"
    __table_args__ = (UniqueConstraint("user", "year", "sequence"),)
    id: str = Field(default_factory=new_id, primary_key=True)
    user: str = Field(index=True)
    year: int
    sequence: int
    state: str = Field(default="draft", index=True)
    client: str | None = Field(default=None, foreign_key="clients.id", index=True)
    billed_to: dict[str, str] = Field(default_factory=dict, sa_type=Sealed("json"))
    project: str | None = Field(default=None, index=True)
    issued_on: date = Field(index=True)
    due_on: date
    sent_on: date | None = None
    paid_on: date | None = None
    currency: str
    note: str = Field(default="", sa_type=Sealed())
    kind: str = "invoice"
    corrects: str | None = Field(default=None, index=True)
    treatment: str = "standard"
    served_from: date | None = None
    served_until: date | None = None
    reminder_level: int = 0
    reminded_on: date | None = None
    created_at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))


class InvoiceLineRow(SealedRow, table=True):
    """One line of an invoice, in `position` order."""

    __tablename__ = "invoice_lines"
    invoice: str = Field(primary_key=True, foreign_key="invoices.id")
    position: int = Field(primary_key=True)
    user: str = Field(index=True)
    description: str = Field(sa_type=Sealed())
    quantity: Decimal = Field(sa_type=Sealed("decimal"))
    unit: str = ""
    price: Decimal = Field(sa_type=Sealed("decimal"))
    vat: Decimal = Field(sa_column=Column(Exact, nullable=False))


@dataclass(frozen=True)
class Invoice:
    """One invoice as it stands. `client` holds what is printed about the client; empty when it is still open."""

    id: str
    number: str
    state: State
    client_id: str | None
    client: dict[str, str]
    issued_on: date
    due_on: date
    paid_on: date | None
    currency: str
    note: str
    lines: tuple[Line, ...]
    kind: Kind = Kind.INVOICE
    corrects: str | None = None
    corrects_number: str = ""
    treatment: Treatment = Treatment.STANDARD
    served_from: date | None = None
    served_until: date | None = None
    project: str | None = None
    reminder_level: int = 0
    reminded_on: date | None = None
    payments: tuple[Payment, ...] = ()
    credited: Decimal = Decimal(0)

    @cached_property
    def totals(self) -> Totals:
        """What it comes to."""
        return totals(self.lines, self.currency)

    @property
    def received(self) -> Money:
        """What was paid so far; an invoice marked paid before payments were kept counts in full."""
        if self.state == "paid" and not self.payments and not self.credited:
            return self.totals.total
        return received(self.payments, self.currency)

    @property
    def open(self) -> Money:
        """What is still to be paid, after payments and credit notes; nothing of a draft that became void."""
        if self.state == "void":
            return Money(Decimal(0), self.currency)
        return self.totals.total - self.received - Money(self.credited, self.currency)

    @property
    def client_name(self) -> str:
        return self.client.get("name", "")

    def overdue(self, today: date) -> bool:
        """Whether it was sent and should have been paid by now."""
        return self.state == "sent" and self.kind == Kind.INVOICE and self.due_on < today


class InvoiceError(Exception):
    """The invoice cannot be changed that way. The message is one sentence for the user."""


def number_of(row: InvoiceRow) -> str:
    """The number as printed: ``2026-0003``."""
    return f"{row.year}-{row.sequence:04d}"


def check(
    lines: Sequence[Line], currency: str, issued_on: date, due_on: date, kind: str = "invoice", treatment: str = ""
) -> None:
    """Refuse what no invoice may be. Raises InvoiceError."""
    if not lines:
        raise InvoiceError("An invoice needs at least one line, such as 12.5 hours at 80 €.")
    if currency not in EXPONENTS:
        raise InvoiceError(f"'{currency}' is no currency code known here; use one such as EUR or USD.")
    if due_on < issued_on:
        raise InvoiceError("An invoice cannot be due before its own date.")
    for line in lines:
        if (line.quantity >= 0) if kind == Kind.CREDIT else (line.quantity <= 0) or line.price < 0:
            raise InvoiceError(f'The line "{line.description}" needs a quantity above 0 and a price of 0 or more.')
        if not 0 <= line.vat <= 100:
            raise InvoiceError(f"{plain(line.vat)} % is no VAT rate; it lies between 0 and 100.")
        if line.vat and treatment in _UNTAXED:
            raise InvoiceError(f"An invoice {_UNTAXED[treatment]} has no VAT on it; leave out the rate or the rule.")


_UNTAXED: dict[str, str] = {
    Treatment.REVERSE_CHARGE: "under reverse charge",
    Treatment.SMALL_BUSINESS: "under the small-business exemption",
    Treatment.OUTSIDE: "to a client outside the EU",
    Treatment.EXEMPT: "that is exempt from VAT",
}


def snapshot(invoice: Invoice) -> dict[str, Any]:
    """The fields of an invoice that can change, as JSON."""
    return {
        "state": invoice.state,
        "client": invoice.client_name,
        "issued_on": invoice.issued_on.isoformat(),
        "due_on": invoice.due_on.isoformat(),
        "paid_on": invoice.paid_on.isoformat() if invoice.paid_on else None,
        "currency": invoice.currency,
        "note": invoice.note,
        "lines": [
            [line.description, plain(line.quantity), line.unit, plain(line.price), plain(line.vat)]
            for line in invoice.lines
        ],
        "total": str(invoice.totals.total),
        "kind": str(invoice.kind),
        "treatment": str(invoice.treatment),
        "served_from": invoice.served_from.isoformat() if invoice.served_from else None,
        "served_until": invoice.served_until.isoformat() if invoice.served_until else None,
        "reminder_level": invoice.reminder_level,
        "received": str(invoice.received),
    }


async def read(session: AsyncSession, rows: Sequence[InvoiceRow]) -> list[Invoice]:
    """Add lines and clients to invoices, with a few queries however many there are."""
    lines: dict[str, list[Line]] = {row.id: [] for row in rows}
    ids = list(lines)
    for start in range(0, len(ids), BATCH):
        wanted = col(InvoiceLineRow.invoice).in_(ids[start : start + BATCH])
        for line in await session.exec(select(InvoiceLineRow).where(wanted).order_by(col(InvoiceLineRow.position))):
            lines[line.invoice].append(Line(line.description, line.quantity, line.unit, line.price, line.vat))
    paid, credits = await _settled(session, ids)
    corrected = {row.corrects for row in rows if row.corrects}
    numbers = await _numbers(session, corrected)
    owners = {row.user for row in rows}
    clients = {client.id: client for client in await session.exec(select(Client).where(col(Client.user).in_(owners)))}
    return [
        Invoice(
            id=row.id,
            number=number_of(row),
            state=cast(State, row.state),
            client_id=row.client,
            client=row.billed_to or (clients[row.client].details() if row.client else {}),
            issued_on=row.issued_on,
            due_on=row.due_on,
            paid_on=row.paid_on,
            currency=row.currency,
            note=row.note,
            lines=tuple(lines[row.id]),
            kind=Kind(row.kind),
            corrects=row.corrects,
            corrects_number=numbers.get(row.corrects or "", ""),
            treatment=Treatment(row.treatment),
            served_from=row.served_from,
            served_until=row.served_until,
            project=row.project,
            reminder_level=row.reminder_level,
            reminded_on=row.reminded_on,
            payments=tuple(paid.get(row.id, ())),
            credited=credits.get(row.id, Decimal(0)),
        )
        for row in rows
    ]


async def _settled(session: AsyncSession, ids: Sequence[str]) -> tuple[dict[str, list[Payment]], dict[str, Decimal]]:
    """By invoice: the payments, oldest first, and how much credit notes take off that were settled with it."""
    paid: dict[str, list[Payment]] = {}
    notes: dict[str, tuple[str, str]] = {}
    lines: dict[str, list[Line]] = {}
    for start in range(0, len(ids), BATCH):
        some = ids[start : start + BATCH]
        for one in await session.exec(
            select(Payment).where(col(Payment.invoice).in_(some)).order_by(col(Payment.received_on))
        ):
            paid.setdefault(one.invoice or "", []).append(one)
        refunded = select(Payment.invoice).where(col(Payment.invoice).is_not(None))
        standing = (
            col(InvoiceRow.corrects).in_(some),
            InvoiceRow.state == "paid",
            col(InvoiceRow.id).not_in(refunded),
        )
        for row in await session.exec(select(InvoiceRow).where(*standing)):
            notes[row.id] = (row.corrects or "", row.currency)
        credit_lines = col(InvoiceLineRow.invoice).in_(select(InvoiceRow.id).where(*standing))
        for line in await session.exec(select(InvoiceLineRow).where(credit_lines)):
            lines.setdefault(line.invoice, []).append(Line("", line.quantity, "", line.price, line.vat))
    credits: dict[str, Decimal] = {}
    for note, (invoice, currency) in notes.items():
        credits[invoice] = credits.get(invoice, Decimal(0)) - totals(lines.get(note, []), currency).total.amount
    return paid, credits


async def _numbers(session: AsyncSession, ids: set[str]) -> dict[str, str]:
    if not ids:
        return {}
    return {row.id: number_of(row) for row in await session.exec(select(InvoiceRow).where(col(InvoiceRow.id).in_(ids)))}
