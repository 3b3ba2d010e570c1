"""Runs saved searches when they are due, while FreelanceX serves, and tells what is new in a conversation of its own.

every minute ─▶ due? ─▶ a standing consent? ─▶ ask the boards ─▶ new jobs? ─▶ a turn in "Job search"
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime

from agents.spec import Finding
from agents.tools.job_round import CONSENT
from agents.tools.job_watch import run_search
from graph.reply import NAME
from graph.runtime import Runtime
from graph.state import Plan, dump
from memory.conversations import Step
from memory.database import new_id
from memory.saved_searches import SavedSearch
from memory.turns import Turn

EVERY = 60.0
"""Seconds between two looks at what is due."""
TITLE = "Job search"
log = logging.getLogger("freelancex.watch")


@asynccontextmanager
async def watching(runtime: Runtime) -> AsyncIterator[None]:
    """Run what is due for as long as the block lasts."""
    task = asyncio.create_task(_watch(runtime))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def run_due(runtime: Runtime, at: datetime) -> int:
    """Run every search that is due at a time with the user's zone; returns how many told of something new."""
    told = 0
    for search in await runtime.stores.searches.due(at):
        try:
            problem = ""
            finding = None
            if CONSENT in await runtime.stores.consents.granted(search.user):
                finding, problem = await run_search(search, runtime.deps(search.user, thread_of(search.user)))
            else:
                problem = "it waited for your standing permission to ask job boards"
            if finding:
                await _tell(search, finding, runtime)
                told += 1
        except Exception:
            log.exception("a saved search failed")
            problem = "it failed; the log has the details"
        await runtime.stores.searches.ran(search.id, at, problem)
    return told


def thread_of(user: str) -> str:
    """The conversation in which saved searches tell a user what is new."""
    return f"job-search-{user}"


async def _watch(runtime: Runtime) -> None:
    while True:
        try:
            await run_due(runtime, datetime.now().astimezone())
        except Exception:
            log.exception("the saved searches could not be looked at")
        await asyncio.sleep(EVERY)


async def _tell(search: SavedSearch, finding: Finding, runtime: Runtime) -> None:
    """Add the finding to the conversation as a turn, so that "the second one" there means what it lists."""
    thread, turn = thread_of(search.user), new_id()
    await runtime.stores.conversations.ensure(thread, user=search.user, name=TITLE)
    row = Turn(id=turn, thread=thread, message=turn, user=search.user, text=search.title, status="done")
    row.plan, row.findings, row.answer = Plan().model_dump(mode="json"), {"s1": dump(finding)}, finding.text
    await runtime.stores.turns.save(row)
    step = Step(id=f"{turn}.answer", thread=thread, type="assistant_message", name=NAME, output=finding.text)
    await runtime.stores.conversations.save(step)
