"""The goals: how much of what by when, so that a figure can say how far it has come."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import DateTime
from sqlmodel import Field

from memory.business.book import Book
from memory.database import Database, new_id, now
from memory.sealed import Sealed, SealedRow


class Measure(StrEnum):
    """What a goal counts: money received, hours worked, proposals sent, or clients won."""

    REVENUE = "revenue"
    HOURS = "hours"
    PROPOSALS = "proposals"
    CLIENTS = "clients"


class GoalState(StrEnum):
    """Where a goal stands."""

    OPEN = "open"
    REACHED = "reached"
    DROPPED = "dropped"


STEPS: dict[str, tuple[GoalState, ...]] = {
    "open": (GoalState.REACHED, GoalState.DROPPED),
    "reached": (GoalState.OPEN,),
    "dropped": (GoalState.OPEN,),
}


class Goal(SealedRow, table=True):
    """So much of a `measure` from the day `since` to `until`, both included; `currency` only for revenue."""

    __tablename__ = "goals"
    id: str = Field(default_factory=new_id, primary_key=True)
    user: str = Field(index=True)
    measure: str
    target: Decimal = Field(sa_type=Sealed("decimal"))
    currency: str = ""
    since: date
    until: date
    state: str = "open"
    created_at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))


def goals(database: Database) -> Book[Goal]:
    """The goals in one database."""
    return Book(database, Goal, "goal", day="until", steps=STEPS)
