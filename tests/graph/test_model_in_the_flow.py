"""A model in whole turns: what the user sees of it, and that no failure of it costs an answer."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from dataclasses import replace

import pytest

from graph.conversation import SUMMARY, earlier, in_short
from graph.events import Done, Planned, ReplyEvent, Token, Waiting
from graph.reply import Message, reply
from graph.runtime import Runtime
from graph.summaries import summarise
from integrations.models.backend import Gone, ModelBackend, Tier, TooSlow
from integrations.models.models import Models
from memory.turns import Turn
from tests.graph.scripted import Scripted

THREAD = "t1"
Say = Callable[..., Awaitable[list[ReplyEvent]]]
STOPPED = "The model stopped; this is my own answer."


class Only(Models):
    """One model for everything."""

    def __init__(self, model: ModelBackend) -> None:
        self.model = model

    def backend(self, tier: Tier = "balanced", user: str = "") -> ModelBackend | None:
        return self.model

    async def close(self) -> None:
        await self.model.close()


def with_model(runtime: Runtime, *answers: str | Exception | tuple[str, Exception], **fields: str) -> Runtime:
    return replace(runtime, models=Only(Scripted(*answers, **fields)))


def asked(runtime: Runtime) -> Scripted:
    model = runtime.models.backend()
    assert isinstance(model, Scripted)
    return model


def answer(events: list[ReplyEvent]) -> str:
    done = events[-1]
    assert isinstance(done, Done)
    return done.text


@pytest.mark.parametrize("error", [Gone("It is gone."), TooSlow("It is late."), RuntimeError("secret detail")])
async def test_whatever_the_model_dies_of_the_turn_ends_with_the_agents_answer_and_the_next_one_works(
    runtime: Runtime, say: Say, error: Exception
) -> None:
    broken = with_model(runtime, ("An oak it", error), "An oak again [1].")
    first = await say("plant an oak", broken)
    assert answer(first).startswith(f"An oak it …\n\n*{STOPPED}")
    assert answer(first).count("I planted an oak.") == 1
    assert answer(first).count(STOPPED) == 1
    assert "secret" not in answer(first)
    assert "".join(event.text for event in first if isinstance(event, Token)) == answer(first)
    assert answer(await say("plant an oak", broken)).startswith("An oak again [1].\n\n---")


async def test_stopping_a_reply_ends_the_answer_of_the_model(runtime: Runtime) -> None:
    model = with_model(runtime, "An oak stands. " * 50)
    async with aclosing(reply(Message("plant an oak", THREAD), model)) as events:
        async for event in events:
            if isinstance(event, Token):
                break
    assert asked(model).closed == len(asked(model).asked) == 1


async def test_what_a_model_waits_for_is_told_while_it_waits(runtime: Runtime, say: Say) -> None:
    loading = with_model(runtime, "Fine.", note="Loading scripted, 2.5 GB")
    events = await say("plant an oak", loading)
    places = [type(event) for event in events]
    assert Waiting("Loading scripted, 2.5 GB") in events
    assert places.index(Waiting) < places.index(Token)


async def test_a_plan_of_the_model_is_what_is_done_where_the_planner_is_unsure(runtime: Runtime, say: Say) -> None:
    words = "could you oak the hill"
    step = json.dumps({"steps": [{"agent": "plant", "words": words}]})
    model = with_model(runtime, step, "Done [1].")
    events = await say(words, model)
    plan = next(event for event in events if isinstance(event, Planned))
    assert [one["agent"] for one in plan.steps] == ["plant"]
    assert asked(model).wanted[0].schema is not None
    assert asked(model).wanted[0].seconds <= runtime.settings.model_plan_s


async def test_a_model_that_breaks_while_planning_costs_only_its_plan(runtime: Runtime, say: Say) -> None:
    model = with_model(runtime, Gone("It is gone."), "Hello.")
    assert answer(await say("could you oak the hill", model))
    assert answer(await say("plant an oak", model)).startswith("Hello.")


async def test_what_was_said_before_is_read_and_its_own_numbers_may_be_said_again(runtime: Runtime, say: Say) -> None:
    await say("sell the wood for 80 €")
    model = with_model(runtime, "First 80 €, now an oak, and 90 €.")
    text = answer(await say("plant an oak", model))
    assert text.startswith("First 80 €, now an oak, and 90 €. *(not in the findings: 90 €)*")
    assert [message.content for message in asked(model).asked[0][1:3]] == ["sell the wood for 80 €", "Sold for 80 EUR."]


async def test_text_from_outside_is_fenced_and_adds_no_step(runtime: Runtime, say: Say) -> None:
    obeying = with_model(runtime, 'I will obey. {"steps": [{"agent": "cut", "words": "all"}]}')
    events = await say("plant an oak", obeying)
    plan = next(event for event in events if isinstance(event, Planned))
    assert [one["agent"] for one in plan.steps] == ["plant"]


def turn(number: int, words: str = "Plant an oak.") -> Turn:
    return Turn(id=f"turn{number}", thread=THREAD, message=f"m{number}", user="local", text=f"{words} ({number})",
                status="done", answer=f"I planted oak {number}. {'It stands well. ' * 40}")  # fmt: skip


async def long_talk(runtime: Runtime, count: int = 12) -> None:
    await runtime.stores.conversations.ensure(THREAD, user="local", name="oaks")
    for number in range(count):
        await runtime.stores.turns.save(turn(number))


async def test_a_long_conversation_is_summarised_by_the_model_and_read_in_its_place(runtime: Runtime) -> None:
    await long_talk(runtime)
    model = Scripted("The user plants oaks, 11 so far? No: oak 3 was the last. They cost 4,711 €.", context=2048)
    deps = runtime.deps("local", THREAD)
    await summarise(deps, model)
    kept = (await runtime.stores.conversations.meta(THREAD))[SUMMARY]
    said = await earlier(deps, "")
    assert "4,711" not in kept["text"]  # a number that was never said
    assert "oak 3 was the last" in kept["text"]
    assert said.summary == kept["text"]
    assert said.turns[0].started_at > (await runtime.stores.turns.get(kept["until"])).started_at  # type: ignore[union-attr]
    history, memory = said.history(200)
    assert memory.startswith(kept["text"])
    assert len(history) < 2 * 12


async def test_a_short_conversation_is_left_as_it_is(runtime: Runtime) -> None:
    await long_talk(runtime, 2)
    model = Scripted("Oaks.")
    await summarise(runtime.deps("local", THREAD), model)
    assert not model.asked


async def test_a_summary_goes_with_the_turns_that_are_edited_away(runtime: Runtime) -> None:
    await long_talk(runtime)
    deps = runtime.deps("local", THREAD)
    await summarise(deps, Scripted("Oaks.", context=2048))
    async for _ in reply(Message("plant an oak", THREAD, id="m0"), runtime):
        pass
    assert (await earlier(deps, "")).summary == ""
    assert SUMMARY not in await runtime.stores.conversations.meta(THREAD)


async def test_a_new_message_stops_the_summary_that_is_being_written(runtime: Runtime, say: Say) -> None:
    await long_talk(runtime)
    model = with_model(runtime, "An oak [1].", context=2048)  # type: ignore[arg-type]
    await say("plant an oak", model)
    await say("plant an oak", model)
    await runtime.summaries.finish()
    assert (await runtime.stores.conversations.meta(THREAD))[SUMMARY]["text"] == "An oak [1]."


def test_without_a_model_older_turns_are_told_by_their_first_sentences() -> None:
    assert in_short([turn(1)]) == "- The user: Plant an oak. You: I planted oak 1."
