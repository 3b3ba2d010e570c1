"""How each agent did, run by run: what awards go by, and what a page of figures can show later."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Literal

from sqlalchemy import Connection, DateTime, Index, Table
from sqlmodel import Field, SQLModel, col, select

from memory.conversations import Feedback
from memory.database import Database, new_id, now
from memory.turns import Turn

KEPT = timedelta(days=90)
MOST = 300
"""Runs that are looked at when a step is awarded, the newest."""
THUMB = 2.0
"""What the user's word on an answer counts beside a run that went well by itself."""
Failure = Literal["", "cannot", "transient", "unexpected"]


class AgentRun(SQLModel, table=True):
    """One try of one agent at one step, which took `seconds`.

    `failure` is empty when it went well, "cannot" when the request lacked something, "transient" when it may go well
    the next time, and "unexpected" for a defect. `instead_of` names the agent the step was planned for, where another
    did it.
    """

    __tablename__ = "agent_runs"
    __table_args__ = (Index("ix_agent_runs", "user", "agent", "at"),)
    id: str = Field(default_factory=new_id, primary_key=True)
    user: str
    agent: str
    ok: bool
    failure: str = ""
    instead_of: str = ""
    seconds: float
    at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))


@dataclass(frozen=True)
class Outcome:
    """That an agent did well or not, `days` ago; `weight` is what that counts beside others."""

    well: bool
    days: float
    weight: float = 1.0


class AgentRuns:
    """The runs in one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, runs: Iterable[AgentRun]) -> None:
        """Keep runs, and drop those of these users that are older than `KEPT`."""
        await self._database.do(partial(add, runs=list(runs)))

    async def of(self, user: str, since: datetime | None = None) -> list[AgentRun]:
        """The runs of a user, oldest first."""
        query = select(AgentRun).where(AgentRun.user == user).order_by(col(AgentRun.at), col(AgentRun.id))
        if since:
            query = query.where(col(AgentRun.at) >= since)
        async with self._database.read() as session:
            return list(await session.exec(query))

    async def outcomes(self, user: str, agents: Iterable[str], days: float) -> dict[str, list[Outcome]]:
        """How agents did in the last `days` days: their runs, and the user's thumbs on answers they had a part in.

        That an agent could not do what lacked something is no failure of it, and is left out.
        """
        names, at = list(agents), now()
        since = at - timedelta(days=days)
        runs = (
            select(AgentRun.agent, AgentRun.ok, AgentRun.at)
            .where(
                AgentRun.user == user,
                col(AgentRun.agent).in_(names),
                col(AgentRun.at) >= since,
                AgentRun.failure != "cannot",
            )
            .order_by(col(AgentRun.at).desc())
            .limit(MOST)
        )
        thumbs: Any = select(Turn, Feedback.value).join(Turn, col(Feedback.step) == col(Turn.id) + ".answer")
        async with self._database.read() as session:
            rows = [(agent, well, when, 1.0) for agent, well, when in await session.exec(runs)]
            for turn, value in await session.exec(thumbs.where(Turn.user == user, col(Turn.started_at) >= since)):
                agents = {one["agent"] for one in turn.findings.values()} & set(names)
                rows += [(name, value > 0, turn.started_at, THUMB) for name in agents]
        found: dict[str, list[Outcome]] = {name: [] for name in names}
        for agent, well, when, weight in rows:
            age = at - when.replace(tzinfo=when.tzinfo or UTC)
            found[agent].append(Outcome(well, max(0.0, age / timedelta(days=1)), weight))
        return found


_RUNS: Table = AgentRun.__table__  # type: ignore[attr-defined]


def add(connection: Connection, runs: Sequence[AgentRun]) -> None:
    """Keep runs, on a connection that writes; see `AgentRuns.add`."""
    connection.execute(_RUNS.insert(), [row.model_dump() for row in runs])
    for user in {row.user for row in runs}:
        connection.execute(_RUNS.delete().where(_RUNS.c.user == user, _RUNS.c.at < now() - KEPT))
