"""How agents did is kept for a while, and read with the user's thumbs when steps are awarded."""

from __future__ import annotations

from datetime import timedelta

from memory.agent_runs import KEPT, THUMB, AgentRun, Outcome
from memory.conversations import Step
from memory.database import now
from memory.stores import Stores
from memory.turns import Turn


def run(agent: str = "math", failure: str = "", days: float = 0, user: str = "ana") -> AgentRun:
    at = now() - timedelta(days=days)
    return AgentRun(user=user, agent=agent, ok=not failure, failure=failure, seconds=1.0, at=at)


async def test_old_runs_are_dropped_when_new_ones_come(stores: Stores) -> None:
    await stores.runs.add([run(days=KEPT.days + 1), run(days=KEPT.days - 1)])
    assert len(await stores.runs.of("ana")) == 1
    assert await stores.runs.of("ana", since=now() - timedelta(days=1)) == []


async def test_outcomes_are_of_the_agents_and_days_asked_for_and_leave_out_what_was_no_failure(stores: Stores) -> None:
    await stores.runs.add([
        run(), run(failure="unexpected", days=2), run(failure="cannot"), run("career"), run(days=40), run(user="ben")
    ])  # fmt: skip
    found = await stores.runs.outcomes("ana", ["math", "mail"], 30)
    assert [(one.well, round(one.days)) for one in found["math"]] == [(True, 0), (False, 2)]
    assert found["mail"] == []


async def test_a_thumb_counts_for_every_agent_that_had_a_part_in_the_answer(stores: Stores) -> None:
    await stores.conversations.ensure("t", user="ana", name="t")
    findings = {f"s{n}": {"agent": agent, "records": []} for n, agent in enumerate(("math", "math", "career"))}
    await stores.turns.save(Turn(id="x", thread="t", message="m", user="ana", text="?", findings=findings))
    await stores.conversations.save(Step(id="x.answer", thread="t", type="assistant_message"))
    await stores.conversations.rate("x.answer", 0)
    found = await stores.runs.outcomes("ana", ["math", "career", "mail"], 30)
    assert [(one.well, one.weight) for one in found["math"]] == [(False, THUMB)] and len(found["career"]) == 1
    assert found["mail"] == [] and Outcome(True, 0).weight < THUMB
