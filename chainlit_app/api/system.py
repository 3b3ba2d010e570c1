"""Whether the server lives, and what works on it."""

from __future__ import annotations

import time

from fastapi import APIRouter
from pydantic import BaseModel

from chainlit_app.api.access import Opened

router = APIRouter(tags=["system"])

_began = time.monotonic()


class Health(BaseModel):
    """The server answers."""

    status: str = "ok"


class Status(BaseModel):
    """What this server has to work with. `uptime_s` is in seconds."""

    status: str
    agents: list[str]
    model: str | None
    offline: bool
    database: str
    replies_running: int
    uptime_s: float


@router.get("/health")
async def health() -> Health:
    """Answers as soon as the server does."""
    return Health()


@router.get("/system/status")
async def status(runtime: Opened) -> Status:
    """What this server has to work with."""
    return Status(
        status="ok",
        agents=sorted(runtime.agents),
        model=model.name if (model := runtime.models.backend()) else None,
        offline=runtime.settings.offline,
        database=runtime.stores.database.engine.dialect.name,
        replies_running=len(runtime.running),
        uptime_s=round(time.monotonic() - _began, 1),
    )
