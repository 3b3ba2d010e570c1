"""Disks and databases that fail: a clear sentence, nothing lost, nothing silently other, and no repair by hand."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.exc import DatabaseError

from agents.spec import AgentSpec
from config.errors import Mendable
from config.paths import ROOT
from config.settings import Settings
from graph.events import Done
from graph.notices import Notifier
from graph.reply import Message, config_of, reply
from graph.runtime import Runtime, open_runtime
from graph.schedule.run import Face
from graph.schedule.scheduler import Scheduler
from graph.schedule.upkeep import back_up_if_due
from memory import database
from memory.backups import listed
from memory.effects import Effected
from memory.facts import Fact
from memory.portability import rows_of
from memory.stores import Stores, open_stores
from memory.trail_check import Heads
from memory.trouble import Busy, Damaged, Full, ReadOnly
from monitoring.health import sqlite_file
from tests.graph.conftest import place, team

__all__ = ["place", "team"]

SEED = 20261121
FLIPS = 30 if "FREELANCEX_FAULTS" not in os.environ else 400


@pytest.fixture
async def runtime(settings: Settings, team: dict[str, AgentSpec]) -> Any:
    async with open_runtime(settings, serving=True, agents=team) as opened:
        yield opened


async def said_to(runtime: Runtime, text: str, thread: str = "t") -> list[Any]:
    return [event async for event in reply(Message(text, thread), runtime)]


@contextmanager
def every_connection(stores: Stores, pragma: str) -> Iterator[None]:
    """Let a pragma hold on every connection to the database, those that are made meanwhile, too."""

    def apply(connection: Any, _record: Any, _proxy: Any = None) -> None:
        connection.cursor().execute(f"PRAGMA {pragma}")

    event.listen(stores.database.engine.sync_engine, "checkout", apply)
    try:
        yield
    finally:
        event.remove(stores.database.engine.sync_engine, "checkout", apply)


async def test_a_full_disk_is_said_and_work_goes_on_once_there_is_room(runtime: Runtime) -> None:
    assert isinstance((await said_to(runtime, "plant an oak"))[-1], Done)
    with every_connection(runtime.stores, "max_page_count=1"):  # no more than there are
        with pytest.raises(Full, match="Free some space"):
            for number in range(200):
                await runtime.stores.facts.add(fact(number, "x" * 4000))
        assert (await runtime.stores.turns.recent("t"))[0].status == "done"  # what is there can be read
        with pytest.raises(Full):
            for number in range(200):
                await said_to(runtime, "plant an oak " + "and water it " * 100, thread=f"full{number}")
    with every_connection(runtime.stores, "max_page_count=1000000"):
        assert isinstance((await said_to(runtime, "plant an oak", thread="after"))[-1], Done)
    hit = [turn for number in range(200) for turn in await runtime.stores.turns.recent(f"full{number}")]
    assert "running" not in {turn.status for turn in hit}


def fact(number: int, words: str = "") -> Fact:
    return Fact(user="local", text=f"fact {number} {words}", said_on=date(2026, 11, 21))


async def test_a_disk_that_takes_no_writes_is_said_and_still_read(stores: Stores) -> None:
    await stores.profiles.save("local", name="Ana")
    with every_connection(stores, "query_only=ON"):
        with pytest.raises(ReadOnly, match="takes no writes"):
            await stores.profiles.save("local", name="Eva")
        assert await stores.profiles.load("local") == {"name": "Ana"}
    with every_connection(stores, "query_only=OFF"):
        await stores.profiles.save("local", name="Eva")
        assert await stores.profiles.load("local") == {"name": "Eva"}


async def test_a_database_that_another_holds_is_waited_for_and_then_said(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert database.BUSY_TIMEOUT_MS <= 5000
    monkeypatch.setattr(database, "BUSY_TIMEOUT_MS", 300)
    stores = await open_stores(settings)
    with closing(sqlite3.connect(settings.paths.database)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Busy, match="Another program holds"):
            await stores.profiles.save("local", name="Ana")
        assert await stores.profiles.load("local") == {}
        other.rollback()
        await stores.profiles.save("local", name="Ana")
    await stores.close()


@pytest.mark.timeout(60 + 15 * FLIPS)
async def test_a_flipped_bit_is_found_or_does_no_harm(
    settings: Settings, record_property: Callable[[str, object], None]
) -> None:
    stores = await open_stores(settings)
    await a_little_work(stores)
    wanted = await rows_of(stores, "local")
    await stores.close()
    with closing(sqlite3.connect(settings.paths.database)) as opened:
        opened.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    whole, chance = settings.paths.database.read_bytes(), random.Random(SEED)
    counts: Counter[str] = Counter()
    for _ in range(FLIPS):
        for path in settings.data_dir.glob(f"{settings.paths.database.name}*"):
            path.unlink()
        settings.paths.database.write_bytes(flipped(whole, chance))
        counts[await outcome(settings, wanted)] += 1
    record_property("figures", f"bit flips in the database: {dict(counts)}")
    assert not counts["silently other"]


def flipped(whole: bytes, chance: random.Random) -> bytearray:
    """The same bytes but for one bit, somewhere in what is written: most of a young database is zeros."""
    damaged, place = bytearray(whole), chance.randrange(len(whole))
    while not whole[place]:
        place = chance.randrange(len(whole))
    damaged[place] ^= 1 << chance.randrange(8)
    return damaged


async def outcome(settings: Settings, wanted: dict[str, Any]) -> str:
    if not sqlite_file(settings.paths.database)[0]:
        return "found by the check at the start"
    try:
        stores = await open_stores(settings)
    except Exception as error:
        return f"found on opening: {type(error).__name__}"
    try:
        if await rows_of(stores, "local") == wanted:
            return "no harm"
        verdict = await Heads.open(settings).verify(stores.database)
        return "silently other" if verdict.ok else "found by the audit trail"
    except (
        Mendable,
        DatabaseError,
        ValueError,
        KeyError,
        TypeError,
    ) as error:  # of a date that is no text any more, too
        return f"found on reading: {type(error).__name__}"
    finally:
        await stores.close()


async def a_little_work(stores: Stores) -> None:
    await stores.profiles.save("local", name="Ana Silva", title="analyst")
    await stores.clients.save("local", "Acme GmbH", email="ap@acme.example")
    for number in range(20):
        await stores.facts.add(fact(number, "they pay late and like short mails"))
        await stores.reminders.add("local", f"call them {number}", datetime.now(UTC).date(), None, "UTC")


@pytest.mark.timeout(60 + 15 * FLIPS)
async def test_a_flipped_bit_in_the_checkpoints_is_found_or_does_no_harm(
    settings: Settings,
    team: dict[str, AgentSpec],
    runtime: Runtime,
    record_property: Callable[[str, object], None],
) -> None:
    asked = (await said_to(runtime, "cut the tree down"))[-1]
    config = config_of(asked.turn)
    wanted = (await runtime.graph.aget_state(config)).values
    with closing(sqlite3.connect(settings.paths.checkpoints)) as opened:
        opened.execute("PRAGMA wal_checkpoint(FULL)")
    whole, chance = settings.paths.checkpoints.read_bytes(), random.Random(SEED)
    from graph.build import build
    from graph.checkpoints import open_checkpoints

    counts: Counter[str] = Counter()
    path = settings.data_dir / "flipped.db"
    for _ in range(FLIPS):
        damaged = flipped(whole, chance)
        for side in ("-wal", "-shm"):
            path.with_name(path.name + side).unlink(missing_ok=True)
        path.write_bytes(damaged)
        if not sqlite_file(path)[0]:
            counts["found by the check at the start"] += 1
            continue
        try:
            async with open_checkpoints(path, runtime.stores.keys, runtime.checkpoints._key) as opened_again:
                values = (await build(opened_again).aget_state(config)).values
                counts["no harm" if values in (wanted, {}) else "silently other"] += 1
        except Exception as error:
            counts[f"found on reading: {type(error).__name__}"] += 1
    record_property("figures", f"bit flips in the checkpoints: {dict(counts)}")
    assert not counts["silently other"]


async def test_a_damaged_database_is_said_with_what_to_do(settings: Settings) -> None:
    stores = await open_stores(settings)
    await a_little_work(stores)
    await stores.close()
    with settings.paths.database.open("r+b") as file:
        file.seek(0)
        file.write(b"not any more")
    with pytest.raises(Damaged, match="restore a backup"):
        await open_stores(settings)


async def test_a_clock_that_jumps_loses_no_reminder_and_tells_none_twice(runtime: Runtime) -> None:
    now = datetime.now(UTC).astimezone()
    reminder = await runtime.stores.reminders.add("local", "call Acme", now.date() + timedelta(days=1), None, "UTC")
    far = now + timedelta(days=400)
    scheduler = Scheduler(runtime, Face(Notifier(runtime)))
    assert await scheduler.look(now) == []
    assert len(await scheduler.look(far)) == 1  # the clock went forward, and it is told
    assert await scheduler.look(now) == []  # back again, and it is not told again
    assert await scheduler.look(far) == []
    assert [one.id for one in await runtime.stores.reminders.open("local")] == [reminder.id]


async def test_a_question_that_lapsed_by_a_wrong_clock_is_not_asked_again(runtime: Runtime) -> None:
    now = datetime.now(UTC)
    entry = Effected(
        turn="t1", step="s1", user="local", thread="t", agent="cut", effect="fell", arguments_hash="",
        expires_at=now + timedelta(hours=24),
    )  # fmt: skip
    await runtime.stores.effects.ask(entry)
    assert await runtime.stores.effects.lapsed(now) == []
    assert await runtime.stores.effects.lapsed(now - timedelta(days=400)) == []
    assert [one.turn for one in await runtime.stores.effects.lapsed(now + timedelta(days=400))] == ["t1"]


async def test_a_clock_that_jumps_neither_stops_backups_nor_repeats_them(runtime: Runtime) -> None:
    now = datetime.now(UTC)
    far = now + timedelta(days=400)
    assert await back_up_if_due(runtime, far)
    assert await back_up_if_due(runtime, now)
    assert not await back_up_if_due(runtime, now + timedelta(minutes=10))
    assert await back_up_if_due(runtime, now + timedelta(days=2))
    assert len(listed(runtime.settings, runtime.stores.keys.master)) == 3


DIES = """
import asyncio, os, signal, sys
from pathlib import Path
from sqlalchemy import text
from config.settings import Settings
from memory import migrations
from memory.stores import open_stores

def half(connection):
    connection.execute(text("CREATE TABLE half (a INTEGER)"))
    connection.execute(text("UPDATE clients SET phone = 'gone'"))
    os.kill(os.getpid(), signal.SIGKILL)

migrations.MIGRATIONS.append(half)
asyncio.run(open_stores(Settings(data_dir=Path(sys.argv[1]))))
"""


async def test_a_migration_killed_midway_leaves_the_version_before(settings: Settings) -> None:
    stores = await open_stores(settings)
    await stores.clients.save("local", "Acme GmbH", phone="+49 30 1")
    await stores.close()
    command = [sys.executable, "-c", DIES, str(settings.data_dir)]
    died = await asyncio.to_thread(subprocess.run, command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)})
    assert died.returncode == -signal.SIGKILL
    again = await open_stores(settings)
    (client,) = await again.clients.all("local")
    assert (client.name, client.phone) == ("Acme GmbH", "+49 30 1")
    await again.close()
    with closing(sqlite3.connect(settings.paths.database)) as opened:
        assert "half" not in {row[0] for row in opened.execute("SELECT name FROM sqlite_master")}
