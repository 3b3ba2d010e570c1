"""The database: SQLite in one file by default, another by address.

Reads run side by side; writes pass one at a time through `write()`, which commits durably before it returns. With
SQLite the journal is a write-ahead log with `synchronous=FULL`, so what was acknowledged survives a crash and a power
cut (NORMAL may lose the last commits).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol, TypeVar
from uuid import uuid4

from sqlalchemy import event
from sqlalchemy.engine import Connection
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlmodel.ext.asyncio.session import AsyncSession

from memory.live import LIVE, Live
from memory.sealed import restore
from memory.trouble import said

BUSY_TIMEOUT_MS = 5_000


class Owned(Protocol):
    """A row that belongs to one user."""

    user: str


Row = TypeVar("Row", bound=Owned)


def new_id() -> str:
    """A fresh identifier: 32 hexadecimal digits."""
    return uuid4().hex


def now() -> datetime:
    """The time in UTC, with its zone."""
    return datetime.now(UTC)


class Database:
    """One open database; `live` tells what is done to its rows. Use `open_database`."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        self.live = Live()
        self._writer = asyncio.Lock()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """A session to read with. Raises StorageTrouble when the disk or another program stands in the way."""
        with said():
            async with AsyncSession(self.engine, expire_on_commit=False) as session:
                yield session

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncSession]:
        """The one session that writes: committed on leaving, rolled back when anything raises.

        Raises StorageTrouble when the disk or another program stands in the way.
        """
        with said():
            opened = AsyncSession(self.engine, expire_on_commit=False, info={LIVE: self.live})
            async with self._writer, opened as session:
                await session.connection(execution_options={"writes": True})
                try:
                    yield session
                    await session.commit()
                finally:
                    restore(session.sync_session)

    async def own(self, table: type[Row], key: str, *, user: str) -> Row | None:
        """The row with this key if it is this user's, else None."""
        async with self.read() as session:
            row = await session.get(table, key)
        return row if row and row.user == user else None

    async def change(self, change: Callable[[Connection], object]) -> None:
        """Run a function that changes the tables themselves, in one transaction. Raises what it raises."""
        with said():
            async with self.engine.connect() as connection:
                await connection.execution_options(writes=True)
                async with connection.begin():
                    await connection.run_sync(change)

    async def close(self) -> None:
        await self.engine.dispose()


def open_database(path: Path, url: str | None = None) -> Database:
    """The SQLite file at a path, or the database at an address. Nothing is read yet."""
    engine = create_async_engine(url or f"sqlite+aiosqlite:///{path}")
    if engine.dialect.name == "sqlite":
        event.listen(engine.sync_engine, "connect", _configure)
        event.listen(engine.sync_engine, "begin", _begin)
    return Database(engine)


def _configure(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # this module begins its transactions itself
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "secure_delete=ON",
        f"busy_timeout={BUSY_TIMEOUT_MS}",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    # A writer takes its lock at once: upgrading a read lock later fails with "database is locked" without waiting.
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
