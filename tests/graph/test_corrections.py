"""A corrected route is taken the next time."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from agents import registry
from agents.spec import AgentSpec
from graph.corrections import meant, named
from graph.events import Done, Planned, ReplyEvent
from graph.planner.routes import Route, preferred
from graph.runtime import Runtime

Say = Callable[..., Awaitable[list[ReplyEvent]]]


def agents(events: list[ReplyEvent]) -> list[str]:
    (planned,) = [event for event in events if isinstance(event, Planned)]
    return [step["agent"] for step in planned.steps]


async def test_a_route_corrected_in_words_is_taken_at_once_and_the_next_time(runtime: Runtime, say: Say) -> None:
    assert agents(await say("water the garden")) == ["water"]
    assert agents(await say("no, I meant plant")) == ["plant"]
    assert agents(await say("Please water the garden", thread="t2")) == ["plant"]
    assert agents(await say("water it")) == ["water"]
    assert agents(await say("water the garden", thread="t3", user="ben")) == ["water"]


async def test_a_route_corrected_by_command_is_taken_the_next_time(runtime: Runtime, say: Say) -> None:
    assert agents(await say("water the garden")) == ["water"]
    assert agents(await say("water the garden", command="plant")) == ["plant"]
    assert agents(await say("water the garden")) == ["plant"]


async def test_a_command_for_other_words_teaches_nothing(runtime: Runtime, say: Say) -> None:
    await say("water the garden")
    await say("an oak in the corner", command="plant")
    assert agents(await say("water the garden")) == ["water"]


async def test_a_thumb_down_that_names_the_right_agent_corrects_the_route(runtime: Runtime, say: Say) -> None:
    done = (await say("water the garden"))[-1]
    assert isinstance(done, Done)
    await runtime.stores.conversations.rate(f"{done.turn}.answer", 0, "this was one for the plant agent")
    assert agents(await say("water the garden")) == ["plant"]


async def test_a_later_correction_overrules_an_earlier_one(runtime: Runtime, say: Say) -> None:
    await say("water the garden")
    await say("no, I meant plant")
    await say("water the garden")
    await say("no, I meant water")
    assert agents(await say("water the garden")) == ["water"]
    assert len(await runtime.stores.routes.of("local")) == 1


@pytest.mark.parametrize(
    ("said", "agent"),
    [
        ("no, I meant the contract", "contract"),
        ("No, contract please", "contract"),
        ("not documents, contract", "contract"),
        ("I meant web research", "web_research"),
        ("wrong agent, use job match instead", "job_match"),
        ("nein, ich meinte documents", "documents"),
        ("no, make it 85", None),
        ("I meant ACME", None),
        ("not PDF, Word", None),
        ("no, I meant the contract from Zeta", None),
        ("what do contracts cost", None),
    ],
)
def test_only_words_that_name_an_agent_correct_a_route(said: str, agent: str | None) -> None:
    every: dict[str, AgentSpec] = registry.load()
    if agent is None or agent in every:
        assert meant(said, every) == agent


def test_a_comment_that_names_several_agents_corrects_nothing(team: dict[str, AgentSpec]) -> None:
    assert named("should have asked Water", team) == "water"
    assert named("plant, not water", team) is None and named("bad", team) is None


def test_only_what_is_almost_the_same_takes_a_corrected_route() -> None:
    routes = [
        Route("check the agreement with Zeta", "contract"),
        Route("find papers on price anchoring", "web_research"),
    ]
    assert preferred("Check the agreement with Zeta!", routes) == "contract"
    assert preferred("find papers on price anchoring please", routes) == "web_research"
    assert preferred("find papers on remote work", routes) is None
    assert preferred("", routes) is None and preferred("anything", []) is None
