"""The history of the books, and undo."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from chainlit_app.api.access import Opened, User, may
from chainlit_app.api.fields import At
from chainlit_app.api.pages import Asked, Page, Paged, place
from chainlit_app.api.resource import Resource
from graph.runtime import Runtime
from memory.business.changes import Change
from memory.business.undo import undo

router = Resource(prefix="/records", tags=["records"], dependencies=[may("records")])


class Changed(BaseModel):
    """One change of one record: the fields that differ, before and after. One `batch` is undone together."""

    id: str
    kind: str
    record: str
    action: str
    batch: str
    before: dict[str, Any]
    after: dict[str, Any]
    at: At


class TakenBack(BaseModel):
    """One change that was taken back; `kept` when the record had to stay, because others rest on it."""

    kind: str
    record: str
    action: str
    name: str
    kept: bool


@router.get("/history")
async def history(asked: Paged, runtime: Opened, user: User) -> Page[Changed]:
    """What was changed in the books, the newest first."""
    return await changes_of(asked, runtime, user)


@router.post("/undo")
async def take_back(runtime: Opened, user: User) -> list[TakenBack]:
    """Take back the last change; asked again, the one before."""
    done = await undo(runtime.stores.database, user)
    return [TakenBack.model_validate(one, from_attributes=True) for one in done]


async def changes_of(asked: Asked, runtime: Runtime, user: str, record: str = "") -> Page[Changed]:
    """A page of the history, of one record where it is given."""
    wanted = [Change.user == user, *([Change.record == record] if record else [])]
    rows = await asked.rows(runtime.stores.database, Change, *wanted, by="at")
    found: Page[Changed] = asked.page(
        [Changed.model_validate(row.model_dump()) for row in rows], [place(row, "at") for row in rows]
    )
    return found
