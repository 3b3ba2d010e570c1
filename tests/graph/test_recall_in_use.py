"""What was read and said before in whole turns: asked for by the user, read by a model, embedded while nobody waits."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace

import pytest

from agents import registry
from agents.spec import AgentSpec
from graph.events import Done, ReplyEvent
from graph.indexing import keep_up
from graph.planner.planner import Planner
from graph.runtime import Runtime
from memory.documents import Document
from memory.recall.scopes import EVERYTHING
from tests.graph.scripted import Scripted
from tests.graph.test_model_in_the_flow import Only

Say = Callable[..., Awaitable[list[ReplyEvent]]]


@pytest.fixture
def team() -> dict[str, AgentSpec]:
    return {name: registry.load()[name] for name in ("memory", "math", "clients", "privacy")}


@pytest.fixture
def say(runtime: Runtime, say: Say) -> Say:
    """Send a message once all before it can be found: a search waits for that a second at most."""

    async def send(*args: str | Runtime, **fields: str) -> list[ReplyEvent]:
        runtime.recall.index.wake()
        await runtime.recall.index.catch_up()
        return await say(*args, **fields)

    return send


def text(events: list[ReplyEvent]) -> str:
    assert isinstance(events[-1], Done)
    return events[-1].text


async def read_contract(runtime: Runtime) -> None:
    file = await runtime.stores.files.put(b"%PDF", "acme contract.pdf", user="local", thread="t0")
    passages = [{"text": "ACME pays a kill fee of twenty percent.", "place": "page 3", "page": 3, "heading": "Fees"}]
    await runtime.stores.documents.save(
        Document(id=file.id, user="local", name="acme contract.pdf", format="pdf"), passages
    )


async def test_everything_is_searched_with_no_model_and_answered_in_quotes(runtime: Runtime, say: Say) -> None:
    await say("new client ACME")
    await read_contract(runtime)
    await say("what is 19 % of 300? the harbour map must work offline", thread="t2")
    events = await say("search everything for the kill fee")
    assert "“ACME pays a kill fee of twenty percent.” (acme contract.pdf, page 3)" in text(events)
    today = f"{runtime.deps('local', 't1').today:%d %B %Y}".lstrip("0")
    assert f"the harbour map must work offline” (you said on {today})" in text(
        await say("what did we say about the harbour map?")
    )
    assert text(await say("what did we say about unicorns?")).startswith("I find nothing about that")


async def test_what_is_known_of_a_client_holds_facts_and_documents_but_nothing_of_another(
    runtime: Runtime, say: Say
) -> None:
    await say("new client ACME")
    await say("new client Zeta")
    await read_contract(runtime)
    await say("remember that ACME always pays late")
    told = text(await say("what do I know about ACME?"))
    assert "ACME always pays late (you said on" in told
    assert "(acme contract.pdf, page 3)" in told
    assert "kill fee" not in text(await say("what do I know about Zeta?"))


async def test_a_restricted_client_is_not_found(runtime: Runtime, say: Say) -> None:
    await say("new client ACME")
    await read_contract(runtime)
    client = await runtime.stores.clients.find("local", "ACME")
    assert client is not None
    await runtime.stores.restrictions.restrict("local", client.id)
    assert text(await say("search everything for the kill fee")).startswith("I find nothing about that")


async def test_a_model_reads_what_was_said_before_only_where_it_is_about_this_client(
    runtime: Runtime, say: Say
) -> None:
    for name in ("ACME", "Zeta"):
        await runtime.stores.clients.save("local", name)
    await read_contract(runtime)
    model = Scripted("Fine.")
    calculator = Planner({"math": registry.load()["math"]})  # none of whose words these are, so the model answers
    reading = replace(runtime, models=Only(model), planner=calculator)
    for number, (message, reads) in enumerate(
        [
            ("the kill fee of ACME in a limerick", True),
            ("the kill fee of Zeta in a limerick", False),
            ("the kill fee in a limerick", False),
        ]
    ):
        model.asked.clear()
        await say(message, reading, thread=f"of its own {number}")
        read = " ".join(one.content for question in model.asked for one in question)
        assert ("twenty percent" in read) == reads, message


async def test_vectors_are_made_while_nobody_waits(runtime: Runtime, say: Say, monkeypatch: pytest.MonkeyPatch) -> None:
    await read_contract(runtime)
    await say("what is 19 % of 300? the harbour map must work offline", thread="t2")

    index, all_made = runtime.recall.index, asyncio.Event()
    embed_some = index.embed_some

    async def noted(user: str) -> bool:
        more = await embed_some(user)
        if not more:
            all_made.set()
        return more

    monkeypatch.setattr(index, "embed_some", noted)
    task = asyncio.create_task(keep_up(index, runtime.running, quiet_s=0.01))
    await asyncio.wait_for(all_made.wait(), 60)
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    hits = await runtime.recall.search(
        "which document mentions a fee for cancelling", user="local", scope=EVERYTHING, halves={"meaning"}
    )
    assert hits[0].title == "acme contract.pdf"
