"""Checkpoints at rest: sealed whole, bound to their turn, and nothing is read that is not."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import aiosqlite
import pytest
from langgraph.checkpoint.base import empty_checkpoint
from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver

from graph.checkpoints import SealedSaver, open_checkpoints
from graph.notices import Notifier
from graph.runtime import Runtime
from graph.schedule.run import Face, Run
from graph.schedule.upkeep import remove
from memory.database import now
from memory.schedules import Schedule
from privacy.keys.master import Master
from privacy.keys.ring import DataKey, KeyRing, Shredded, Tampered, passing_key

SECRET = "the quiet merger"


@pytest.fixture
def ring() -> KeyRing:
    return KeyRing(Master.fresh())


@pytest.fixture
def keys(ring: KeyRing) -> Any:
    async def key(thread: str) -> DataKey:
        made = passing_key("checkpoint")
        ring._keys[made.id] = made
        return made

    return key


def at(thread: str, **more: str) -> dict[str, Any]:
    return {"configurable": {"thread_id": thread, "checkpoint_ns": "", **more}}


async def fill(saver: SealedSaver | AsyncSqliteSaver, thread: str) -> dict[str, Any]:
    config: Any = {**at(thread), "metadata": {"asked": SECRET}}
    kept = await saver.aput(config, {**empty_checkpoint(), "channel_values": {"text": SECRET}}, {"source": "loop"}, {})
    await saver.aput_writes(kept, [("answer", SECRET), ("count", 3)], "task")
    return dict(kept)


async def test_a_checkpoint_comes_back_and_lies_there_sealed(tmp_path: Path, ring: KeyRing, keys: Any) -> None:
    path = tmp_path / "checkpoints.db"
    async with open_checkpoints(path, ring, keys) as saver:
        await fill(saver, "turn1")
        found = await saver.aget_tuple(at("turn1"))
        assert found is not None and found.checkpoint["channel_values"] == {"text": SECRET}
        assert found.metadata["source"] == "loop"
        assert found.pending_writes == [("task", "answer", SECRET), ("task", "count", 3)]
        assert [one.checkpoint["id"] async for one in saver.alist(at("turn1"))] == [found.checkpoint["id"]]
        lying = await asyncio.to_thread(lambda: [file.read_bytes() for file in tmp_path.iterdir()])
        assert len(lying) == 3 and all(SECRET.encode() not in content for content in lying)


@pytest.mark.parametrize("table", ["checkpoints", "writes"])
async def test_what_another_turn_holds_does_not_open_in_its_place(
    tmp_path: Path, ring: KeyRing, keys: Any, table: str
) -> None:
    path = tmp_path / "checkpoints.db"
    async with open_checkpoints(path, ring, keys) as saver:
        one, other = await fill(saver, "turn1"), await fill(saver, "turn2")
        column = "checkpoint" if table == "checkpoints" else "value"
        with sqlite3.connect(path) as opened:
            (theirs,) = opened.execute(f"SELECT {column} FROM {table} WHERE thread_id = 'turn2' LIMIT 1").fetchone()
            opened.execute(f"UPDATE {table} SET {column} = ? WHERE thread_id = 'turn1'", (theirs,))
        with pytest.raises(Tampered):
            await saver.aget_tuple(one)
        assert await saver.aget_tuple(other)


async def test_a_row_that_somebody_wrote_there_in_clear_is_not_read(tmp_path: Path, ring: KeyRing, keys: Any) -> None:
    path = tmp_path / "checkpoints.db"
    async with open_checkpoints(path, ring, keys) as saver:
        async with aiosqlite.connect(path) as connection:
            await fill(AsyncSqliteSaver(connection), "turn1")
        with pytest.raises(Tampered):
            await saver.aget_tuple(at("turn1"))
    async with open_checkpoints(path, ring, keys) as saver:
        assert await saver.aget_tuple(at("turn1")) is None
    assert SECRET.encode() not in path.read_bytes()


async def test_nothing_opens_once_the_key_is_destroyed_and_a_turn_that_goes_on_gets_a_new_one(
    tmp_path: Path, ring: KeyRing, keys: Any
) -> None:
    async with open_checkpoints(tmp_path / "checkpoints.db", ring, keys) as saver:
        await fill(saver, "turn1")
        ring._keys.clear()
        with pytest.raises(Shredded):
            await saver.aget_tuple(at("turn1"))
        await fill(saver, "turn1")
        assert await saver.aget_tuple(at("turn1"))


async def test_checkpoints_of_turns_that_are_done_or_gone_go_with_what_is_over_its_time(
    runtime: Runtime, say: Any
) -> None:
    waiting, gone = [(await say("cut the tree down", thread=thread))[-1].turn for thread in ("t1", "t2")]
    await runtime.stores.turns.forget("t2")
    assert await runtime.checkpoints.turns() == {waiting, gone}
    await remove(Run(Schedule(user="", kind="clean"), now(), now()), runtime, Face(Notifier(runtime)))
    assert await runtime.checkpoints.turns() == {waiting}


async def test_what_is_held_is_written_once_it_is_to_be_kept(tmp_path: Path, ring: KeyRing, keys: Any) -> None:
    path = tmp_path / "checkpoints.db"
    async with open_checkpoints(path, ring, keys) as saver:
        saver.hold("turn1")
        await fill(saver, "turn1")
        assert rows_in(path) == 0
        assert await saver.aget_tuple(at("turn1", checkpoint_ns="branch")) is None
        await saver.keep("turn1")
        assert rows_in(path) == 1
        await fill(saver, "turn1")
        assert rows_in(path) == 2


async def test_what_was_held_of_a_turn_that_ended_is_written_nowhere(tmp_path: Path, ring: KeyRing, keys: Any) -> None:
    path = tmp_path / "checkpoints.db"
    async with open_checkpoints(path, ring, keys) as saver:
        saver.hold("turn1")
        await fill(saver, "turn1")
        await saver.adelete_thread("turn1")
        await saver.keep("turn1")
        assert rows_in(path) == 0


def rows_in(path: Path) -> int:
    with closing(sqlite3.connect(path)) as beside:
        return int(beside.execute("SELECT count(*) FROM checkpoints").fetchone()[0])
