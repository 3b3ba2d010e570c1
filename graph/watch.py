"""Runs saved searches and tells reminders when they are due, while FreelanceX serves, in conversations of their own.

every minute ─▶ searches due? ─▶ a standing consent? ─▶ ask the boards ─▶ new jobs? ─▶ a turn in "Job search"
            │                          └─ no ─▶ a question that waits there, asked once
            └─▶ reminders due? ──────────────────────────────────────────────────────▶ a turn in "Reminders"
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from functools import partial

from agents.spec import Finding, Record
from agents.tools.job_round import CONSENT
from agents.tools.job_watch import asks_first, run_search
from agents.tools.markdown import plain
from graph.approvals import propose
from graph.events import ApprovalNeeded
from graph.reply import NAME
from graph.runtime import Runtime
from graph.state import Plan, dump
from graph.upkeep import Upkeep
from memory.conversations import Step
from memory.database import new_id
from memory.restrictions import EVERYTHING
from memory.saved_searches import SavedSearch
from memory.turns import Turn

EVERY = 60.0
"""Seconds between two looks at what is due."""
TITLE = "Job search"
Tell = Callable[[ApprovalNeeded, str], Awaitable[None]]
Remind = Callable[[str], Awaitable[None]]
log = logging.getLogger("freelancex.watch")


@asynccontextmanager
async def watching(runtime: Runtime, tell: Tell | None = None, remind: Remind | None = None) -> AsyncIterator[None]:
    """Run what is due for as long as the block lasts.

    `tell` is told each new question and its conversation, `remind` the words of each reminder.
    """
    task = asyncio.create_task(_watch(runtime, tell, remind))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def run_due(runtime: Runtime, at: datetime, tell: Tell | None = None) -> int:
    """Run every search that is due at a time with the user's zone; returns how many told of something new."""
    told = 0
    for search in await runtime.stores.searches.due(at):
        if EVERYTHING in await runtime.stores.restrictions.standing(search.user):
            continue
        try:
            problem, asked = "", False
            finding = None
            if CONSENT in await runtime.stores.consents.granted(search.user):
                finding, problem = await run_search(search, runtime.deps(search.user, thread_of(search.user)))
            else:
                problem, asked = "it waited for your word: say “what waits for my approval”", True
                await _ask(search, runtime, tell)
            if finding:
                await _tell(finding, runtime, user=search.user, thread=thread_of(search.user), about=search.title)
                told += 1
        except Exception:
            log.exception("a saved search failed")
            problem, asked = "it failed; the log has the details", False
        await runtime.stores.searches.ran(search.id, at, problem, asked=asked)
    return told


def thread_of(user: str) -> str:
    """The conversation in which saved searches tell a user what is new."""
    return f"job-search-{user}"


async def tell_reminders(runtime: Runtime, at: datetime, remind: Remind | None = None) -> int:
    """Tell every reminder that is due at a time, each once, those missed while nothing ran too; returns how many."""
    due = await runtime.stores.reminders.untold(at)
    for row in due:
        if EVERYTHING in await runtime.stores.restrictions.standing(row.user):
            continue
        late = "" if at - row.local() < timedelta(hours=1) else f" It was due on {row.local():%A, %-d %B, %H:%M}."
        finding = Finding(
            "calendar",
            ok=True,
            text=f"I was to remind you: **{plain(row.text)}**.{late}\n\n"
            "Say “done with it”, or “remind me again tomorrow”.",
            records=(Record("reminder", row.id, row.text[:80]),),
        )
        await _tell(
            finding, runtime, user=row.user, thread=reminders_thread(row.user), about=row.text, title="Reminders"
        )
        await runtime.stores.reminders.told(row.id, at)
        if remind:
            await remind(row.text)
    return len(due)


def reminders_thread(user: str) -> str:
    """The conversation in which reminders are told."""
    return f"reminders-{user}"


async def _watch(runtime: Runtime, tell: Tell | None, remind: Remind | None) -> None:
    upkeep = Upkeep()
    while True:
        now = datetime.now().astimezone()
        for look in (partial(tell_reminders, remind=remind), partial(run_due, tell=tell), upkeep.look):
            try:
                await look(runtime, now)
            except Exception:
                log.exception("what is due could not be looked at")
        await asyncio.sleep(EVERY)


async def _ask(search: SavedSearch, runtime: Runtime, tell: Tell | None) -> None:
    """Queue the question whether the search may run, unless it is asked already."""
    waiting = await runtime.stores.effects.waiting(user=search.user)
    if any(entry.effect == "look" and entry.arguments.get("search") == search.id for entry in waiting):
        return
    thread = thread_of(search.user)
    asked = await propose(search.user, thread, TITLE, asks_first(search, search.due), runtime)
    if asked and tell:
        await tell(asked, thread)


async def _tell(finding: Finding, runtime: Runtime, *, user: str, thread: str, about: str, title: str = TITLE) -> None:
    """Add the finding to the conversation as a turn, so that "the second one" there means what it lists."""
    turn = new_id()
    await runtime.stores.conversations.ensure(thread, user=user, name=title)
    row = Turn(id=turn, thread=thread, message=turn, user=user, text=about, status="done")
    row.plan, row.findings, row.answer = Plan().model_dump(mode="json"), {"s1": dump(finding)}, finding.text
    await runtime.stores.turns.save(row)
    step = Step(id=f"{turn}.answer", thread=thread, type="assistant_message", name=NAME, output=finding.text)
    await runtime.stores.conversations.save(step)
