"""Who is at work: the agent in whose step something is read or written, what it read of clients, what it may not see.

with acting("bookkeeping", "turn.s1", hidden) as one:
    …                                          every load of a client's record is counted; restricted ones stay out
one.rows                                       {("invoices", client id): 3, …}
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import event, inspect, or_
from sqlalchemy.orm import ORMExecuteState, Session, with_loader_criteria
from sqlmodel import SQLModel

from memory.sealed import Sealed


@dataclass(frozen=True)
class Acting:
    """An agent in a step, the clients it does not see, and how many rows it read by table and client."""

    agent: str
    step: str
    hidden: frozenset[str] = frozenset()
    rows: Counter[tuple[str, str]] = field(default_factory=Counter)


_ACTING: ContextVar[Acting | None] = ContextVar("acting", default=None)


@contextmanager
def acting(agent: str, step: str, hidden: Collection[str] = ()) -> Iterator[Acting]:
    """Let what is read and written inside be that agent's; `hidden` are ids of clients."""
    one = Acting(agent, step, frozenset(hidden))
    token = _ACTING.set(one)
    try:
        yield one
    finally:
        _ACTING.reset(token)


def actor() -> str:
    """The agent at work and its step; empty when none is."""
    one = _ACTING.get()
    return f"{one.agent} {one.step}" if one else ""


def hidden() -> frozenset[str]:
    """The ids of the clients that who is at work does not see; sessions keep to it by themselves."""
    one = _ACTING.get()
    return one.hidden if one else frozenset()


def met(kind: str, client: str) -> None:
    """Count a row about a client that was read for who is at work; what sessions load is counted by itself."""
    if one := _ACTING.get():
        one.rows[kind, client] += 1


@event.listens_for(SQLModel, "load", propagate=True)
def _loaded(row: Any, _context: Any) -> None:
    one = _ACTING.get()
    if one and (client := row.id if row.__tablename__ == "clients" else getattr(row, "client", None)):
        named = isinstance(row.__table__.columns["client" if "client" in row.__table__.columns else "id"].type, Sealed)
        one.rows[row.__tablename__, "" if named else client] += 1  # a name would lie there in clear


@event.listens_for(Session, "do_orm_execute")
def _hide(state: ORMExecuteState) -> None:
    one = _ACTING.get()
    if one is None or not one.hidden or not state.is_select or state.is_column_load or state.is_relationship_load:
        return
    if state.session.connection().get_execution_options().get("writes"):
        return  # numbers are drawn and rows are found again there: both must see everything
    for mapper in state.all_mappers:
        table = mapper.local_table
        if getattr(table, "name", "") == "clients":
            criterion = mapper.class_.id.not_in(one.hidden)
        elif any(key.column.table.name == "clients" for key in inspect(mapper).local_table.foreign_keys):
            criterion = or_(mapper.class_.client.is_(None), mapper.class_.client.not_in(one.hidden))
        else:
            continue
        state.statement = state.statement.options(with_loader_criteria(mapper.class_, criterion))
