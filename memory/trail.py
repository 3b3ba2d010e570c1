"""The audit trail: what was done to each record, chained, so that any change behind FreelanceX's back shows.

    flushes ──▶ rows touched ──commit──▶ as stored (sealed) ──▶ digest ──▶ entry n: HMAC(entry n-1 ‖ entry)
                                         └──────────── same transaction as the changes ────────────┘

A row that one transaction touches several times has one entry: what became of it in the end.
An entry holds no content: a keyed digest of the row's stored bytes says what it was, and that digest stays valid when
what is sealed inside can no longer be opened. Each user has a chain of their own, which goes with them; its end is
signed and kept apart (`memory.trail_check`), because a chain alone cannot show that its end was cut off.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Table, TextClause, bindparam, event, inspect, select, text
from sqlalchemy.orm import ORMExecuteState, Session, UOWTransaction
from sqlmodel import Field, SQLModel

from memory.acting import actor
from memory.live import touched
from privacy.keys.ring import KeyName, ring_of

CHAINED = (
    "profile",
    "clients",
    "contacts",
    "client_notes",
    "follow_ups",
    "invoices",
    "invoice_lines",
    "leads",
    "proposals",
    "payments",
    "goals",
    "recurring_invoices",
    "quotes",
    "projects",
    "time_entries",
    "expenses",
    "reminders",
    "schedules",
    "changes",
    "facts",
    "effects",
    "consents",
    "consent_changes",
    "restrictions",
    "accounts",
    "access_events",
)
"""The tables whose rows are followed: business records, who is known, what was allowed, approved and done."""
SINCE = {"schedules": 21}
"""The version of the database from which on a table is followed, where it is older than that."""
START = "0" * 64
BATCH = 500
"""How many rows a statement names at most."""
_DONE = "trail.done"
Key = tuple[Any, ...]
"""A row's primary key."""


class TrailEntry(SQLModel, table=True):
    """One thing done to one row: `action` is made, changed, removed, or rewritten (same content, stored otherwise).

    `row` is its primary key, `digest` that of its stored bytes (empty once removed), `by` the agent at work and its
    step, empty where the user acted directly.
    """

    __tablename__ = "trail"
    user: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    at: str
    name: str
    row: str
    action: str
    by: str = ""
    digest: str
    mac: str


_TRAIL: Table = TrailEntry.__table__  # type: ignore[attr-defined]
_ADD = _TRAIL.insert()
_END = (
    select(_TRAIL.c.number, _TRAIL.c.mac)
    .where(_TRAIL.c.user == bindparam("whose"))
    .order_by(_TRAIL.c.number.desc())
    .limit(1)
)


class Chain:
    """The chain of one user on an open connection."""

    def __init__(self, user: str, connection: Connection) -> None:
        self.user = user
        self._connection = connection
        self._secret = ring_of(connection).first(KeyName(user, "audit"), connection).secret

    def end(self) -> tuple[int, str]:
        """The number and code of the last entry."""
        last = self._connection.execute(_END, {"whose": self.user}).first()
        return (last.number, last.mac) if last else (0, START)

    def add(self, done: Sequence[tuple[str, str, str, str]]) -> None:
        """Append entries of table, row, action and digest."""
        number, before = self.end()
        at, by, rows = datetime.now(UTC).isoformat(timespec="milliseconds"), actor(), []
        for name, row, action, digest in done:
            number += 1
            entry = {"number": number, "at": at, "name": name, "row": row, "action": action, "by": by, "digest": digest}
            before = self.mac(before, entry)
            rows.append({"user": self.user, **entry, "mac": before})
        self._connection.execute(_ADD, rows)

    def mac(self, before: str, entry: dict[str, Any]) -> str:
        """The code of an entry after the one with the code `before`."""
        return self._code("entry", before, json.dumps(entry, ensure_ascii=False, sort_keys=True, default=_plain))

    def digest(self, name: str, stored: dict[str, Any]) -> str:
        """What stands for the stored bytes of a row."""
        return self._code("row", name, json.dumps(stored, ensure_ascii=False, sort_keys=True, default=_plain))

    def _code(self, *parts: str) -> str:
        return hmac.digest(self._secret, "\n".join(parts).encode("utf-8", "surrogatepass"), "sha256").hex()


def stored(connection: Connection, table: Table, keys: Sequence[Key]) -> dict[Key, dict[str, Any]]:
    """Rows by key exactly as the database holds them, sealed fields as their bytes. There is none for a missing one."""
    names = [column.name for column in table.primary_key]
    found: dict[Key, dict[str, Any]] = {}
    for batch in (keys[start : start + BATCH] for start in range(0, len(keys), BATCH)):
        values = {f"k{place}": value for place, value in enumerate(part for key in batch for part in key)}
        for row in connection.execute(_these_of(table, len(batch)), values).mappings():
            found[tuple(row[name] for name in names)] = dict(row)
    return found


@lru_cache
def _these_of(table: Table, count: int) -> TextClause:
    names = [column.name for column in table.primary_key]
    each = (
        " AND ".join(f'"{name}" = :k{row * len(names) + place}' for place, name in enumerate(names))
        for row in range(count)
    )
    return text(f'SELECT * FROM "{table.name}" WHERE {" OR ".join(f"({one})" for one in each)}')


def key_text(key: Iterable[Any]) -> str:
    """A primary key as the trail names it."""
    return "|".join(map(str, key))


def note(connection: Connection, user: str, done: Mapping[tuple[Table, Key], str]) -> None:
    """Append what was done to rows of a user, on the connection that did it."""
    if not done:
        return
    chain, by_table = Chain(user, connection), dict[Table, list[Key]]()
    for table, key in done:
        by_table.setdefault(table, []).append(key)
    rows = {table: stored(connection, table, keys) for table, keys in by_table.items()}
    chain.add(
        [
            (table.name, key_text(key), action, chain.digest(table.name, row) if (row := rows[table].get(key)) else "")
            for (table, key), action in done.items()
        ]
    )


@event.listens_for(Session, "after_flush")
def _flushed(session: Session, _work: UOWTransaction) -> None:
    for row, action in _touched(session):
        state = inspect(row)
        table = state.mapper.local_table
        if isinstance(table, Table) and table.name in CHAINED:
            _keep(session, row.user, table, tuple(state.mapper.primary_key_from_instance(row)), action)


def _keep(session: Session, user: str, table: Table, key: Key, action: str) -> None:
    """Keep in mind what was done to a row until the transaction ends."""
    done = session.info.setdefault(_DONE, {}).setdefault(user, {})
    before = done.pop((table, key), "")
    if (before, action) != ("made", "removed"):
        done[table, key] = "made" if before == "made" else action


@event.listens_for(Session, "before_commit")
def _committing(session: Session) -> None:
    session.flush()
    for user, done in session.info.pop(_DONE, {}).items():
        note(session.connection(), user, done)
        touched(session, user, done)


@event.listens_for(Session, "after_rollback")
def _rolled_back(session: Session) -> None:
    session.info.pop(_DONE, None)


def _touched(session: Session) -> Iterator[tuple[Any, str]]:
    yield from ((row, "made") for row in session.new)
    yield from ((row, "changed") for row in session.dirty if session.is_modified(row))
    yield from ((row, "removed") for row in session.deleted)


@event.listens_for(Session, "do_orm_execute")
def _in_bulk(state: ORMExecuteState) -> Any:
    """Follow updates and deletes that name no rows: which they meet is looked up before."""
    table = state.bind_mapper.local_table if state.bind_mapper else None
    if not (state.is_update or state.is_delete) or not isinstance(table, Table) or table.name not in CHAINED:
        return None
    connection = state.session.connection()
    columns = (table.c.user, *table.primary_key.columns)
    where = state.statement.whereclause  # type: ignore[attr-defined]
    met = connection.execute(select(*columns).where(where) if where is not None else select(*columns)).all()
    result = state.invoke_statement()
    action = "removed" if state.is_delete else "changed"
    for user, *key in met:
        _keep(state.session, user, table, tuple(key), action)
    return result


def rewritten(connection: Connection, rows: Iterable[tuple[str, Table, Key]]) -> None:
    """Note that rows (user, table, key) are stored in another form from now on, by an update or with a new key.

    Give only rows that were sound before: what was tampered with has to stay visible.
    """
    by_user: dict[str, dict[tuple[Table, Key], str]] = {}
    for user, table, key in rows:
        by_user.setdefault(user, {})[table, key] = "rewritten"
    for user, done in by_user.items():
        note(connection, user, done)


def _plain(value: Any) -> str:
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)
