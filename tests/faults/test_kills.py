"""kill -9 at random points of a working day: nothing damaged, nothing lost that was shown, nothing done twice."""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from config.paths import ROOT
from config.settings import Settings
from memory.stores import Stores, open_stores
from tests.faults.day import DAY, EFFECTS, ONCE, THREAD
from tests.integrations.mail.conftest import Postbox, postbox

__all__ = ["postbox"]

KILLS = int(os.environ.get("FREELANCEX_FAULTS", "10"))
USER = "local"
SEED = 20261121
OPENING_S, WORKING_S = 3.0, 0.6
"""One life in five is killed in so many seconds after its start, the others in so many after their first step's; in
as many times more as a life took to come to its first step, where that is more than the former."""
A_DAY = 20
"""Kills after which a day may come to its end, so that there are many days, each with its effects."""


@dataclass
class Counts:
    """What was found over all kills. `unclear` are effects of which nobody knows, so they were not repeated."""

    kills: int = 0
    days: int = 0
    damaged: int = 0
    lost: list[str] = field(default_factory=list)
    effects: int = 0
    effects_twice: int = 0
    unclear: int = 0
    rows_twice: int = 0
    repeated_at_most: int = 0


@pytest.fixture
def posted(httpserver: HTTPServer) -> list[str]:
    """The bodies of what Stripe's stand-in was asked to make."""
    made: list[str] = []

    def link(request: Request) -> Response:
        made.append(request.get_data(as_text=True))
        return Response(json.dumps({"url": f"https://buy.stripe.example/{len(made)}"}), mimetype="application/json")

    httpserver.expect_request("/v1/payment_links").respond_with_handler(link)
    return made


@pytest.mark.timeout(60 + 60 * KILLS)
async def test_killed_at_random_points(
    httpserver: HTTPServer,
    postbox: Postbox,
    posted: list[str],
    tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> None:
    counts, chance = Counts(), random.Random(SEED)
    with lives(variables(httpserver, postbox)) as live:
        while counts.kills < KILLS:
            data, acks = tmp_path / f"day{counts.days}", tmp_path / f"acks{counts.days}.jsonl"
            until = min(KILLS, counts.kills + A_DAY)
            del postbox.mails[:], posted[:]
            while not over(acks):
                status = live(data, acks, chance if counts.kills < until else None)
                assert status == (-signal.SIGKILL if status else 0), said_by(acks)
                counts.kills += status == -signal.SIGKILL
                counts.damaged += damaged(data)
            counts.days += 1
            await judge(data, said_by(acks), counts)
            sent = Counter(message_from_bytes(mail)["To"] for mail in postbox.mails)
            for times in (*sent.values(), *Counter(posted).values()):
                counts.effects += 1
                counts.effects_twice += times > 1
    record_property("figures", f"kill -9: {counts}")
    assert (counts.damaged, counts.lost, counts.effects_twice, counts.rows_twice) == (0, [], 0, 0)
    assert counts.repeated_at_most <= 1
    assert (
        counts.effects + counts.unclear >= EFFECTS * counts.days
    )  # each approved effect came, or is known to be unclear


def variables(httpserver: HTTPServer, postbox: Postbox) -> dict[str, str]:
    return {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "FREELANCEX_EMBEDDINGS": "off",
        "FREELANCEX_SMTP_HOST": f"127.0.0.1:{postbox.server.port}",
        "FREELANCEX_MAIL_FROM": "ana@silva.example",
        "FREELANCEX_STRIPE_KEY": "rk_test_abc",
        "FREELANCEX_ADDRESSES": json.dumps({"stripe": httpserver.url_for("").rstrip("/")}),
    }


@contextmanager
def lives(environment: dict[str, str]) -> Iterator[Any]:
    """Gives a function that runs one life of a day, kills it after some seconds, and returns its exit status."""
    command = [sys.executable, str(Path(__file__).with_name("day.py"))]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as day:
        assert day.stdin and day.stdout
        reading, writing = day.stdout, day.stdin
        timers: list[threading.Timer] = []
        slow = 1.0
        assert reading.readline() == "ready\n"

        def live(data: Path, acks: Path, chance: random.Random | None) -> int:
            nonlocal slow
            writing.write(f"{data} {acks}\n")
            writing.flush()
            life, born = int(reading.readline()), time.monotonic()
            timed = chance is not None and chance.random() < 0.2
            if timed:
                kill_after(chance.uniform(0, OPENING_S), life)
            while (line := reading.readline()) == "at work\n":
                if chance and not timed:
                    slow = max(1.0, (time.monotonic() - born) / OPENING_S)
                    kill_after(chance.uniform(0, WORKING_S), life)
                    timed = True
            for timer in timers:
                timer.cancel()
            return int(line)

        def kill_after(seconds: float, life: int) -> None:
            timers.append(threading.Timer(seconds * slow, os.kill, [life, signal.SIGKILL]))
            timers[-1].start()

        try:
            yield live
        finally:
            writing.close()


def said_by(acks: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in acks.read_text().splitlines()] if acks.exists() else []


def over(acks: Path) -> bool:
    return bool(said_by(acks)) and "over" in said_by(acks)[-1]


def damaged(data: Path) -> int:
    """How many of the databases do not pass SQLite's own check."""
    found = 0
    for path in (data / "freelancex.db", data / "checkpoints.db"):
        if path.exists():
            with closing(sqlite3.connect(path)) as opened:
                found += opened.execute("PRAGMA integrity_check").fetchone() != ("ok",)
    return found


async def judge(data: Path, acks: list[dict[str, Any]], counts: Counts) -> None:
    """Compare what was shown with what is there, and count what is there twice."""
    stores = await open_stores(Settings(data_dir=data))
    try:
        counts.lost += [line async for line in lost(stores, acks)]
        counts.rows_twice += await twice(stores)
        turns = await stores.turns.recent(THREAD, limit=50)
        steps = [step for turn in turns for step in turn.findings.values()]
        counts.unclear += sum(step["error"] == "unclear" for step in steps)
    finally:
        await stores.close()
    counts.repeated_at_most = max(counts.repeated_at_most, *repeated(acks))


async def lost(stores: Stores, acks: list[dict[str, Any]]) -> AsyncIterator[str]:
    """Each thing that was shown and is not there."""
    for line in acks:
        if "began" in line:
            turn = await stores.turns.get(line["turn"])
            if turn is None or await stores.conversations.step(line["began"]) is None:
                yield f"message {line}"
        if "done" in line:
            turn, page = await stores.turns.get(line["done"]), await stores.conversations.step(f"{line['done']}.answer")
            if not (turn and page and turn.status == "done" and turn.answer == page.output == line["answer"]):
                yield f"answer {line}"
        for kind, key in line.get("made", ()):
            if kind == "invoice" and await stores.invoices.get(key, user=USER) is None:
                yield f"invoice {line}"
    turns = await stores.turns.recent(THREAD, limit=50)
    if sorted(turn.message for turn in turns if turn.status == "done") != sorted(f"m{n}" for n in range(len(DAY))):
        yield f"the day: {[(turn.message, turn.status) for turn in turns]}"


async def twice(stores: Stores) -> int:
    """How many rows there are beyond those that the day makes once."""
    made = {
        "invoices": await stores.invoices.all(USER),
        "hours": await stores.time.all(USER),
        "expenses": await stores.expenses.all(USER),
        "reminders": await stores.reminders.open(USER),
        "facts": await stores.facts.of(USER),
    }
    assert all(len(made[name]) >= times for name, times in ONCE.items()), made
    return sum(len(made[name]) - times for name, times in ONCE.items())


def repeated(acks: list[dict[str, Any]]) -> list[int]:
    """For each life, how many steps in a row it did that an earlier one had begun.

    Steps that ran side by side when their life ended count as one: each of them was under way.
    """
    asked = {line["asked"] for line in acks if "asked" in line}  # these start a second time to be done
    began: dict[str, int] = {}
    ended: dict[str, int] = {}
    again: list[list[tuple[int, int]]] = []
    lives = [at for at, line in enumerate(acks) if "life" in line]
    for at, line in enumerate(acks):
        if "life" in line:
            again.append([])
        elif (step := line.get("started")) and step in began and began[step] < lives[len(again) - 1]:
            if step not in asked:
                again[-1].append((ended.get(step, len(acks)), began[step]))
            ended.pop(step, None)
        if "started" in line:
            began[line["started"]] = at
        elif "finished" in line:
            ended[line["finished"]] = at
    return [in_a_row(steps) for steps in again]


def in_a_row(steps: list[tuple[int, int]]) -> int:
    """How many of these (end, begin) lie one after the other at most."""
    count, over = 0, -1
    for end, begin in sorted(steps):
        if begin > over:
            count, over = count + 1, end
    return count


def test_steps_side_by_side_count_once_and_steps_in_a_row_each() -> None:
    def day(*lines: str) -> list[int]:
        return repeated([{what: name} for what, _, name in (line.partition(" ") for line in lines)])

    beside = ("life 1", "started a", "started b", "life 2", "started a", "started b", "finished a", "finished b")
    row = ("life 1", "started a", "finished a", "started b", "life 2", "started a", "finished a", "started b")
    assert (day(*beside), day(*row), day(*row[:5])) == ([0, 1], [0, 2], [0, 0])
    assert day("life 1", "started a", "asked a", "life 2", "started a") == [0, 0]
