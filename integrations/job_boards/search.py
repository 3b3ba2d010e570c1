"""Asks several boards at once. Each has its own deadline, so none delays or hides what another found."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass

from config.settings import Settings
from integrations.http import Errand, HttpClient
from integrations.http_errors import HttpError, NotSent, TooOften
from integrations.job_boards.board import JobBoard, JobQuery
from integrations.job_boards.ledger import AFTER_FAILURE, Ledger, clock
from integrations.job_boards.post import JobPost
from integrations.job_boards.shelf import Shelf

DEADLINE = 12.0
"""Seconds a board has."""
log = logging.getLogger("freelancex.job_boards")


@dataclass(frozen=True)
class Answer:
    """What one board gave: its posts, or in one sentence why there are none. `kept` is a list fetched earlier."""

    board: str
    title: str
    posts: tuple[JobPost, ...] = ()
    problem: str = ""
    kept: bool = False


def ledger_of(settings: Settings) -> Ledger:
    """The record of what boards were asked."""
    return Ledger(settings.paths.cache / "job_boards" / "asked.db")


async def ask_boards(
    query: JobQuery,
    boards: Sequence[JobBoard],
    http: HttpClient,
    errand: Errand,
    settings: Settings,
    deadline: float = DEADLINE,
) -> list[Answer]:
    """Ask all boards and return their answers in the order of `boards`, at the latest after `deadline` seconds."""
    return list(await asyncio.gather(*(_ask(query, board, http, errand, settings, deadline) for board in boards)))


async def _ask(
    query: JobQuery, board: JobBoard, http: HttpClient, errand: Errand, settings: Settings, deadline: float
) -> Answer:
    key, ledger = board.key(query), ledger_of(settings)
    shelf = Shelf(settings.paths.cache / "job_boards", await http.cache_key(errand.user))
    if off := board.off(settings):
        return Answer(board.name, board.title, problem=f"it is {off}")
    if kept := await shelf.fresh(board.name, key, board.terms.fresh_for):
        return Answer(board.name, board.title, tuple(kept.posts), kept=True)
    if (history := await ledger.history(board.name)).resting():
        return Answer(
            board.name, board.title, problem=f"it is left alone until {clock(history.rests_until)}: {history.problem}"
        )
    rest = AFTER_FAILURE
    try:
        async with asyncio.timeout(deadline):
            posts = await board.search(query, http, errand, settings, ledger)
    except TimeoutError:
        problem = f"it did not answer within {deadline:g} seconds"
    except NotSent as error:
        return Answer(board.name, board.title, problem=str(error).rstrip("."))
    except HttpError as error:
        problem = str(error).rstrip(".")
        if isinstance(error, TooOften):
            rest = max(rest, error.retry_after or 0.0)
    except Exception:
        log.exception("the board %s failed", board.name)
        problem = "its answer could not be read"
    else:
        await shelf.put(board.name, key, posts)
        await ledger.note(board.name)
        return Answer(board.name, board.title, tuple(posts))
    await ledger.note(board.name, problem, rest)
    return Answer(board.name, board.title, problem=problem)
