"""SQLite at hand: a statement that is quick runs at once, one that is not runs in a thread.

    statement ── quick the last times ──▶ here, on the event loop's own thread
              └─ slow, new, or one that waits (BEGIN IMMEDIATE, COMMIT, VACUUM) ──▶ a thread, and back

A thread and the way back cost many times what most statements take, and far more while others compete for the
interpreter. How long a statement took is known by its text, so that nothing keeps the event loop for long twice.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from time import monotonic, thread_time
from typing import Any, TypeVar

from sqlalchemy import URL
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.pool import AsyncAdaptedQueuePool, Pool
from sqlalchemy.util.concurrency import await_

DRIVER = "sqlite+atonce"
QUICK = ("SELECT", "INSERT", "UPDATE", "DELETE", "BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK")
WAITS = ("BEGIN IMMEDIATE",)
LONG_S = 0.003
"""Processor seconds from which a statement is slow."""
WAITED_S = 0.05
"""Seconds by the clock from which one that runs here is slow, however little it worked: it waited for a cold disk."""
WARY = 100
"""How many times a statement that was slow runs in a thread."""
BREATH_S = 0.005
"""Seconds after which others get their turn between two quick statements."""
KNOWN = 4_000
"""How many texts of statements are kept in mind."""
T = TypeVar("T")


class _Cursor(sqlite3.Cursor):
    """A cursor that has all its rows once it has executed, so that reading them does not touch the file."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        super().__init__(connection)
        self._rows: deque[Any] = deque()

    def execute(self, sql: str, parameters: Any = (), /) -> _Cursor:
        super().execute(sql, parameters)
        self._rows = deque(super().fetchall()) if self.description else deque()
        return self

    def fetchone(self) -> Any:
        return self._rows.popleft() if self._rows else None

    def fetchmany(self, size: int | None = None) -> list[Any]:
        return [self._rows.popleft() for _ in range(min(size or self.arraysize, len(self._rows)))]

    def fetchall(self) -> list[Any]:
        rows = list(self._rows)
        self._rows.clear()
        return rows

    async def _async_soft_close(self) -> None:
        """SQLAlchemy asks this of a cursor whose rows are read outside its own coroutines; there is nothing to do."""

    def __iter__(self) -> Iterator[Any]:  # type: ignore[override]
        while self._rows:
            yield self._rows.popleft()


class _Connection(sqlite3.Connection):
    def cursor(self, factory: Any = None) -> Any:
        return super().cursor(factory or _Cursor)


class AtOnce(SQLiteDialect_pysqlite):
    """SQLAlchemy's SQLite for its asyncio side."""

    driver = "atonce"
    is_async = True
    has_terminate = True
    supports_statement_cache = True

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._threads = ThreadPoolExecutor(4, "database")
        self._wary: dict[str, int] = {}
        self._breath = monotonic()

    @classmethod
    def get_pool_class(cls, url: URL) -> type[Pool]:
        return AsyncAdaptedQueuePool

    def create_connect_args(self, url: URL) -> Any:
        path, options = super().create_connect_args(url)
        return path, {**options, "factory": _Connection, "check_same_thread": False, "cached_statements": 512}

    def do_execute(self, cursor: Any, statement: str, parameters: Any, context: Any = None) -> None:
        await_(self._run(statement, partial(cursor.execute, statement, parameters)))

    def do_execute_no_params(self, cursor: Any, statement: str, context: Any = None) -> None:
        await_(self._run(statement, partial(cursor.execute, statement)))

    def do_executemany(self, cursor: Any, statement: str, parameters: Sequence[Any], context: Any = None) -> None:
        await_(self._run(statement, partial(cursor.executemany, statement, parameters)))

    def do_commit(self, dbapi_connection: Any) -> None:
        if dbapi_connection.in_transaction:
            await_(self.apart(dbapi_connection.commit))

    def do_rollback(self, dbapi_connection: Any) -> None:
        if dbapi_connection.in_transaction:  # the end of a read; a write that fails closes its connection
            dbapi_connection.rollback()

    def do_savepoint(self, connection: Any, name: str) -> None:
        connection.connection.dbapi_connection.execute(f"SAVEPOINT {name}")

    def do_release_savepoint(self, connection: Any, name: str) -> None:
        connection.connection.dbapi_connection.execute(f"RELEASE {name}")

    def do_rollback_to_savepoint(self, connection: Any, name: str) -> None:
        raw = connection.connection.dbapi_connection
        if raw.in_transaction:  # SQLite has undone all of it already when the disk was full
            raw.execute(f"ROLLBACK TO {name}")

    async def apart(self, work: Callable[[], T]) -> T:
        """Do something with a connection in a thread.

        A cancellation is passed on to what the task awaits next outside the database: in the middle of a statement it
        would cost the connection, and with it the writes of others.
        """
        running = asyncio.get_running_loop().run_in_executor(self._threads, work)
        await _unbroken(running)
        return running.result()

    def rest(self) -> None:
        """Let go of the threads until they are needed again."""
        self._threads.shutdown(wait=False)
        self._threads = ThreadPoolExecutor(4, "database")

    async def _run(self, statement: str, work: Callable[[], object]) -> None:
        wary = self._wary.get(statement, 1)
        if wary or not statement.startswith(QUICK) or statement.startswith(WAITS):
            await self.apart(partial(self._timed, statement, wary, work))
        else:
            began = monotonic()
            self._timed(statement, wary, work)
            if (at := monotonic()) - began > WAITED_S:
                self._wary[statement] = WARY
            if at - self._breath > BREATH_S:
                self._breath = at
                await _unbroken(asyncio.ensure_future(asyncio.sleep(0)))

    def _timed(self, statement: str, wary: int, work: Callable[[], object]) -> None:
        began = thread_time()
        work()
        if len(self._wary) > KNOWN:
            self._wary.clear()
        self._wary[statement] = WARY if thread_time() - began > LONG_S else max(0, wary - 1)


async def _unbroken(running: asyncio.Future[Any]) -> None:
    """Wait until something is done, and only then let a cancellation take its course."""
    task, cancelled = asyncio.current_task(), 0
    while not running.done():
        try:
            await asyncio.wait([running])
        except asyncio.CancelledError:
            cancelled += 1
    for _ in range(cancelled):
        if task:
            task.uncancel()
            task.cancel()


registry.register("sqlite.atonce", __name__, "AtOnce")
