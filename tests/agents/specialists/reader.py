"""Dependencies for agents that read: jobs run beside the loop, files and documents are kept in a real database."""

from __future__ import annotations

import asyncio
import importlib
import inspect
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from agents.deps import Deps, JobError
from config.errors import Mendable
from config.settings import Settings
from memory.files import FileRef
from memory.stores import open_stores


class ThreadJobs:
    """Runs jobs beside the loop."""

    async def run(self, function: str, arguments: dict[str, Any], *, progress: Any = None, **limits: Any) -> Any:
        module, _, name = function.partition(":")
        called = getattr(importlib.import_module(module), name)
        if progress and "progress" in inspect.signature(called).parameters:
            arguments = {**arguments, "progress": progress}
        try:
            return await asyncio.to_thread(called, **arguments)
        except Mendable as error:
            raise JobError(str(error)) from error


@pytest.fixture
async def reader(tmp_path: Path) -> AsyncIterator[Deps]:
    settings = Settings(data_dir=tmp_path / "data")
    stores = await open_stores(settings)
    nothing: Any = None
    yield Deps("mara", "t1", settings, stores, nothing, ThreadJobs(), nothing, date(2026, 3, 1))
    await stores.close()


async def put(deps: Deps, name: str, content: str | bytes) -> FileRef:
    """A file as if the user had sent it."""
    data = content.encode() if isinstance(content, str) else content
    return await deps.stores.files.put(data, name, user=deps.user, thread=deps.thread)
