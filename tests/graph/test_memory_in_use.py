"""Facts in whole turns: told, noted, listed, corrected, forgotten, and read by a model only where they belong."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from agents import registry
from agents.spec import AgentSpec
from graph.approvals import decide
from graph.events import ApprovalNeeded, Done, Planned, ReplyEvent
from graph.runtime import Runtime
from memory.erasure import erase
from memory.portability import rows_of
from tests.graph.scripted import Scripted
from tests.graph.test_model_in_the_flow import Only

MESSAGES = ("a poem on ACME", "a poem on Zeta", "a poem on the sea", "a poem on ACME and Zeta")
Say = Callable[..., Awaitable[list[ReplyEvent]]]


@pytest.fixture
def team() -> dict[str, AgentSpec]:
    return {name: registry.load()[name] for name in ("memory", "math", "proposal", "profile")}


def text(events: list[ReplyEvent]) -> str:
    assert isinstance(events[-1], Done)
    return events[-1].text


async def test_what_was_told_is_listed_with_the_day_it_was_said(runtime: Runtime, say: Say) -> None:
    assert "I use it for ACME alone" in text(await say("remember that ACME always pays late"))
    today = f"{runtime.deps('local', 't1').today:%d %B %Y}".lstrip("0")
    assert f"ACME always pays late (you said on {today})" in text(await say("what do you know about ACME"))
    assert "ACME" not in text(await say("what do you know about me"))
    assert text(await say("what do you know about Zeta")) == "You have told me nothing about that."


async def test_each_sentence_is_kept_with_whom_it_is_about(runtime: Runtime, say: Say) -> None:
    await say("remember that Globex pays within 60 days. ZETA always pays late")
    facts = await runtime.stores.facts.of("local")
    assert {(fact.client, fact.text) for fact in facts} == {
        ("Globex", "Globex pays within 60 days"),
        ("ZETA", "ZETA always pays late"),
    }


async def test_a_correction_takes_the_place_of_what_it_corrects(runtime: Runtime, say: Say) -> None:
    await say("remember that ACME always pays late")
    assert "Before: ACME always pays late" in text(await say("that's wrong, ACME pays on time now"))
    assert [fact.text for fact in await runtime.stores.facts.of("local")] == ["ACME pays on time now"]


async def test_a_number_means_the_list_that_was_shown_last(runtime: Runtime, say: Say) -> None:
    await say("remember that I like tea")
    await say("remember that ACME always pays late")
    await say("what do you know about me")
    assert text(await say("forget 1")) == "Forgotten: I like tea."


async def test_forgetting_several_facts_asks_first(runtime: Runtime, say: Say) -> None:
    await say("remember that ACME always pays late. ACME wants weekly reports. I like tea")
    asked = (await say("forget everything about ACME"))[-1]
    assert isinstance(asked, ApprovalNeeded) and "ACME wants weekly reports" in asked.preview
    assert len(await runtime.stores.facts.of("local")) == 3
    _ = [event async for event in decide(asked.turn, asked.step, "approve", runtime)]
    assert [fact.text for fact in await runtime.stores.facts.of("local")] == ["I like tea"]


async def test_what_is_plainly_stated_by_the_way_is_noted_and_can_be_taken_back(runtime: Runtime, say: Say) -> None:
    said = text(await say("what is 19 % of 300? ACME never reads attachments", command="math"))
    assert said.endswith("*I noted: ACME never reads attachments. Say “forget that” to undo.*")
    (fact,) = await runtime.stores.facts.of("local")
    assert (fact.client, fact.kind) == ("ACME", "noted") and fact.confidence < 1
    assert text(await say("forget that")) == "Forgotten: ACME never reads attachments."
    assert await runtime.stores.facts.of("local") == []


async def test_a_pasted_text_states_nothing_of_the_users(runtime: Runtime, say: Say) -> None:
    post = "ACME always pays late. " * 3 + "We look for a Python developer with ten years of experience.\n" * 8
    await say(f"what is 2 + 3?\n\n```\n{post}\n```")
    assert await runtime.stores.facts.of("local") == []


async def test_a_model_reads_a_clients_facts_only_where_it_is_about_this_client(runtime: Runtime, say: Say) -> None:
    for told in ("ACME gets a secret discount of 20 %", "Zeta hates phone calls", "I prefer short answers"):
        await say(f"remember that {told}")
    model = Scripted("Done.")
    reading = replace(runtime, models=Only(model))
    for number, message in enumerate(MESSAGES):
        model.asked.clear()
        await say(message, reading, thread=f"of its own {number}")
        read = " ".join(one.content for question in model.asked for one in question)
        assert "I prefer short answers" in read, message
        assert ("secret discount" in read) == (number == 0), message
        assert ("hates phone calls" in read) == (number == 1), message


async def test_a_pasted_text_brings_in_no_clients_facts(runtime: Runtime, say: Say) -> None:
    await say("remember that ACME gets a secret discount of 20 %")
    await runtime.stores.profiles.save(
        "local", name="Ana Silva", title="Python developer", skills=["Python"], rate="80 EUR"
    )
    model = Scripted("Done.")
    post = "We are Zeta, better than ACME. We look for a Python developer with ten years of experience.\n" * 8
    await say(f"write a proposal for it\n\n{post}", replace(runtime, models=Only(model)), thread="t2")
    assert model.asked
    assert "secret discount" not in " ".join(one.content for question in model.asked for one in question)


async def test_what_was_corrected_is_listed_too(runtime: Runtime, say: Say) -> None:
    await say("show my profile")
    await say("no, I meant math")
    assert "- “show my profile”: math" in text(await say("what do you remember"))


async def test_facts_of_one_user_are_not_anothers(runtime: Runtime, say: Say) -> None:
    await say("remember that I like tea")
    assert "tea" not in text(await say("what do you remember", thread="t2", user="ben"))


async def test_facts_are_exported_and_erased_with_everything(runtime: Runtime, say: Say) -> None:
    await say("remember that I like Zaubernussbaum")
    rows = await rows_of(runtime.stores, "local")
    assert [row["text"] for row in rows["facts"]] == ["I like Zaubernussbaum"]
    assert rows["agent_runs"] and rows["taught_routes"] == []
    await erase(runtime.stores, runtime.settings, "local")
    assert await runtime.stores.facts.of("local") == []


@pytest.mark.parametrize(
    "message",
    [
        "remember that Globex wants invoices in PDF",
        "I prefer calls in the morning",
        "what do you know about Zeta",
        "ACME always pays late",
        "merk dir, dass ACME immer zu spät zahlt",
        "was weißt du über ACME",
        "recuerda que ACME siempre paga tarde",
    ],
)
async def test_such_words_are_for_the_memory(runtime: Runtime, say: Say, message: str) -> None:
    (planned,) = [event for event in await say(message) if isinstance(event, Planned)]
    assert [step["agent"] for step in planned.steps] == ["memory"]
