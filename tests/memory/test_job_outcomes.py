"""What became of a job is kept once, can be taken back by its opposite, and goes when everything goes."""

from __future__ import annotations

import pytest

from config.settings import Settings
from memory.conversations import Step
from memory.erasure import erase, holdings
from memory.job_outcomes import JobRanker
from memory.stores import Stores
from memory.turns import Turn


async def kinds(stores: Stores, user: str = "ana") -> list[str]:
    return [row.kind for row in await stores.outcomes.of(user)]


async def test_telling_it_again_changes_nothing_and_the_opposite_takes_it_back(stores: Stores) -> None:
    for kind in ("applied", "applied", "won"):
        await stores.outcomes.note("ana", "lead-1", kind, ["python"], {"Skills": 0.5})
    assert await kinds(stores) == ["applied", "won"]
    await stores.outcomes.note("ana", "lead-1", "lost", [], {})
    assert await kinds(stores) == ["applied", "lost"]
    assert await kinds(stores, "bo") == []


async def test_what_is_no_outcome_is_refused(stores: Stores) -> None:
    with pytest.raises(ValueError, match="nothing that can become"):
        await stores.outcomes.note("ana", "lead-1", "dreamt", [], {})


async def test_what_was_learned_is_replaced_and_all_of_it_can_be_erased(stores: Stores, settings: Settings) -> None:
    await stores.outcomes.note("ana", "lead-1", "won", ["python"], {"Skills": 0.5})
    for outcomes in (50, 60):
        await stores.outcomes.learned(JobRanker(user="ana", outcomes=outcomes, use=True, why="better", model="tree"))
    found = await stores.outcomes.ranker("ana")
    assert found is not None and found.outcomes == 60
    had = await erase(stores, settings, "ana")
    assert (had.rows["job_outcomes"], had.rows["job_rankers"]) == (1, 1)
    assert (await holdings(stores, settings, "ana")).total == 0


async def test_a_thumb_counts_for_a_job_when_the_answer_is_about_that_one_alone(stores: Stores) -> None:
    await stores.conversations.ensure("t1", user="ana", name="jobs")
    for turn, jobs in (("one", ["lead-1"]), ("many", ["lead-1", "lead-2"]), ("none", [])):
        records = [{"kind": "job", "id": job, "label": job} for job in jobs]
        row = Turn(id=turn, thread="t1", message=turn, user="ana", text="", findings={"s1": {"records": records}})
        await stores.turns.save(row)
        await stores.conversations.save(Step(id=f"{turn}.answer", thread="t1", type="assistant_message"))
        await stores.conversations.rate(f"{turn}.answer", 0)
    assert await stores.outcomes.thumbs("ana") == [(False, "lead-1")]
    assert await stores.outcomes.thumbs("bo") == []
