"""Shared by the agents that work on tables: dependencies whose jobs run in a thread, and the sample of diamonds."""

from __future__ import annotations

import asyncio
import importlib
import inspect
import json
from datetime import date
from typing import Any

import pytest

from agents.deps import Deps, JobError
from config.errors import Mendable
from config.paths import SAMPLES
from config.settings import Settings
from memory.files import FileRef
from memory.stores import Stores


class ThreadJobs:
    """Runs jobs beside the loop; arguments and results travel as JSON, as they do between processes."""

    async def run(self, function: str, arguments: dict[str, Any], *, progress: Any = None, **limits: Any) -> Any:
        module, _, name = function.partition(":")
        called = getattr(importlib.import_module(module), name)
        given = json.loads(json.dumps(arguments))
        if progress and "progress" in inspect.signature(called).parameters:
            given["progress"] = progress
        try:
            result = await asyncio.to_thread(called, **given)
        except Mendable as error:
            raise JobError(str(error)) from error
        return json.loads(json.dumps(result, allow_nan=False))


@pytest.fixture
def steps() -> list[tuple[str, float | None]]:
    """The progress that was told."""
    return []


@pytest.fixture
def table_deps(settings: Settings, stores: Stores, steps: list[tuple[str, float | None]]) -> Deps:
    nothing: Any = None
    return Deps(
        user="mara",
        thread="t1",
        settings=settings.model_copy(update={"automl_budget_s": 3.0}),
        stores=stores,
        http=nothing,
        jobs=ThreadJobs(),
        audit=nothing,
        today=date(2026, 3, 1),
        progress=lambda text, part=None: steps.append((text, part)),
    )


@pytest.fixture
async def diamonds_file(stores: Stores) -> FileRef:
    return await stores.files.put(SAMPLES / "diamonds.csv", "diamonds.csv", user="mara", thread="t1")
