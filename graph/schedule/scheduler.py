"""Runs what is due while FreelanceX serves: each once, however many processes look, and once for all that was missed.

every 15 s ─▶ due? ─▶ claimed in the database ─▶ its work ─▶ notified ─▶ due again, by its rule
                      └─ renewed meanwhile;        └─ failed: again soon, as the same run
                         a process that dies lets go
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from config.dates import day_text
from config.errors import Mendable
from graph.runtime import Runtime
from graph.schedule import upkeep, works
from graph.schedule.run import Face, Outcome, Run
from memory.database import new_id
from memory.notifications import Notification
from memory.once import in_step
from memory.restrictions import EVERYTHING
from memory.schedules import LEASE, Ran, Schedule, utc

log = logging.getLogger("freelancex.schedule")

EVERY_S = 15.0
"""Seconds between two looks."""
FIRST = timedelta(minutes=1)
"""After the start nobody waits for the upkeep."""
AT_ONCE = 4
AGAIN, LONGEST = timedelta(minutes=5), timedelta(hours=2)
"""How long after a failure a run is tried again: twice as long each time."""
WORKS = {**works.WORKS, **upkeep.WORKS}


@dataclass
class Scheduler:
    """One process that runs what is due. Others may run beside it on the same database."""

    runtime: Runtime
    face: Face
    name: str = field(default_factory=new_id)
    tasks: dict[str, asyncio.Task[Run | None]] = field(default_factory=dict)
    free: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    async def look(self, at: datetime) -> list[Run]:
        """Run everything that is due at a time with the user's zone, say what was missed, and return what ran."""
        await self.begin(at)
        ran = [run for run in await asyncio.gather(*self.tasks.values()) if run]
        await self._say_what_was_missed(ran)
        return ran

    async def begin(self, at: datetime) -> None:
        """Begin what is due and not under way here."""
        schedules = self.runtime.stores.schedules
        await schedules.set_right(at)
        for row in await schedules.due(at):
            if row.kind in WORKS and not await self._restricted(row) and row.id not in self.tasks:
                task = asyncio.create_task(self._run(row, at))
                self.tasks[row.id] = task
                task.add_done_callback(lambda _, id=row.id: self.tasks.pop(id))  # type: ignore[misc]

    async def stop(self) -> None:
        """Cancel what runs; it is due again."""
        tasks = list(self.tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _run(self, row: Schedule, at: datetime) -> Run | None:
        schedules = self.runtime.stores.schedules
        async with self.free:
            if not await schedules.claim(row, self.name, at):
                return None
            due = utc(row.due or at)
            run = Run(row, due, at, row.recurrence.between(due, at) if row.rule else 0)
            renewing = asyncio.create_task(self._renew(row, at))
            try:
                with in_step(run.id):
                    outcome = await _outcome(run, self.runtime, self.face)
            finally:
                renewing.cancel()
        if outcome.again:
            wait = min(LONGEST, AGAIN * 2 ** min(row.failures, 10))
            await schedules.later(row, self.name, at + wait, outcome.problem)
        else:
            following = row.recurrence.after(at) if row.rule else None
            await schedules.finish(row, self.name, at, following, Ran(run.missed, outcome.problem))
        if outcome.notice:
            await self.face.notify(outcome.notice)
        return run

    async def _renew(self, row: Schedule, at: datetime) -> None:
        began = asyncio.get_running_loop().time()
        while True:
            await asyncio.sleep(LEASE.total_seconds() / 3)
            passed = timedelta(seconds=asyncio.get_running_loop().time() - began)
            await self.runtime.stores.schedules.claim(row, self.name, at + passed)

    async def _restricted(self, row: Schedule) -> bool:
        return bool(row.user) and EVERYTHING in await self.runtime.stores.restrictions.standing(row.user)

    async def _say_what_was_missed(self, ran: list[Run]) -> None:
        """Say once what all was made up for."""
        for user in {run.schedule.user for run in ran if run.late and run.schedule.user}:
            late = [run for run in ran if run.late and run.schedule.user == user]
            times = sum(run.missed + 1 for run in late)
            since = min(run.due for run in late).astimezone(late[0].at.tzinfo)
            if times > 1:
                title = f"{times} times were missed, and made up for by {len(late)}"
                text = (
                    f"Since {day_text(since, '%A, %-d %B, %H:%M')}, nothing ran here. "
                    "What is scheduled was done once for all of it."
                )
                notice = Notification(user=user, kind="missed", group="missed", title=title, text=text)
                await self.face.notify(notice)


async def _outcome(run: Run, runtime: Runtime, face: Face) -> Outcome:
    try:
        return await WORKS[run.schedule.kind](run, runtime, face)
    except Mendable as error:
        log.warning("%s could not be done", run.schedule.kind)
        return Outcome(problem=str(error), again=True)
    except Exception:
        log.exception("%s failed", run.schedule.kind)
        return Outcome(problem="it failed; the log has the details", again=True)


@asynccontextmanager
async def scheduling(
    runtime: Runtime, face: Face, now: Callable[[], datetime] = lambda: datetime.now().astimezone()
) -> AsyncIterator[None]:
    """Run what is due for as long as the block lasts."""
    scheduler = Scheduler(runtime, face)
    schedules = runtime.stores.schedules
    await schedules.keep_only(upkeep.rules(runtime.settings), now() + FIRST)

    async def watch() -> None:
        while True:
            try:
                await scheduler.begin(now())
            except Exception:
                log.exception("what is due could not be looked at")
            await asyncio.sleep(EVERY_S)

    first = asyncio.create_task(scheduler.look(now()))
    watching = asyncio.create_task(watch())
    try:
        yield
    finally:
        for task in (first, watching):
            task.cancel()
        await asyncio.gather(first, watching, return_exceptions=True)
        await scheduler.stop()
