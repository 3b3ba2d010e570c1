"""Saved searches run when they are due and allowed, tell of each job once, and leave what they found to refer to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from pytest_httpserver import HTTPServer

from agents import registry
from config.settings import Settings
from config.zone import local_zone
from graph import approvals
from graph.events import ApprovalNeeded, Done
from graph.notices import Notifier
from graph.reply import Message, reply
from graph.runtime import Runtime, open_runtime
from graph.schedule.run import Face
from graph.schedule.scheduler import Scheduler, scheduling
from graph.schedule.works import searches_thread
from memory.recurrence import Recurrence

NOW = datetime.now().astimezone()
TOMORROW = NOW + timedelta(days=1, hours=1)
DAILY = Recurrence("FREQ=DAILY;BYHOUR=8;BYMINUTE=0;BYSECOND=0", local_zone(), NOW.replace(tzinfo=None))
Tell = Callable[[ApprovalNeeded, str], Awaitable[None]]


def job(number: int, title: str) -> dict[str, Any]:
    return {
        "guid": f"https://himalayas.app/jobs/{number}",
        "title": title,
        "companyName": "North",
        "description": "Python every day.",
        "pubDate": int(NOW.timestamp()),
    }


@pytest.fixture
async def runtime(settings: Settings, httpserver: HTTPServer) -> AsyncIterator[Runtime]:
    own = settings.model_copy(update={"addresses": {"himalayas": httpserver.url_for("/h")}})
    async with open_runtime(own, agents=registry.load()) as opened:
        yield opened


@pytest.fixture
def board(httpserver: HTTPServer) -> HTTPServer:
    answers = [[job(1, "Python developer"), job(2, "Python tester"), job(3, "Barista in Rome")]] * 2
    answers.append([*answers[0], job(4, "Python trainer")])
    for rows in answers:
        httpserver.expect_ordered_request("/h/jobs/api/search").respond_with_json({"jobs": rows})
    return httpserver


async def saved(runtime: Runtime) -> str:
    wanted = {"words": "developer python", "limit": 10}
    row, _ = await runtime.stores.searches.save("local", "python", wanted, ["himalayas"], DAILY, NOW)
    return row.id


async def run_due(runtime: Runtime, at: datetime, asked: Tell | None = None) -> int:
    """Run what is due at a time, and return how many new notifications of searches there are."""
    before = await found(runtime)
    await Scheduler(runtime, Face(Notifier(runtime), asked)).look(at)
    await runtime.stores.notifications.read("local", at)  # so that none is brought together with one before
    return await found(runtime) - before


async def found(runtime: Runtime) -> int:
    return sum(one.kind == "search" for one in await runtime.stores.notifications.list("local"))


async def said(text: str, thread: str, runtime: Runtime) -> str:
    events = [event async for event in reply(Message(text, thread), runtime)]
    done = events[-1]
    assert isinstance(done, Done), done
    return done.text


async def outputs(runtime: Runtime) -> list[str]:
    page = await runtime.stores.conversations.open(searches_thread("local"))
    return [step.output for step in page.steps] if page else []


async def test_what_is_new_is_told_once_and_can_be_referred_to(runtime: Runtime, board: HTTPServer) -> None:
    await saved(runtime)
    await runtime.stores.consents.grant("local", "job_boards")
    assert await run_due(runtime, NOW) == 0
    assert await run_due(runtime, TOMORROW) == 1
    (first,) = await outputs(runtime)
    assert first.startswith("New for your saved search **python**:")
    assert "Python developer" in first and "Python tester" in first and "via Himalayas" in first
    await runtime.stores.profiles.save("local", skills=["Python"])
    answer = await said("how well does the second one match my profile?", searches_thread("local"), runtime)
    assert "Python tester" in answer or "Python developer" in answer
    assert answer.count("Fit:") == 1


async def test_a_job_that_was_told_is_not_told_again(
    runtime: Runtime, board: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("integrations.job_boards.shelf.Shelf.fresh", _nothing_kept)
    await saved(runtime)
    await runtime.stores.consents.grant("local", "job_boards")
    told = [await run_due(runtime, TOMORROW + timedelta(days=day)) for day in range(3)]
    assert told == [1, 0, 1]
    last = (await outputs(runtime))[-1]
    assert "Python trainer" in last and "Python tester" not in last


async def _nothing_kept(*arguments: object) -> None:
    return None


async def test_without_a_standing_permission_nothing_leaves_and_the_question_waits(
    runtime: Runtime, board: HTTPServer
) -> None:
    await saved(runtime)
    told: list[ApprovalNeeded] = []

    async def tell(asked: ApprovalNeeded, thread: str) -> None:
        assert thread == searches_thread("local")
        told.append(asked)

    assert await run_due(runtime, TOMORROW, tell) == 0
    assert await run_due(runtime, TOMORROW + timedelta(days=1), tell) == 0
    assert board.log == []
    assert "the last time it waited for your word" in await said("list my saved searches", "t1", runtime)
    (waiting,) = await approvals.listed("local", runtime)
    assert [waiting.asked] == told and waiting.conversation == "Job search"
    assert "Himalayas" in waiting.asked.preview and waiting.asked.consent == "job_boards"

    events = [event async for event in approvals.decide(told[0].turn, told[0].step, "always", runtime)]
    assert isinstance(events[-1], Done) and "Python developer" in events[-1].text
    assert (await outputs(runtime))[-1] == events[-1].text
    assert await approvals.listed("local", runtime) == []
    assert await run_due(runtime, TOMORROW + timedelta(days=3), tell) == 0
    assert "waited" not in await said("list my saved searches", "t1", runtime)


async def test_when_no_board_answers_it_is_tried_again_soon(runtime: Runtime, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/h/jobs/api/search").respond_with_data("", status=404)
    await saved(runtime)
    await runtime.stores.consents.grant("local", "job_boards")
    assert await run_due(runtime, TOMORROW) == 0
    (row,) = await runtime.stores.schedules.list("local")
    assert "error 404" in (row.problem or "")
    assert await runtime.stores.schedules.due(TOMORROW) == []
    assert len(await runtime.stores.schedules.due(TOMORROW + timedelta(hours=1))) == 1


async def test_while_the_app_serves_what_was_missed_is_run_at_once(runtime: Runtime, httpserver: HTTPServer) -> None:
    httpserver.expect_oneshot_request("/h/jobs/api/search").respond_with_json({"jobs": [job(1, "Python developer")]})
    wanted, before = {"words": "python"}, NOW - timedelta(days=3)
    daily = replace(DAILY, begins=before.replace(tzinfo=None))
    await runtime.stores.searches.save("local", "python", wanted, ["himalayas"], daily, before)
    await runtime.stores.consents.grant("local", "job_boards")

    def asked() -> None:
        with httpserver.wait(timeout=10):
            pass

    async with scheduling(runtime, Face(Notifier(runtime))):
        await asyncio.to_thread(asked)
    assert len(httpserver.log) == 1


async def test_a_search_is_saved_by_chat_listed_and_deleted(runtime: Runtime, board: HTTPServer) -> None:
    answer = await said("Tell me every morning about new remote Python jobs over 60 €/h", "t1", runtime)
    assert "**Python** work, from 60 EUR an hour, remote" in answer and "every day at 8:00" in answer
    assert "standing permission" in answer
    assert "**Python, remote, from 60 EUR/h**: every day at 8:00" in await said("list my saved searches", "t1", runtime)
    events = [event async for event in reply(Message("delete the python search", "t1"), runtime)]
    asked = events[-1]
    assert isinstance(asked, ApprovalNeeded) and "“Python, remote, from 60 EUR/h”" in asked.preview
    assert "1. **Python" in await said("list my saved searches", "t1", runtime)
    events = [event async for event in approvals.decide(asked.turn, asked.step, "approve", runtime)]
    assert isinstance(events[-1], Done) and "I have deleted “Python, remote, from 60 EUR/h”" in events[-1].text
    assert "No search is saved yet" in await said("list my saved searches", "t1", runtime)


async def test_this_search_is_the_one_just_made(runtime: Runtime, board: HTTPServer) -> None:
    await runtime.stores.consents.grant("local", "job_boards")
    await said("Search Himalayas for Python developer jobs", "t1", runtime)
    answer = await said("save this search", "t1", runtime)
    assert "I have saved your search for **Python developer**" in answer
    (row,) = await runtime.stores.searches.of("local")
    assert row.boards == ["himalayas"]


async def test_what_is_said_of_the_last_search_refines_it(runtime: Runtime, board: HTTPServer) -> None:
    await runtime.stores.consents.grant("local", "job_boards")
    await said("Search Himalayas for remote Python developer jobs", "t1", runtime)
    answer = await said("show only those from this week", "t1", runtime)
    assert "**Python developer** work, remote, posted in the last 7 days" in answer
    answer = await said("are there more jobs?", "t1", runtime)
    assert "**Python developer** work, remote, posted in the last 7 days" in answer
    assert "**designer** work" in await said("Search Himalayas for more designer jobs", "t1", runtime)
