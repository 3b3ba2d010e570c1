"""The schedule by chat: planned in one sentence, listed, paused, moved and stopped in others."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from agents import registry
from config.settings import Settings
from graph import approvals
from graph.events import ApprovalNeeded, Done, Failed
from graph.notices import Notifier
from graph.reply import Message, reply
from graph.runtime import Runtime, open_runtime
from graph.schedule.run import Face
from graph.schedule.scheduler import Scheduler
from graph.schedule.works import requests_thread
from memory.schedules import Schedule, utc


@pytest.fixture
async def runtime(settings: Settings) -> AsyncIterator[Runtime]:
    async with open_runtime(settings, agents=registry.load()) as opened:
        yield opened


async def said(text: str, runtime: Runtime) -> str:
    last = [event async for event in reply(Message(text, "t1"), runtime)][-1]
    assert isinstance(last, Done | Failed), last
    return last.text if isinstance(last, Done) else last.message


async def only(runtime: Runtime) -> Schedule:
    (row,) = await runtime.stores.schedules.list("local")
    return row


async def test_a_briefing_is_planned_paused_moved_run_and_stopped(runtime: Runtime) -> None:
    answer = await said("every weekday at 8 send me the briefing", runtime)
    assert "Every weekday at 8:00 I answer “send me the briefing”" in answer
    assert "1. **Send me the briefing**: every weekday at 8:00, next on" in await said("what is scheduled?", runtime)
    assert "rests" in await said("pause it", runtime)
    assert (await only(runtime)).state == "paused"
    assert "every weekday at 8:00, paused" in await said("what is scheduled?", runtime)
    assert "goes on" in await said("resume the briefing", runtime)
    assert "now runs every weekday at 9:30" in await said("move the briefing to 9:30", runtime)
    row = await only(runtime)
    assert row.due is not None
    due = utc(row.due).astimezone(ZoneInfo(row.zone))
    assert (due.hour, due.minute) == (9, 30) and due.weekday() < 5
    (run,) = await Scheduler(runtime, Face(Notifier(runtime))).look(due + timedelta(minutes=1))
    assert run.schedule.id == row.id
    page = await runtime.stores.conversations.open(requests_thread("local"))
    assert page is not None and page.thread.name == "Scheduled"
    assert any("Now" in step.output or "pressing" in step.output for step in page.steps)
    events = [event async for event in reply(Message("stop the scheduled briefing", "t1"), runtime)]
    asked = events[-1]
    assert isinstance(asked, ApprovalNeeded) and "for good" in asked.preview
    assert len(await runtime.stores.schedules.list("local")) == 1
    events = [event async for event in approvals.decide(asked.turn, asked.step, "approve", runtime)]
    assert isinstance(events[-1], Done) and "I have stopped" in events[-1].text
    assert "Nothing is scheduled" in await said("what is scheduled?", runtime)


async def test_a_reminder_that_comes_again_is_one_sentence(runtime: Runtime) -> None:
    answer = await said("remind me every Monday at 9 to send the time sheet", runtime)
    assert "I will remind you every Monday at 9:00" in answer and "**Send the time sheet**" in answer
    assert "**Reminder: Send the time sheet**: every Monday at 9:00" in await said("what is scheduled?", runtime)


async def test_the_weekly_search_is_meant_among_others(runtime: Runtime) -> None:
    await said("every weekday at 8 send me the briefing", runtime)
    await said("Tell me every Monday about new remote Python jobs", runtime)
    kinds = {row.kind: row.rule for row in await runtime.stores.schedules.list("local")}
    assert set(kinds) == {"ask", "search"} and "BYDAY=MO;" in kinds["search"]
    events = [event async for event in reply(Message("stop the weekly search", "t1"), runtime)]
    asked = events[-1]
    assert isinstance(asked, ApprovalNeeded) and "Python" in asked.preview and "briefing" not in asked.preview
