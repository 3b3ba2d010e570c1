"""llama-server as a program of ours: started, refused, waited for, crashed, started anew, and ended with the app.

The program is a script that speaks its protocol over real HTTP on this machine.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path
from typing import Any

import psutil
import pytest

from integrations.http import HttpClient
from integrations.models import generated, leash, llama_server, server_process
from integrations.models.backend import Busy, ChatMessage, Gone, ModelError, TooSlow, Wanted
from integrations.models.llama_server import LlamaServer
from integrations.models.placed import placed, weighs

SCRIPT = Path(__file__).parent / "scripted_server.py"


@pytest.fixture(scope="session")
def weights(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return generated.write(tmp_path_factory.mktemp("weights") / "tiny.gguf").read_bytes()


@pytest.fixture
def program(tmp_path: Path) -> Path:
    path = tmp_path / "llama-server"
    path.write_text(f'#!/bin/sh\nexec {sys.executable} {SCRIPT} "$@"\n')
    path.chmod(0o700)
    return path


@pytest.fixture
async def model(tmp_path: Path, weights: bytes, program: Path, client: HttpClient) -> AsyncIterator[LlamaServer]:
    (tmp_path / "tiny.gguf").write_bytes(weights)
    made = LlamaServer(client, tmp_path / "tiny.gguf", program=str(program), context=4096)
    yield made
    await made.close()


async def says(model: LlamaServer, text: str, seconds: float = 30.0) -> str:
    async with aclosing(model.chat([ChatMessage("user", text)], Wanted(seconds=seconds))) as pieces:
        return "".join([piece async for piece in pieces])


def starts(folder: Path) -> list[dict[str, Any]]:
    """What each start of the program was given."""
    written = folder / "starts"
    return [json.loads(line) for line in written.read_text().splitlines()] if written.exists() else []


async def looked(folder: Path) -> None:
    """Wait until the program was asked whether it is ready."""

    def watch() -> None:
        while not (folder / "looked").exists():
            time.sleep(0.01)

    await asyncio.wait_for(asyncio.to_thread(watch), 10)


async def ended(pid: int) -> None:
    """Wait until a process is no more, for at most ten seconds."""
    await asyncio.to_thread(psutil.wait_procs, [psutil.Process(pid)] if psutil.pid_exists(pid) else [], 10)
    assert not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


async def test_it_starts_at_the_first_question_and_serves_the_next(model: LlamaServer, tmp_path: Path) -> None:
    assert model.pid is None
    assert [await says(model, "one"), await says(model, "two")] == [f"{model.context}: one", f"{model.context}: two"]
    [start] = starts(tmp_path)
    assert (start["host"], start["parallel"], start["jinja"]) == ("127.0.0.1", 2, True)
    assert start["ctx_size"] == model.context
    assert start["key"] and start["key"] not in str(start["line"])
    assert start["cache"] == str(server_process.CACHE_MB), "by itself it keeps 8 GB of prompts"


async def test_it_says_where_it_lies_and_what_it_takes_with_the_program(model: LlamaServer) -> None:
    assert not placed(model).loaded and weighs(model) == model.path.stat().st_size
    await says(model, "one")
    lies = placed(model)
    assert lies.loaded and lies.text.startswith("in a llama-server of its own")
    assert lies.memory_bytes and lies.memory_bytes > 10_000_000


async def test_it_waits_while_the_program_loads_and_says_what_is_loaded(model: LlamaServer, tmp_path: Path) -> None:
    (tmp_path / "waits").touch()
    notes: list[str] = []
    asking = asyncio.create_task(anext(model.chat([ChatMessage("user", "Hello")], Wanted(), notes.append)))
    await looked(tmp_path)
    assert notes == ["Loading tiny, 0.0 GB"] and not asking.done()
    (tmp_path / "goes").touch()
    assert await asking == f"{model.context}: "


async def test_whoever_stops_waiting_for_it_does_not_stop_the_loading(model: LlamaServer, tmp_path: Path) -> None:
    (tmp_path / "waits").touch()
    with pytest.raises(TooSlow):
        await says(model, "one", seconds=0.5)
    (tmp_path / "goes").touch()
    assert (await says(model, "two")).endswith("two")
    assert len(starts(tmp_path)) == 1


async def test_a_program_that_never_gets_ready_is_ended(
    model: LlamaServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_process, "LOADING_S", 1.0)
    (tmp_path / "waits").touch()
    with pytest.raises(ModelError, match="did not load tiny"):
        await says(model, "one")
    await asyncio.gather(*(ended(start["pid"]) for start in starts(tmp_path)))


async def test_where_loading_fails_it_is_tried_with_less(model: LlamaServer, tmp_path: Path) -> None:
    (tmp_path / "refuses").write_text("f16")
    assert (await says(model, "one")).endswith("one")
    assert [start["cache_type_k"] for start in starts(tmp_path)][-2:] == ["", "q8_0"]


async def test_a_program_that_refuses_to_load_anything_is_told_in_words(model: LlamaServer, tmp_path: Path) -> None:
    (tmp_path / "refuses").write_text("")
    with pytest.raises(ModelError, match="cannot load tiny"):
        await says(model, "one")


async def test_a_crash_in_the_middle_ends_the_answer_and_the_next_question_starts_another(
    model: LlamaServer, tmp_path: Path
) -> None:
    pieces: list[str] = []
    with pytest.raises(Gone, match="ended unexpectedly"):
        async for piece in model.chat([ChatMessage("user", "crash")]):
            pieces.append(piece)
    assert pieces == [f"{model.context}: "]
    assert (await says(model, "two")).endswith("two")
    assert len(starts(tmp_path)) == 2


async def test_killed_while_nobody_asks_it_is_started_anew(model: LlamaServer, tmp_path: Path) -> None:
    await says(model, "one")
    assert model.pid is not None
    os.kill(starts(tmp_path)[0]["pid"], signal.SIGKILL)
    await ended(model.pid)
    assert (await says(model, "two")).endswith("two")


async def test_questions_beyond_a_number_are_told_it_is_busy(
    model: LlamaServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(llama_server, "WAITING", 0)
    one, two = (model.chat([ChatMessage("user", "wait")]) for _ in range(2))
    assert [await anext(one), await anext(two)] == [f"{model.context}: "] * 2
    with pytest.raises(Busy):
        await says(model, "three")
    (tmp_path / "goes").touch()
    assert [await anext(one), await anext(two)] == ["wait", "wait"]


async def test_closing_ends_the_program_and_a_later_question_starts_it_again(
    model: LlamaServer, tmp_path: Path
) -> None:
    await says(model, "one")
    await model.close()
    assert model.pid is None
    await ended(starts(tmp_path)[0]["pid"])
    assert (await says(model, "two")).endswith("two")


async def test_closing_while_it_loads_says_so_and_ends_the_program_too(model: LlamaServer, tmp_path: Path) -> None:
    (tmp_path / "waits").touch()
    asking = asyncio.create_task(says(model, "one"))
    await looked(tmp_path)
    await model.close()
    with pytest.raises(Gone, match="closed while it was loaded"):
        await asking
    await ended(starts(tmp_path)[0]["pid"])


async def test_the_program_ends_when_the_app_is_killed(tmp_path: Path) -> None:
    command = [
        sys.executable,
        leash.__file__,
        sys.executable,
        "-c",
        "import os; print(os.getpid(), flush=True); import time; time.sleep(60)",
    ]
    app = "import subprocess, sys, time; subprocess.Popen(sys.argv[1:], stdin=subprocess.PIPE); time.sleep(60)"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", app, *command, stdout=asyncio.subprocess.PIPE, stdin=asyncio.subprocess.DEVNULL
    )
    assert process.stdout is not None
    pid = int(await process.stdout.readline())
    process.kill()
    await process.wait()
    await ended(pid)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a program with the one that started it")
async def test_the_program_ends_when_what_holds_it_is_killed(model: LlamaServer, tmp_path: Path) -> None:
    await says(model, "one")
    assert model.pid is not None
    os.kill(model.pid, signal.SIGKILL)
    await ended(starts(tmp_path)[0]["pid"])
    assert (await says(model, "two")).endswith("two")


@pytest.mark.skipif(shutil.which("llama-server") is None, reason="llama-server is not installed")
async def test_the_real_program_answers_keeps_to_a_form_and_is_started_anew(
    tmp_path: Path, weights: bytes, client: HttpClient
) -> None:
    (tmp_path / "real.gguf").write_bytes(weights)
    real = LlamaServer(client, tmp_path / "real.gguf", context=2048)
    form = {"type": "object", "properties": {"agent": {"enum": ["math", "mail"]}}, "required": ["agent"]}
    wanted = Wanted(max_tokens=40, schema={**form, "additionalProperties": False})
    try:
        for _ in range(2):
            pieces = [piece async for piece in real.chat([ChatMessage("user", "Which?")], wanted)]
            assert json.loads("".join(pieces))["agent"] in ("math", "mail")
            assert real.pid is not None
            psutil.Process(real.pid).children()[0].kill()
    finally:
        await real.close()


async def test_a_computer_without_the_program_is_told_what_to_install(
    tmp_path: Path, weights: bytes, client: HttpClient
) -> None:
    (tmp_path / "tiny.gguf").write_bytes(weights)
    model = LlamaServer(client, tmp_path / "tiny.gguf", program=str(tmp_path / "nothing"))
    with pytest.raises(ModelError, match="FREELANCEX_LLAMA_SERVER"):
        await says(model, "one")


async def test_a_file_that_is_no_model_is_refused_before_anything_starts(tmp_path: Path, client: HttpClient) -> None:
    (tmp_path / "bad.gguf").write_bytes(b"GGUF" + b"\xff" * 64)
    with pytest.raises(ModelError, match=r"bad\.gguf"):
        await says(LlamaServer(client, tmp_path / "bad.gguf", program=sys.executable), "one")
