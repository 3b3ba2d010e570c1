"""Every view of one user, from the records as they stand now.

view("money") ──▶ has a record changed? ──no──▶ the view as it was
                        └──yes──▶ books, read in a thread ──▶ pure functions, in a thread ──▶ view
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import anyio
from sqlmodel import col, func, select

from memory.agent_runs import AgentRun
from memory.database import Database
from memory.demand import JobAsk
from memory.jobs import JobLead
from memory.overview.books import Books
from memory.overview.bookshelf import Bookshelf
from memory.overview.demand import COLUMNS, MOST, Ask, Post, chosen, jobs, row
from memory.overview.hours import time
from memory.overview.listing import PAGE, Listing, UnknownList, listing, narrowed
from memory.overview.money import money
from memory.overview.opening import Opening
from memory.overview.pipeline import pipeline
from memory.overview.runs import DAYS, Request, Run
from memory.overview.shapes import Table, View
from memory.turns import Turn

BUSINESS: dict[str, Callable[[Books, date, str], View]] = {
    "pipeline": pipeline,
    "money": money,
    "time": lambda books, today, currency: time(books, today, datetime.now(UTC), currency),
}
"""The views that follow from the books alone."""
REQUESTS = 200


class Overview:
    """The views over one database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._opening = Opening(database)
        self._shelf = Bookshelf(database, self._opening)
        self._views: dict[tuple[str, str, str], tuple[Any, View]] = {}
        self._asks: tuple[Any, list[Ask]] = (None, [])

    async def books(self, user: str) -> Books:
        """A user's books. Raises Tampered, StorageTrouble."""
        return await self._shelf.of(user)

    async def business(self, name: str, user: str, today: date, currency: str = "") -> View:
        """One of `BUSINESS`. Raises Tampered, StorageTrouble."""
        books = await self._shelf.of(user)
        if books.currencies and currency not in books.currencies:
            currency = ""
        at = f"{datetime.now(UTC):%H:%M}" if name == "time" else ""  # a timer may run
        stamp, place = (id(books), today, at), (user, name, currency)
        if place not in self._views or self._views[place][0] != stamp:
            view = await anyio.to_thread.run_sync(BUSINESS[name], books, today, currency)
            self._views[place] = stamp, view
        return self._views[place][1]

    async def jobs(self, user: str, now: datetime) -> View:
        """The view of jobs. Raises Tampered, StorageTrouble."""
        posts = await self._posts(user)
        fresh = [post for post in posts if post.status in ("found", "matched")]
        best = sorted(fresh, key=lambda post: (-(post.fit or 0), -post.found.timestamp()))[:MOST]
        shown = await self._named(best)
        return await anyio.to_thread.run_sync(jobs, posts, shown, await self._demand(user), now)

    async def listing(self, user: str, today: date, kind: str, only: Mapping[str, str], start: int = 0) -> Listing:
        """The records behind a figure, a page of them. Raises UnknownList, Tampered, StorageTrouble."""
        if kind != "job":
            return await anyio.to_thread.run_sync(listing, await self._shelf.of(user), today, kind, only, start)
        found = await self._posts(user)
        try:
            found = sorted(chosen(found, **only), key=lambda post: post.found, reverse=True)
        except (TypeError, ValueError) as error:
            raise UnknownList("The list of jobs cannot be narrowed that way.") from error
        shown = await self._named(found[start : start + PAGE])
        return Listing(
            Table("job", "Jobs", COLUMNS, tuple(map(row, shown)), ("Fit",)), len(found), start, narrowed(only, Books())
        )

    async def runs(self, user: str, since: datetime | None = None) -> list[Run]:
        """The runs of agents since a time, those of the last days unless one is given; oldest first."""
        since = since or datetime.now(UTC) - timedelta(days=DAYS)
        rows = await self._opening.rows(
            AgentRun, ("agent", "ok", "failure", "seconds", "at"), _of(AgentRun, user), col(AgentRun.at) >= since
        )
        found = [Run(row["agent"], row["ok"], row["failure"], row["seconds"], _aware(row["at"])) for row in rows]
        return sorted(found, key=lambda run: run.at)

    async def requests(self, user: str, thread: str = "") -> list[Request]:
        """The newest messages of one conversation of a user, newest first: the last one, unless a thread is named."""
        mine = select(Turn).where(col(Turn.user) == user).order_by(col(Turn.started_at).desc())
        async with self._database.read() as session:
            if not thread:
                last = (await session.exec(mine.limit(1))).first()
                thread = last.thread if last else ""
            turns = list(await session.exec(mine.where(col(Turn.thread) == thread).limit(REQUESTS)))
        return [
            Request(one.thread, one.text, one.status, _aware(one.started_at), one.ended_at and _aware(one.ended_at))
            for one in turns
        ]

    def forget(self) -> None:
        """Forget everything that was read, because something was erased."""
        self._opening.forget()
        self._shelf.forget()
        self._views.clear()
        self._asks = (None, [])

    async def _posts(self, user: str) -> list[Post]:
        rows = await self._opening.rows(JobLead, ("board", "status", "fit", "found_at"), _of(JobLead, user))
        return [Post(one["id"], one["board"], one["status"], one["fit"], _aware(one["found_at"])) for one in rows]

    async def _named(self, posts: list[Post]) -> list[Post]:
        """The same posts with their titles and companies."""
        wanted = JobLead.__table__.c.id.in_([post.id for post in posts])  # type: ignore[attr-defined]
        found = {one["id"]: one for one in await self._opening.rows(JobLead, ("title", "company"), wanted)}
        said = ((post, found.get(post.id, {})) for post in posts)
        return [replace(post, title=one.get("title") or "", company=one.get("company") or "") for post, one in said]

    async def _demand(self, user: str) -> list[Ask]:
        async with self._database.read() as session:
            count = select(func.count(), func.max(col(JobAsk.day))).where(col(JobAsk.user) == user)
            stamp = (user, *(await session.exec(count)).one())
        if self._asks[0] != stamp:
            rows = await self._opening.rows(
                JobAsk, ("day", "skills", "hourly", "currency"), _of(JobAsk, user), keep="asks"
            )
            asks = [Ask(row["day"], tuple(row["skills"] or ()), row["hourly"], row["currency"]) for row in rows]
            self._asks = stamp, asks
        return self._asks[1]


def _of(kind: Any, user: str) -> Any:
    return kind.__table__.c.user == user


def _aware(at: datetime) -> datetime:
    return at.replace(tzinfo=at.tzinfo or UTC)
