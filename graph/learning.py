"""Lets the planner learn what messages mean: before a short-lived process plans, or while the chat is open already.

What was learned is kept once a machine. ``python -m graph.learning`` learns it ahead.
"""

from __future__ import annotations

import asyncio
import logging
import sys
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from config.errors import Mendable
from config.settings import Settings
from graph.planner.planner import Planner
from integrations.models.embeddings.embedder import Embedder

log = logging.getLogger(__name__)

LEARNS = "Learning how people ask for things. This happens once on a machine and takes about a minute.\n"


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
    try:
        planner.learn(embedder, settings.paths.planner, stopped, begins)
    except Mendable as error:
        log.warning("The planner goes by words alone: %s", error)
        planner.learn(None, settings.paths.planner, stopped, begins)


@asynccontextmanager
async def learning(
    planner: Planner, embedder: Embedder | None, settings: Settings, *, serving: bool
) -> AsyncIterator[None]:
    """Read what was learned; what was not yet, learn at once, or with `serving` in a thread meanwhile.

    At the end it is given up.
    """
    if not serving:
        await asyncio.to_thread(learn, planner, embedder, settings)
        yield
        return
    over = threading.Event()
    await asyncio.to_thread(learn, planner, embedder, settings, lambda: True, lambda: None)
    task = None
    if not planner.learned:
        task = asyncio.create_task(asyncio.to_thread(learn, planner, embedder, settings, over.is_set))
    try:
        yield
    finally:
        over.set()
        if task:
            await task


if __name__ == "__main__":
    from agents import registry
    from integrations.models.embeddings.embedder import open_embedder

    learn(Planner(registry.load()), open_embedder(Settings()), Settings())
