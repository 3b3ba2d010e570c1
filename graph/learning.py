"""Lets the planner learn what messages mean, while the chat is open already."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from config.errors import Mendable
from config.settings import Settings
from graph.planner.planner import Planner
from integrations.models.embeddings.embedder import Embedder

log = logging.getLogger(__name__)


def learn(
    planner: Planner, embedder: Embedder | None, settings: Settings, stopped: Callable[[], bool] = lambda: False
) -> None:
    """Learn, or read what was learned before; blocking, some seconds the first time. Until then likeness has to do."""
    if embedder is None:
        return
    try:
        planner.learn(embedder, settings.paths.planner, stopped)
    except (Mendable, OSError) as error:
        log.warning("The planner goes by words alone: %s", error)


@asynccontextmanager
async def learning(
    planner: Planner, embedder: Embedder | None, settings: Settings, *, fresh: bool
) -> AsyncIterator[None]:
    """Learn in a thread meanwhile, and give up at the end.

    Without `fresh` only what was learned before is used, at once: for a process that ends soon.
    """
    over = threading.Event()
    if not fresh:
        over.set()
    task = asyncio.create_task(asyncio.to_thread(learn, planner, embedder, settings, over.is_set))
    try:
        if not fresh:
            await task
        yield
    finally:
        over.set()
        await task
