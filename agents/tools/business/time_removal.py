"""Deletes the last time entry, once the user agreed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from agents.deps import Deps
from agents.spec import AgentError, Effect, Finding, Given
from agents.tools.business import time_book
from agents.tools.text.markdown import plain
from config.dates import day_text
from memory.business.time_entries import TimeEntry, TimeError

NAME = "time"


async def last_entry(deps: Deps) -> TimeEntry:
    """The entry that was logged last. Raises AgentError when there is none."""
    entry = await deps.stores.time.last(deps.user)
    if entry is None:
        raise AgentError("Nothing is logged yet; say for example “log 3h for Acme yesterday”.")
    return entry


async def removal(_task: Any, _given: Given, deps: Deps) -> Finding:
    """The finding that asks whether the last entry may go. Raises AgentError when it is billed."""
    entry = await last_entry(deps)
    free = {one.id for one in await deps.stores.time.all(deps.user, unbilled=True)} if entry.invoice else {entry.id}
    if entry.id not in free:
        raise AgentError("These hours are on an invoice already; void that invoice to change them.")
    preview = f"I would delete the last entry: {await _told(entry, deps)}."
    effect = Effect("remove", {"entry": entry.id}, "Delete a time entry", preview)
    return Finding(NAME, True, "Deleting the last entry needs your word.", effect=effect)


async def remove(arguments: dict[str, Any], deps: Deps) -> Finding:
    """Delete the entry that was approved. Raises AgentError when it is billed or gone meanwhile."""
    try:
        gone = await deps.stores.time.remove(arguments["entry"], user=deps.user)
    except TimeError as error:
        raise AgentError(str(error)) from error
    return Finding(NAME, True, f"Deleted the last entry: {await _told(gone, deps)}.", data={"entry": gone.id})


async def _told(entry: TimeEntry, deps: Deps) -> str:
    book = await time_book.open_book(deps)
    length = time_book.text_of(entry.ran(datetime.now(UTC)))
    return f"{length} for {plain(book.client(entry))} on {day_text(entry.day, '%A, %-d %B')}"
