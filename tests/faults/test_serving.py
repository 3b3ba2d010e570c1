"""A server's start and end: it refuses what it cannot work on, and takes up tomorrow what it was told to leave."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from chainlit_app.server import CannotServe, serve
from config.paths import ROOT
from config.settings import Settings
from config.setup.claim import Claim
from graph.events import Done
from graph.reply import resume
from graph.runtime import open_runtime
from memory.restoring import serving
from monitoring.self_check import self_check
from tests.faults.diggers import diggers
from tests.loopback import free_port

sys.path.insert(0, str(ROOT / "tests" / "chainlit_app"))
from chat_server import Server, start


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Server:
    monkeypatch.setenv("FREELANCEX_EMBEDDINGS", "off")
    return start(tmp_path / "data", free_port(), [str(Path(__file__).with_name("diggers.py"))])


def digging(server: Server) -> str:
    """Ask for a hole, tell the server to end once the work is under way, and return the turn when it hangs up."""
    asked = {"text": "dig a deep hole", "thread": "t"}
    accept = {"Accept": "text/event-stream"}
    with httpx.stream("POST", f"{server.address}/api/v1/ask", json=asked, headers=accept, timeout=60) as stream:
        turn = ""
        with suppress(httpx.RemoteProtocolError):
            for line in stream.iter_lines():
                if line.startswith("data: ") and "turn" in (data := json.loads(line[6:])):
                    turn = data["turn"]
                if line == "event: StepProgress":
                    server.process.terminate()
    return turn


async def test_told_to_end_it_ends_soon_and_the_turn_goes_on_afterwards(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", "")  # the team sets it
    turn = digging(server)
    server.process.wait(timeout=60)
    assert server.process.returncode == -signal.SIGTERM  # uvicorn ends in order, then by the signal it was sent
    settings = Settings(data_dir=server.data, embeddings="off")
    async with open_runtime(settings, serving=True, agents=diggers(seconds=0.01)) as runtime:
        (row,) = await runtime.stores.turns.recent("t")
        assert (row.id, row.status) == (turn, "unfinished")
        events = [event async for event in resume(turn, runtime)]
        assert isinstance(events[-1], Done) and events[-1].text == "A hole."


def test_two_servers_do_not_share_a_data_folder(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, port=free_port(), open_browser=False)
    with Claim(serving(settings.paths)), pytest.raises(CannotServe, match="already"):
        serve(settings)


def test_a_folder_that_cannot_be_written_to_is_said_at_the_start() -> None:
    with pytest.raises(CannotServe, match="FREELANCEX_DATA_DIR"):
        serve(Settings(data_dir=Path("/proc/freelancex"), port=free_port(), open_browser=False))


def test_a_damaged_database_is_said_at_the_start_with_the_way_back(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, port=free_port(), open_browser=False)
    settings.paths.make().database.write_bytes(b"SQLite format 3\0" + b"\1" * 4096)
    with pytest.raises(CannotServe, match="python -m chainlit_app restore"):
        serve(settings)


def test_damaged_checkpoints_are_set_aside_and_the_rest_goes_on(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    settings.paths.make().checkpoints.write_bytes(b"SQLite format 3\0" + b"\1" * 4096)
    (check,) = [one for one in self_check(settings) if one.name == "Checkpoints"]
    assert not check.ok and not check.needed and "begin anew" in check.detail
    assert not settings.paths.checkpoints.exists() and (tmp_path / "checkpoints.damaged").exists()


def test_keys_that_others_could_read_are_closed_and_said(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    key = settings.paths.make().secrets / "master.key"
    key.write_text("[]")
    key.chmod(0o644)
    assert [one.ok for one in self_check(settings) if one.name == "Secrets"] == [False]
    assert key.stat().st_mode & 0o777 == 0o600


def test_a_clock_before_the_last_thing_written_is_said(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    settings.paths.make().database.touch()
    later = time.time() + 30 * 24 * 3600
    os.utime(settings.paths.database, (later, later))
    (check,) = [one for one in self_check(settings) if one.name == "Clock"]
    assert not check.ok and "set the clock" in check.fix
