"""Loading a file in a child: placed to fit, and with less where that fails."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from pathlib import Path

from integrations.models.backend import Gone, ModelError, Note
from integrations.models.llama.child import Child
from integrations.models.llama.wire import Load

ATTEMPTS = 6

log = logging.getLogger("freelancex.models")


@dataclass(frozen=True)
class Loaded:
    """A child that has its model, what it was told to load, and the context it got. `seconds` is how long it took."""

    child: Child
    load: Load
    context: int
    offloads: bool
    seconds: float
    why: str


async def load(wanted: Load, start: Callable[[], Awaitable[Child]], note: Note) -> Loaded:
    """Load, and again with less while llama.cpp cannot and less is left. Raises ModelError."""
    name, size = Path(wanted.path).stem, (await asyncio.to_thread(Path(wanted.path).stat)).st_size
    note(f"Loading {name}, {size / 1e9:.1f} GB")
    now = wanted
    for _ in range(ATTEMPTS):
        child = await start()
        try:
            await child.send({"load": now.__dict__})
            answer = await child.receive()
        except Gone:
            answer = {"failed": "context", "why": "the process ended"}
        except BaseException:
            await child.end()
            raise
        if "loaded" in answer:
            return Loaded(child, now, **answer["loaded"], why="")
        await child.end()
        log.warning("%s could not be loaded: %s; %s", name, answer["why"], child.last_words)
        if answer["failed"] == "template":
            raise ModelError(f"The chat template inside {name} cannot be used ({answer['why']}); choose another file.")
        smaller = _less(now)
        if smaller is None or (answer["failed"] == "weights" and not now.gpu_layers):
            break
        now = smaller
        note(f"{name} needs more memory than is free, so it is loaded with less")
    raise ModelError(f"{name} cannot be loaded; it may be damaged, or need more memory than is free.")


def usual(path: Path, context: int, snapshot_bytes: int) -> Load:
    """Everything on the GPU, half of the processor's threads being its cores."""
    threads = max(1, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)
    return Load(str(path), context, -1, "f16", False, 512, threads, snapshot_bytes)


def _less(now: Load) -> Load | None:
    if now.gpu_layers:
        return replace(now, gpu_layers=0)
    if now.context > 2048:
        return replace(now, context=now.context // 2)
    return None
