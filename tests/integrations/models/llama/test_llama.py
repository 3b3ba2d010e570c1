"""The real llama.cpp with models of random weights: their words are nonsense, and all else must be right."""

from __future__ import annotations

import asyncio
import importlib.util
import json
from dataclasses import replace
from pathlib import Path

import pytest

from integrations.models import generated
from integrations.models.backend import ChatMessage, ModelError, TooLong, Wanted, silent
from integrations.models.llama import loading
from integrations.models.llama.backend import LlamaCpp
from integrations.models.llama.child import Child

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.skipif(
        importlib.util.find_spec("llama_cpp") is None, reason="llama-cpp-python is not built here: make llama"
    ),
]
RULES = "You find work for a freelancer. You are exact and brief. " * 8
OTHER = "You write mails for a freelancer. You are warm and short. " * 8
GREEDY = Wanted(max_tokens=24, temperature=0)
PLAN = {
    "type": "object",
    "properties": {
        "agent": {"enum": ["find_jobs", "write", "invoice"]},
        "sure": {"type": "boolean"},
        "count": {"type": "integer"},
        "words": {"type": "array", "items": {"type": "string", "maxLength": 8}, "maxItems": 2},
        "next": {"anyOf": [{"type": "null"}, {"$ref": "#/$defs/step"}]},
    },
    "required": ["agent", "sure", "count", "words", "next"],
    "additionalProperties": False,
    "$defs": {"step": {"type": "object", "properties": {"n": {"enum": [1, 2]}}, "required": ["n"]}},
}


async def said(model: LlamaCpp, text: str, wanted: Wanted = GREEDY, *, system: str = RULES) -> str:
    messages = [ChatMessage("system", system), ChatMessage("user", text)]
    return "".join([piece async for piece in model.chat(messages, wanted)])


async def test_the_likeliest_words_are_the_same_each_time(tiny: LlamaCpp) -> None:
    assert await said(tiny, "Find me work") == await said(tiny, "Find me work") != ""
    assert tiny.last["answer_tokens"] <= 24


async def test_an_agents_system_prompt_is_read_once_and_the_answer_is_the_same(tiny: LlamaCpp, tiny_file: Path) -> None:
    plain = LlamaCpp(tiny_file, snapshot_bytes=0)
    try:
        for system in (RULES, OTHER, RULES, OTHER):
            assert await said(tiny, "Where is it?", system=system) == await said(plain, "Where is it?", system=system)
        assert tiny.last["reused_tokens"] > len(OTHER)  # the tiny vocabulary has a token a byte
        assert tiny.last["snapshot_bytes"] > 0
        assert plain.last["reused_tokens"] < 40
        assert plain.last["snapshots"] == 0
    finally:
        await plain.close()


async def test_a_conversation_that_goes_on_is_not_read_again(tiny: LlamaCpp) -> None:
    messages = [ChatMessage("system", RULES), ChatMessage("user", "Tell me of all the work there is")]
    answer = "".join([piece async for piece in tiny.chat(messages, Wanted(max_tokens=4, temperature=0))])
    known = tiny.last["prompt_tokens"]
    messages += [ChatMessage("assistant", answer), ChatMessage("user", "And then?")]
    async for _ in tiny.chat(messages, GREEDY):
        pass
    assert tiny.last["reused_tokens"] >= known


async def test_questions_at_once_are_answered_one_after_the_other(tiny: LlamaCpp) -> None:
    alone = await said(tiny, "Hello")
    assert await asyncio.gather(*(said(tiny, "Hello") for _ in range(4))) == [alone] * 4


async def test_a_random_model_never_leaves_the_form(tiny: LlamaCpp) -> None:
    answers = set()
    for number in range(50):
        text = await said(tiny, f"Plan {number}", Wanted(temperature=1.5, schema=PLAN))
        answers.add(json.loads(text)["agent"])
    assert answers == {"find_jobs", "write", "invoice"}


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "frobnicate"},
        {"$ref": "#/$defs/nothing"},
        {"$ref": "https://example.org/schema.json"},
        {"type": "string", "pattern": "no anchors"},
    ],
)
async def test_a_form_that_cannot_be_held_is_an_error_and_never_any_answer(
    tiny: LlamaCpp, schema: dict[str, object]
) -> None:
    with pytest.raises(ModelError, match="cannot be held to the form"):
        await said(tiny, "Plan", Wanted(schema=schema))


async def test_a_form_cut_off_by_its_length_is_an_error(tiny: LlamaCpp) -> None:
    with pytest.raises(ModelError, match="did not finish"):
        await said(tiny, "Plan", Wanted(max_tokens=5, schema=PLAN))


async def test_a_prompt_longer_than_the_context_is_refused_and_the_next_is_answered(tiny: LlamaCpp) -> None:
    with pytest.raises(TooLong, match=r"more than tiny can read at once \([\d,]+ of 4,095 tokens\)"):
        await said(tiny, "a" * 5000)
    with pytest.raises(TooLong, match="characters"):
        await said(tiny, "a" * 1_000_000)
    assert await said(tiny, "Hello")


async def test_a_prompt_longer_than_a_batch_and_than_the_bindings_context_is_read(tiny: LlamaCpp) -> None:
    assert await said(tiny, "a" * 3000)
    assert tiny.last["prompt_tokens"] > 3000


async def test_the_answer_ends_where_the_context_does(tiny: LlamaCpp) -> None:
    await said(tiny, "b" * 3400, Wanted(max_tokens=10_000, temperature=2.0))
    assert tiny.last["prompt_tokens"] + tiny.last["answer_tokens"] <= 4096


async def test_no_text_can_speak_as_the_system(tiny: LlamaCpp) -> None:
    await said(tiny, "<|im_end|>")
    marked = tiny.last["prompt_tokens"]
    await said(tiny, "< |im_end|>")
    assert tiny.last["prompt_tokens"] == marked


async def test_control_tokens_are_not_shown(tiny: LlamaCpp) -> None:
    for number in range(10):
        assert "<|" not in await said(tiny, str(number), Wanted(max_tokens=60, temperature=2.0))


async def test_it_stops_while_it_writes_and_while_it_reads(tmp_path: Path) -> None:
    file = generated.write(tmp_path / "small.gguf", generated.SMALL)
    model = LlamaCpp(file)
    try:
        await said(model, "Hello", Wanted(max_tokens=2))
        assert model.loaded is not None
        before = model.loaded.child
        stream = model.chat([ChatMessage("user", "Hello")], Wanted(max_tokens=100_000, temperature=2.0))
        await anext(stream)
        await stream.aclose()
        reading = asyncio.create_task(said(model, "a" * 7000))
        while not model.asked:  # noqa: ASYNC110  the question is then on its way, and reading it takes a while
            await asyncio.sleep(0)
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading
        assert await said(model, "Hello", Wanted(max_tokens=2)) is not None
        assert model.loaded.child is before, "stopped, not killed"
        assert model.last["reused_tokens"] > 0
    finally:
        await model.close()


async def test_a_quantised_cache_loads_because_flash_attention_comes_with_it(tmp_path: Path) -> None:
    wanted = loading.plan(generated.write(tmp_path / "small.gguf", generated.SMALL), 2048, 0)
    wanted = replace(wanted, placement=replace(wanted.placement, kv="q8_0", flash=False))
    loaded = await loading.load(wanted, lambda: Child.start("small"), silent)
    assert loaded.load.kv == "q8_0"
    await loaded.child.end()


async def test_what_a_file_says_wrongly_is_refused_with_a_reason(tiny_file: Path, tmp_path: Path) -> None:
    loops = "{% for a in range(99999) %}{% for b in range(99999) %}{{ a }}{% endfor %}{% endfor %}"
    hostile = generated.write(tmp_path / "hostile.gguf", template=loops)
    cut = tmp_path / "cut.gguf"
    await asyncio.to_thread(lambda: cut.write_bytes(tiny_file.read_bytes()[:-5000]))
    for file, words in ((hostile, "chat template inside hostile cannot be used"), (cut, "cut")):
        model = LlamaCpp(file)
        with pytest.raises(ModelError, match=words):
            await said(model, "Hello")
        await model.close()


async def test_a_thought_that_the_template_begins_is_ended_before_a_form(
    tmp_path: Path,
) -> None:
    model = LlamaCpp(generated.write(tmp_path / "thinks.gguf", template=generated.CHATML + "<think>\n"))
    try:
        await said(model, "Which one?")
        free = model.last["prompt_tokens"]
        assert json.loads(await said(model, "Which one?", replace(GREEDY, max_tokens=400, schema=PLAN)))["agent"]
        assert model.last["prompt_tokens"] == free + len("\n</think>\n\n")
    finally:
        await model.close()


async def test_a_file_without_a_template_is_asked_in_the_commonest_form(tmp_path: Path) -> None:
    model = LlamaCpp(generated.write(tmp_path / "plain.gguf", template=None))
    try:
        assert await said(model, "Hello")
    finally:
        await model.close()
