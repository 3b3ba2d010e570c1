"""Lets the planner learn what messages mean: before a short-lived process plans, or while the chat is open already.

    server ── examples ──▶ a process of its own, one on a machine at a time ──▶ the kept file
       └──── likeness has to do ──────────── it has ended: read the file ◀───────────┘

Learning takes a gigabyte, which a server would never give back. What was learned is kept once a machine.
``python -m graph.learning`` learns it ahead.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
import sys
import threading
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager, suppress
from pathlib import Path

from config.errors import Mendable
from config.paths import ROOT
from config.settings import Settings
from config.setup.claim import Claim
from graph.planner import meaning
from graph.planner.planner import Planner
from integrations.models.embeddings.embedder import Embedder

log = logging.getLogger(__name__)

LEARNS = "Learning how people ask for things. This happens once on a machine and takes about a minute.\n"
LESS_URGENT = 10
"""By how much a server goes before what learns beside it, in steps of the operating system."""


def learn(
    planner: Planner,
    embedder: Embedder | None,
    settings: Settings,
    stopped: Callable[[], bool] = lambda: False,
    begins: Callable[[], object] = lambda: sys.stderr.write(LEARNS),
) -> None:
    """Learn, or read what was learned before; blocking, about a minute the first time. Until then likeness has to do.

    Where texts cannot be compared by their meaning, their words are learned alone.
    """
    read(planner, embedder, settings)
    if planner.learned or stopped():
        return
    with _alone(settings.paths.planner):
        _learn(planner, embedder, settings, stopped, begins)


def read(planner: Planner, embedder: Embedder | None, settings: Settings) -> None:
    """Read what was learned before, if it was."""
    _learn(planner, embedder, settings, lambda: True, lambda: None)


@asynccontextmanager
async def learning(
    planner: Planner, embedder: Embedder | None, settings: Settings, *, serving: bool
) -> AsyncIterator[None]:
    """Read what was learned; what was not yet, learn at once, or with `serving` in another process meanwhile.

    At the end it is given up.
    """
    if not serving:
        await asyncio.to_thread(learn, planner, embedder, settings)
        yield
        return
    over = threading.Event()
    await asyncio.to_thread(read, planner, embedder, settings)
    task = None
    if planner.taught and not planner.learned:
        task = asyncio.create_task(_beside(planner, embedder, settings, over))
    try:
        yield
    finally:
        over.set()
        if task:
            task.cancel()
            await asyncio.wait([task])


async def _beside(planner: Planner, embedder: Embedder | None, settings: Settings, over: threading.Event) -> None:
    """Have another process learn, then read what it kept; where it could keep nothing, learn here."""
    command = (sys.executable, "-m", "graph.learning", str(settings.paths.planner))
    child = await asyncio.create_subprocess_exec(*command, stdin=PIPE, cwd=ROOT)
    try:
        await child.communicate(json.dumps(planner.taught).encode())
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    await asyncio.to_thread(learn, planner, embedder, settings, over.is_set)


def _learn(
    planner: Planner,
    embedder: Embedder | None,
    settings: Settings,
    stopped: Callable[[], bool],
    begins: Callable[[], object],
) -> None:
    try:
        planner.learn(embedder, settings.paths.planner, stopped, begins)
    except Mendable as error:
        log.warning("The planner goes by words alone: %s", error)
        planner.learn(None, settings.paths.planner, stopped, begins)


@contextmanager
def _alone(kept: Path) -> Iterator[None]:
    """Wait for whoever learns on this machine already, and clear away what one that was killed left half written."""
    with ExitStack() as stack:
        with suppress(OSError):  # where nothing can be kept, all learn for themselves
            stack.enter_context(Claim(kept.with_name(f"{kept.name}.claim"), wait=True))
            for half in kept.glob("*.part"):
                half.unlink()
        yield


def _for_a_server(kept: Path) -> None:
    """Learn from the examples on standard input, in labels, and keep it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which then ends this
    if sys.platform != "win32":
        os.nice(LESS_URGENT)
    with _alone(kept):
        meaning.learn(None, json.load(sys.stdin), kept, begins=lambda: sys.stderr.write(LEARNS))


if __name__ == "__main__":
    from agents import registry
    from integrations.models.embeddings.embedder import open_embedder

    if sys.argv[1:]:
        _for_a_server(Path(sys.argv[1]))
    else:
        learn(Planner(registry.load()), open_embedder(Settings()), Settings())
