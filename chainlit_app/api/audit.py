"""What happened at the door, and whether the audit trail is whole, for owners."""

from __future__ import annotations

from pydantic import BaseModel

from chainlit_app.api.access import Opened, may
from chainlit_app.api.fields import At
from chainlit_app.api.pages import Page, Paged, place
from chainlit_app.api.resource import Resource
from memory.access_events import AccessEvent
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
async def recent(asked: Paged, runtime: Opened) -> Page[Happened]:
    """What happened, the newest first."""
    rows = await asked.rows(runtime.stores.database, AccessEvent, by="at")
    found = [Happened.model_validate(row, from_attributes=True) for row in rows]
    page: Page[Happened] = asked.page(found, [place(row, "at") for row in rows])
    return page


@router.get("/trail")
async def trail(runtime: Opened) -> Verdict:
    """Check the audit trail."""
    found = await Heads.open(runtime.settings).verify(runtime.stores.database)
    faults = [str(fault) for fault in found.faults]
    return Verdict(whole=not faults, entries=found.entries, rows=found.rows, faults=faults)
