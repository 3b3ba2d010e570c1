"""A step that fails is tried again where that may help, then done by another agent, and its figures are kept."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Any

import pytest

from agents.deps import Deps, JobDied
from agents.spec import AgentError, AgentSpec, Effect, Finding, Given
from graph import attempts
from graph.approvals import decide
from graph.breaker import FAILURES, REST, Breaker
from graph.events import ApprovalNeeded, Done, StepProgress, StepStarted
from graph.reply import Message, reply
from graph.runtime import Runtime
from memory.agent_runs import AgentRun

THREAD = "t1"


class Manners:
    """What the agent `plant` does next: an error to raise, or None to do its work."""

    def __init__(self) -> None:
        self.next: list[Exception | None] = []
        self.tries = 0


@dataclass
class Clock:
    at: float = 0.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def manners() -> Manners:
    return Manners()


@pytest.fixture
def team(team: dict[str, AgentSpec], manners: Manners, monkeypatch: pytest.MonkeyPatch) -> dict[str, AgentSpec]:
    monkeypatch.setattr(attempts, "BACKOFF_S", 0)
    plants = team["plant"].run

    async def plant(task: Any, given: Given, deps: Deps) -> Finding:
        manners.tries += 1
        if manners.next and (error := manners.next.pop(0)):
            raise error
        return await plants(task, given, deps)

    async def sow(task: Any, given: Given, deps: Deps) -> Finding:
        return Finding("sow", True, f"I sowed for: {task.words}.")

    def for_plant(task: Any) -> dict[str, Any] | None:
        return {"words": task.get("words", "")} if "oak" in task.get("words", "") else None

    base = team["plant"]
    return {
        **team,
        "plant": replace(base, run=plant),
        "sow": replace(base, name="sow", title="Sower", run=sow, cues=(r"\bsow\b",), stands_in={"plant": for_plant}),
    }


def text(events: list[Any]) -> str:
    assert isinstance(events[-1], Done)
    return events[-1].text


async def runs(runtime: Runtime) -> list[tuple[str, str, str]]:
    return [(run.agent, run.failure, run.instead_of) for run in await runtime.stores.runs.of("local")]


async def test_a_failure_of_the_moment_is_tried_again_and_seen(runtime: Runtime, say: Any, manners: Manners) -> None:
    manners.next = [JobDied("It ended.")]
    events = await say("plant an oak")
    assert text(events) == "I planted an oak."
    assert "try again (2 of 3)" in " ".join(event.text for event in events if isinstance(event, StepProgress))
    assert await runs(runtime) == [("plant", "transient", ""), ("plant", "", "")]
    assert runtime.metrics.snapshot()["agents"]["plant"]["retries"] == 1


async def test_tries_are_bounded(runtime: Runtime, say: Any, manners: Manners) -> None:
    manners.next = [JobDied("It ended.")] * 10
    assert text(await say("plant an elm")) == "It ended."
    assert manners.tries == attempts.TRIES


async def test_a_defect_is_not_tried_again_but_handed_to_the_next_bidder(
    runtime: Runtime, say: Any, manners: Manners
) -> None:
    manners.next = [RuntimeError("secret detail")]
    events = await say("plant an oak")
    assert text(events).startswith("*Sower did this in place of Plant, which did not work just now.*")
    assert "I sowed for: plant an oak." in text(events) and "secret" not in text(events)
    assert "Sower takes over" in [event.text for event in events if isinstance(event, StepProgress)]
    assert await runs(runtime) == [("plant", "unexpected", ""), ("sow", "", "plant")]
    figures = runtime.metrics.snapshot()["agents"]
    assert (figures["sow"]["stood_in"], figures["plant"]["failures"], figures["plant"]["bids"]) == (1, 1, 1)
    assert figures["plant"]["last_bid"] > figures["sow"]["last_bid"] > 0


async def test_nobody_stands_in_for_a_task_it_cannot_do(runtime: Runtime, say: Any, manners: Manners) -> None:
    manners.next = [RuntimeError()]
    assert "went wrong on my side" in text(await say("plant an elm"))
    assert [agent for agent, *_ in await runs(runtime)] == ["plant"]


async def test_what_the_request_lacks_is_told_at_once_and_is_no_failure(
    runtime: Runtime, say: Any, manners: Manners
) -> None:
    manners.next = [AgentError("Which oak?")] * FAILURES
    for _ in range(FAILURES):
        assert text(await say("plant an oak")) == "Which oak?"
    assert text(await say("plant an oak")) == "I planted an oak."
    assert {failure for _, failure, _ in await runs(runtime)} == {"cannot", ""}
    assert (await runtime.stores.runs.outcomes("local", ["plant"], 30))["plant"][0].well


async def test_when_all_fail_it_is_said_plainly(
    runtime: Runtime, say: Any, manners: Manners, team: dict[str, AgentSpec]
) -> None:
    async def fails(task: Any, given: Given, deps: Deps) -> Finding:
        raise RuntimeError

    runtime.agents["sow"] = replace(team["sow"], run=fails)  # type: ignore[index]
    manners.next = [RuntimeError()]
    said = text(await say("plant an oak"))
    assert "went wrong on my side" in said and "None of these could do it: Plant, Sower." in said


async def test_who_fails_again_and_again_is_left_alone_then_tried_once(
    runtime: Runtime, say: Any, manners: Manners
) -> None:
    clock = Clock()
    rested = replace(runtime, breaker=Breaker(clock))
    manners.next = [RuntimeError()] * FAILURES
    for _ in range(FAILURES):
        await say("plant an elm", rested)
    tries = manners.tries
    said = text(await say("plant an elm", rested))
    assert "leave it alone for 20 s" in said and manners.tries == tries
    assert runtime.metrics.snapshot()["agents"]["plant"]["breaker"] == "open"
    assert "in place of Plant" in text(await say("plant an oak", rested)) and manners.tries == tries
    clock.at += REST
    assert text(await say("plant an elm", rested)) == "I planted an oak."
    assert runtime.metrics.snapshot()["agents"]["plant"]["breaker"] == "closed"


async def test_who_failed_often_lately_is_passed_over_before_it_fails_again(
    runtime: Runtime, say: Any, manners: Manners
) -> None:
    bad = [AgentRun(user="local", agent="plant", ok=False, failure="unexpected", seconds=1) for _ in range(8)]
    await runtime.stores.runs.add(bad)
    assert "Sower did this in place of Plant, which has failed too often lately" in text(await say("plant an oak"))
    assert manners.tries == 0


async def test_when_the_stand_in_cannot_do_it_after_all_the_planned_agent_is_tried(
    runtime: Runtime, say: Any, manners: Manners, team: dict[str, AgentSpec]
) -> None:
    async def cannot(task: Any, given: Given, deps: Deps) -> Finding:
        raise AgentError("There is no soil here.")

    runtime.agents["sow"] = replace(team["sow"], run=cannot)  # type: ignore[index]
    bad = [AgentRun(user="local", agent="plant", ok=False, failure="unexpected", seconds=1) for _ in range(8)]
    await runtime.stores.runs.add(bad)
    assert text(await say("plant an oak")) == "I planted an oak."


async def test_thumbs_on_answers_count_when_steps_are_awarded(runtime: Runtime, say: Any, manners: Manners) -> None:
    for number in range(4):
        done = (await say("plant an oak", thread=f"t{number}"))[-1]
        assert done.text == "I planted an oak."
        await runtime.stores.conversations.rate(f"{done.turn}.answer", 0)
    outcomes = (await runtime.stores.runs.outcomes("local", ["plant"], 30))["plant"]
    assert [one.well for one in outcomes].count(False) == 4
    assert "Sower did this in place of Plant" in text(await say("plant an oak"))


async def test_who_keeps_records_while_it_works_is_never_run_twice(
    runtime: Runtime, say: Any, manners: Manners, team: dict[str, AgentSpec]
) -> None:
    runtime.agents["plant"] = replace(team["plant"], writes=True)  # type: ignore[index]
    manners.next = [JobDied("It ended.")]
    assert text(await say("plant an elm")) == "It ended."
    assert manners.tries == 1


async def test_what_a_stand_in_proposes_is_performed_by_it(
    runtime: Runtime, say: Any, manners: Manners, team: dict[str, AgentSpec]
) -> None:
    async def proposes(task: Any, given: Given, deps: Deps) -> Finding:
        return Finding("sow", True, "About to sow.", effect=Effect("sow", {}, "Sow", "seeds"))

    async def sows(arguments: dict[str, Any], deps: Deps) -> Finding:
        return Finding("sow", True, "Sown.")

    runtime.agents["sow"] = replace(team["sow"], run=proposes, effects={"sow": sows})  # type: ignore[index]
    manners.next = [RuntimeError()]
    asked = (await say("plant an oak"))[-1]
    assert isinstance(asked, ApprovalNeeded)
    done = [event async for event in decide(asked.turn, asked.step, "approve", runtime)][-1]
    assert isinstance(done, Done) and done.text == "Sown."


async def test_a_stopped_step_is_no_failure(runtime: Runtime) -> None:
    async with aclosing(reply(Message("wait for the rain", THREAD), runtime)) as events:
        async for event in events:
            if isinstance(event, StepStarted):
                break
    assert await runtime.stores.runs.of("local") == []
    assert runtime.metrics.running() == {} and runtime.breaker.position("wait") == "closed"


async def test_steps_at_work_make_an_agent_bid_less(
    runtime: Runtime, say: Any, place: Any, team: dict[str, AgentSpec]
) -> None:
    begun: asyncio.Queue[str] = asyncio.Queue()
    run = team["wait"].run

    async def waits(task: Any, given: Given, deps: Deps) -> Finding:
        begun.put_nowait(deps.thread)
        return await run(task, given, deps)

    runtime.agents["wait"] = replace(team["wait"], run=waits)  # type: ignore[index]
    said = []
    for thread in ("t1", "t2"):
        said.append(asyncio.create_task(say("wait for the rain", thread=thread)))
        assert await begun.get() == thread
    assert runtime.metrics.running() == {"wait": 2}
    assert runtime.metrics.snapshot()["agents"]["wait"]["last_bid"] == pytest.approx(0.8 * 4 / 5)
    place.open.set()
    await asyncio.gather(*said)
    assert runtime.metrics.running() == {}


async def test_a_side_effect_counts_for_its_agent_and_its_proposal_does_not(
    runtime: Runtime, say: Any, team: dict[str, AgentSpec]
) -> None:
    async def fails(arguments: dict[str, Any], deps: Deps) -> Finding:
        raise RuntimeError

    asked = (await say("cut the tree down"))[-1]
    assert await runs(runtime) == []
    _ = [event async for event in decide(asked.turn, asked.step, "approve", runtime)]
    runtime.agents["cut"] = replace(team["cut"], effects={"fell": fails})  # type: ignore[index]
    asked = (await say("cut the tree down"))[-1]
    _ = [event async for event in decide(asked.turn, asked.step, "approve", runtime)]
    assert await runs(runtime) == [("cut", "", ""), ("cut", "unexpected", "")]
    assert runtime.metrics.snapshot()["agents"]["cut"]["failures"] == 1
