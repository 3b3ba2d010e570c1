"""The proposals: what was offered for which lead at what price, and how it was answered.

draft ──▶ sent ──▶ accepted, declined        a declined one may be sent again; any open one withdrawn
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import DateTime, Index
from sqlmodel import Field

from memory.business.book import Book
from memory.database import Database, new_id, now
from memory.money import Money
from memory.sealed import Sealed, SealedRow


class ProposalState(StrEnum):
    """Where a proposal stands."""

    DRAFT = "draft"
    SENT = "sent"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


STEPS: dict[str, tuple[ProposalState, ...]] = {
    "draft": (ProposalState.SENT, ProposalState.WITHDRAWN),
    "sent": (ProposalState.ACCEPTED, ProposalState.DECLINED, ProposalState.WITHDRAWN),
    "declined": (ProposalState.SENT,),
    "accepted": (),
    "withdrawn": (),
}


class Proposal(SealedRow, table=True):
    """One proposal for a `lead`: `price` in all (None while none is named), `hours` it rests on, `file` its text."""

    __tablename__ = "proposals"
    __table_args__ = (Index("ix_proposals", "user", "state"),)
    id: str = Field(default_factory=new_id, primary_key=True)
    user: str
    title: str = Field(sa_type=Sealed())
    state: str = "draft"
    lead: str | None = Field(default=None, foreign_key="leads.id", index=True)
    client: str | None = Field(default=None, foreign_key="clients.id", index=True)
    quote: str | None = None
    file: str | None = None
    niche: str = ""
    price: Decimal | None = Field(default=None, sa_type=Sealed("decimal"))
    currency: str = ""
    hours: Decimal | None = Field(default=None, sa_type=Sealed("decimal"))
    sent_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    answered_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    created_at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))

    @property
    def money(self) -> Money | None:
        return Money(self.price, self.currency) if self.price is not None and self.currency else None


def proposals(database: Database) -> Book[Proposal]:
    """The proposals in one database."""
    return Book(database, Proposal, "proposal", steps=STEPS)
