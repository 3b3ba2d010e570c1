"""A yes, a no or a change that is typed rather than pressed: for what waits in this conversation, and only then."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from agents.deps import Deps
from agents.spec import AgentError, AgentSpec, Choice, Effect, Finding, Given, Record, Which
from graph import approvals
from graph.events import ApprovalNeeded, Decided, Done, Failed, Question, ReplyEvent
from graph.planner.yes_words import word_in
from graph.recall import recall
from graph.reply import Message
from graph.runtime import Runtime
from graph.typed_word import said
from memory.effects import fingerprint

THREAD = "t1"


async def engraving(arguments: dict[str, Any], deps: Deps) -> Effect:
    if arguments["amount"] == "0":
        raise AgentError("Say how often to engrave it.")
    preview = f"It will say “{arguments['subject']}” {arguments['amount']} times"
    return Effect("engrave", arguments, "Engrave a stone", preview, editable=("subject", "amount"))


@pytest.fixture
def team(team: dict[str, AgentSpec], place: Any) -> dict[str, AgentSpec]:
    """The small team, one who engraves what may be changed, and one who does not know which tree."""

    async def stone(task: Any, given: Given, deps: Deps) -> Finding:
        words = given.text.partition(" with ")[2] or "Oak"
        return Finding("stone", True, "Ready.", effect=await engraving({"subject": words, "amount": "1"}, deps))

    async def engrave(arguments: dict[str, Any], deps: Deps) -> Finding:
        place.cut.append(arguments["subject"] * int(arguments["amount"]))
        return Finding("stone", True, f"It says {arguments['subject']}.")

    async def prune(task: Any, given: Given, deps: Deps) -> Finding:
        place.runs.append("prune")
        if not task.tree:
            trees = [Choice("oak 2026-013, by the gate", {"tree": "o13"}), Choice("elm 2026-014", {"tree": "e14"})]
            raise Which("Which tree do you mean?", trees)
        return Finding("prune", True, f"I pruned {task.tree}.", records=(Record("wood", f"of-{task.tree}", "wood"),))

    more = AgentSpec(
        name="stone",
        title="Stone",
        description="To engrave.",
        examples=("engrave the stone", "carve a stone"),
        task=team["plant"].task,
        run=stone,
        cues=(r"\bstone\b",),
        effects={"engrave": engrave},
        edits={"engrave": engraving},
    )
    which = replace(team["water"], name="prune", title="Prune", run=prune, examples=("prune it",), takes=())
    return {**team, "stone": more, "prune": replace(which, cues=(r"\bprune\b",))}


@pytest.fixture
def say(runtime: Runtime) -> Any:
    """Write one message and gather the events."""

    async def send(text: str, thread: str = THREAD, **fields: Any) -> list[ReplyEvent]:
        return [event async for event in said(Message(text, thread, **fields), runtime)]

    return send


@pytest.mark.parametrize("word", ["yes", "ja, mach das", "OK!", "sí, hazlo", "oui", "va bene", "sim, pode fazer"])
async def test_a_typed_yes_does_what_waits_once(runtime: Runtime, say: Any, place: Any, word: str) -> None:
    await say("engrave the stone")
    events = await say(word)
    assert isinstance(events[-1], Done) and events[-1].text == "It says Oak."
    assert [type(event) for event in events].count(Decided) == 1
    again = (await say("yes"))[-1]
    assert isinstance(again, Done) and "no open question" in again.text
    assert place.cut == ["Oak"]
    (entry,) = await runtime.audit.read(kind="effect")
    assert entry["hash"] == fingerprint({"subject": "Oak", "amount": "1"})


@pytest.mark.parametrize("word", ["no, don't", "nein", "never mind", "no lo hagas", "meglio di no"])
async def test_a_typed_no_leaves_it(runtime: Runtime, say: Any, place: Any, word: str) -> None:
    await say("engrave the stone")
    done = (await say(word))[-1]
    assert isinstance(done, Done) and done.text == "Fine, I did not do that."
    assert place.cut == [] and await approvals.listed("local", runtime) == []


@pytest.mark.parametrize(
    "message",
    [
        "yes and plant an oak",
        "“yes”",
        "> yes",
        "Mail from Bob:\nyes",
        "He wrote: yes, do it",
        "send it",  # a stone is engraved, not sent
        "delete it",
        "yes?",
        "Should I say yes?",
        "plant an oak",
    ],
)
async def test_what_is_shown_or_asks_for_something_else_decides_nothing(
    runtime: Runtime, say: Any, place: Any, message: str
) -> None:
    await say("engrave the stone")
    await say(message)
    assert place.cut == [] and await approvals.listed("local", runtime)


async def test_a_file_or_another_conversation_says_nothing_about_what_waits_here(
    runtime: Runtime, say: Any, place: Any
) -> None:
    await say("engrave the stone")
    file = await runtime.stores.files.put(b"yes", "yes.txt", user="local", thread=THREAD)
    await say("yes", files=(file,))
    elsewhere = (await say("yes, do it", thread="t2"))[-1]
    assert isinstance(elsewhere, Done)
    await say("yes", thread="t3", user="bob")
    assert place.cut == [] and len(await approvals.listed("local", runtime)) == 1


async def test_of_several_it_is_asked_which(runtime: Runtime, say: Any, place: Any) -> None:
    await say("engrave the stone. cut the tree down")
    asked = (await say("yes"))[-1]
    titles = [one.asked.title for one in await approvals.listed("local", runtime)]
    assert isinstance(asked, Done) and all(f"{n}. {title}" in asked.text for n, title in enumerate(titles, 1))
    assert place.cut == []
    await say("the second one")
    left = await approvals.listed("local", runtime)
    assert [one.asked.title for one in left] == titles[:1] and len(place.cut) == 1
    await say("yes")
    assert len(place.cut) == 2 and await approvals.listed("local", runtime) == []


async def test_both_can_be_decided_at_once(runtime: Runtime, say: Any, place: Any) -> None:
    await say("engrave the stone. cut the tree down")
    done = (await say("yes to both"))[-1]
    assert isinstance(done, Done) and sorted(place.cut) == ["Oak", "all"]


async def test_a_yes_to_what_came_later_is_none_to_what_waited_before(runtime: Runtime, say: Any, place: Any) -> None:
    await say("engrave the stone")
    await say("plant an oak")
    asked = (await say("yes"))[-1]
    assert isinstance(asked, Done) and "Engrave a stone" in asked.text and place.cut == []
    assert isinstance((await say("yes"))[-1], Done) and place.cut == ["Oak"]


@pytest.mark.parametrize("message, made", [("no, make it 3", "OakOakOak"), ("Change the subject to Elm", "Elm")])
async def test_a_typed_change_is_shown_again_before_it_is_done(
    runtime: Runtime, say: Any, place: Any, message: str, made: str
) -> None:
    asked = (await say("engrave the stone"))[-1]
    anew = (await say(message))[-1]
    assert place.cut == [] and isinstance(anew, ApprovalNeeded) and isinstance(asked, ApprovalNeeded)
    assert (anew.turn, anew.step) == (asked.turn, asked.step) and anew.preview != asked.preview
    assert isinstance((await say("yes"))[-1], Done) and place.cut == [made]


async def test_a_change_that_cannot_be_is_said_and_the_question_stays(runtime: Runtime, say: Any, place: Any) -> None:
    await say("engrave the stone")
    refused = (await say("make it 0"))[-1]
    assert isinstance(refused, Failed) and refused.message == "Say how often to engrave it."
    assert place.cut == [] and len(await approvals.listed("local", runtime)) == 1


async def test_a_proposal_that_is_corrected_takes_the_place_of_the_one_before(
    runtime: Runtime, say: Any, place: Any
) -> None:
    await say("engrave the stone")
    await say("no, carve the stone with Elm")
    (left,) = await approvals.listed("local", runtime)
    assert "Elm" in left.asked.preview
    await say("yes")
    assert place.cut == ["Elm"]


@pytest.mark.parametrize("answer", ["the second one", "2", "the elm", "2026-014", "die zweite"])
async def test_which_of_several_is_asked_and_the_next_message_chooses(say: Any, place: Any, answer: str) -> None:
    events = await say("plant an ash. prune it")
    asked = events[-1]
    assert isinstance(asked, Question) and "Which tree do you mean?" in asked.text and "1. oak 2026-013" in asked.text
    assert asked.offers == ("oak 2026-013, by the gate", "elm 2026-014")
    done = (await say(answer))[-1]
    assert isinstance(done, Done) and done.text == "I pruned e14."
    assert place.runs.count("plant") == 1


async def test_something_else_is_done_while_the_choice_stays_open(say: Any, place: Any) -> None:
    await say("prune it")
    other = (await say("plant an oak"))[-1]
    assert isinstance(other, Done) and "Which tree do you mean?" in other.text
    done = (await say("the oak"))[-1]
    assert isinstance(done, Done) and done.text == "I pruned o13."


@pytest.mark.parametrize("text", ["yes " * 30, "y" * 81, "", "yes find me three remote jobs over 60 dollars an hour"])
def test_what_is_long_is_no_word(text: str) -> None:
    assert word_in(text) is None


async def test_a_few_words_go_on_with_what_waits(runtime: Runtime, say: Any) -> None:
    await say("engrave the stone")
    (turn,) = await runtime.stores.turns.recent(THREAD)
    known, *_ = await recall(runtime.deps("local", THREAD), [], "")
    assert (turn.status, known.last) == ("waiting", ("stone",))
