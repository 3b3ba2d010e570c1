"""Long work in other processes: a few workers that stay warm, and can be ended in the middle of anything.

A worker imports pandas or LightGBM once and keeps it. Stopping a job kills its worker; the next job gets a new one. A
job with a memory limit gets a worker of its own, because such a limit cannot be taken back; only `warm` ones with the
same limit follow each other in one, such as the pages of a crawl.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from psutil import virtual_memory

from agents.deps import JobDied, JobError, Progress
from config.paths import ROOT
from graph.worker import SCHEDULER

log = logging.getLogger("freelancex.jobs")

LINE_LIMIT = 64 * 1024 * 1024
"""The longest answer of a worker, in bytes."""

DIED = "The process that did this ended unexpectedly, perhaps for lack of memory. Try again, or try a smaller file."
TOO_LONG = "This took longer than the {seconds:.0f} seconds it may take, so it was stopped. Try a smaller file."


class ProcessJobs:
    """At most `workers` jobs at a time; further ones wait their turn.

    A job without a limit of its own may take `share` of the memory that is free when it starts. The only thing on the
    network that jobs reach is the `cluster`, the address of a Dask scheduler.
    """

    def __init__(self, workers: int, share: float = 0.8, cluster: str | None = None) -> None:
        self._share, self._cluster = share, cluster or ""
        self._free = asyncio.Semaphore(workers)
        self._idle: defaultdict[int | None, list[Process]] = defaultdict(list)
        self._all: set[Process] = set()

    async def run(
        self,
        function: str,
        arguments: dict[str, Any],
        *,
        progress: Progress | None = None,
        seconds: float | None = None,
        memory_mb: int | None = None,
        warm: bool = False,
    ) -> Any:
        """See `agents.deps.Jobs.run`."""
        request = {"function": function, "arguments": arguments, "memory_mb": memory_mb}
        async with self._free, self._worker(memory_mb, keep=warm or memory_mb is None) as worker:
            room = int(virtual_memory().available * self._share)
            try:
                async with asyncio.timeout(seconds):
                    return await _ask(worker, json.dumps({**request, "room": room}), progress)
            except TimeoutError:
                _kill(worker)
                await worker.wait()
                raise JobError(TOO_LONG.format(seconds=seconds)) from None

    @asynccontextmanager
    async def _worker(self, memory_mb: int | None, *, keep: bool) -> AsyncIterator[Process]:
        idle = self._idle[memory_mb]
        worker = idle.pop() if keep and idle else await self._start()
        try:
            yield worker
        except JobError:
            await self._leave(worker, idle if keep else None)
            raise
        except BaseException:  # a cancelled job: whatever it was doing ends now
            _kill(worker)
            await self._leave(worker)
            raise
        await self._leave(worker, idle if keep else None)

    async def _start(self) -> Process:
        environment = {**os.environ, "MPLBACKEND": "Agg", SCHEDULER: self._cluster}
        worker = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "graph.worker", stdin=PIPE, stdout=PIPE, cwd=ROOT, limit=LINE_LIMIT, env=environment
        )
        self._all.add(worker)
        return worker

    async def _leave(self, worker: Process, idle: list[Process] | None = None) -> None:
        if idle is not None and worker.returncode is None:
            idle.append(worker)
            return
        _kill(worker)
        await asyncio.shield(worker.wait())
        self._all.discard(worker)

    @property
    def processes(self) -> int:
        """How many workers live now."""
        return sum(worker.returncode is None for worker in self._all)

    async def close(self) -> None:
        """End every worker."""
        for worker in self._all:
            _kill(worker)
        for worker in list(self._all):
            await worker.wait()
        self._all.clear()
        self._idle.clear()


async def _ask(worker: Process, request: str, progress: Progress | None) -> Any:
    assert worker.stdin is not None and worker.stdout is not None
    try:
        worker.stdin.write(request.encode() + b"\n")
        await worker.stdin.drain()
    except (BrokenPipeError, ConnectionResetError):
        raise JobDied(DIED) from None
    async for line in worker.stdout:
        answer = json.loads(line)
        if "progress" in answer:
            if progress:
                progress(answer["progress"], answer["part"])
        elif "error" in answer:
            if answer["detail"]:
                log.error("a job failed: %s", answer["detail"])
            raise JobError(answer["error"])
        else:
            return answer["result"]
    await worker.wait()
    raise JobDied(DIED)


def _kill(worker: Process) -> None:
    if worker.returncode is None:
        try:
            worker.kill()
        except ProcessLookupError:  # it ended by itself in between
            return
