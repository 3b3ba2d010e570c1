"""What jobs ask for: counted honestly, from the jobs that were fetched."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.deps import Deps
from agents.spec import AgentError, Given
from agents.specialists.career import CareerTask, run
from agents.tools.jobs.demand import asks_of, missing, trends, weekly
from integrations.job_boards.post import JobPost, Pay
from memory.demand import JobAsk

TODAY = date(2026, 11, 21)
NOTHING = Given(text="", message="")


@pytest.fixture
def deps(table_deps: Deps) -> Deps:
    return replace(table_deps, today=TODAY)


def asks(skills: list[str], count: int, weeks_ago: int, hourly: int | None = None, start: int = 0) -> list[JobAsk]:
    day = TODAY - timedelta(weeks=weeks_ago)
    return [
        JobAsk(user="mara", job=f"{skills}-{weeks_ago}-{start + n}", day=day, skills=skills,
               hourly=None if hourly is None else Decimal(hourly + n), currency="EUR" if hourly else "")
        for n in range(count)
    ]  # fmt: skip


def test_a_skill_rises_only_when_chance_does_not_explain_it() -> None:
    some = asks(["Rust"], 12, 1) + asks(["PHP"], 18, 1) + asks(["Rust"], 4, 8) + asks(["PHP"], 36, 8)
    course = {one.skill: one.course for one in trends(some, [], TODAY)}
    assert course == {"PHP": "falling", "Rust": "rising"}
    even = asks(["Go"], 11, 1) + asks(["PHP"], 19, 1) + asks(["Go"], 12, 8) + asks(["PHP"], 28, 8)
    assert {one.course for one in trends(even, [], TODAY)} == {"steady"}


def test_of_few_jobs_no_change_is_told() -> None:
    assert {one.course for one in trends(asks(["Rust"], 6, 1) + asks(["PHP"], 6, 8), [], TODAY)} == {"unknown"}


def test_pay_is_the_median_of_enough_jobs_in_one_currency() -> None:
    (one,) = trends(asks(["SQL"], 7, 1, hourly=60), [], TODAY)
    assert (one.pay, one.currency) == (Decimal(63), "EUR")
    (few,) = trends(asks(["SQL"], 4, 1, hourly=60) + asks(["SQL"], 4, 2), [], TODAY)
    assert few.pay is None


def test_what_is_worth_learning_is_asked_for_beside_what_one_knows() -> None:
    some = asks(["Python", "Airflow"], 7, 1) + asks(["Python", "Docker"], 5, 2) + asks(["Cooking"], 30, 1)
    assert missing(some, ["python"]) == [("Airflow", 7), ("Docker", 5)]
    assert missing(some, []) == []


@given(st.lists(st.tuples(st.integers(0, 90), st.sets(st.sampled_from("ABCD"), max_size=3)), max_size=60))
def test_shares_lie_between_nothing_and_all(rows: list[tuple[int, set[str]]]) -> None:
    some = [
        JobAsk(user="u", job=str(n), day=TODAY - timedelta(days=back), skills=sorted(skills))
        for n, (back, skills) in enumerate(rows)
    ]
    assert all(0 < one.share <= 1 for one in trends(some, [], TODAY))
    for shares in weekly(some, ["A", "B"], TODAY).values():
        assert len(shares) == 12 and all(share is None or 0 <= share <= 1 for share in shares)


def test_a_post_becomes_what_it_asks_for_and_never_lies_in_the_future() -> None:
    post = JobPost(
        id="1", board="x", title="Python developer", skills=("Python", "SQL"),
        pay=Pay(low=Decimal(60), high=Decimal(80), currency="USD", period="h"),
        posted_at=datetime(2027, 1, 1, tzinfo=UTC),
    )  # fmt: skip
    (ask,) = asks_of("mara", [post, post], TODAY)
    assert (ask.day, ask.hourly, ask.currency) == (TODAY, Decimal(70), "USD")
    assert {"Python", "SQL"} <= set(ask.skills)


async def test_the_report_has_a_table_a_picture_and_says_what_it_rests_on(deps: Deps) -> None:
    await deps.stores.profiles.save("mara", skills=["Python"])
    some = asks(["Python", "Airflow"], 15, 1, hourly=60) + asks(["Python"], 20, 6) + asks(["PHP"], 10, 6)
    await deps.stores.demand.note(some)
    await deps.stores.demand.note(some[:3])  # seen again: not counted twice
    finding = await run(CareerTask(), NOTHING, deps)
    assert finding.data["jobs"] == 45
    assert "| Python (yours) | 35 | 78% |" in finding.text
    assert "**Airflow** (15 jobs)" in finding.text
    assert "not the whole market" in finding.text
    picture = await deps.stores.files.read(finding.artifacts[0])
    assert picture.startswith(b"\x89PNG")


async def test_another_user_s_jobs_do_not_count(deps: Deps) -> None:
    await deps.stores.demand.note(asks(["Python"], 30, 1))
    with pytest.raises(AgentError, match="I have seen 0 jobs"):
        await run(CareerTask(), NOTHING, replace(deps, user="ben"))


async def test_of_too_few_jobs_nothing_is_said_but_how_to_get_more(deps: Deps) -> None:
    await deps.stores.demand.note(asks(["Python"], 3, 1))
    with pytest.raises(AgentError, match="I have seen 3 jobs"):
        await run(CareerTask(), NOTHING, deps)
