"""What happened at the door, and whether the audit trail is whole, for owners."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request
from pydantic import BaseModel

from chainlit_app.api.access import Opened, may
from chainlit_app.api.fields import At
from chainlit_app.api.resource import Resource
from memory.trail_check import Heads

router = Resource(prefix="/audit", tags=["audit"], dependencies=[may("audit")])


class Happened(BaseModel):
    """Somebody signed in, was refused, ended a session, made a key, and the like."""

    user: str
    what: str
    detail: str
    at: At


class Verdict(BaseModel):
    """Whether every entry of the trail agrees with what is stored; `faults` say where it does not."""

    whole: bool
    entries: int
    rows: int
    faults: list[str]


@router.get("")
async def recent(request: Request, limit: Annotated[int, Query(ge=1, le=1000)] = 100) -> list[Happened]:
    """What happened, the newest first."""
    rows = await request.app.state.door.stores().access_events.recent(limit=limit)
    return [Happened.model_validate(row, from_attributes=True) for row in rows]


@router.get("/trail")
async def trail(runtime: Opened) -> Verdict:
    """Check the audit trail."""
    found = await Heads.open(runtime.settings).verify(runtime.stores.database)
    faults = [str(fault) for fault in found.faults]
    return Verdict(whole=not faults, entries=found.entries, rows=found.rows, faults=faults)
