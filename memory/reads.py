"""Who read what of which client, when, and why: a row for each agent's step, table and client."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import DateTime
from sqlmodel import Field, SQLModel, col, select

from memory.acting import Acting
from memory.database import Database, new_id, now

MANY = 25
"""Beyond this many clients in one table, a step read "all of them": one row says so."""


class ClientRead(SQLModel, table=True):
    """One look at a client's records: `kind` is their table, `client` the client's id, empty for many of them.

    `step` is the turn and its step, by which the user's own request is found; `purpose` is what the agent was doing.
    """

    __tablename__ = "client_reads"
    id: str = Field(default_factory=new_id, primary_key=True)
    user: str = Field(index=True)
    client: str = Field(default="", index=True)
    agent: str
    step: str
    purpose: str = ""
    kind: str
    count: int
    at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True), index=True)


class ClientReads:
    """The log of reads in one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def keep(self, user: str, read: Acting, purpose: str) -> None:
        """Keep what one step read, if anything."""
        if not read.rows:
            return
        by_kind: dict[str, dict[str, int]] = {}
        for (kind, client), count in read.rows.items():
            by_kind.setdefault(kind, {})[client] = count
        async with self._database.write() as session:
            for kind, clients in by_kind.items():
                met = clients if len(clients) <= MANY else {"": sum(clients.values())}
                session.add_all(
                    ClientRead(
                        user=user,
                        client=client,
                        agent=read.agent,
                        step=read.step,
                        purpose=purpose,
                        kind=kind,
                        count=count,
                    )
                    for client, count in met.items()
                )

    async def of(self, user: str, client: str | None = None, limit: int = 200) -> list[ClientRead]:
        """The newest reads, newest first; with `client`, those that met it, or so many that it may be among them."""
        query = select(ClientRead).where(ClientRead.user == user).order_by(col(ClientRead.at).desc()).limit(limit)
        if client is not None:
            query = query.where(col(ClientRead.client).in_([client, ""]))
        async with self._database.read() as session:
            return list(await session.exec(query))
