"""What waits for the user's word: shown exactly, changed, approved once, let go, and queued when nobody watches."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select, update

from agents.deps import Deps
from agents.spec import AgentError, AgentSpec, Effect, Finding, Given
from config.settings import Settings
from graph import approvals
from graph.events import ApprovalNeeded, Done, Failed, ReplyEvent, StepFinished, StepStarted
from graph.reply import Message, reply, resume
from graph.runtime import Runtime, open_runtime
from memory.database import now
from memory.effects import Effected, fingerprint
from memory.turns import Turn

THREAD = "t1"


async def engraving(arguments: dict[str, Any], deps: Deps) -> Effect:
    if not arguments["words"].strip():
        raise AgentError("Write what to engrave.")
    return Effect(
        "engrave", arguments, "Engrave a stone", f"It will say “{arguments['words']}”", editable=("words",), lasts_h=24
    )


@pytest.fixture
def team(team: dict[str, AgentSpec], place: Any) -> dict[str, AgentSpec]:
    """The small team, one who engraves what may be changed before, and one who needs the same leave as another."""

    async def stone(task: Any, given: Given, deps: Deps) -> Finding:
        effect = await engraving({"words": "Oak", "depth": 3}, deps)
        return Finding("stone", True, "Ready.", effect=effect)

    async def engrave(arguments: dict[str, Any], deps: Deps) -> Finding:
        place.cut.append(arguments)
        return Finding("stone", True, f"It says {arguments['words']}.")

    examples = ("engrave the stone", "carve a stone")
    more = AgentSpec(
        name="stone",
        title="Stone",
        description="To engrave.",
        examples=examples,
        task=team["plant"].task,
        run=stone,
        cues=(r"\bstone\b",),
        effects={"engrave": engrave},
        edits={"engrave": engraving},
    )
    lop = replace(team["cut"], name="lop", title="Lop", examples=("lop the branches",), cues=(r"\blop\b",))
    return {**team, "stone": more, "lop": lop}


async def decided(
    asked: ApprovalNeeded, word: approvals.Decision, runtime: Runtime, **changed: str
) -> list[ReplyEvent]:
    return [event async for event in approvals.decide(asked.turn, asked.step, word, runtime, changed)]


async def question(say: Any, text: str) -> ApprovalNeeded:
    asked = (await say(text))[-1]
    assert isinstance(asked, ApprovalNeeded)
    return asked


async def test_what_was_changed_is_what_happens_and_both_are_kept(runtime: Runtime, say: Any, place: Any) -> None:
    asked = await question(say, "engrave the stone")
    assert asked.editable == {"words": "Oak"}
    done = (await decided(asked, "approve", runtime, words="Elm"))[-1]
    assert isinstance(done, Done) and done.text == "It says Elm."
    assert place.cut == [{"words": "Elm", "depth": 3}]
    entry = await runtime.stores.effects.get(asked.turn, asked.step)
    assert entry is not None and entry.state == "done"
    assert (entry.arguments["words"], entry.approved["words"]) == ("Oak", "Elm")
    assert entry.arguments_hash == fingerprint(entry.approved)
    assert entry.shown["preview"] == "It will say “Elm”"


@pytest.mark.parametrize(
    "changed, sentence",
    [
        ({"words": " "}, "Write what to engrave."),
        ({"depth": "9"}, "cannot be changed here"),
        ({"words": "x" * 20_001}, "20,000"),
    ],
)
async def test_a_wrong_change_is_said_in_one_sentence_and_the_question_stays(
    runtime: Runtime, say: Any, place: Any, changed: dict[str, str], sentence: str
) -> None:
    asked = await question(say, "engrave the stone")
    refused = (await decided(asked, "approve", runtime, **changed))[-1]
    assert isinstance(refused, Failed) and sentence in refused.message
    assert place.cut == [] and len(await approvals.listed("local", runtime)) == 1
    assert isinstance((await decided(asked, "approve", runtime))[-1], Done)
    assert place.cut == [{"words": "Oak", "depth": 3}]


async def test_arguments_that_are_not_those_approved_are_never_used(runtime: Runtime, say: Any, place: Any) -> None:
    asked = await question(say, "engrave the stone")
    async with runtime.stores.database.write() as session:
        for effect in await session.exec(select(Effected)):
            effect.arguments = {"words": "Forged", "depth": 3}
    done = (await decided(asked, "approve", runtime))[-1]
    assert place.cut == [] and isinstance(done, Done) and "interrupted" in done.text


async def test_what_needs_the_same_consent_is_asked_together(runtime: Runtime, say: Any, place: Any) -> None:
    events = await say("cut the tree down. lop the branches")
    asked = [event for event in events if isinstance(event, ApprovalNeeded)]
    assert len(asked) == 1
    assert isinstance((await decided(asked[0], "approve", runtime))[-1], Done)
    assert place.cut == ["all", "all"]


async def test_of_two_questions_each_is_done_as_soon_as_it_is_answered(runtime: Runtime, say: Any, place: Any) -> None:
    events = await say("cut the tree down. engrave the stone")
    cut, stone = sorted((event for event in events if isinstance(event, ApprovalNeeded)), key=lambda one: one.agent)
    after = await decided(stone, "approve", runtime)
    assert place.cut == [{"words": "Oak", "depth": 3}]
    assert [event.agent for event in after if isinstance(event, ApprovalNeeded)] == ["cut"]
    done = (await decided(cut, "reject", runtime))[-1]
    assert isinstance(done, Done) and "It says Oak." in done.text and "did not" in done.text
    assert len(place.cut) == 1


async def test_a_quick_branch_goes_on_while_a_slow_one_works(runtime: Runtime, place: Any) -> None:
    told: list[tuple[str, str]] = []
    async with aclosing(reply(Message("wait for the rain. plant an oak and then water it", THREAD), runtime)) as events:
        async for event in events:
            if isinstance(event, StepStarted | StepFinished):
                told.append((type(event).__name__, event.agent))
            if told and told[-1] == ("StepFinished", "water"):
                place.open.set()
    assert told[-1] == ("StepFinished", "wait") and ("StepStarted", "wait") in told[:-1]


async def test_a_word_given_just_before_a_crash_is_carried_out_once(
    settings: Settings, team: dict[str, AgentSpec], place: Any, say: Any
) -> None:
    async with open_runtime(settings, serving=True, agents=team) as first:
        asked = (await say("engrave the stone", first))[-1]
        assert isinstance(asked, ApprovalNeeded)
        assert await first.stores.turns.decide(asked.turn, [asked.step], "approve")
    async with open_runtime(settings, serving=True, agents=team) as second:
        turn = await second.stores.turns.get(asked.turn)
        assert turn is not None and turn.status == "unfinished"
        assert isinstance([event async for event in resume(asked.turn, second)][-1], Done)
    assert len(place.cut) == 1


@pytest.mark.parametrize("words, times", [("cut the tree down", 1), ("engrave the stone", 0)])
async def test_after_a_crash_in_the_very_act_only_what_may_be_allowed_for_good_is_done_again(
    runtime: Runtime, say: Any, place: Any, words: str, times: int
) -> None:
    asked = await question(say, words)
    assert await runtime.stores.turns.decide(asked.turn, [asked.step], "approve")
    async with runtime.stores.database.write() as session:
        await session.exec(update(Effected).values(state="performing"))
    done = [event async for event in resume(asked.turn, runtime)][-1]
    assert isinstance(done, Done) and ("interrupted while doing exactly this" in done.text) is not bool(times)
    assert len(place.cut) == times


async def test_nobody_answers_in_time(runtime: Runtime, say: Any, place: Any) -> None:
    asked = await question(say, "engrave the stone")
    entry = await runtime.stores.effects.get(asked.turn, asked.step)
    assert entry is not None and entry.until is not None
    assert timedelta(hours=23) < entry.until - now() < timedelta(hours=25)
    carried: list[ReplyEvent] = []

    async def carry(entry: Effected, turn: Turn, events: Any) -> None:
        carried.extend([event async for event in events()])

    assert await approvals.lapse(runtime, carry) == 0
    await overdue(runtime)
    assert await approvals.listed("local", runtime) == []
    assert await approvals.lapse(runtime, carry) == 1
    done = carried[-1]
    assert isinstance(done, Done) and "Nobody answered this in time" in done.text
    assert done.offers == ("engrave the stone",)
    entry = await runtime.stores.effects.get(asked.turn, asked.step)
    assert entry is not None and (entry.state, place.cut) == ("expired", [])
    assert [one async for one in runtime.checkpoints.alist(None)] == []
    assert isinstance((await decided(asked, "approve", runtime))[-1], Failed)


async def test_a_yes_that_comes_too_late_is_none(runtime: Runtime, say: Any, place: Any) -> None:
    asked = await question(say, "engrave the stone")
    await overdue(runtime)
    done = (await decided(asked, "approve", runtime))[-1]
    assert isinstance(done, Done) and "Nobody answered" in done.text and place.cut == []


async def test_the_usual_time_to_answer_is_a_week(runtime: Runtime, say: Any) -> None:
    asked = await question(say, "cut the tree down")
    entry = await runtime.stores.effects.get(asked.turn, asked.step)
    assert entry is not None and entry.until is not None
    assert timedelta(days=6) < entry.until - now() < timedelta(days=8)


@pytest.mark.parametrize("granted, asks", [("felling", False), ("felling:oak", False), ("felling:elm", True)])
async def test_a_permission_for_a_part_covers_that_part_only(
    runtime: Runtime, say: Any, place: Any, team: dict[str, AgentSpec], granted: str, asks: bool
) -> None:
    run = team["cut"].run

    async def narrow(task: Any, given: Given, deps: Deps) -> Finding:
        finding = await run(task, given, deps)
        assert finding.effect is not None
        return replace(finding, effect=replace(finding.effect, consent="felling:oak"))

    team["cut"] = replace(team["cut"], run=narrow)
    await runtime.stores.consents.grant("local", granted)
    assert isinstance((await say("cut the tree down"))[-1], ApprovalNeeded) is asks


async def test_what_came_up_while_nobody_watched_waits_and_is_told_where_it_belongs(
    runtime: Runtime, place: Any
) -> None:
    effect = await engraving({"words": "Ash", "depth": 1}, runtime.deps("local", "nightly"))
    finding = Finding("stone", True, "The stone of tonight is ready.", effect=effect)
    asked = await approvals.propose("local", "nightly", "Every night", finding, runtime)
    assert asked is not None
    assert await approvals.propose("local", "nightly", "Every night", finding, runtime) is None
    (waiting,) = await approvals.listed("local", runtime)
    assert waiting.asked == asked and waiting.conversation == "Every night"
    assert await approvals.one(asked.turn, asked.step, "somebody", runtime) is None
    assert isinstance((await decided(asked, "approve", runtime, words="Yew"))[-1], Done)
    kept = await runtime.stores.conversations.open("nightly")
    assert kept is not None and kept.steps[-1].output == "It says Yew."
    assert place.cut == [{"words": "Yew", "depth": 1}]


async def test_the_conversation_goes_on_while_something_waits(runtime: Runtime, say: Any) -> None:
    await question(say, "engrave the stone")
    assert isinstance((await say("plant an oak"))[-1], Done)
    assert len(await approvals.listed("local", runtime)) == 1


async def test_ten_answers_at_once_are_one(runtime: Runtime, say: Any, place: Any) -> None:
    asked = await question(say, "engrave the stone")
    ends = await asyncio.gather(*(decided(asked, "approve", runtime, words=f"Elm {n}") for n in range(10)))
    assert len(place.cut) == 1
    assert sum(isinstance(events[-1], Done) for events in ends) == 1


async def overdue(runtime: Runtime) -> None:
    async with runtime.stores.database.write() as session:
        await session.exec(update(Effected).values(expires_at=now() - timedelta(seconds=1)))
