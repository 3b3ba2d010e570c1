"""The app's side of a model's process, against a program that speaks the true protocol and does its worst."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from integrations.models import generated, hardware
from integrations.models.backend import Busy, ChatMessage, Gone, ModelError, TooLong, TooSlow, Wanted
from integrations.models.llama.backend import LlamaCpp

PROGRAM = Path(__file__).with_name("scripted.py")


@pytest.fixture
async def model(tiny_file: Path, tmp_path: Path) -> AsyncIterator[LlamaCpp]:
    file = shutil.copy(tiny_file, tmp_path / "small.gguf")
    opened = LlamaCpp(file, waiting=2, command=(sys.executable, str(PROGRAM), str(tmp_path)))
    yield opened
    await opened.close()


@pytest.fixture
async def tiny_wide(tmp_path: Path) -> AsyncIterator[LlamaCpp]:
    file = generated.write(tmp_path / "wide.gguf", replace(generated.TINY, context=8192))
    opened = LlamaCpp(file, command=(sys.executable, str(PROGRAM), str(tmp_path)))
    yield opened
    await opened.close()


async def said(model: LlamaCpp, text: str = "Hello", **wanted: object) -> str:
    return "".join([piece async for piece in model.chat([ChatMessage("user", text)], Wanted(**wanted))])  # type: ignore[arg-type]


def starts(folder: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (folder / "starts").read_text().splitlines()]


def pid(model: LlamaCpp) -> int:
    assert model.loaded is not None
    return model.loaded.child.pid


async def test_it_streams_the_answer_in_its_pieces(model: LlamaCpp) -> None:
    assert [piece async for piece in model.chat([ChatMessage("user", "Hello")])] == ["Good ", "morning"]


async def test_the_process_starts_at_the_first_question_and_serves_the_next(model: LlamaCpp, tmp_path: Path) -> None:
    assert not (tmp_path / "starts").exists()
    assert await said(model) == await said(model) == "Good morning"
    assert len(starts(tmp_path)) == 1


async def test_the_user_is_told_what_is_loaded(model: LlamaCpp) -> None:
    notes: list[str] = []
    async for _ in model.chat([ChatMessage("user", "Hello")], note=notes.append):
        pass
    assert notes[0].startswith("Loading small, 0.0 GB: all layers on the processor")


async def test_the_context_is_the_one_the_model_got(model: LlamaCpp) -> None:
    await said(model)
    assert model.context == 4096


@pytest.mark.parametrize("worst", ["crash", "garbage", "list", "half"])
async def test_a_process_that_dies_or_talks_nonsense_ends_the_answer_and_the_next_question_has_a_new_one(
    model: LlamaCpp, tmp_path: Path, worst: str, caplog: pytest.LogCaptureFixture
) -> None:
    await said(model)
    before = pid(model)
    with pytest.raises(Gone, match="The process that runs small ended unexpectedly"):
        await said(model, worst)
    with pytest.raises(ProcessLookupError):
        os.kill(before, 0)
    assert await said(model) == "Good morning"
    assert len(starts(tmp_path)) == 2
    assert worst != "crash" or "GGML_ASSERT failed" in caplog.text


async def test_a_process_killed_in_the_middle_of_an_answer_is_replaced(model: LlamaCpp) -> None:
    stream = model.chat([ChatMessage("user", "forever")])
    assert await anext(stream) == "on "
    os.kill(pid(model), signal.SIGKILL)
    with pytest.raises(Gone):
        async for _ in stream:
            pass
    assert await said(model) == "Good morning"


async def test_a_process_killed_between_two_questions_is_replaced(model: LlamaCpp) -> None:
    await said(model)
    assert model.loaded is not None
    os.kill(pid(model), signal.SIGKILL)
    await model.loaded.child.ended()
    assert await said(model) == "Good morning"


async def test_what_llama_cpp_prints_disturbs_nothing(model: LlamaCpp) -> None:
    assert await said(model, "loud") == "heard"


async def test_closing_the_stream_stops_the_answer(model: LlamaCpp, tmp_path: Path) -> None:
    stream = model.chat([ChatMessage("user", "forever")])
    assert await anext(stream) == "on "
    await stream.aclose()
    assert await said(model) == "Good morning"
    assert (tmp_path / "stopped").read_text() == "1"
    assert len(starts(tmp_path)) == 1


async def test_leaving_the_stream_stops_the_answer(model: LlamaCpp, tmp_path: Path) -> None:
    async for _piece in model.chat([ChatMessage("user", "forever")]):
        break
    assert await said(model) == "Good morning"
    assert len(starts(tmp_path)) == 1


async def test_a_cancelled_reader_stops_the_answer(model: LlamaCpp, tmp_path: Path) -> None:
    first = asyncio.Event()

    async def read() -> None:
        async for _ in model.chat([ChatMessage("user", "forever")]):
            first.set()

    task = asyncio.create_task(read())
    await first.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await said(model) == "Good morning"
    assert len(starts(tmp_path)) == 1


async def test_a_process_that_does_not_stop_is_ended(model: LlamaCpp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("integrations.models.llama.backend.SETTLING_S", 0.05)
    stream = model.chat([ChatMessage("user", "hang")])
    assert await anext(stream) == "Good "
    before = pid(model)
    await stream.aclose()
    assert await said(model) == "Good morning"
    assert pid(model) != before


async def test_an_answer_past_its_deadline_is_stopped(model: LlamaCpp, tmp_path: Path) -> None:
    await said(model)
    with pytest.raises(TooSlow, match="small took longer than it may"):
        await said(model, "forever", seconds=0.1)
    assert await said(model) == "Good morning"
    assert len(starts(tmp_path)) == 1


async def test_the_deadline_counts_the_wait_for_a_turn(model: LlamaCpp) -> None:
    stream = model.chat([ChatMessage("user", "forever")])
    await anext(stream)
    with pytest.raises(TooSlow):
        await said(model, seconds=0.05)
    await stream.aclose()


async def test_loading_past_a_deadline_goes_on_for_the_next_question(model: LlamaCpp, tmp_path: Path) -> None:
    (tmp_path / "load-waits").touch()
    with pytest.raises(TooSlow):
        await said(model, seconds=0.3)
    (tmp_path / "load-goes").touch()
    assert await said(model) == "Good morning"
    assert len(starts(tmp_path)) == 1


async def test_beyond_the_queue_it_is_busy(model: LlamaCpp) -> None:
    stream = model.chat([ChatMessage("user", "forever")])
    await anext(stream)
    waiting = [asyncio.create_task(said(model)) for _ in range(2)]
    await asyncio.sleep(0)
    with pytest.raises(Busy, match="small has 2 questions waiting already"):
        await said(model)
    await stream.aclose()
    assert await asyncio.gather(*waiting) == ["Good morning", "Good morning"]


async def test_a_question_withdrawn_while_it_waits_is_never_asked(model: LlamaCpp) -> None:
    stream = model.chat([ChatMessage("user", "forever")])
    await anext(stream)
    waiting = asyncio.create_task(said(model, "crash"))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    await stream.aclose()
    assert await said(model) == "Good morning"


async def test_closing_ends_the_answer_and_a_later_question_starts_anew(model: LlamaCpp, tmp_path: Path) -> None:
    stream = model.chat([ChatMessage("user", "forever")])
    await anext(stream)
    before = pid(model)
    await model.close()
    with pytest.raises(ProcessLookupError):
        os.kill(before, 0)
    with pytest.raises(Gone, match="closed before its answer was complete"):
        async for _ in stream:
            pass
    assert await said(model) == "Good morning"
    assert len(starts(tmp_path)) == 2


async def test_closing_while_it_loads_says_so(model: LlamaCpp, tmp_path: Path) -> None:
    (tmp_path / "load-waits").touch()
    loading = asyncio.Event()

    async def ask() -> None:
        async for _ in model.chat([ChatMessage("user", "Hello")], note=lambda _: loading.set()):
            pass

    asked = asyncio.create_task(ask())
    await loading.wait()
    await model.close()
    with pytest.raises(Gone, match="closed while it was loaded"):
        await asked


@pytest.mark.parametrize(
    ("failure", "kind", "words"),
    [
        ("too_long", TooLong, r"more than small can read at once \(it says so\)"),
        ("schema", ModelError, "cannot be held to the form"),
        ("template", ModelError, "chat template inside small failed"),
        ("decode", ModelError, "could not answer; the log has the details"),
    ],
)
async def test_what_goes_wrong_is_told_in_words_and_the_process_lives_on(
    model: LlamaCpp, tmp_path: Path, failure: str, kind: type[ModelError], words: str
) -> None:
    with pytest.raises(kind, match=words):
        await said(model, failure)
    assert await said(model) == "Good morning"
    assert len(starts(tmp_path)) == 1


async def test_an_answer_under_a_schema_comes_whole_and_is_checked(model: LlamaCpp) -> None:
    schema = {"type": "object", "properties": {"colour": {"enum": ["mauve"]}}, "required": ["colour"]}
    pieces = [piece async for piece in model.chat([ChatMessage("user", "form")], Wanted(schema=schema))]
    assert pieces == ['{"colour": "mauve"}']
    schema["properties"] = {"colour": {"enum": ["teal"]}}
    with pytest.raises(ModelError, match="did not finish its answer in the form"):
        await said(model, "form", schema=schema)
    with pytest.raises(ModelError, match="did not finish its answer in the form"):
        await said(model, "Hello", schema=schema)


async def test_a_missing_file_is_told_before_anything_starts(tmp_path: Path) -> None:
    model = LlamaCpp(tmp_path / "none.gguf", command=(sys.executable, str(PROGRAM), str(tmp_path)))
    with pytest.raises(ModelError, match="no model file at"):
        await said(model)
    assert not (tmp_path / "starts").exists()


@pytest.mark.parametrize(
    ("version", "told"),
    [
        ("", r"llama\.cpp is not built yet; `make start` builds it"),
        ("0.3.36", r"installed, but cannot be loaded \(it says so\); `make llama` builds it anew"),
    ],
)
async def test_where_llama_cpp_is_not_built_or_broken_it_says_how_to_get_it(
    model: LlamaCpp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str, told: str
) -> None:
    monkeypatch.setattr(hardware, "build", lambda: hardware.Build(version))
    (tmp_path / "load-fails").write_text("missing")
    with pytest.raises(ModelError, match=told):
        await said(model)


async def test_a_llama_cpp_whose_libraries_do_not_load_is_missing_and_no_reason_to_load_less(
    tiny_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "llama_cpp.py").write_text("raise RuntimeError('libgomp.so.1: cannot open shared object file')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    model = LlamaCpp(tiny_file)
    with pytest.raises(ModelError, match=r"llama\.cpp is (?:not built yet|installed, but cannot be loaded)"):
        await said(model)


async def test_where_loading_ends_the_process_it_is_tried_with_less_and_the_user_told(
    tiny_wide: LlamaCpp, tmp_path: Path
) -> None:
    (tmp_path / "load-dies").write_text("4096")
    notes: list[str] = []
    messages = [ChatMessage("user", "Hello")]
    assert "".join([piece async for piece in tiny_wide.chat(messages, note=notes.append)]) == "Good morning"
    assert [start["context"] for start in starts(tmp_path)] == [8192, 4096]
    assert "less than planned" in notes[-1]
    assert tiny_wide.loaded is not None
    assert "less than planned" in tiny_wide.loaded.why


async def test_where_less_does_not_help_it_gives_up_with_a_sentence(
    model: LlamaCpp, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "load-dies").write_text("0")
    with pytest.raises(ModelError, match="cannot be loaded; it may be damaged, or need more memory"):
        await said(model)
    assert [start["kv"] for start in starts(tmp_path)] == ["f16", "q8_0"]
    assert "not enough memory" in caplog.text


async def test_weights_that_cannot_be_read_are_not_tried_with_less(model: LlamaCpp, tmp_path: Path) -> None:
    (tmp_path / "load-fails").write_text("weights")
    with pytest.raises(ModelError, match="cannot be loaded"):
        await said(model)
    assert len(starts(tmp_path)) == 1


async def test_a_hostile_template_is_refused_with_its_reason(model: LlamaCpp, tmp_path: Path) -> None:
    (tmp_path / "load-fails").write_text("template")
    with pytest.raises(ModelError, match=r"chat template inside small cannot be used \(it says so\)"):
        await said(model)
    assert len(starts(tmp_path)) == 1


async def test_the_process_sees_no_secret_of_the_settings(model: LlamaCpp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FREELANCEX_UPWORK_TOKEN", "hush-4711")
    await said(model)
    environment = await asyncio.to_thread(Path(f"/proc/{pid(model)}/environ").read_bytes)
    assert b"HOME" in environment
    assert b"hush-4711" not in environment


async def test_the_process_ends_when_the_app_is_killed(tiny_file: Path, tmp_path: Path) -> None:
    shutil.copy(tiny_file, tmp_path / "small.gguf")
    app = await asyncio.create_subprocess_exec(
        sys.executable, "-c", APP, str(PROGRAM), str(tmp_path), stdout=asyncio.subprocess.PIPE
    )
    assert app.stdout is not None
    child = psutil.Process(int(await app.stdout.readline()))
    app.kill()
    await app.wait()
    await asyncio.to_thread(child.wait, 10)


APP = """
import asyncio, sys
from dataclasses import replace
from pathlib import Path
from integrations.models import generated
from integrations.models.backend import ChatMessage
from integrations.models.llama.backend import LlamaCpp

async def main():
    model = LlamaCpp(Path(sys.argv[2]) / "small.gguf", command=(sys.executable, sys.argv[1], sys.argv[2]))
    async for _ in model.chat([ChatMessage("user", "hang")]):
        print(model.loaded.child.pid, flush=True)

asyncio.run(main())
"""
