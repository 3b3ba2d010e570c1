"""What is under way for whom and what for, so that it ends at once when its consent is withdrawn.

leave ── registered before consent is asked for ──▶ sending, waiting, reading
▲                                                        │
end(user, purpose) ── whatever waits under it: NoConsent ──┘
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from integrations.http_errors import NoConsent
from integrations.http_messages import Errand
from privacy.consent import title_of


class Leave:
    """That something may go on, until it is taken back."""

    def __init__(self, errand: Errand) -> None:
        self.errand = errand
        self._taken_back = False
        self._waits: set[asyncio.Timeout] = set()

    @asynccontextmanager
    async def until(self, at: float | None) -> AsyncIterator[None]:
        """Do what is inside until a time of the event loop, without end for None.

        Raises TimeoutError at that time, and NoConsent once the leave is taken back, also before and in the middle.
        """
        if self._taken_back:
            raise self._withdrawn()
        wait = asyncio.timeout_at(at)
        try:
            async with wait:
                self._waits.add(wait)
                yield
        except TimeoutError as error:
            if self._taken_back:
                raise self._withdrawn() from error
            raise
        finally:
            self._waits.discard(wait)

    def take_back(self) -> None:
        """End what waits under it, and let nothing begin any more."""
        self._taken_back = True
        for wait in self._waits:
            if not wait.expired():
                wait.reschedule(0)

    def _withdrawn(self) -> NoConsent:
        return NoConsent(f"You took this permission back, so it was stopped: {title_of(self.errand.purpose).lower()}.")


class UnderWay:
    """The leaves of one client. For the event loop's thread."""

    def __init__(self) -> None:
        self._leaves: set[Leave] = set()

    @contextmanager
    def of(self, errand: Errand) -> Iterator[Leave]:
        """The leave of what begins now; to be had before its consent is asked for, so that none can slip through."""
        leave = Leave(errand)
        self._leaves.add(leave)
        try:
            yield leave
        finally:
            self._leaves.discard(leave)

    def end(self, user: str, purpose: str) -> None:
        """Take back every leave for this purpose of a user, or a part of it, but what they approved by itself."""
        for leave in self._leaves:
            errand = leave.errand
            parts = errand.purpose, errand.purpose.partition(":")[0]
            if errand.user == user and purpose in parts and not errand.approved:
                leave.take_back()
