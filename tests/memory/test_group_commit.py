"""Writes that wait for the disk together: each stands or falls by itself, and none returns before it is durable."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing

import pytest
from sqlalchemy import event

from config.settings import Settings
from memory.live import Happened
from memory.profile import ProfileField
from memory.stores import Stores

pytestmark = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


async def keep(stores: Stores, name: str, breaks: bool = False) -> None:
    async with stores.database.write() as session:
        session.add(ProfileField(user="me", name=name, value=name))
        await session.flush()
        if breaks:
            raise RuntimeError(name)


def commits(stores: Stores) -> list[str]:
    """Grows by one with each commit."""
    seen: list[str] = []
    event.listen(stores.database.engine.sync_engine, "commit", lambda _connection: seen.append("commit"))
    return seen


def lying_there(settings: Settings) -> set[str]:
    """What another connection reads: the names that are committed."""
    with closing(sqlite3.connect(settings.paths.database)) as other:
        return {row[0] for row in other.execute("SELECT name FROM profile")}


async def test_writes_that_wait_at_the_same_time_are_one_commit(stores: Stores, settings: Settings) -> None:
    seen = commits(stores)
    await asyncio.gather(*(keep(stores, f"field{number}") for number in range(20)))
    assert len(seen) == 1
    assert lying_there(settings) == {f"field{number}" for number in range(20)}


async def test_one_that_raises_undoes_its_own_part_only(stores: Stores, settings: Settings) -> None:
    told = await asyncio.gather(
        *(keep(stores, f"field{number}", breaks=number % 3 == 1) for number in range(9)), return_exceptions=True
    )
    assert [str(one) for one in told if one] == ["field1", "field4", "field7"]
    assert lying_there(settings) == {f"field{number}" for number in (0, 2, 3, 5, 6, 8)}


async def test_none_returns_before_another_program_can_read_it(stores: Stores, settings: Settings) -> None:
    missing: list[str] = []

    async def check(name: str) -> None:
        await keep(stores, name)
        if name not in await asyncio.to_thread(lying_there, settings):
            missing.append(name)

    await asyncio.gather(*(check(f"field{number}") for number in range(10)))
    assert not missing


async def test_they_follow_each_other_in_the_order_in_which_they_asked(stores: Stores) -> None:
    order: list[int] = []

    async def follow(number: int) -> None:
        async with stores.database.write():
            order.append(number)

    await asyncio.gather(*(follow(number) for number in range(10)))
    assert order == list(range(10))


async def test_each_sees_what_those_before_it_wrote(stores: Stores) -> None:
    async def count_up() -> None:
        async with stores.database.write() as session:
            row = await session.get(ProfileField, ("me", "count")) or ProfileField(user="me", name="count", value="0")
            row.value = str(int(row.value) + 1)
            session.add(row)

    await asyncio.gather(*(count_up() for _ in range(10)))
    assert await stores.profiles.load("me") == {"count": "10"}


async def test_when_the_commit_fails_every_one_of_them_hears_it(stores: Stores, settings: Settings) -> None:
    def refuse(_connection: object) -> None:
        raise sqlite3.OperationalError("disk I/O error")

    engine = stores.database.engine.sync_engine
    event.listen(engine, "commit", refuse)
    told = await asyncio.gather(*(keep(stores, f"field{number}") for number in range(3)), return_exceptions=True)
    event.remove(engine, "commit", refuse)
    assert ["The disk reported an error" in str(one) for one in told] == [True] * 3
    assert lying_there(settings) == set()
    await keep(stores, "after")
    assert lying_there(settings) == {"after"}


async def test_one_that_is_cancelled_while_it_works_leaves_the_others(stores: Stores, settings: Settings) -> None:
    working, go_on = asyncio.Event(), asyncio.Event()

    async def linger() -> None:
        async with stores.database.write() as session:
            session.add(ProfileField(user="me", name="cancelled", value="x"))
            await session.flush()
            working.set()
            await go_on.wait()

    slow = asyncio.create_task(linger())
    await working.wait()
    others = [asyncio.create_task(keep(stores, f"field{number}")) for number in range(3)]
    await asyncio.sleep(0)
    slow.cancel()
    await asyncio.gather(*others)
    assert slow.cancelled() or slow.cancelling()
    assert lying_there(settings) == {"field0", "field1", "field2"}


async def test_one_that_is_cancelled_while_it_waits_for_its_turn_leaves_the_others(
    stores: Stores, settings: Settings
) -> None:
    tasks = [asyncio.create_task(keep(stores, f"field{number}")) for number in range(4)]
    await asyncio.sleep(0)
    tasks[2].cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert lying_there(settings) == {"field0", "field1", "field3"}


async def test_what_one_task_writes_together_waits_for_the_disk_once(stores: Stores, settings: Settings) -> None:
    seen = commits(stores)
    async with stores.database.together():
        for number in range(3):
            await keep(stores, f"field{number}")
        with pytest.raises(RuntimeError):
            await keep(stores, "broken", breaks=True)
        assert lying_there(settings) == set()
    assert len(seen) == 1
    assert lying_there(settings) == {"field0", "field1", "field2"}


async def test_another_task_waits_until_what_is_written_together_is_done(stores: Stores) -> None:
    order: list[str] = []

    async def other() -> None:
        async with stores.database.write():
            order.append("other")

    async with stores.database.together():
        task = asyncio.create_task(other())
        await keep(stores, "first")
        await asyncio.sleep(0)
        order.append("together")
    await task
    assert order == ["together", "other"]


async def test_what_happened_is_told_once_it_is_durable(stores: Stores, settings: Settings) -> None:
    live = stores.database.live
    there: list[bool] = []

    async def listen() -> None:
        async for one in live.after("me", live.newest("me")):
            assert isinstance(one, Happened)
            there.append("name" in lying_there(settings))
            return

    listening = asyncio.create_task(listen())
    await asyncio.sleep(0)
    await keep(stores, "name")
    await asyncio.wait_for(listening, 30)
    assert there == [True]
