"""The leads: who may give work, how they came, what they are worth, and what became of them.

new ──▶ proposed ──▶ won        won and lost close a lead; one that was lost may come back
└────────┴──▶ lost, dropped
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


class LeadState(StrEnum):
    """Where a lead stands."""

    NEW = "new"
    PROPOSED = "proposed"
    WON = "won"
    LOST = "lost"
    DROPPED = "dropped"


STEPS: dict[str, tuple[LeadState, ...]] = {
    "new": (LeadState.PROPOSED, LeadState.WON, LeadState.LOST, LeadState.DROPPED),
    "proposed": (LeadState.WON, LeadState.LOST, LeadState.DROPPED),
    "won": (LeadState.LOST,),
    "lost": (LeadState.PROPOSED, LeadState.WON),
    "dropped": (LeadState.NEW, LeadState.PROPOSED),
}


class Lead(SealedRow, table=True):
    """One lead. `source` is how it came in one word (a job board, referral, mail), `niche` a kind of work as quotes
    name it, `job` the post it is about; `value` is what it may bring. `answered_at` is when the user first answered.
    """

    __tablename__ = "leads"
    __table_args__ = (Index("ix_leads", "user", "state"),)
    id: str = Field(default_factory=new_id, primary_key=True)
    user: str
    title: str = Field(sa_type=Sealed())
    person: str = Field(default="", sa_type=Sealed())
    source: str = ""
    niche: str = ""
    state: str = "new"
    job: str | None = Field(default=None, index=True)
    client: str | None = Field(default=None, foreign_key="clients.id", index=True)
    value: Decimal | None = Field(default=None, sa_type=Sealed("decimal"))
    currency: str = ""
    came_at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))
    answered_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    closed_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    reason: str = Field(default="", sa_type=Sealed())
    created_at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))

    @property
    def money(self) -> Money | None:
        return Money(self.value, self.currency) if self.value is not None and self.currency else None


def leads(database: Database) -> Book[Lead]:
    """The leads in one database."""
    return Book(database, Lead, "lead", day="came_at", steps=STEPS)
