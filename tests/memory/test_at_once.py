"""SQLite at hand: quick statements run where they are asked for, slow ones and those that wait do not hold the loop."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
import time
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, text

from memory import at_once
from memory.database import Database, open_database

SLOW = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200000) SELECT count(*) FROM n"


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    opened = open_database(tmp_path / "one.db")

    @event.listens_for(opened.engine.sync_engine, "connect")
    def _tell(connection: Any, _record: Any) -> None:
        connection.create_function("thread", 0, threading.get_ident)

    yield opened
    await opened.close()


async def ask(database: Database, statement: str) -> Any:
    async with database.read() as session:
        return (await (await session.connection()).execute(text(statement))).scalar()


async def test_what_is_quick_runs_without_a_thread_from_the_second_time_on(database: Database) -> None:
    threads = [await ask(database, "SELECT thread()") for _ in range(2)]
    assert threads[0] != threading.get_ident() == threads[1]


async def test_what_was_slow_stays_in_a_thread(database: Database) -> None:
    slow = f"SELECT thread() FROM ({SLOW})"
    assert threading.get_ident() not in {await ask(database, slow) for _ in range(3)}


async def test_what_waited_for_the_disk_here_once_waits_in_a_thread_from_then_on(database: Database) -> None:
    @event.listens_for(database.engine.sync_engine, "connect")
    def _slow_disk(connection: Any, _record: Any) -> None:
        connection.create_function("waits", 0, lambda: time.sleep(2 * at_once.WAITED_S))

    threads = [await ask(database, "SELECT thread() FROM (SELECT waits())") for _ in range(3)]
    assert threads[1] == threading.get_ident() and threads[2] != threading.get_ident()


async def test_others_go_on_while_something_waits_for_another_program(database: Database, tmp_path: Path) -> None:
    async with database.write() as session:
        await (await session.connection()).execute(text("CREATE TABLE t (x)"))
    with closing(sqlite3.connect(tmp_path / "one.db")) as other:
        other.execute("BEGIN IMMEDIATE")

        async def write() -> None:
            async with database.write() as session:
                await (await session.connection()).execute(text("INSERT INTO t VALUES (1)"))

        waiting = asyncio.create_task(write())
        assert await ask(database, "SELECT count(*) FROM t") == 0
        assert not waiting.done()
        other.rollback()
        await waiting
    assert await ask(database, "SELECT count(*) FROM t") == 1


async def test_one_that_is_cancelled_leaves_its_connection_fit_for_the_next(database: Database) -> None:
    async def wait() -> None:
        await ask(database, SLOW)
        await asyncio.Event().wait()

    asking = asyncio.create_task(wait())
    await asyncio.sleep(0.01)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert await ask(database, "SELECT 7") == 7
