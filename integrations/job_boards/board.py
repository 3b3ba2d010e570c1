"""What a job board is: an address, its terms as data, what it needs, and a way to read its list.

A board is one file in this folder that declares one `BOARD`; a folder scan finds it.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from config.settings import Settings
from integrations.declared import declared
from integrations.http import Errand, HttpClient
from integrations.http_errors import BadStatus, HttpError, NotSent, Unreadable
from integrations.http_messages import Ask
from integrations.job_boards.ledger import Allowance, Ledger
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

    `fresh_for` are the seconds between two fetches of one list, `allowance` how often it may be asked at all, and
    `delay_hours` how old its newest posts are. `attribution` is shown with every post, and so is a link to it.
    """

    attribution: str
    fresh_for: int
    allowance: Allowance
    delay_hours: int = 0


class Get(Protocol):
    """Gets a path of a board and returns its JSON; with a `body`, sends it as JSON. Raises HttpError."""

    async def __call__(
        self, path: str, *, headers: Mapping[str, str] | None = None, body: Any = None, **params: str | int
    ) -> Any: ...


Find = Callable[[JobQuery, Get, Settings], Awaitable[list[JobPost]]]


@dataclass(frozen=True)
class JobBoard:
    """One board. With `by_words` it is told the words looked for; otherwise it only sees that its list is fetched.

    `needs` are the settings, keys mostly, without which it is off, and `mend` says where to get them.
    """

    name: str
    title: str
    address: str
    terms: Terms
    find: Find
    by_words: bool = False
    needs: tuple[str, ...] = ()
    mend: str = ""

    def key(self, query: JobQuery) -> str:
        """What tells two fetches apart: the words for a board that searches, nothing for one with a single list."""
        return query.sought().casefold() if self.by_words else ""

    def off(self, settings: Settings) -> str:
        """Why it is not asked, in a few words; empty when it is."""
        lacking = [f"FREELANCEX_{name.upper()}" for name in self.needs if not getattr(settings, name)]
        return f"off until {' and '.join(lacking)} {'is' if len(lacking) == 1 else 'are'} set" if lacking else ""

    async def search(
        self, query: JobQuery, http: HttpClient, errand: Errand, settings: Settings, ledger: Ledger
    ) -> list[JobPost]:
        """Ask the board now, each request in the turn its terms allow. Raises HttpError."""
        own = settings.addresses.get(self.name)
        if own:
            http.allow(urlsplit(own).netloc)
        address = (own or self.address).rstrip("/")
        ask = Ask(retries=0 if self.terms.allowance.per_day else 1)

        async def get(
            path: str, *, headers: Mapping[str, str] | None = None, body: Any = None, **params: str | int
        ) -> Any:
            await asyncio.sleep(await ledger.reserve(self.name, self.terms.allowance))
            sent = {**(headers or {}), **({"content-type": "application/json"} if body is not None else {})}
            data = b"" if body is None else json.dumps(body).encode()
            method = "GET" if body is None else "POST"
            try:
                reply = await http.request(
                    method, address + path, errand, params=params, headers=sent, body=data, ask=ask
                )
            except NotSent:
                await ledger.give_back(self.name)
                raise
            except BadStatus as error:
                if self.needs and error.status in (401, 403):
                    raise KeyRefused(f"{self.title} refuses the key, which may have run out: {self.mend}.") from error
                raise
            return await asyncio.to_thread(reply.json)

        found = await self.find(query, get, settings)
        return [post.model_copy(update={"attribution": self.terms.attribution}) for post in found]


class KeyRefused(HttpError):
    """A board does not accept the key."""


@cache
def boards() -> dict[str, JobBoard]:
    """Every board by name. Raises BrokenDeclaration."""
    return declared(Path(__file__).parent, "integrations.job_boards", "BOARD", JobBoard)


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
