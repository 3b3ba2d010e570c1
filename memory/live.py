"""What happens, told as it happens to whoever listens: replies, records, approvals, notifications.

    graph.reply ──── every ReplyEvent ─────┐
    memory.trail ─── rows, once committed ─┼──▶ Live.tell ──▶ a ring for each user ──▶ Listener · Listener · …
    graph.notices ── notifications ────────┘

Each user has a ring of the latest events, which is also the queue of every listener: one that comes back reads on from
its last id, and one that is slower than the ring turns is told so. Nothing is kept beyond this process.
"""

from __future__ import annotations

import asyncio
import secrets
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Table, event
from sqlalchemy.orm import Session

if TYPE_CHECKING:
    from memory.trail import Key

KEPT = 1_000
"""Events kept of each user."""
INNER = frozenset({"access_events", "changes", "consent_changes", "invoice_lines"})
"""Tables that only go along with others."""
LIVE = "live"
_COMMITTED = "live.committed"


class TooSlow(Exception):
    """A listener lost events, because it did not read as fast as they came."""


@dataclass(frozen=True)
class Happened:
    """One event: `kind` is as ``reply.Token`` or ``record.changed``; `data` are plain values, or a dataclass."""

    number: int
    kind: str
    at: datetime
    data: Any


@dataclass
class _Ring:
    """The latest events of one user; `dropped` is the number of the last one that is no longer kept."""

    events: deque[Happened] = field(default_factory=deque)
    dropped: int = 0
    last: int = 0
    news: set[asyncio.Event] = field(default_factory=set)


class Live:
    """All events of one process."""

    def __init__(self, kept: int = KEPT) -> None:
        self._kept = kept
        self._rings: defaultdict[str, _Ring] = defaultdict(_Ring)
        self._run = secrets.token_hex(4)  # numbers begin anew with each process, so an id names the process too

    def tell(self, user: str, kind: str, data: Any) -> None:
        """Tell something to whoever listens to this user's events. Call from the event loop."""
        ring = self._rings[user]
        ring.last += 1
        ring.events.append(Happened(ring.last, kind, datetime.now().astimezone(), data))
        if len(ring.events) > self._kept:
            ring.dropped = ring.events.popleft().number
        for news in ring.news:
            news.set()

    def forget(self, user: str) -> None:
        """Keep nothing any more of what a user was told."""
        ring = self._rings[user]
        ring.events.clear()
        ring.dropped = ring.last

    def listening(self, user: str) -> int:
        """How many listen to a user's events now."""
        return len(self._rings[user].news)

    def id_of(self, number: int) -> str:
        """The id of an event, by which a listener goes on behind it."""
        return f"{self._run}-{number}"

    def newest(self, user: str) -> int:
        """The number of the newest event of a user, 0 before the first."""
        return self._rings[user].last

    def place(self, user: str, id: str) -> int | None:
        """The number an id stands for; None where what came after it is no longer known."""
        run, _, number = id.partition("-")
        ring = self._rings[user]
        if run != self._run or not number.isdecimal() or not ring.dropped <= int(number) <= ring.last:
            return None
        return int(number)

    async def after(self, user: str, number: int) -> AsyncIterator[Happened]:
        """Every event of a user after that number, without end. Raises TooSlow once some were lost."""
        ring, news = self._rings[user], asyncio.Event()
        ring.news.add(news)
        try:
            while True:
                news.clear()
                for one in [one for one in ring.events if one.number > number]:
                    if number < ring.dropped:
                        raise TooSlow
                    number = one.number
                    yield one
                if number < ring.dropped:
                    raise TooSlow
                if number == ring.last:
                    await news.wait()
        finally:
            ring.news.discard(news)


def touched(session: Session, user: str, done: Mapping[tuple[Table, Key], str]) -> None:
    """Tell what was done to rows of a user once the transaction of a session is committed."""
    if LIVE in session.info:
        session.info.setdefault(_COMMITTED, []).append((user, done))


def tell_committed(session: Session) -> None:
    """Tell what a session has done, once it is durable."""
    for user, done in session.info.pop(_COMMITTED, ()):
        for (table, key), action in done.items():
            if table.name == "effects":
                session.info[LIVE].tell(user, f"approval.{action}", {"turn": key[0], "step": key[1]})
            elif table.name not in INNER:
                row = "|".join(map(str, key))
                session.info[LIVE].tell(user, f"record.{action}", {"kind": table.name, "id": row})


@event.listens_for(Session, "after_rollback")
def _rolled_back(session: Session) -> None:
    session.info.pop(_COMMITTED, None)
