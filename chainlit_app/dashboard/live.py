"""What a running server knows that no record says: the machine, the models, who worked."""

from __future__ import annotations

import time
from urllib.parse import urlsplit

import anyio
import psutil

from graph.runtime import Runtime
from integrations.models import hardware
from integrations.models.models import ModelState
from memory.overview.machine import Machine, Model, Room
from memory.overview.outbound import HERE
from memory.overview.runs import Team, Writing

_began = time.monotonic()


def uptime() -> float:
    """Seconds since the server started."""
    return time.monotonic() - _began


async def machine(runtime: Runtime, user: str) -> Machine:
    """The machine as it is right now."""
    waiting = len(await runtime.stores.effects.waiting(user=user))
    return await anyio.to_thread.run_sync(_look, runtime, waiting)


def _look(runtime: Runtime, waiting: int) -> Machine:
    memory, disk = psutil.virtual_memory(), psutil.disk_usage(str(runtime.settings.paths.data))
    found = hardware.read()
    return Machine(
        cpu=psutil.cpu_percent(None) / 100,
        cores=found.cores,
        memory=Room(memory.total - memory.available, memory.total),
        disk=Room(disk.used, disk.used + disk.free),
        gpus=tuple((one.name, Room(one.total - one.free, one.total)) for one in found.vram),
        models=tuple(Model(one.title, _state(one), one.requests, one.last_error) for one in runtime.models.state()),
        replies=len(runtime.running),
        processes=runtime.jobs.processes,
        waiting=waiting,
        uptime=uptime(),
    )


def _state(model: ModelState) -> str:
    if model.rests_s > 0:
        return "rests after trouble"
    if model.running:
        return "at work"
    return model.placement or ("loaded" if model.loaded else "loads when it is needed")


def team(runtime: Runtime) -> Team:
    """What agents are called and what was counted of them."""
    return Team({name: spec.title for name, spec in runtime.agents.items()}, runtime.metrics.snapshot()["agents"])


def writing(runtime: Runtime) -> list[Writing]:
    """What models did since the server started."""
    return [Writing(one.title, one.requests, one.pieces, local=_here(one.name)) for one in runtime.models.state()]


def _here(name: str) -> bool:
    """Whether a model runs on this machine, as far as its name tells: it is no address elsewhere."""
    return not name.startswith("http") or urlsplit(name).hostname in HERE
