"""The eight views by name, each from what it needs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from chainlit_app.dashboard import live
from graph.runtime import Runtime
from memory.overview.machine import LINES, machine
from memory.overview.outbound import privacy
from memory.overview.overview import BUSINESS
from memory.overview.runs import agents, session
from memory.overview.shapes import View
from memory.retention import overdue

VIEWS = {
    "pipeline": "Pipeline",
    "money": "Money",
    "time": "Time",
    "jobs": "Jobs",
    "session": "This session",
    "agents": "Agents",
    "system": "System",
    "privacy": "Privacy",
}
SPANS = {
    "day": ("a day", timedelta(days=1)),
    "month": ("a month", timedelta(days=30)),
    "year": ("a year", timedelta(days=365)),
}
LOG_LINES = 5_000
POINTS = 180


async def view(
    name: str, runtime: Runtime, user: str, *, currency: str = "", span: str = "day", thread: str = ""
) -> View:
    """One view as things stand; the session is that of a `thread`, the last one unless it is named.

    Raises KeyError for an unknown name, Tampered, StorageTrouble.
    """
    now, overview = datetime.now(UTC), runtime.stores.overview
    if name in BUSINESS:
        return await overview.business(name, user, now.astimezone().date(), currency)
    match name:
        case "jobs":
            return await overview.jobs(user, now)
        case "session":
            requests = await overview.requests(user, thread)
            runs = await overview.runs(user, requests[-1].started) if requests else []
            return session(requests, runs, live.writing(runtime), live.team(runtime), now)
        case "agents":
            return agents(await overview.runs(user), live.team(runtime), now)
        case "system":
            words, back = SPANS[span]
            history = await runtime.stores.samples.many(LINES, now - back, now, POINTS, user=user)
            return machine(await live.machine(runtime, user), history, words)
        case "privacy":
            lines = await runtime.audit.read(LOG_LINES, user=user)
            log = [entry for entry in lines if entry["kind"] in ("request", "refused")]
            consents = await runtime.stores.consents.list(user)
            kept = await overdue(runtime.stores, runtime.settings, now, user)
            return privacy(log, consents, kept, now, offline=runtime.settings.offline)
    raise KeyError(name)
