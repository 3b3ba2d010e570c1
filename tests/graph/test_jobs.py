"""Long work runs in other processes, reports how far it is, and can be ended at any time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import psutil
import pytest

from agents.deps import JobError
from graph.jobs import ProcessJobs


@pytest.fixture
async def jobs() -> AsyncIterator[ProcessJobs]:
    opened = ProcessJobs(2)
    yield opened
    await opened.close()


async def test_a_job_returns_its_result_whatever_it_prints(jobs: ProcessJobs) -> None:
    assert await jobs.run("slow:add", {"a": 2, "b": 3}) == 5


async def test_a_worker_stays_warm_for_the_next_job(jobs: ProcessJobs) -> None:
    for number in range(3):
        assert await jobs.run("slow:add", {"a": number, "b": 0}) == number
    assert jobs.processes == 1


async def test_an_error_the_user_can_mend_arrives_in_its_own_words(jobs: ProcessJobs) -> None:
    with pytest.raises(JobError, match="The file is empty; send another"):
        await jobs.run("slow:mendable", {})


async def test_a_defect_is_told_in_general_words_and_logged_in_detail(
    jobs: ProcessJobs, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(JobError) as error:
        await jobs.run("slow:defect", {})
    assert "secret" not in str(error.value)
    assert "KeyError" in caplog.text and "slow.py" in caplog.text
    assert "secret" not in caplog.text


async def test_a_process_that_dies_is_reported_and_replaced(jobs: ProcessJobs) -> None:
    with pytest.raises(JobError, match="ended unexpectedly"):
        await jobs.run("slow:die", {})
    assert await jobs.run("slow:add", {"a": 1, "b": 1}) == 2


async def test_cancelling_ends_the_process_in_the_middle(jobs: ProcessJobs) -> None:
    lines: asyncio.Queue[str] = asyncio.Queue()
    work = asyncio.create_task(
        jobs.run("slow:sleep", {"seconds": 60}, progress=lambda text, part: lines.put_nowait(text))
    )
    pid = int((await lines.get()).removeprefix("pid "))
    assert psutil.pid_exists(pid)
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work
    assert not psutil.pid_exists(pid)


async def test_a_job_past_its_time_is_ended(jobs: ProcessJobs) -> None:
    with pytest.raises(JobError, match="longer than"):
        await jobs.run("slow:sleep", {"seconds": 60}, seconds=0.5)
    assert jobs.processes == 0


async def test_a_job_past_its_memory_is_refused_and_takes_nothing_with_it(jobs: ProcessJobs) -> None:
    with pytest.raises(JobError, match="memory"):
        await jobs.run("slow:grow", {"megabytes": 2000}, memory_mb=512)
    assert await jobs.run("slow:grow", {"megabytes": 20}) == 20 * 1024 * 1024


async def test_a_job_without_a_limit_has_the_room_that_is_free_and_leaves_the_next_one_as_much() -> None:
    jobs = ProcessJobs(1, share=600 * 1024 * 1024 / psutil.virtual_memory().available)
    try:
        with pytest.raises(JobError, match="memory"):
            await jobs.run("slow:grow", {"megabytes": 2000})
        assert await jobs.run("slow:grow", {"megabytes": 20}) == 20 * 1024 * 1024
        assert jobs.processes == 1, "the process lives on"
    finally:
        await jobs.close()


async def test_no_job_has_the_network(jobs: ProcessJobs, caplog: pytest.LogCaptureFixture) -> None:
    await has_no_network(jobs, caplog)


async def has_no_network(jobs: ProcessJobs, caplog: pytest.LogCaptureFixture, **limits: Any) -> None:
    with pytest.raises(JobError):
        await jobs.run("socket:create_connection", {"address": ["127.0.0.1", 9]}, **limits)
    assert "PermissionError" in caplog.text


async def test_warm_jobs_of_one_limit_follow_each_other_without_the_network(
    jobs: ProcessJobs, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(2):
        assert await jobs.run("slow:grow", {"megabytes": 20}, memory_mb=512, warm=True) == 20 * 1024 * 1024
    assert jobs.processes == 1
    with pytest.raises(JobError, match="memory"):
        await jobs.run("slow:grow", {"megabytes": 2000}, memory_mb=512, warm=True)
    await has_no_network(jobs, caplog, memory_mb=512, warm=True)
    assert jobs.processes == 1, "the limits hold for all of them"
    assert await jobs.run("slow:grow", {"megabytes": 20}) == 20 * 1024 * 1024
    assert jobs.processes == 2, "who has no limit gets another one"
