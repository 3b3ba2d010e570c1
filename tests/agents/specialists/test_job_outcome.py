"""What became of jobs is noted, moves later jobs, and is learned from once there is enough of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from agents.deps import Deps
from agents.spec import AgentError, Given
from agents.specialists import job_match, job_outcome
from agents.specialists.job_match import MatchTask
from agents.specialists.job_outcome import OutcomeTask
from agents.tools.jobs.job_intake import Job, keep_jobs
from agents.tools.jobs.job_learning import learn_if_due, picked_from
from integrations.job_boards.board import JobQuery
from integrations.job_boards.post import ClientFacts, JobPost


def said(text: str) -> Given:
    return Given(text=text, message=text)


@pytest.fixture
async def deps(table_deps: Deps) -> AsyncIterator[Deps]:
    await table_deps.stores.profiles.save("mara", skills=["Python"], rate="60 EUR")
    yield replace(table_deps, today=date(2026, 11, 21))


def post(title: str, **fields: Any) -> JobPost:
    return JobPost(**{"id": title, "board": "a", "title": title, **fields})


async def kept(deps: Deps, *posts: JobPost) -> list[Job]:
    return await keep_jobs(list(posts), deps)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("I won the second one", "won"), ("they hired me for it", "won"), ("I got the job", "won"),
        ("I lost that job", "lost"), ("they went with somebody else", "lost"), ("I didn't get it", "lost"),
        ("I applied to the first one", "applied"), ("I sent my proposal", "applied"),
        ("hide the second one", "disliked"),
        ("not interested in the third one", "disliked"), ("I don't like this kind of job", "disliked"),
        ("no more jobs like that", "disliked"), ("thumbs down", "disliked"),
        ("thumbs up for the first", "liked"), ("I like the first one", "liked"), ("the second one", None),
    ],
)  # fmt: skip
def test_what_became_of_it_as_people_say_it(text: str, kind: str | None) -> None:
    assert job_outcome.read(text)["kind"] == kind


async def test_an_outcome_is_noted_with_the_job_and_its_status(deps: Deps) -> None:
    (job,) = await kept(deps, post("Python developer", company="Acme"))
    found = await job_outcome.run(OutcomeTask(kind="won", job=job.lead.id), said("I won it"), deps)
    assert "Noted: you won **Python developer** at Acme." in found.text
    (row,) = await deps.stores.outcomes.of("mara")
    assert (row.kind, row.lead, "python" in row.traits) == ("won", job.lead.id, True)
    assert row.features["Skills"] == 1.0
    lead = await deps.stores.jobs.get(job.lead.id, user="mara")
    assert lead is not None and lead.status == "won"
    assert found.offers == ("Create an invoice",)


async def test_without_a_word_on_it_or_a_job_it_asks(deps: Deps) -> None:
    assert job_outcome.needs({"kind": "won"}) == ["job"]
    assert job_outcome.needs({"action": "tell"}) == []
    with pytest.raises(AgentError, match="what became of which job"):
        await job_outcome.run(OutcomeTask(job="1"), said("the first one"), deps)


async def test_a_disliked_kind_of_job_sinks_in_searches_and_in_matches(deps: Deps) -> None:
    shop, api = post("Python for WordPress", skills=("Python", "WordPress")), post("Python for an API")
    (job,) = await kept(deps, post("WordPress theme", skills=("WordPress", "PHP")))
    before = await job_match.run(
        MatchTask(post="Position: WordPress shop\nSkills: Python, WordPress"), said("fit?"), deps
    )
    for _ in range(2):
        await job_outcome.run(OutcomeTask(kind="disliked", job=job.lead.id), said("not for me"), deps)
    picked = await picked_from([shop, api], JobQuery(words="python"), deps)
    assert [hit.post.title for hit in picked.hits] == ["Python for an API", "Python for WordPress"]
    after = await job_match.run(
        MatchTask(post="Position: WordPress shop\nSkills: Python, WordPress"), said("fit?"), deps
    )
    assert after.data["matches"][0]["fit"] < before.data["matches"][0]["fit"]
    assert "| Taste | -" in after.text


async def test_below_fifty_nothing_is_learned_and_that_is_told(deps: Deps) -> None:
    (job,) = await kept(deps, post("Python developer"))
    await job_outcome.run(OutcomeTask(kind="won", job=job.lead.id), said("won"), deps)
    assert await learn_if_due(deps) is None
    found = await job_outcome.run(OutcomeTask(action="tell"), said("what have you learned?"), deps)
    assert "what became of 1 jobs: 1 went well, 0 did not. From 50 on, 10 of each" in found.text


async def test_from_fifty_on_an_order_is_learned_in_a_job_and_used_where_it_beats_the_weights(deps: Deps) -> None:
    """Here jobs go well when few compete, which the weights count for little."""
    for number in range(60):
        few = number % 2 == 0
        skills = ("Python",) if number % 3 else ("Python", "Rust")
        features = {
            "Skills": 1.0 if number % 3 else 0.5, "Competition": 0.9 if few else 0.2, "taste": 0.0, "warnings": 0.0,
            "Recency": (number * 7 % 10) / 10, "fit": 80.0 if number % 3 else 55.0,
        }  # fmt: skip
        await deps.stores.outcomes.note("mara", f"lead-{number}", "won" if few else "lost", skills, features)
    ranker = await learn_if_due(deps)
    assert ranker is not None and ranker.use and "the learned order is used" in ranker.why
    assert await learn_if_due(deps) is None
    crowded, quiet = post("Python one", proposals=90), post("Python two, and Rust", proposals=2)
    client = ClientFacts(payment_verified=True)
    picked = await picked_from([crowded.model_copy(update={"client": client}), quiet], JobQuery(words="python"), deps)
    assert picked.learned
    assert [hit.post.title for hit in picked.hits] == ["Python two, and Rust", "Python one"]
    told = await job_outcome.run(OutcomeTask(action="tell"), said("what have you learned?"), deps)
    assert "At the last try, on 60 jobs held out in turn" in told.text
