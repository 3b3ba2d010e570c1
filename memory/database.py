"""The database: SQLite in one file by default, another by address.

Reads run side by side; writes pass one at a time through `write()`, those of other processes too, and each is durable
before it returns. With SQLite the journal is a write-ahead log with `synchronous=FULL`, so what was acknowledged
survives a crash and a power cut (NORMAL may lose the last commits).

    write a ─┐
    write b ─┼─ one after another, each behind a savepoint of its own ──▶ one COMMIT ──▶ a, b and c return
    write c ─┘
    write d … that came meanwhile: the next such group

The disk takes as long for one commit as for the commit of many; one that raises undoes its own part only.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol, TypeVar
from uuid import uuid4

from sqlalchemy import Select, Table, event
from sqlalchemy.engine import Connection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.util.concurrency import greenlet_spawn
from sqlmodel.ext.asyncio.session import AsyncSession

from memory.at_once import DRIVER, AtOnce
from memory.live import LIVE, Live, tell_committed
from memory.sealed import opened, restore
from memory.trouble import said

BUSY_TIMEOUT_MS = 5_000
ONE_WRITER = 0x46584C
"""By which number PostgreSQL knows the turn to write, which processes pass to each other."""


class Owned(Protocol):
    """A row that belongs to one user."""

    user: str


Row = TypeVar("Row", bound=Owned)
Result = TypeVar("Result")


def new_id() -> str:
    """A fresh identifier: 32 hexadecimal digits."""
    return uuid4().hex


def now() -> datetime:
    """The time in UTC, with its zone."""
    return datetime.now(UTC)


class _Group:
    """Writes that are committed together; `settled` is done once they are, or raises why they are not."""

    def __init__(self, connection: AsyncConnection) -> None:
        self.connection = connection
        self.sessions: list[AsyncSession] = []
        self.settled: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.settled.add_done_callback(lambda done: done.cancelled() or done.exception())  # nobody may wait

    async def stands(self) -> bool:
        """Whether the transaction is still there; SQLite ends it by itself when the disk fails."""
        raw: Any = (await self.connection.get_raw_connection()).dbapi_connection
        return bool(getattr(raw, "in_transaction", True))

    async def fail(self, error: BaseException) -> None:
        """Undo all of it, and tell those who wait why."""
        self.settled.set_exception(error)
        await self.connection.invalidate()
        await self.connection.close()


class Database:
    """One open database; `live` tells what is done to its rows. Use `open_database`."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        self.live = Live()
        self._turn = asyncio.Lock()
        self._group: _Group | None = None
        self._holder: asyncio.Task[Any] | None = None
        self._ending: set[asyncio.Task[None]] = set()
        self._reading: dict[asyncio.Task[Any] | None, Connection | None] = {}

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
        async with self._joined() as group, self._part_of(group) as session:
            yield session

    async def ask(self, work: Callable[[Connection], Result]) -> Result:
        """What a function reads on a connection; it costs a third of a session, and makes no objects.

        Raises StorageTrouble when the disk or another program stands in the way.
        """
        with said():
            if held := self._reading.get(asyncio.current_task()):
                return await greenlet_spawn(work, held)
            return await greenlet_spawn(self._asked, work)  # all of it in one, where a session takes six

    def _asked(self, work: Callable[[Connection], Result]) -> Result:
        with self.engine.sync_engine.connect() as connection:
            return work(connection)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[None]:
        """Let all that this task asks inside see the rows as they are at one moment, on one connection."""
        task = asyncio.current_task()
        with said():
            async with self.engine.connect() as connection:
                self._reading[task] = connection.sync_connection
                try:
                    yield
                finally:
                    del self._reading[task]

    async def rows(self, table: Table, query: Select[Any], **values: Any) -> list[dict[str, Any]]:
        """The rows of one table that a query finds, with what is sealed in them opened; see `ask`.

        The columns that tell a row apart, and its user, are among those it selects. Raises Tampered.
        """
        return await self.ask(
            lambda found: [opened(found, table, row._asdict()) for row in found.execute(query, values)]
        )

    async def do(self, work: Callable[[Connection], Result]) -> Result:
        """Run a function on the connection that writes, as `write` does with a session; without objects and trail.

        It is for rows that `memory.trail` does not follow. Raises StorageTrouble, and what the function raises.
        """
        async with self._joined() as group, self._unless_lost(group):
            return await group.connection.run_sync(_alone, work)

    @asynccontextmanager
    async def together(self) -> AsyncIterator[None]:
        """Wait for the disk once, on leaving, for all that this task writes inside; each write stands by itself.

        Raises StorageTrouble when the disk or another program stands in the way.
        """
        with said():
            async with self._turn:
                group = self._group or await self._begin()
                self._holder = asyncio.current_task()
                try:
                    yield
                finally:
                    self._holder = None
            await asyncio.shield(group.settled)

    @asynccontextmanager
    async def _joined(self) -> AsyncIterator[_Group]:
        """The group to write in, which is on the disk once this is left, unless the task writes more together."""
        with said():
            if self._holder is asyncio.current_task():
                yield self._group or await self._begin()
                return
            async with self._turn:
                group = self._group or await self._begin()
                yield group
            await asyncio.shield(group.settled)

    @asynccontextmanager
    async def _part_of(self, group: _Group) -> AsyncIterator[AsyncSession]:
        """A session whose work is undone by itself when it raises."""
        session = AsyncSession(
            group.connection,
            expire_on_commit=False,
            info={LIVE: self.live},
            join_transaction_mode="create_savepoint",
        )
        async with self._unless_lost(group):
            try:
                async with session:
                    yield session
                    await session.commit()
            finally:
                restore(session.sync_session)
        group.sessions.append(session)

    @asynccontextmanager
    async def _unless_lost(self, group: _Group) -> AsyncIterator[None]:
        """Let a group fail whose transaction is gone once something in it raised."""
        try:
            yield
        except BaseException as error:
            if not await group.stands():
                self._group = None
                await group.fail(error)
            raise

    async def _begin(self) -> _Group:
        """A group, which ends when those who wait for their turn by now have had it."""
        connection = await self.engine.connect()
        try:
            await connection.execution_options(writes=True)
            await connection.begin()
        except BaseException:
            await connection.close()
            raise
        self._group = _Group(connection)
        task = asyncio.create_task(self._end(self._group))
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)
        return self._group

    async def _end(self, group: _Group) -> None:
        async with self._turn:
            if self._group is not group:
                return
            self._group = None
            try:
                await group.connection.commit()
            except BaseException as error:
                await group.fail(error)
                if not isinstance(error, Exception):
                    raise
            else:
                group.settled.set_result(None)
                for session in group.sessions:
                    tell_committed(session.sync_session)
                await group.connection.close()

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

    async def outside(self, *statements: str) -> None:
        """Run statements that no transaction can hold, such as VACUUM. With SQLite only."""
        async with self.engine.connect() as connection:
            raw: Any = (await connection.get_raw_connection()).dbapi_connection
            for statement in statements:
                await asyncio.to_thread(raw.execute, statement)

    async def close(self) -> None:
        if self._ending:
            await asyncio.wait(self._ending)
        await self.engine.dispose()
        if isinstance(self.engine.dialect, AtOnce):
            self.engine.dialect.rest()


def open_database(path: Path, url: str | None = None) -> Database:
    """The SQLite file at a path, or the database at an address. Nothing is read yet."""
    if url is None:
        engine = create_async_engine(f"{DRIVER}:///{path}", pool_size=15, max_overflow=0)
    else:
        engine = create_async_engine(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine.sync_engine, "connect", _configure)
        event.listen(engine.sync_engine, "begin", _begin)
    elif engine.dialect.name == "postgresql":
        event.listen(engine.sync_engine, "begin", _wait_turn)
    return Database(engine)


def _alone(connection: Connection, work: Callable[[Connection], Result]) -> Result:
    """What a function does, behind a savepoint of its own."""
    with connection.begin_nested():
        return work(connection)


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


def _wait_turn(connection: Connection) -> None:
    # Who wrote rows first and the trail after would else deadlock with another process that does so.
    if connection.get_execution_options().get("writes"):
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({ONE_WRITER})")
