"""One message and back: what a front end sees, what is kept, and what happens when a turn is cut short."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import Any

import psutil

from agents.spec import AgentSpec
from config.settings import Settings
from graph.approvals import decide
from graph.events import (
    ApprovalNeeded,
    Done,
    Failed,
    Planned,
    Question,
    StepFinished,
    StepProgress,
    StepStarted,
    Token,
    TurnStarted,
)
from graph.reply import Message, config_of, reply, resume
from graph.runtime import Runtime, open_runtime

THREAD = "t1"


async def test_a_message_becomes_a_plan_steps_and_an_answer(runtime: Runtime, say: Any) -> None:
    events = await say("plant an oak")
    kinds = [type(event) for event in events]
    assert kinds[:3] == [TurnStarted, Planned, StepStarted]
    assert StepProgress in kinds and StepFinished in kinds
    done = events[-1]
    assert isinstance(done, Done)
    assert done.text == "I planted an oak."
    assert "".join(event.text for event in events if isinstance(event, Token)) == done.text
    assert done.offers == ("Water it",)


async def test_a_step_takes_what_the_one_before_it_made(runtime: Runtime, say: Any) -> None:
    done = (await say("plant an oak and then water it"))[-1]
    assert isinstance(done, Done)
    assert "I watered oak-1." in done.text


async def test_a_later_message_refers_to_what_an_earlier_one_made(runtime: Runtime, say: Any) -> None:
    await say("plant an oak")
    done = (await say("now water it"))[-1]
    assert isinstance(done, Done) and done.text == "I watered oak-1."


async def test_another_conversation_knows_nothing_of_it(runtime: Runtime, say: Any) -> None:
    await say("plant an oak")
    done = (await say("water it", thread="t2"))[-1]
    assert isinstance(done, Done) and "There is no tree to water" in done.text


async def test_what_is_missing_is_asked_and_the_next_message_answers_it(runtime: Runtime, say: Any) -> None:
    question = (await say("sell the wood"))[-1]
    assert isinstance(question, Question) and question.text == "At what price?"
    done = (await say("80 €"))[-1]
    assert isinstance(done, Done) and done.text == "Sold for 80 EUR."


async def test_a_question_can_be_dropped(runtime: Runtime, say: Any) -> None:
    await say("sell the wood")
    done = (await say("never mind"))[-1]
    assert isinstance(done, Done) and "dropped" in done.text
    after = (await say("80 €"))[-1]
    assert isinstance(after, Done) and "Sold" not in after.text


async def test_something_else_is_done_first_and_the_question_is_shown_again_and_answered_later(say: Any) -> None:
    await say("sell the wood")
    done = (await say("plant an oak"))[-1]
    assert isinstance(done, Done) and done.text == "I planted an oak.\n\n**Still open:** At what price?"
    assert isinstance(thanked := (await say("thanks"))[-1], Done) and thanked.text.endswith("At what price?")
    assert isinstance(sold := (await say("80 €"))[-1], Done) and sold.text == "Sold for 80 EUR."
    assert isinstance(after := (await say("plant an oak"))[-1], Done) and after.text == "I planted an oak."


async def test_doing_anew_what_the_question_was_about_closes_it(say: Any) -> None:
    await say("sell the wood")
    await say("plant an oak")
    again = (await say("sell the wood for 80 €"))[-1]
    assert isinstance(again, Done) and again.text == "Sold for 80 EUR."


async def test_words_that_say_nothing_of_it_are_met_with_the_question(say: Any) -> None:
    await say("sell the wood")
    for words in ("hm", "yes"):
        done = (await say(words))[-1]
        assert isinstance(done, Done) and "did not find that" in done.text and done.text.endswith("At what price?")


async def test_who_does_not_know_yet_is_asked_no_more(say: Any) -> None:
    await say("sell the wood")
    left = (await say("keine Ahnung"))[-1]
    assert isinstance(left, Done) and "At what price?" not in left.text
    after = (await say("plant an oak"))[-1]
    assert isinstance(after, Done) and after.text == "I planted an oak."


async def test_after_four_other_things_the_question_is_not_put_again(say: Any) -> None:
    await say("sell the wood")
    for _ in range(4):
        await say("plant an oak")
    after = (await say("plant an oak"))[-1]
    assert isinstance(after, Done) and after.text == "I planted an oak."


async def test_a_failing_agent_is_told_in_general_words_and_the_rest_still_comes(runtime: Runtime, say: Any) -> None:
    done = (await say("break something. plant an oak"))[-1]
    assert isinstance(done, Done)
    assert "secret" not in done.text
    assert "I planted an oak." in done.text


async def test_nothing_happens_to_the_world_before_the_user_agreed(runtime: Runtime, say: Any, place: Any) -> None:
    asked = (await say("cut the tree down"))[-1]
    assert isinstance(asked, ApprovalNeeded)
    assert asked.preview == "`all` goes"
    assert place.cut == []
    done = [event async for event in decide(asked.turn, asked.step, "approve", runtime)][-1]
    assert isinstance(done, Done) and done.text == "Cut all."
    assert place.cut == ["all"]


async def test_an_approval_is_used_once(runtime: Runtime, say: Any, place: Any) -> None:
    asked = (await say("cut the tree down"))[-1]
    assert isinstance(asked, ApprovalNeeded)
    for _ in range(2):
        last = [event async for event in decide(asked.turn, asked.step, "approve", runtime)][-1]
    assert isinstance(last, Failed)
    assert place.cut == ["all"]


async def test_two_presses_at_once_perform_it_once(runtime: Runtime, say: Any, place: Any) -> None:
    asked = (await say("cut the tree down"))[-1]
    assert isinstance(asked, ApprovalNeeded)

    async def press() -> Any:
        return [event async for event in decide(asked.turn, asked.step, "approve", runtime)][-1]

    ends = await asyncio.gather(*(press() for _ in range(5)))
    assert place.cut == ["all"]
    assert sorted(type(end).__name__ for end in ends) == ["Done"] + ["Failed"] * 4


async def test_two_processes_perform_it_once(
    settings: Settings, team: dict[str, AgentSpec], place: Any, say: Any
) -> None:
    asked = (await say("cut the tree down"))[-1]
    assert isinstance(asked, ApprovalNeeded)

    async def press(one: Runtime) -> None:
        _ = [event async for event in decide(asked.turn, asked.step, "approve", one)]

    async with open_runtime(settings, agents=team) as first, open_runtime(settings, agents=team) as second:
        await asyncio.gather(press(first), press(second))
    assert place.cut == ["all"]


async def test_two_messages_at_once_are_one_turn_and_one_refusal(runtime: Runtime, say: Any) -> None:
    ends = [events[-1] for events in await asyncio.gather(say("plant an oak"), say("plant an oak"))]
    assert sorted(type(end).__name__ for end in ends) == ["Done", "Failed"]


async def test_a_rejected_effect_never_happens(runtime: Runtime, say: Any, place: Any) -> None:
    asked = (await say("cut the tree down"))[-1]
    assert isinstance(asked, ApprovalNeeded)
    done = [event async for event in decide(asked.turn, asked.step, "reject", runtime)][-1]
    assert isinstance(done, Done) and "did not" in done.text
    assert place.cut == []


async def test_always_means_not_to_be_asked_again(runtime: Runtime, say: Any, place: Any) -> None:
    asked = (await say("cut the tree down"))[-1]
    assert isinstance(asked, ApprovalNeeded)
    _ = [event async for event in decide(asked.turn, asked.step, "always", runtime)]
    assert isinstance((await say("cut the tree down"))[-1], Done)
    assert place.cut == ["all", "all"]


async def test_an_approval_outlives_the_process_and_other_messages(
    settings: Settings, team: dict[str, AgentSpec], place: Any, say: Any
) -> None:
    async with open_runtime(settings, serving=True, agents=team) as first:
        asked = (await say("cut the tree down", first))[-1]
        await say("plant an oak", first)
    assert isinstance(asked, ApprovalNeeded)
    async with open_runtime(settings, serving=True, agents=team) as second:
        waiting = await second.stores.effects.waiting(thread=THREAD)
        assert [(one.turn, one.step, one.shown["title"]) for one in waiting] == [
            (asked.turn, asked.step, "Cut it down")
        ]
        done = [event async for event in decide(asked.turn, asked.step, "approve", second)][-1]
        assert isinstance(done, Done)
        assert await second.stores.effects.waiting(thread=THREAD) == []
    assert place.cut == ["all"]


async def test_what_was_said_is_kept_as_it_was_shown(runtime: Runtime, say: Any) -> None:
    await say("plant an oak", id="m1")
    opened = await runtime.stores.conversations.open(THREAD)
    assert opened is not None
    assert [(step.type, step.output) for step in opened.steps] == [
        ("user_message", "plant an oak"),
        ("tool", "I planted an oak."),
        ("assistant_message", "I planted an oak."),
    ]
    assert opened.thread.name == "plant an oak"


async def test_the_message_is_durable_before_anything_else(runtime: Runtime, say: Any) -> None:
    async with aclosing(reply(Message("wait for the rain", THREAD, id="m1"), runtime)) as events:
        assert isinstance(await anext(events), TurnStarted)
        opened = await runtime.stores.conversations.open(THREAD)
        assert opened is not None and [step.id for step in opened.steps] == ["m1"]


async def test_closing_the_stream_stops_the_turn_and_its_process(runtime: Runtime, say: Any) -> None:
    pid = 0
    async with aclosing(reply(Message("dig a deep hole", THREAD), runtime)) as events:
        async for event in events:
            if isinstance(event, StepProgress):
                pid = int(event.text.removeprefix("pid "))
                break
    assert not psutil.pid_exists(pid)
    assert (await runtime.stores.turns.recent(THREAD))[0].status == "stopped"
    assert isinstance((await say("plant an oak"))[-1], Done)


async def test_cancelling_the_task_stops_the_turn_and_its_process(runtime: Runtime, say: Any) -> None:
    pids: asyncio.Queue[int] = asyncio.Queue()

    async def follow() -> None:
        async for event in reply(Message("dig a deep hole", THREAD), runtime):
            if isinstance(event, StepProgress):
                pids.put_nowait(int(event.text.removeprefix("pid ")))

    task = asyncio.create_task(follow())
    pid = await pids.get()
    task.cancel()
    await asyncio.wait([task])
    assert not psutil.pid_exists(pid)
    assert (await runtime.stores.turns.recent(THREAD))[0].status == "stopped"


async def test_a_conversation_does_one_thing_at_a_time(runtime: Runtime, say: Any, place: Any) -> None:
    async with aclosing(reply(Message("wait for the rain", THREAD), runtime)) as events:
        async for event in events:
            if isinstance(event, StepStarted):
                break
        second = await say("plant an oak")
        assert [type(event) for event in second] == [Failed]


async def test_a_turn_cut_short_by_a_crash_goes_on_where_it_was(
    settings: Settings, team: dict[str, AgentSpec], place: Any, say: Any
) -> None:
    async with open_runtime(settings, serving=True, agents=team) as first:
        events = reply(Message("plant an oak and then wait for the rain", THREAD), first)
        async for event in events:
            if isinstance(event, StepStarted) and event.agent == "wait":
                break
        turn = (await first.stores.turns.recent(THREAD))[0]
        async with asyncio.timeout(30):
            while not any(task.result for task in (await first.graph.aget_state(config_of(turn.id))).tasks):  # noqa: ASYNC110  the checkpoint tells nobody
                await asyncio.sleep(0.02)  # until the other step has its finding
        await events.aclose()
        turn.status = "running"  # what a killed process leaves behind
        await first.stores.turns.save(turn)
    async with open_runtime(settings, serving=True, agents=team) as second:
        assert (await second.stores.turns.recent(THREAD))[0].status == "unfinished"
        place.open.set()
        done = [event async for event in resume(turn.id, second)][-1]
        assert isinstance(done, Done)
        assert "I planted an oak." in done.text and "The rain is over." in done.text
    assert sorted(place.runs) == ["plant", "wait", "wait"], "what was done is not done again"


async def test_an_edited_message_replaces_what_came_after_it(runtime: Runtime, say: Any) -> None:
    await say("plant an oak", id="m1")
    await say("water it", id="m2")
    done = (await say("water it", id="m1"))[-1]
    assert isinstance(done, Done) and "There is no tree" in done.text
    assert [turn.message for turn in await runtime.stores.turns.recent(THREAD)] == ["m1"]


async def test_an_empty_message_is_refused_in_words(runtime: Runtime, say: Any) -> None:
    refused = (await say("   "))[-1]
    assert isinstance(refused, Failed) and "attach a file" in refused.message


async def test_finished_turns_leave_no_checkpoints(runtime: Runtime, say: Any) -> None:
    await say("plant an oak")
    assert [one async for one in runtime.checkpoints.alist(None)] == []
