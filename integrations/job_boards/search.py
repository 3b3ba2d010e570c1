"""Asks several boards at once. Each has its own deadline, so none delays or hides what another found."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass

from integrations.http import Errand, HttpClient
from integrations.http_errors import HttpError
from integrations.job_boards.board import JobBoard, JobQuery
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


async def ask_boards(
    query: JobQuery,
    boards: Sequence[JobBoard],
    http: HttpClient,
    errand: Errand,
    shelf: Shelf,
    deadline: float = DEADLINE,
) -> list[Answer]:
    """Ask all boards and return their answers in the order of `boards`, at the latest after `deadline` seconds."""
    return list(await asyncio.gather(*(_ask(query, board, http, errand, shelf, deadline) for board in boards)))


async def _ask(
    query: JobQuery, board: JobBoard, http: HttpClient, errand: Errand, shelf: Shelf, deadline: float
) -> Answer:
    key = board.key(query)
    if kept := await shelf.fresh(board.name, key, board.terms.fresh_for):
        return Answer(board.name, board.title, tuple(kept.posts), kept=True)
    if shelf.resting(board.name, key):
        return Answer(board.name, board.title, problem="it failed a moment ago and is left alone for a minute")
    try:
        async with asyncio.timeout(deadline):
            posts = await board.search(query, http, errand)
    except TimeoutError:
        problem = f"it did not answer within {deadline:g} seconds"
    except HttpError as error:
        problem = str(error).rstrip(".")
    except Exception:
        log.exception("the board %s failed", board.name)
        problem = "its answer could not be read"
    else:
        await shelf.put(board.name, key, posts)
        return Answer(board.name, board.title, tuple(posts))
    shelf.failed(board.name, key)
    return Answer(board.name, board.title, problem=problem)
