"""The payments: money that came for an invoice, in part or in full, and money that was given back.

received ──▶ reversed        a payment that was wrong or bounced stays in the books, and counts no more
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import DateTime, Index
from sqlmodel import Field

from memory.business.book import Book
from memory.database import Database, new_id, now
from memory.money import Money, total
from memory.sealed import Sealed, SealedRow


class PaymentState(StrEnum):
    """Where a payment stands."""

    RECEIVED = "received"
    REVERSED = "reversed"


STEPS: dict[str, tuple[PaymentState, ...]] = {"received": (PaymentState.REVERSED,), "reversed": ()}


class Payment(SealedRow, table=True):
    """One payment of an invoice. What was given back is negative.

    Paid in another currency than the books are kept in, one unit was worth `rate` of `booked` on `rate_on`. `source`
    stands blindly for the line of a bank statement it came from, so that no line counts twice.
    """

    __tablename__ = "payments"
    __table_args__ = (Index("ix_payments", "user", "received_on"),)
    id: str = Field(default_factory=new_id, primary_key=True)
    user: str
    invoice: str | None = Field(default=None, foreign_key="invoices.id", index=True)
    client: str | None = Field(default=None, foreign_key="clients.id", index=True)
    state: str = "received"
    amount: Decimal = Field(sa_type=Sealed("decimal"))
    currency: str
    received_on: date
    reference: str = Field(default="", sa_type=Sealed())
    booked: str = ""
    rate: Decimal | None = Field(default=None, sa_type=Sealed("decimal"))
    rate_on: date | None = None
    source: str = Field(default="", index=True)
    created_at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))

    @property
    def money(self) -> Money:
        return Money(self.amount, self.currency)

    @property
    def worth(self) -> Money:
        """What it came to in the currency the books are kept in, rounded; itself while no rate is known."""
        return (Money(self.amount, self.booked) * self.rate).rounded() if self.rate and self.booked else self.money


def payments(database: Database) -> Book[Payment]:
    """The payments in one database. To keep one use `Invoices.pay`, which also closes the invoice."""
    return Book(database, Payment, "payment", day="received_on", steps=STEPS)


def received(found: Sequence[Payment], currency: str) -> Money:
    """What came in all, of payments of one currency."""
    return total((one.money for one in found if one.state == PaymentState.RECEIVED), currency)
