"""A power cut takes what the disk had not taken: a prefix of the log is left, at whatever byte it ends."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import aclosing, closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from agents.spec import AgentSpec
from config.settings import Settings
from graph.approvals import decide, listed
from graph.build import build
from graph.checkpoints import open_checkpoints
from graph.events import ApprovalNeeded, Done, StepStarted, TurnStarted
from graph.reply import Message, config_of, reply
from graph.runtime import Runtime, open_runtime
from memory.facts import Fact
from memory.stores import open_stores
from tests.graph.conftest import Place, place, team

__all__ = ["place", "team"]

HEAD, FRAME = 32, 24 + 4096
"""Bytes of a write-ahead log before its first page, and of each page in it."""


@pytest.fixture
async def runtime(settings: Settings, team: dict[str, AgentSpec]) -> Any:
    async with open_runtime(settings, serving=True, agents=team) as opened:
        yield opened


def cuts(database: Path, into: Path) -> Iterator[Path]:
    """Copies of a database whose log ends after each of its pages, or in the middle of it."""
    whole, log = database.read_bytes(), log_of(database).read_bytes()
    assert len(log) > HEAD + FRAME
    for end in range(HEAD, len(log) + 1, FRAME):
        for missing in (0, FRAME // 3):
            cut = into / f"{end - missing}.db"
            cut.write_bytes(whole)
            log_of(cut).write_bytes(log[: max(0, end - missing)])
            yield cut


def log_of(database: Path) -> Path:
    return database.with_name(f"{database.name}-wal")


async def test_what_was_acknowledged_first_is_there_first_wherever_the_log_ends(
    settings: Settings, tmp_path: Path
) -> None:
    stores = await open_stores(settings)
    kept = [
        (await stores.facts.add(Fact(user="local", text=f"fact {number}", said_on=date(2026, 11, 21)))).id
        for number in range(6)
    ]
    seen = set()
    for cut in cuts(settings.paths.database, tmp_path):
        with closing(sqlite3.connect(cut)) as opened:
            assert opened.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            if opened.execute("SELECT count(*) FROM sqlite_master WHERE name = 'facts'").fetchone() == (1,):
                there = [row[0] for row in opened.execute("SELECT id FROM facts ORDER BY rowid")]
                assert there == kept[: len(there)]
                seen.add(len(there))
    assert seen >= {*range(7)}
    await stores.close()


async def test_a_turn_that_runs_loses_its_last_steps_at_most(runtime: Runtime, tmp_path: Path) -> None:
    states = []
    async with aclosing(reply(Message("plant an oak and wait for the rain to stop", "t1"), runtime)) as events:
        turn = await anext(events)
        assert isinstance(turn, TurnStarted)
        while not (isinstance(event := await anext(events), StepStarted) and event.agent == "wait"):
            pass
        config = config_of(turn.turn)
        wanted = (await runtime.graph.aget_state(config)).values
        for cut in cuts(runtime.settings.paths.checkpoints, tmp_path):
            async with open_checkpoints(cut, runtime.stores.keys, runtime.checkpoints._key) as opened:
                states.append((await build(opened).aget_state(config)).values)
    assert wanted["plan"] and wanted in states and {} in states
    assert all(state.get("text", wanted["text"]) == wanted["text"] for state in states)


async def test_a_turn_that_waits_outlasts_the_loss_of_all_that_was_not_yet_on_the_disk(
    settings: Settings, runtime: Runtime, team: dict[str, AgentSpec], place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    log, fsync = log_of(settings.paths.checkpoints), os.fsync
    on_disk: list[int] = []

    def synced(descriptor: int) -> None:
        fsync(descriptor)
        if log.exists() and os.path.sameopenfile(descriptor, opened.fileno()):
            on_disk.append(os.fstat(descriptor).st_size)

    with log.open("rb") as opened:
        monkeypatch.setattr(os, "fsync", synced)
        asked = (await all_of("cut the tree down", runtime))[-1]
        monkeypatch.undo()
    assert isinstance(asked, ApprovalNeeded) and on_disk
    after = settings.model_copy(update={"data_dir": settings.data_dir.with_name("after the cut")})
    shutil.copytree(settings.data_dir, after.data_dir)
    with log_of(after.paths.checkpoints).open("rb+") as copied:
        copied.truncate(on_disk[-1])
    async with open_runtime(after, serving=True, agents=team) as again:
        (waiting,) = await listed("local", again)
        done = [event async for event in decide(waiting.asked.turn, waiting.asked.step, "approve", again)][-1]
        assert isinstance(done, Done) and len(place.cut) == 1


async def all_of(text: str, runtime: Runtime) -> list[Any]:
    return [event async for event in reply(Message(text, "t1"), runtime)]
