"""The runtime of the server in this process: Chainlit calls its callbacks without telling them where they run."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from agents.spec import AgentSpec
from config.settings import Settings
from graph.runtime import Runtime, open_runtime

_opened: list[Runtime] = []


def runtime() -> Runtime:
    """The runtime. Raises RuntimeError before the server has started and after it has ended."""
    if not _opened:
        raise RuntimeError("The server is not running.")
    return _opened[-1]


@asynccontextmanager
async def opened(settings: Settings, agents: Mapping[str, AgentSpec] | None = None) -> AsyncIterator[Runtime]:
    """Open the runtime for as long as the server runs."""
    async with open_runtime(settings, serving=True, agents=agents) as opening:
        _opened.append(opening)
        try:
            yield opening
        finally:
            _opened.remove(opening)
