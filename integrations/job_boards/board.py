"""What a job board is: an address, its terms as data, and a way to read its list.

A board is one file in this folder that declares one `BOARD`; a folder scan finds it.
"""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from integrations.host_limits import HostLimit
from integrations.http import Errand, HttpClient
from integrations.http_errors import Unreadable
from integrations.http_messages import Ask
from integrations.job_boards.post import JobPost


class JobQuery(BaseModel):
    """What is looked for. `min_rate` is an amount of `currency` for an hour."""

    model_config = ConfigDict(frozen=True)

    words: str = Field(default="", max_length=200)
    skills: tuple[str, ...] = ()
    remote: bool | None = None
    min_rate: Decimal | None = None
    currency: str = ""
    location: str = ""
    days: int | None = None
    limit: int = Field(default=10, ge=1, le=50)

    def sought(self) -> str:
        """The words a board that searches by words is told: never the rate, which is the user's business."""
        words: dict[str, str] = {}
        for word in " ".join([self.words, *self.skills]).split():
            words.setdefault(word.casefold(), word)
        return " ".join(words.values())


@dataclass(frozen=True)
class Terms:
    """What a board asks of those who use its list.

    `fresh_for` are the seconds between two fetches of one list, `seconds_apart` between any two requests, `delay_hours`
    how old its newest posts are. `attribution` is shown with every post; with `follow_link` the post's own address is
    shown as a link that search engines may follow.
    """

    attribution: str
    fresh_for: int
    seconds_apart: float = 1.0
    delay_hours: int = 0
    follow_link: bool = True


class Get(Protocol):
    """Gets a path of a board and returns its JSON. Raises HttpError."""

    async def __call__(self, path: str, **params: str | int) -> Any: ...


Find = Callable[[JobQuery, Get], Awaitable[list[JobPost]]]


@dataclass(frozen=True)
class JobBoard:
    """One board. With `by_words` it is told the words looked for; otherwise it only sees that its list is fetched."""

    name: str
    title: str
    address: str
    terms: Terms
    find: Find
    by_words: bool = False

    def key(self, query: JobQuery) -> str:
        """What tells two fetches apart: the words for a board that searches, nothing for one with a single list."""
        return query.sought().casefold() if self.by_words else ""

    async def search(self, query: JobQuery, http: HttpClient, errand: Errand) -> list[JobPost]:
        """Ask the board now. Raises HttpError."""
        ask = Ask(limit=HostLimit(at_once=1, seconds_apart=self.terms.seconds_apart), retries=1)

        async def get(path: str, **params: str | int) -> Any:
            reply = await http.get(self.address + path, errand, params=params, ask=ask)
            return await asyncio.to_thread(reply.json)

        return [post.model_copy(update={"attribution": self.terms.attribution}) for post in await self.find(query, get)]


class BrokenBoard(Exception):
    """A board's file cannot be used; the message names the file and the reason."""


@cache
def boards() -> dict[str, JobBoard]:
    """Every board by name. Raises BrokenBoard."""
    found: dict[str, JobBoard] = {}
    for path in sorted(Path(__file__).parent.glob("[!_]*.py")):
        try:
            board = getattr(importlib.import_module(f"integrations.job_boards.{path.stem}"), "BOARD", None)
        except Exception as error:
            raise BrokenBoard(f"{path}: {type(error).__name__}: {error}") from error
        if board is None:
            continue
        if not isinstance(board, JobBoard) or board.name in found:
            raise BrokenBoard(f"{path}: BOARD is no JobBoard, or another file already declares its name")
        found[board.name] = board
    return found


async def posts_of(title: str, rows: Any, make: Callable[[dict[str, Any]], JobPost | None]) -> list[JobPost]:
    """Turn a board's rows into posts, off the event loop. A row that makes no sense is left out.

    Raises Unreadable when there are rows and none makes sense: then the board has changed.
    """
    if not isinstance(rows, list):
        raise Unreadable(f"{title} answers in another form than it used to, so its jobs cannot be read.")
    return await asyncio.to_thread(_posts, title, rows, make)


def _posts(title: str, rows: Iterable[Any], make: Callable[[dict[str, Any]], JobPost | None]) -> list[JobPost]:
    posts, broken = [], 0
    for row in rows:
        try:
            post = make(row)
        except (ValidationError, KeyError, TypeError, ValueError, AttributeError, ArithmeticError):
            broken += 1
            continue
        if post is not None:
            posts.append(post)
    if broken and not posts:
        raise Unreadable(f"{title} answers in another form than it used to, so its jobs cannot be read.")
    return posts
