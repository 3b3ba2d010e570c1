"""A .gguf file run in this process. llama.cpp is stood in for by an object of the same interface."""

from __future__ import annotations

import asyncio
import ctypes
import itertools
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from integrations.models.backend import ChatMessage, ModelError, Wanted
from integrations.models.llama_cpp import LlamaCpp

ASKED = [ChatMessage("system", "Be brief."), ChatMessage("user", "Hello")]
FOREVER = "forever"


class Binding(ModuleType):
    """What is used of the module `llama_cpp`, with one model whose answers the tests decide."""

    ggml_abort_callback = ctypes.CFUNCTYPE(ctypes.c_bool, ctypes.c_void_p)

    def __init__(self) -> None:
        super().__init__("llama_cpp")
        self.trained, self.gpu = 32_768, False
        self.broken: set[int] = set()
        self.opened: list[dict[str, Any]] = []
        self.asked: list[tuple[list[dict[str, str]], int]] = []
        self.answers: dict[str, Callable[[], Iterator[str]]] = {FOREVER: self.forever}
        self.refuses_system = False
        self.abort: Any = None
        self.log: Any = None
        self.started = threading.Event()
        self.answering, self.most, self.resets, self.closed = 0, 0, 0, 0
        binding = self

        class Llama:
            model = ctx = "a pointer"

            def __init__(self, model_path: str, *, n_ctx: int, n_gpu_layers: int, verbose: bool) -> None:
                assert not verbose
                binding.opened.append({"n_ctx": n_ctx, "n_gpu_layers": n_gpu_layers})
                if n_gpu_layers in binding.broken:
                    binding.log(4, b"tensor data is not within the file bounds\n", None)
                    raise ValueError(f"Failed to load model from file: {model_path}")

            def create_chat_completion(
                self, messages: list[dict[str, str]], *, max_tokens: int, stream: bool
            ) -> Iterator[dict[str, Any]]:
                assert stream
                binding.asked.append((messages, max_tokens))
                if binding.refuses_system and messages[0]["role"] == "system":
                    raise ValueError("System role not supported")
                return binding.chunks(messages[-1]["content"], max_tokens)

            def reset(self) -> None:
                binding.resets += 1

            def close(self) -> None:
                assert not binding.answering, "freed while it is in use"
                binding.closed += 1

        self.Llama = Llama

    def chunks(self, question: str, max_tokens: int) -> Iterator[dict[str, Any]]:
        self.answering += 1
        self.most = max(self.most, self.answering)
        self.started.set()
        try:
            words = self.answers.get(question, lambda: iter(["Good ", "morning"]))()
            first = next(words)
            yield {"choices": [{"index": 0, "delta": {"role": "assistant"}, "finish_reason": None}]}
            for word in itertools.islice(itertools.chain([first], words), max_tokens):
                yield {"choices": [{"index": 0, "delta": {"content": word}, "finish_reason": None}]}
            yield {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}
        finally:
            self.answering -= 1

    def forever(self) -> Iterator[str]:
        while True:
            time.sleep(0.001)
            yield "on "

    def reading(self) -> Iterator[str]:
        """A question so long that only the abort callback ends the reading of it."""
        while not self.abort(None):
            time.sleep(0.001)
        raise RuntimeError("llama_decode returned 2")
        yield ""

    def llama_set_abort_callback(self, _context: object, callback: Any, _data: object) -> None:
        self.abort = callback

    def llama_log_set(self, callback: Any, _data: object) -> None:
        self.log = callback

    def llama_model_n_ctx_train(self, _model: object) -> int:
        return self.trained

    def llama_supports_gpu_offload(self) -> bool:
        return self.gpu


@pytest.fixture
def binding(monkeypatch: pytest.MonkeyPatch) -> Binding:
    stand_in = Binding()
    monkeypatch.setitem(sys.modules, "llama_cpp", stand_in)
    return stand_in


@pytest.fixture
async def model(binding: Binding, tmp_path: Path) -> AsyncIterator[LlamaCpp]:
    file = tmp_path / "small.gguf"
    file.write_bytes(b"GGUF")
    opened = LlamaCpp(file)
    yield opened
    await opened.close()


async def said(model: LlamaCpp, text: str = "Hello", max_tokens: int = 20) -> str:
    return "".join([piece async for piece in model.chat([ChatMessage("user", text)], Wanted(max_tokens=max_tokens))])


async def test_it_streams_the_answer_to_what_was_asked(binding: Binding, model: LlamaCpp) -> None:
    assert [piece async for piece in model.chat(ASKED, Wanted(max_tokens=20))] == ["Good ", "morning"]
    turns = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hello"}]
    assert binding.asked == [(turns, 20)]


async def test_the_file_is_opened_once_and_freed_at_the_end(binding: Binding, model: LlamaCpp) -> None:
    assert await said(model) == await said(model) == "Good morning"
    await model.close()
    assert binding.opened == [{"n_ctx": 8192, "n_gpu_layers": -1}]
    assert binding.closed == 1


async def test_an_answer_is_as_long_as_allowed(model: LlamaCpp) -> None:
    assert await said(model, FOREVER, max_tokens=3) == "on on on "


async def test_closing_the_stream_frees_the_model_for_the_next_question(model: LlamaCpp) -> None:
    stream = model.chat([ChatMessage("user", FOREVER)], Wanted(max_tokens=10**9))
    assert await anext(stream) == "on "
    await stream.aclose()
    assert await said(model) == "Good morning"


async def test_leaving_the_stream_frees_the_model_for_the_next_question(model: LlamaCpp) -> None:
    async for _piece in model.chat([ChatMessage("user", FOREVER)], Wanted(max_tokens=10**9)):
        break
    assert await said(model) == "Good morning"


async def test_a_cancelled_task_frees_the_model_for_the_next_question(binding: Binding, model: LlamaCpp) -> None:
    task = asyncio.create_task(said(model, FOREVER, max_tokens=10**9))
    await asyncio.to_thread(binding.started.wait)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await said(model) == "Good morning"


async def test_it_stops_while_the_question_is_still_read(binding: Binding, model: LlamaCpp) -> None:
    binding.answers["long"] = binding.reading
    task = asyncio.create_task(said(model, "long"))
    await asyncio.to_thread(binding.started.wait)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await said(model) == "Good morning"
    assert binding.resets == 1, "what was read in part must not be taken for read"


async def test_the_answer_itself_is_made_without_the_abort_callback(binding: Binding, model: LlamaCpp) -> None:
    set_while: dict[str, bool] = {}

    def words() -> Iterator[str]:
        set_while["reading"] = bool(binding.abort)
        yield "one "
        set_while["answering"] = bool(binding.abort)
        yield "two"

    binding.answers["Count"] = words
    assert await said(model, "Count") == "one two"
    assert set_while == {"reading": True, "answering": False}


async def test_questions_at_once_are_answered_one_after_the_other(binding: Binding, model: LlamaCpp) -> None:
    answers = await asyncio.gather(*(said(model, FOREVER, max_tokens=9) for _ in range(4)))
    assert answers == ["on " * 9] * 4
    assert binding.most == 1


async def test_a_question_withdrawn_while_it_waits_is_never_asked(binding: Binding, model: LlamaCpp) -> None:
    stream = model.chat([ChatMessage("user", FOREVER)], Wanted(max_tokens=10**9))
    await anext(stream)
    waiting = asyncio.create_task(said(model, "withdrawn"))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    await stream.aclose()
    assert await said(model) == "Good morning"
    assert [turns[-1]["content"] for turns, _ in binding.asked] == [FOREVER, "Hello"]


async def test_closing_the_model_ends_the_answer_and_those_that_wait(binding: Binding, model: LlamaCpp) -> None:
    stream = model.chat([ChatMessage("user", FOREVER)], Wanted(max_tokens=10**9))
    await anext(stream)
    waiting = asyncio.create_task(said(model, "waiting"))
    await asyncio.sleep(0)
    await model.close()
    assert set([piece async for piece in stream]) <= {"on "}
    assert await waiting == ""
    assert binding.closed == 1


def test_a_loop_that_is_gone_ends_the_answer(binding: Binding, tmp_path: Path) -> None:
    file = tmp_path / "small.gguf"
    file.write_bytes(b"GGUF")
    model, loop = LlamaCpp(file), asyncio.new_event_loop()
    stream = model.chat([ChatMessage("user", FOREVER)], Wanted(max_tokens=10**9))
    loop.run_until_complete(anext(stream))
    loop.close()

    async def next_question() -> str:
        answer = await said(model)
        await model.close()
        return answer

    assert asyncio.run(next_question()) == "Good morning"


async def test_the_event_loop_is_free_while_the_model_is_busy(binding: Binding, model: LlamaCpp) -> None:
    gate = threading.Event()

    def words() -> Iterator[str]:
        gate.wait()
        yield "done"

    binding.answers["Think"] = words
    answer = asyncio.create_task(said(model, "Think"))
    await asyncio.to_thread(binding.started.wait)
    gate.set()  # only a loop that turns gets here
    assert await answer == "done"


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ValueError("Requested tokens (719) exceed context window of 512"), "more than small can read at once"),
        (RuntimeError("llama_decode returned 1"), "small could not answer; the log has the details"),
    ],
)
async def test_what_goes_wrong_is_told_in_words_and_the_next_question_is_answered(
    binding: Binding, model: LlamaCpp, error: Exception, words: str
) -> None:
    def fails() -> Iterator[str]:
        raise error
        yield ""

    binding.answers["wrong"] = fails
    with pytest.raises(ModelError, match=words):
        await said(model, "wrong")
    assert await said(model) == "Good morning"


async def test_a_damaged_file_is_told_in_words_and_its_reason_logged(
    binding: Binding, model: LlamaCpp, caplog: pytest.LogCaptureFixture
) -> None:
    binding.broken = {-1, 0}
    with pytest.raises(ModelError, match=r"small\.gguf cannot be loaded"):
        await said(model)
    assert "tensor data is not within the file bounds" in caplog.text
    binding.broken = set()
    assert await said(model) == "Good morning"
    assert len(binding.opened) == 2


async def test_a_model_that_does_not_fit_onto_the_gpu_runs_without_it(binding: Binding, model: LlamaCpp) -> None:
    binding.gpu, binding.broken = True, {-1}
    assert await said(model) == "Good morning"
    assert [one["n_gpu_layers"] for one in binding.opened] == [-1, 0]


async def test_a_context_is_never_longer_than_the_model_was_trained_for(binding: Binding, model: LlamaCpp) -> None:
    binding.trained = 2048
    assert await said(model) == "Good morning"
    assert [one["n_ctx"] for one in binding.opened] == [8192, 2048]
    assert binding.closed == 1


async def test_a_template_without_a_system_role_gets_its_words_with_the_question(
    binding: Binding, model: LlamaCpp
) -> None:
    binding.refuses_system = True
    assert [piece async for piece in model.chat(ASKED, Wanted(max_tokens=20))] == ["Good ", "morning"]
    assert binding.asked[-1][0] == [{"role": "user", "content": "Be brief.\n\nHello"}]


async def test_without_llama_cpp_it_says_how_to_get_it(model: LlamaCpp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "llama_cpp", None)
    with pytest.raises(ModelError, match="make start"):
        await said(model)
