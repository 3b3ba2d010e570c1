"""Whether the server lives, and what works on it."""

from __future__ import annotations

import time

from fastapi import Response
from pydantic import BaseModel

from chainlit_app.api.access import Opened, may
from chainlit_app.api.resource import Resource
from graph.components import components

router = Resource(tags=["system"])

_began = time.monotonic()


class Health(BaseModel):
    """The server answers."""

    status: str = "ok"


class Part(BaseModel):
    """One part of the server: how it is, and what to do when it is not well; some may be missing."""

    name: str
    ok: bool
    detail: str
    fix: str
    needed: bool


class Ready(BaseModel):
    """Whether requests can be answered."""

    status: str
    parts: list[Part]


class Model(BaseModel):
    """A language model in use: the tiers it serves, where it lies, what it takes, and how it does."""

    title: str
    tiers: list[str]
    loaded: bool
    placement: str
    memory_bytes: int | None
    requests: int
    running: int
    last_error: str
    rests_s: float


class Status(BaseModel):
    """What this server has to work with. `models` are those in use; `uptime_s` is in seconds."""

    status: str
    agents: list[str]
    model: str | None
    models: list[Model]
    offline: bool
    database: str
    replies_running: int
    uptime_s: float


@router.get("/health")
async def health() -> Health:
    """Answers as soon as the server does."""
    return Health()


@router.get("/health/live")
async def live() -> Health:
    """Answers while the server's loop turns."""
    return Health()


@router.get("/health/ready", dependencies=[may("system")])
async def ready(runtime: Opened, response: Response) -> Ready:
    """Whether everything that is needed works, part by part with the reason; 503 while it does not."""
    parts = [Part.model_validate(one, from_attributes=True) for one in await components(runtime)]
    well = all(part.ok for part in parts if part.needed)
    response.status_code = 200 if well else 503
    return Ready(status="ok" if well else "not ready", parts=parts)


@router.get("/system/status", dependencies=[may("system")])
async def status(runtime: Opened) -> Status:
    """What this server has to work with."""
    return Status(
        status="ok",
        agents=sorted(runtime.agents),
        model=model.name if (model := runtime.models.backend()) else None,
        models=[Model.model_validate(state, from_attributes=True) for state in runtime.models.state()],
        offline=runtime.settings.offline,
        database=runtime.stores.database.engine.dialect.name,
        replies_running=len(runtime.running),
        uptime_s=round(time.monotonic() - _began, 1),
    )
