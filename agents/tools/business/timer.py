"""The timer: one runs at a time, through restarts, and makes a time entry when it stops."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from agents.deps import Deps
from agents.spec import AgentError, Finding, Given
from agents.tools.business import time_book
from agents.tools.text.markdown import plain
from memory.business.time_entries import TimeEntry

NAME = "time"


async def start(task: Any, given: Given, deps: Deps) -> Finding:
    """Start it for the client, the project or the words of a task; another one that runs stops."""
    running = await deps.stores.time.running(deps.user)
    whose = await time_book.whose(task.name, task.note, given.text, deps)
    same = running and running.client == (whose.client.id if whose.client else None) and running.note == whose.note
    if running and same:
        return await status(task, given, deps)
    entry = TimeEntry(
        user=deps.user,
        client=whose.client.id if whose.client else None,
        project=whose.project.id if whose.project else None,
        note=whose.note,
        day=deps.today,
        started_at=datetime.now(UTC),
    )
    stopped = await deps.stores.time.start(entry)
    text = f"The timer runs{whose.words}, since {datetime.now():%H:%M}."
    if stopped:
        book = await time_book.open_book(deps)
        text = f"Stopped {plain(book.client(stopped))} at {time_book.text_of(stopped.minutes or 0)}. {text}"
    return Finding(NAME, True, text, data={"entry": entry.id, "running": True}, offers=("Stop the timer",))


async def stop(task: Any, given: Given, deps: Deps) -> Finding:
    """Stop it and keep the time. Raises AgentError when none runs."""
    entry = await deps.stores.time.stop(deps.user, datetime.now(UTC))
    if entry is None:
        raise AgentError("No timer is running. Say “start the timer for Acme”, or log the time: “2 hours for Acme”.")
    if not entry.minutes:
        await deps.stores.time.remove(entry.id, user=deps.user)
        return Finding(NAME, True, "Stopped after less than a minute, so nothing is kept.", data={"minutes": 0})
    book = await time_book.open_book(deps)
    today = await deps.stores.time.all(deps.user, since=entry.day, until=entry.day)
    sum_ = sum(one.minutes or 0 for one in today)
    work = f", {plain(book.work(entry))}" if book.work(entry) else ""
    text = (
        f"Stopped: **{time_book.text_of(entry.minutes)}** for {plain(book.client(entry))}{work}. That day comes to "
        f"{time_book.text_of(sum_)}."
    )
    if entry.minutes > 12 * 60:
        text += "\n\nThat is long: did it run overnight? Say “make it 3 hours” to correct it."
    return Finding(NAME, True, text, data={"entry": entry.id, "minutes": entry.minutes}, offers=("Unbilled hours",))


async def status(task: Any, given: Given, deps: Deps) -> Finding:
    """How long it has run, and for whom."""
    entry = await deps.stores.time.running(deps.user)
    if entry is None:
        text = "No timer is running."
        return Finding(NAME, True, text, data={"running": False}, offers=("Start the timer", "Hours this week"))
    book = await time_book.open_book(deps)
    ran = time_book.text_of(entry.ran(datetime.now(UTC)))
    work = f", {plain(book.work(entry))}" if book.work(entry) else ""
    text = f"The timer has run for **{ran}**: {plain(book.client(entry))}{work}."
    return Finding(NAME, True, text, data={"running": True, "entry": entry.id}, offers=("Stop the timer",))
