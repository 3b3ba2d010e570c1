"""What the user was notified of: to list, and to mark as read."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query
from pydantic import BaseModel
from sqlmodel import col

from chainlit_app import notifications
from chainlit_app.api.access import Opened, User, may
from chainlit_app.api.pages import Page, Paged, place
from chainlit_app.api.resource import Resource
from memory.database import now
from memory.notifications import Notification
from memory.schedules import utc

router = Resource(prefix="/notifications", tags=["notifications"], dependencies=[may("notifications")])


Asked = Annotated[str, Query(max_length=64, pattern=r"^[A-Za-z0-9_.-]*$")]


class Notice(BaseModel):
    """One notification; `thread` is the conversation to look in, or empty, `at` and `read_at` times in UTC."""

    id: str
    kind: str
    urgency: str
    title: str
    text: str
    thread: str
    count: int
    ways: list[str]
    at: str
    read: bool


class Marked(BaseModel):
    """How many were unread before."""

    read: int


@router.get("")
async def listed(asked: Paged, runtime: Opened, user: User, unread: bool = False) -> Page[Notice]:
    """The newest first."""
    wanted = [Notification.user == user, *([col(Notification.read_at).is_(None)] if unread else [])]
    rows = await asked.rows(runtime.stores.database, Notification, *wanted, by="at")
    page: Page[Notice] = asked.page([_shown(row) for row in rows], [place(row, "at") for row in rows])
    return page


@router.post("/read")
async def read(runtime: Opened, user: User, id: Asked = "") -> Marked:
    """Mark one as read, or all."""
    count = await runtime.stores.notifications.read(user, now(), id)
    await notifications.tell(user)
    return Marked(read=count)


def _shown(row: Notification) -> Notice:
    told = row.model_dump(include=set(Notice.model_fields))
    return Notice(**{**told, "at": utc(row.at).isoformat(), "read": bool(row.read_at)})
