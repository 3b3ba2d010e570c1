"""How each part of a running installation is, and why: what tells whether it is ready."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from sqlalchemy import text

from graph.figures import late
from graph.runtime import Runtime
from memory.database import now
from memory.trouble import StorageTrouble
from monitoring.health import Check
from monitoring.self_check import room

LATE_MIN = 30
"""From this on what is scheduled counts as stuck."""
OLD = timedelta(minutes=5)
"""Figures that are older were not measured when they should have been."""


async def components(runtime: Runtime) -> list[Check]:
    """The database, the disk, the schedule, the measuring, the workers and the model, in this order."""
    found = await _database(runtime)
    if not found.ok:
        return [found]
    return [
        found,
        await asyncio.to_thread(room, runtime.settings),
        await _schedule(runtime),
        await _measuring(runtime),
        Check("Workers", True, f"{runtime.jobs.processes} processes for long jobs are alive", needed=False),
        _model(runtime),
    ]


async def _database(runtime: Runtime) -> Check:
    try:
        async with runtime.stores.database.read() as session:
            await (await session.connection()).execute(text("SELECT 1"))
    except StorageTrouble as error:
        return Check("Database", False, str(error))
    return Check("Database", True, "answers")


async def _schedule(runtime: Runtime) -> Check:
    minutes = (await late(runtime, now()))["schedule_late_min"]
    ok = minutes < LATE_MIN
    detail = "nothing is late" if minutes < 1 else f"the oldest waits for {minutes:,.0f} minutes"
    return Check("Schedule", ok, detail, "" if ok else "look into the log, then start FreelanceX again", needed=False)


async def _measuring(runtime: Runtime) -> Check:
    at = now()
    ok = bool(await runtime.stores.samples.series("memory", at - OLD, at + timedelta(minutes=1)))
    detail = "figures come" if ok else "no figure was kept in the last minutes"
    return Check("Measuring", ok, detail, "" if ok else "wait a minute after the start", needed=False)


def _model(runtime: Runtime) -> Check:
    troubles = [state.last_error for state in runtime.models.state() if state.last_error]
    used = runtime.models.backend()
    detail = troubles[0] if troubles else f"{used.name} is used" if used else "none; everything works without one"
    return Check("Language model", not troubles, detail, "say “which model is loaded”" if troubles else "", False)
