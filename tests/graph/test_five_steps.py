"""One request of five steps: side by side where nothing forbids it, asked once, and finished after a kill -9."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from config.paths import ROOT
from config.settings import Settings
from graph.approvals import decide
from graph.events import ApprovalNeeded, Done, Planned, ReplyEvent, StepFinished, StepStarted
from graph.reply import Message, reply
from graph.runtime import Runtime, open_runtime
from tests.graph.five_steps import REQUEST, THREAD, events_of

CHAIN = ["job_search", "job_match", "pricing", "proposal"]
NAMES = ("himalayas", "remotive", "arbeitnow", "hacker_news", "jobicy", "remoteok")
SECONDS = 60


def job(number: int, title: str, low: int, high: int) -> dict[str, Any]:
    return {
        "guid": f"https://himalayas.app/jobs/{number}",
        "title": title,
        "companyName": f"North {number}",
        "minSalary": low,
        "maxSalary": high,
        "currency": "USD",
        "salaryPeriod": "hourly",
        "description": "Clean data with Python and pandas, build a dashboard in SQL. About 40 hours of work.",
        "pubDate": int(time.time()) - 3600,
    }


class Boards:
    """Job boards on this machine that hold their answer back until they may give it."""

    def __init__(self, server: HTTPServer) -> None:
        self.may_answer = threading.Event()
        self.may_answer.set()
        self.asked = 0
        jobs = [job(1, "Data analyst", 70, 90), job(2, "Data engineer", 80, 95), job(3, "Data scientist", 65, 75)]
        jobs.append(job(4, "Data typist", 10, 15))

        def answer(_request: Request) -> Response:
            self.asked += 1
            assert self.may_answer.wait(SECONDS), "nobody let the board answer"
            return Response(json.dumps({"jobs": jobs}), mimetype="application/json")

        server.expect_request("/himalayas/jobs/api/search").respond_with_handler(answer)
        server.expect_request("/remotive/api/remote-jobs").respond_with_json({"jobs": []})
        server.expect_request("/arbeitnow/api/job-board-api").respond_with_json({"data": [], "links": {}})
        server.expect_request("/hacker_news/api/v1/search_by_date").respond_with_json({"hits": []})
        server.expect_request(re.compile(".*")).respond_with_json({"jobs": []})
        self.addresses = {name: server.url_for(f"/{name}") for name in NAMES}


@pytest.fixture
def boards(httpserver: HTTPServer) -> Boards:
    return Boards(httpserver)


@pytest.fixture
async def runtime(settings: Settings, boards: Boards) -> AsyncIterator[Runtime]:
    own = settings.model_copy(update={"addresses": boards.addresses})
    async with open_runtime(own, serving=True) as opened:
        await know_the_user(opened)
        yield opened


async def know_the_user(runtime: Runtime) -> None:
    skills = ["Python", "pandas", "SQL"]
    await runtime.stores.profiles.save("local", name="Ana Silva", title="data analyst", skills=skills, rate="80 USD/h")


async def test_it_becomes_five_steps_of_two_branches_and_asks_once(runtime: Runtime) -> None:
    events = [event async for event in reply(Message(REQUEST, THREAD), runtime)]
    (plan,) = [event for event in events if isinstance(event, Planned)]
    assert [step["agent"] for step in plan.steps] == [*CHAIN, "calendar"]
    asked = [event for event in events if isinstance(event, ApprovalNeeded)]
    assert [one.agent for one in asked] == ["job_search"] and events[-1] == asked[0]
    assert finished(events) == ["calendar"]  # it waited for nobody's word

    after = [event async for event in decide(asked[0].turn, asked[0].step, "approve", runtime)]
    assert finished(after) == CHAIN
    assert not any(isinstance(event, ApprovalNeeded) for event in after)
    done = after[-1]
    assert isinstance(done, Done) and "Ana" in done.text and "Friday" in done.text
    (reminder,) = await runtime.stores.reminders.open("local")
    assert (reminder.text, reminder.local().weekday()) == ("Draft the proposal", 4)


async def test_the_reminder_is_kept_while_the_boards_are_still_asked(runtime: Runtime, boards: Boards) -> None:
    await runtime.stores.consents.grant("local", "job_boards")
    boards.may_answer.clear()
    order: list[ReplyEvent] = []
    async with aclosing(reply(Message(REQUEST, THREAD), runtime)) as events:
        async for event in events:
            order.append(event)
            if isinstance(event, StepFinished) and event.agent == "calendar":
                boards.may_answer.set()  # the board answers only now: one after the other, this would never end
    assert finished(order) == ["calendar", *CHAIN]
    begun = [
        event.agent for event in order[: order.index(_end_of("calendar", order))] if isinstance(event, StepStarted)
    ]
    assert "job_search" in begun


@pytest.mark.parametrize("dies_at", ["job_search", "pricing"])
def test_killed_in_the_middle_it_goes_on_after_a_restart(
    boards: Boards, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dies_at: str
) -> None:
    monkeypatch.setenv("FREELANCEX_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("FREELANCEX_ADDRESSES", json.dumps(boards.addresses))
    assert isinstance(asyncio.run(act("ask"))[-1], ApprovalNeeded)
    done_before = killed("decide", dies_at)

    after = asyncio.run(act("resume"))
    done = after[-1]
    assert isinstance(done, Done) and "Ana" in done.text and "Friday" in done.text
    ok = [*done_before, *finished(after)]
    assert list(dict.fromkeys(ok)) == CHAIN and len(ok) <= len(CHAIN) + 1  # at most one step is done again
    assert boards.asked <= 2


async def act(what: str) -> list[ReplyEvent]:
    """Do one thing in a runtime of its own, as a server that has just started."""
    async with open_runtime(Settings(), serving=True) as runtime:
        await know_the_user(runtime)
        return [event async for event in await events_of(what, runtime)]


def killed(what: str, dies_at: str) -> list[str]:
    """Do one thing in a process that is killed when an agent begins; returns the agents that were done before."""
    command = [sys.executable, str(Path(__file__).with_name("five_steps.py")), what, dies_at]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    said = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=SECONDS)
    assert said.returncode == -signal.SIGKILL, said.stderr
    lines = [json.loads(line) for line in said.stdout.splitlines()]
    assert lines[-1] == {"event": "StepStarted", "agent": dies_at}
    return [line["agent"] for line in lines if line["event"] == "StepFinished"]


def finished(events: list[ReplyEvent]) -> list[str]:
    return [event.agent for event in events if isinstance(event, StepFinished) and event.ok]


def _end_of(agent: str, events: list[ReplyEvent]) -> ReplyEvent:
    return next(event for event in events if isinstance(event, StepFinished) and event.agent == agent)
