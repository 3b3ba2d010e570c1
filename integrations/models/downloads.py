"""The download of a language model that goes on while the user works: begun, paused, gone on with, given up.

    begin ──▶ moving ──▶ installed, and in use
                │  ▲
          pause │  │ begin again: what has arrived is kept on the disk, also over a restart
                ▼  │
              resting (with the reason, where it broke off by itself)

One at a time, because two would only share the line.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from config.errors import Mendable
from config.ladder import Rung, ladder
from config.settings import Settings
from integrations.http import HttpClient
from integrations.models.backend import ModelError
from integrations.models.install import Progress, install
from integrations.models.installed import installed, partial
from integrations.models.models import Models

SPEED_OVER_S = 8.0
"""Seconds over which the speed is measured: short enough to follow the line, long enough not to flicker."""
BROKEN = "The download broke off, and the log has the details; what has arrived is kept."

log = logging.getLogger("freelancex.models")

Install = Callable[[Rung, Progress], Awaitable[object]]
"""Fetches a rung, from where an earlier try broke off, and puts it to use. Raises Mendable."""


@dataclass
class Download:
    """One model on its way. `problem` is one sentence when it broke off by itself."""

    rung: Rung
    got: int = 0
    total: int = 0
    problem: str = ""
    task: asyncio.Task[None] | None = None
    _seen: deque[tuple[float, int]] = field(default_factory=deque)

    @property
    def moving(self) -> bool:
        return self.task is not None and not self.task.done()

    @property
    def part(self) -> float:
        """How much of it is there, from 0 to 1."""
        return min(1.0, self.got / self.total) if self.total else 0.0

    @property
    def speed(self) -> float | None:
        """Bytes a second of late; None while it is too early to tell."""
        if len(self._seen) < 2 or self._seen[-1][0] - self._seen[0][0] < 1:
            return None
        (began, before), (ended, after) = self._seen[0], self._seen[-1]
        return (after - before) / (ended - began)

    def arrived(self, got: int, total: int) -> None:
        """Note how far it is."""
        at, self.got, self.total = time.monotonic(), got, total
        self._seen.append((at, got))
        while at - self._seen[0][0] > SPEED_OVER_S:
            self._seen.popleft()


Done = Callable[[Download], Awaitable[None]]


class Downloads:
    """The downloads of one installation. `install` does the work, `there` tells the bytes that arrived before."""

    def __init__(self, install: Install, there: Callable[[Rung], int] = lambda rung: 0) -> None:
        self.current: Download | None = None
        self._install = install
        self._there = there

    def begin(self, rung: Rung, done: Done | None = None) -> Download:
        """Begin a download that the user agreed to, or go on with it. `done` is awaited when it ends by itself.

        Raises ModelError while another one is moving.
        """
        if self.current and self.current.moving:
            if self.current.rung == rung:
                return self.current
            raise ModelError(f"{self.current.rung.title} is still being downloaded; wait for it, or cancel it first.")
        whole = self.current.total if self.current and self.current.rung == rung else rung.whole_size
        download = self.current = Download(rung, self._there(rung), whole)
        download.task = asyncio.create_task(self._run(download, done))
        return download

    async def pause(self) -> None:
        """Stop the download and keep what has arrived."""
        if self.current and self.current.task:
            self.current.task.cancel()
            await asyncio.gather(self.current.task, return_exceptions=True)

    async def forget(self) -> None:
        """Stop the download and speak of it no more."""
        await self.pause()
        self.current = None

    async def _run(self, download: Download, done: Done | None) -> None:
        try:
            await self._install(download.rung, download.arrived)
        except Mendable as error:
            download.problem = str(error)
        except Exception:
            log.exception("the download of %s broke off", download.rung.name)
            download.problem = BROKEN
        else:
            self.current = None
        if done is not None:
            await done(download)


def fetching(settings: Settings, http: HttpClient, models: Models) -> Downloads:
    """The downloads of an installation: what has arrived is put to use."""

    async def fetch(rung: Rung, progress: Progress) -> None:
        await install(rung, settings, http, progress)
        await models.use(rung.name)

    return Downloads(fetch, lambda rung: partial(settings, rung))


def resting(settings: Settings) -> Rung | None:
    """What broke off or was paused before the last start, and has not been given up."""
    there = {one.rung.name for one in installed(settings)}
    arriving = (rung for rung in ladder().values() if rung.downloadable and rung.name not in there)
    return next((rung for rung in arriving if partial(settings, rung)), None)
