"""An agent at work: kept from restricted data, and its reads of clients noted with their purpose."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from agents.deps import Deps
from agents.spec import AgentSpec, Finding, Given
from graph.events import Done, ReplyEvent
from graph.runtime import Runtime


@pytest.fixture
def team(team: dict[str, AgentSpec]) -> dict[str, AgentSpec]:
    """The small team, and one who counts the clients there are."""

    async def tally(task: Any, given: Given, deps: Deps) -> Finding:
        names = await deps.stores.clients.names(deps.user)
        return Finding("tally", True, f"I see {', '.join(names) or 'nobody'}.")

    spec = AgentSpec(
        "tally", "Tally", "To tally.", ("tally the clients",), team["plant"].task, tally, cues=(r"\btally\b",)
    )
    return {**team, "tally": spec}


def said(events: list[ReplyEvent]) -> str:
    return next(event.text for event in events if isinstance(event, Done))


async def test_reads_of_clients_are_noted_with_agent_step_and_purpose(
    runtime: Runtime, say: Callable[..., Any]
) -> None:
    acme = await runtime.stores.clients.save("local", "Acme")
    events = await say("tally the clients")
    [read] = await runtime.stores.reads.of("local", acme.id)
    done = next(event for event in events if isinstance(event, Done))
    assert (read.agent, read.step, read.purpose, read.kind, read.count) == (
        "tally",
        f"{done.turn}.s1",
        "Tally",
        "clients",
        1,
    )


async def test_what_reads_no_client_is_not_noted(runtime: Runtime, say: Callable[..., Any]) -> None:
    await runtime.stores.clients.save("local", "Acme")
    await say("plant an oak")
    assert await runtime.stores.reads.of("local") == []


async def test_a_restricted_client_is_not_seen_in_lists(runtime: Runtime, say: Callable[..., Any]) -> None:
    acme = await runtime.stores.clients.save("local", "Acme")
    await runtime.stores.clients.save("local", "Nova")
    assert "I see Acme, Nova." in said(await say("tally the clients"))
    await runtime.stores.restrictions.restrict("local", acme.id)
    assert "I see Nova." in said(await say("tally the clients"))
    await runtime.stores.restrictions.lift("local", acme.id)
    assert "I see Acme, Nova." in said(await say("tally the clients"))


async def test_a_step_that_names_a_restricted_client_is_refused(runtime: Runtime, say: Callable[..., Any]) -> None:
    acme = await runtime.stores.clients.save("local", "Acme GmbH")
    await runtime.stores.restrictions.restrict("local", acme.id)
    for words in ("tally the clients of Acme GmbH", "tally the clients of acme"):
        assert "Work with Acme GmbH is restricted" in said(await say(words))


async def test_with_everything_restricted_no_agent_works(runtime: Runtime, say: Callable[..., Any], place: Any) -> None:
    await runtime.stores.restrictions.restrict("local")
    assert "You stopped all work with your data" in said(await say("plant an oak"))
    assert place.runs == []
