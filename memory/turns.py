"""The turns of a conversation: one message and what became of it, kept apart from the page that shows it.

    running ──▶ done | failed | stopped | asking (a slot is missing) | waiting (an approval is pending)
       └─ the process died ──▶ unfinished, and can be resumed or tried again

Checkpoints alone cannot tell an unfinished run after a crash, so this table does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy import JSON, Column, Connection, DateTime, Index, Row, Table, bindparam
from sqlmodel import Field, col, delete, select, update

from memory.database import Database, now
from memory.effects import Effected
from memory.sealed import Sealed, SealedRow, opened, sealed_fields, sealed_values

Status = Literal["running", "done", "failed", "stopped", "asking", "waiting", "unfinished"]
KNOWN = 500
"""How many turns are kept in mind as they were read last."""


class Turn(SealedRow, table=True):
    """One run of one message (`message` is its id on the page; an edited message runs again) and its outcome.

    `files` are ids in the file store; `findings` what each step found, as JSON.
    """

    __tablename__ = "turns"
    __table_args__ = (Index("ix_turns_thread", "thread", "started_at"),)
    id: str = Field(primary_key=True)
    thread: str
    message: str = Field(index=True)
    user: str
    text: str = Field(sa_type=Sealed())
    command: str = ""
    files: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    status: str = Field(default="running", index=True)
    plan: dict[str, Any] = Field(default_factory=dict, sa_type=Sealed("json"))
    findings: dict[str, Any] = Field(default_factory=dict, sa_type=Sealed("json"))
    answer: str = Field(default="", sa_type=Sealed())
    error: str = Field(default="", sa_type=Sealed())
    started_at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))
    ended_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))


class Turns:
    """The turns in one database.

    An outcome that the disk did not take is kept in mind, and written with the next turn or outcome that it takes.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._ends: dict[str, dict[str, Any]] = {}
        self._known: dict[str, tuple[tuple[Any, ...], Turn]] = {}

    async def save(self, turn: Turn) -> None:
        """Save a turn, new or changed."""
        self._ends.pop(turn.id, None)
        await self._write(partial(save, turn=turn))

    async def end(
        self,
        turn: str,
        status: Status,
        *,
        answer: str = "",
        error: str = "",
        made: Mapping[str, Any] | None = None,
        also: Callable[[Connection], object] | None = None,
    ) -> None:
        """Set a turn's outcome, with its plan and findings where they were `made`.

        What is `also` to be written is so in the same transaction, behind the outcome.
        """
        self._ends[turn] = {"status": status, "answer": answer, "error": error, "ended_at": now(), **(made or {})}
        await self._write(also or (lambda connection: None))

    async def _write(self, work: Callable[[Connection], object]) -> None:
        """Write, with the outcomes that wait."""
        waiting = list(self._ends.items())

        def all_of_it(connection: Connection) -> None:
            for turn, outcome in waiting:
                _end(connection, turn, outcome)
            work(connection)

        await self._database.do(all_of_it)
        for turn, outcome in waiting:
            if self._ends.get(turn) is outcome:
                del self._ends[turn]

    async def get(self, turn: str) -> Turn | None:
        """One turn, or None."""
        async with self._database.read() as session:
            return await session.get(Turn, turn)

    async def owner(self, turn: str) -> str | None:
        """Whose turn it is; None when it is gone."""
        return await self._database.ask(partial(owner, turn=turn))

    async def recent(self, thread: str, limit: int = 10) -> list[Turn]:
        """The newest turns of a thread, newest first; only to be read."""
        of = {"of": thread, "most": limit}
        return await self._database.ask(
            lambda connection: [self._read(connection, row) for row in connection.execute(_RECENT, of)]
        )

    def _read(self, connection: Connection, row: Row[Any]) -> Turn:
        """A turn as its row has it; each message asks for the same ones again, and few have changed."""
        stored, known = tuple(row), self._known.pop(row.id, None)
        if known is None or known[0] != stored:
            known = stored, Turn(**opened(connection, _TURNS, row._asdict()))
        self._known[row.id] = known
        if len(self._known) > KNOWN:
            del self._known[next(iter(self._known))]
        return known[1]

    def let_go(self) -> None:
        """Keep no turn in mind any more, for some are erased."""
        self._known.clear()

    async def commands(self, thread: str, limit: int) -> list[str]:
        """For whom the newest messages of a thread were, newest first; empty where nobody was named."""
        return await self._database.ask(
            lambda connection: [*connection.execute(_COMMANDS, {"of": thread, "most": limit}).scalars()]
        )

    async def times(self, user: str, limit: int) -> list[datetime]:
        """When this user's newest messages came, newest first."""
        query = select(Turn.started_at).where(Turn.user == user).order_by(col(Turn.started_at).desc()).limit(limit)
        async with self._database.read() as session:
            return [time.replace(tzinfo=time.tzinfo or UTC) for time in await session.exec(query)]

    async def supersede(self, thread: str, message: str) -> list[str]:
        """Remove the turns of a message that is sent again, and all later ones; returns their ids."""
        again = await self._database.ask(lambda connection: connection.execute(_SENT, {"message": message}).scalar())
        if not again:
            return []
        async with self._database.write() as session:
            of_thread = select(Turn.id, Turn.message).where(Turn.thread == thread).order_by(col(Turn.started_at))
            rows = (await session.exec(of_thread)).all()
            first = next((place for place, (_, sent) in enumerate(rows) if sent == message), len(rows))
            gone = [id for id, _ in rows[first:]]
            if gone:
                await session.exec(delete(Effected).where(col(Effected.turn).in_(gone)))
                await session.exec(delete(Turn).where(col(Turn.id).in_(gone)))
        return gone

    async def forget(self, thread: str) -> list[str]:
        """Remove every turn of a thread with its side effects; returns the turns' ids."""
        self.let_go()
        async with self._database.write() as session:
            gone = list(await session.exec(select(Turn.id).where(Turn.thread == thread)))
            await session.exec(delete(Effected).where(col(Effected.thread) == thread))
            await session.exec(delete(Turn).where(col(Turn.thread) == thread))
        return gone

    async def unended(self) -> set[str]:
        """The ids of all turns that may go on: whoever's they are, those that are not done."""
        async with self._database.read() as session:
            return set(await session.exec(select(Turn.id).where(Turn.status != "done")))

    async def after_restart(self) -> int:
        """Mark what was running when the process died as unfinished; returns how many. Call once at start."""
        async with self._database.write() as session:
            done = await session.exec(update(Turn).where(col(Turn.status) == "running").values(status="unfinished"))
            return int(done.rowcount)

    async def decide(
        self, turn: str, steps: Sequence[str], decision: str, changed: Mapping[str, Any] | None = None
    ) -> bool:
        """Give the user's word on side effects of one turn that wait, all or none; False when one waits no longer.

        `changed` are the fields of the entry in which what was approved differs from what was proposed. The turn runs
        from here on, so that after a crash it is known to be unfinished.
        """
        state = {"reject": "rejected", "expire": "expired"}.get(decision, "approved")
        async with self._database.write() as session:
            for step in steps:
                row = await session.get(Effected, (turn, step))
                if row is None or row.state != "pending":
                    return False
                row.approved = row.arguments if state == "approved" else {}
                row.decision, row.state, row.decided_at = decision, state, now()
                for name, value in (changed or {}).items():
                    setattr(row, name, value)
                session.add(row)
            await session.exec(update(Turn).where(col(Turn.id) == turn).values(status="running"))
        return True


_TURNS: Table = Turn.__table__  # type: ignore[attr-defined]
_OWNER = sa.select(_TURNS.c.user).where(_TURNS.c.id == bindparam("of"))
_COMMANDS = (
    sa.select(_TURNS.c.command)
    .where(_TURNS.c.thread == bindparam("of"))
    .order_by(_TURNS.c.started_at.desc())
    .limit(bindparam("most"))
)
_RECENT = (
    _TURNS.select()
    .where(_TURNS.c.thread == bindparam("of"))
    .order_by(_TURNS.c.started_at.desc())
    .limit(bindparam("most"))
)
_SENT = sa.select(sa.exists().where(_TURNS.c.message == bindparam("message")))


def owner(connection: Connection, turn: str) -> str | None:
    """Whose turn it is; None when it is gone."""
    found: str | None = connection.execute(_OWNER, {"of": turn}).scalar()
    return found


def save(connection: Connection, turn: Turn) -> None:
    """Save a turn, new or changed, on a connection that writes."""
    values = sealed_values(connection, turn)
    if not connection.execute(_TURNS.update().where(_TURNS.c.id == turn.id), values).rowcount:
        connection.execute(_TURNS.insert(), values)


def _end(connection: Connection, turn: str, outcome: Mapping[str, Any]) -> None:
    user = owner(connection, turn)
    if user is not None:
        values = sealed_fields(connection, Turn, {"id": turn, "user": user}, dict(outcome))
        connection.execute(_TURNS.update().where(_TURNS.c.id == turn), values)
