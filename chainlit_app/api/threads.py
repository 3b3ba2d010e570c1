"""Conversations, and what was said in them."""

from __future__ import annotations

from typing import Annotated

from fastapi import HTTPException, Query, Response
from pydantic import BaseModel

from chainlit_app.api.access import Opened, User, may
from chainlit_app.api.fields import At, Body, Given, Name
from chainlit_app.api.pages import Page, Paged, place
from chainlit_app.api.resource import Resource
from chainlit_app.data_layer import DataLayer
from graph.runtime import Runtime
from memory.conversations import Step, Thread

router = Resource(prefix="/threads", tags=["threads"], dependencies=[may("threads")])


class Conversation(BaseModel):
    """One conversation."""

    id: str
    name: str
    created_at: At
    updated_at: At


class Said(BaseModel):
    """One thing on the page: `type` is user_message, assistant_message, or tool for an agent's work."""

    id: str
    type: str
    name: str
    input: str
    output: str
    failed: bool
    created_at: At


class Renamed(Body):
    """What a conversation is called from now on."""

    name: Name


@router.get("")
async def list_threads(
    asked: Paged, runtime: Opened, user: User, q: Annotated[str, Query(max_length=200)] = ""
) -> Page[Conversation]:
    """The user's conversations, the newest first; with `q`, those that have all of its words."""
    if q.strip():
        found = await runtime.stores.conversations.page(
            user, first=asked.limit, after=asked.at[0] if asked.at else None, search=q
        )
        places = [(one.id,) for one in found.threads]
        page: Page[Conversation] = asked.page([*map(_shown, found.threads)], places, more=found.after is not None)
    else:
        rows = await asked.rows(runtime.stores.database, Thread, Thread.user == user, by="updated_at")
        page = asked.page([_shown(row) for row in rows], [place(row, "updated_at") for row in rows])
    return page


@router.get("/{id}")
async def get_thread(id: Given, runtime: Opened, user: User) -> Conversation:
    """One conversation."""
    return _shown(await _own(id, runtime, user))


@router.patch("/{id}")
async def rename_thread(id: Given, sent: Renamed, runtime: Opened, user: User) -> Conversation:
    """Call a conversation otherwise."""
    await _own(id, runtime, user)
    await runtime.stores.conversations.change(id, name=sent.name)
    return _shown(await _own(id, runtime, user))


@router.delete("/{id}", status_code=204)
async def remove_thread(id: Given, runtime: Opened, user: User) -> Response:
    """Remove a conversation with its files, as the page does."""
    await _own(id, runtime, user)
    await DataLayer(lambda: runtime).delete_thread(id)
    return Response(status_code=204)


@router.get("/{id}/messages")
async def list_messages(id: Given, asked: Paged, runtime: Opened, user: User) -> Page[Said]:
    """What was said in a conversation, the newest first."""
    await _own(id, runtime, user)
    rows = await asked.rows(runtime.stores.database, Step, Step.thread == id)
    page: Page[Said] = asked.page(
        [Said.model_validate(row, from_attributes=True) for row in rows], [place(row) for row in rows]
    )
    return page


async def _own(id: str, runtime: Runtime, user: str) -> Thread:
    row = await runtime.stores.database.own(Thread, id, user=user)
    if row is None:
        raise HTTPException(404, "There is no such conversation.")
    return row


def _shown(row: Thread) -> Conversation:
    return Conversation.model_validate(row, from_attributes=True)
