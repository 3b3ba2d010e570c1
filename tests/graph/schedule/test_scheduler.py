"""What is scheduled runs by its clock over both changes of it, once after a power-off, and once whoever looks."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from graph.notices import Notifier
from graph.runtime import Runtime
from graph.schedule import scheduler as module
from graph.schedule.run import Face, Outcome, Run
from graph.schedule.scheduler import Scheduler
from graph.schedule.works import requests_thread
from memory.recurrence import Recurrence
from memory.schedules import Schedule, utc

MINUTE = timedelta(minutes=1)


def daily(hour: int, zone: str, begins: datetime, minute: int = 0) -> Recurrence:
    return Recurrence(f"FREQ=DAILY;BYHOUR={hour};BYMINUTE={minute};BYSECOND=0", zone, begins)


class Log:
    """A kind of work that notes when it ran."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.runs: list[Run] = []
        self.answers: list[Outcome | Exception] = []
        monkeypatch.setitem(module.WORKS, "note", self)

    async def __call__(self, run: Run, runtime: Runtime, face: Face) -> Outcome:
        self.runs.append(run)
        await asyncio.sleep(0)
        answer = self.answers.pop(0) if self.answers else Outcome()
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Log:
    return Log(monkeypatch)


def scheduler(runtime: Runtime) -> Scheduler:
    return Scheduler(runtime, Face(Notifier(runtime)))


async def plan(
    runtime: Runtime, when: Recurrence, at: datetime, kind: str = "note", words: str | None = None
) -> Schedule:
    return await runtime.stores.schedules.add(Schedule.when("local", kind, when, words=words), at)


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York"])
async def test_over_a_year_of_days_it_runs_once_a_day_by_the_clock_there(runtime: Runtime, log: Log, zone: str) -> None:
    place = ZoneInfo(zone)
    changes = {
        "Europe/Berlin": [datetime(2026, 3, 27), datetime(2026, 10, 23)],
        "America/New_York": [datetime(2026, 3, 6), datetime(2026, 10, 30)],
    }[zone]
    for start in changes:  # two days before each change, until two days after it, looked at every half hour
        at = start.replace(tzinfo=place).astimezone(UTC)
        rows = [await plan(runtime, daily(hour, zone, start, 30), at) for hour in (1, 2, 8)]
        one, log.runs = scheduler(runtime), []
        for _ in range(4 * 24 * 2):
            due = await runtime.stores.schedules.due(at)
            if due:
                await one.look(at.astimezone(place))
            at += 30 * MINUTE
        for row in rows:
            ran = [run.at.astimezone(place) for run in log.runs if run.schedule.id == row.id]
            assert len({time.date() for time in ran}) == len(ran) == 4, ran
            await runtime.stores.schedules.remove(row.id, user="local")
        skipped = [run.at.astimezone(place) for run in log.runs if run.schedule.id == rows[1].id]
        spring = start.month == 3
        assert [f"{time:%H:%M}" for time in skipped].count("03:30") == (1 if spring else 0)
        assert {f"{run.at.astimezone(place):%H:%M}" for run in log.runs if run.schedule.id == rows[2].id} == {"08:30"}


async def test_after_three_days_off_what_was_missed_is_done_once_and_that_is_said(runtime: Runtime) -> None:
    thursday = datetime(2026, 11, 19, 18, tzinfo=UTC)
    morning = daily(8, "Europe/Berlin", datetime(2026, 11, 19))
    await plan(runtime, morning, thursday, "ask", "plant a tree")
    await runtime.stores.reminders.add("local", "Call the bank", datetime(2026, 11, 20).date(), None, "Europe/Berlin")
    sunday = (thursday + timedelta(days=3)).astimezone(ZoneInfo("Europe/Berlin"))
    one = scheduler(runtime)
    ran = await one.look(sunday)
    assert sorted((run.schedule.kind, run.missed) for run in ran) == [("ask", 2), ("reminder", 0)]
    assert await one.look(sunday + MINUTE) == []
    page = await runtime.stores.conversations.open(requests_thread("local"))
    assert page is not None and [step.output for step in page.steps if step.type == "assistant_message"] == [
        "I planted an oak."
    ]
    told = {one.kind: one for one in await runtime.stores.notifications.list("local")}
    assert told["schedule"].text.startswith(
        "It was due on Friday, 20 November, 08:00, when nothing ran here. 2 more times"
    )
    assert told["missed"].title == "4 times were missed, and made up for by 2"
    assert "Since Friday, 20 November, 08:00" in told["missed"].text
    (kept,) = await runtime.stores.schedules.list("local")
    assert kept.due and utc(kept.due) == datetime(2026, 11, 23, 7, tzinfo=UTC) and kept.missed == 2


async def test_two_processes_that_look_at_once_never_both_run_it(runtime: Runtime, log: Log) -> None:
    at = datetime(2026, 11, 20, 12, tzinfo=UTC)
    for _ in range(10):
        await plan(runtime, daily(8, "UTC", datetime(2026, 11, 20)), at)
    later = at + timedelta(days=1)
    await asyncio.gather(*(scheduler(runtime).look(later) for _ in range(4)))
    assert len(log.runs) == len({run.id for run in log.runs}) == 10


async def test_what_fails_is_tried_again_as_the_same_run_and_later_each_time(runtime: Runtime, log: Log) -> None:
    at = datetime(2026, 11, 20, 12, tzinfo=UTC)
    await plan(runtime, daily(8, "UTC", datetime(2026, 11, 20)), at)
    log.answers = [RuntimeError("a defect"), Outcome(problem="offline", again=True), Outcome()]
    one, at = scheduler(runtime), at + timedelta(hours=20)
    tries = []
    for _ in range(60):
        if await one.look(at):
            tries.append(at)
        at += MINUTE
    assert [(later - tries[0]) // MINUTE for later in tries] == [0, 5, 15]
    assert len({run.id for run in log.runs}) == 1
    (kept,) = await runtime.stores.schedules.list("local")
    assert kept.due and utc(kept.due) == datetime(2026, 11, 22, 8, tzinfo=UTC) and kept.problem is None


async def test_a_clock_that_jumps_ahead_and_back_neither_repeats_nor_stops_it(runtime: Runtime, log: Log) -> None:
    now = datetime(2026, 11, 20, 12, tzinfo=UTC)
    await plan(runtime, daily(8, "UTC", datetime(2026, 11, 20)), now)
    one = scheduler(runtime)
    assert len(await one.look(now + timedelta(days=400))) == 1
    assert await one.look(now) == []
    assert len(await one.look(now + timedelta(days=1))) == 1
    assert await one.look(now + timedelta(days=1) - timedelta(hours=6)) == []
    assert await one.look(now + timedelta(days=1, minutes=1)) == []
    assert len(log.runs) == 2


async def test_what_a_killed_process_had_in_hand_is_run_by_the_next(runtime: Runtime, log: Log) -> None:
    at = datetime(2026, 11, 20, 12, tzinfo=UTC)
    row = await plan(runtime, daily(8, "UTC", datetime(2026, 11, 20)), at)
    later = at + timedelta(days=1)
    assert await runtime.stores.schedules.claim(row, "one that was killed", later)
    assert await scheduler(runtime).look(later + MINUTE) == []
    assert len(await scheduler(runtime).look(later + 3 * MINUTE)) == 1


async def test_a_reminder_that_comes_again_is_a_reminder_each_time(runtime: Runtime) -> None:
    at = datetime(2026, 11, 20, 12, tzinfo=UTC)
    weekly = Recurrence("FREQ=WEEKLY;BYDAY=MO;BYHOUR=9;BYMINUTE=0;BYSECOND=0", "UTC", at.replace(tzinfo=None))
    await plan(runtime, weekly, at, "remind", "Send the time sheet")
    one = scheduler(runtime)
    for week in range(2):
        monday = datetime(2026, 11, 23, 9, tzinfo=UTC) + timedelta(days=7 * week)
        assert [run.schedule.kind for run in await one.look(monday)] == ["remind"]
        assert [run.schedule.kind for run in await one.look(monday + MINUTE)] == ["reminder"]
    assert [row.text for row in await runtime.stores.reminders.open("local")] == ["Send the time sheet"] * 2


async def test_restricted_users_are_left_alone(runtime: Runtime, log: Log) -> None:
    at = datetime(2026, 11, 20, 12, tzinfo=UTC)
    row = await plan(runtime, daily(8, "UTC", datetime(2026, 11, 20)), at)
    await runtime.stores.restrictions.restrict("local")
    assert await scheduler(runtime).look(at + timedelta(days=1)) == []
    (due,) = await runtime.stores.schedules.due(at + timedelta(days=1))
    assert due.id == row.id and log.runs == []
