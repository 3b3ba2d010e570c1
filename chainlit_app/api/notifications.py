"""What the user was notified of: to list, and to mark as read."""

from __future__ import annotations

from pydantic import BaseModel

from chainlit_app import notifications
from chainlit_app.api.access import Opened, User, may
from chainlit_app.api.resource import Resource
from memory.database import now
from memory.schedules import utc

router = Resource(prefix="/notifications", tags=["notifications"], dependencies=[may("notifications")])


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
async def listed(runtime: Opened, user: User, unread: bool = False) -> list[Notice]:
    """The newest first."""
    rows = await runtime.stores.notifications.list(user, unread=unread)
    return [
        Notice(
            **{
                **row.model_dump(include=set(Notice.model_fields)),
                "at": utc(row.at).isoformat(),
                "read": bool(row.read_at),
            }
        )
        for row in rows
    ]


@router.post("/read")
async def read(runtime: Opened, user: User, id: str = "") -> Marked:
    """Mark one as read, or all."""
    count = await runtime.stores.notifications.read(user, now(), id)
    await notifications.tell(user)
    return Marked(read=count)
