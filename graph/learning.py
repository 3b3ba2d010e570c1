"""Lets the planner learn what messages mean while the chat is open already."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from config.errors import Mendable
from graph.planner.planner import Planner
from integrations.models.embeddings.embedder import Embedder

log = logging.getLogger(__name__)


@asynccontextmanager
async def learning(planner: Planner, embedder: Embedder, kept: Path, *, fresh: bool) -> AsyncIterator[None]:
    """Learn in a thread meanwhile, and give up at the end; until it is done plans go by words alone.

    Without `fresh` only what `kept` holds already is used, for a process that ends soon.
    """
    over = threading.Event()
    if not fresh:
        over.set()

    def learn() -> None:
        try:
            planner.learn(embedder, kept, over.is_set)
        except (Mendable, OSError) as error:
            log.warning("The planner goes by words alone: %s", error)

    task = asyncio.create_task(asyncio.to_thread(learn))
    try:
        if not fresh:
            await task
        yield
    finally:
        over.set()
        await task
