"""Thumbs up and down from the page: our own answer to two of Chainlit's routes, which never ask whose it is."""

from __future__ import annotations

from typing import Any, Literal

from chainlit.types import Feedback
from fastapi import APIRouter, HTTPException
from pydantic import BaseModel, Field

from chainlit_app import shown
from chainlit_app.api.access import Opened, User, may
from chainlit_app.data_layer import DataLayer
from graph.runtime import Runtime

router = APIRouter(prefix="/feedback", include_in_schema=False, dependencies=[may("threads")])
NONE = "There is no such answer."


class Thumb(BaseModel):
    """A thumb on what has the id `forId`."""

    forId: str = Field(max_length=200)
    value: Literal[0, 1]
    id: str | None = Field(default=None, max_length=100)
    comment: str | None = Field(default=None, max_length=20_000)


class Rated(BaseModel):
    """What the page sends."""

    feedback: Thumb


class Unrated(BaseModel):
    """What the page sends to take a thumb back."""

    feedbackId: str = Field(max_length=100)


@router.put("")
async def rate(asked: Rated, runtime: Opened, user: User) -> dict[str, Any]:
    """Keep a thumb on an answer of one's own."""
    thumb = asked.feedback
    step = await runtime.stores.conversations.step(shown.rated(thumb.forId))
    if step is None or step.user != user or (thumb.id and not await _is_own(thumb.id, user, runtime, new=True)):
        raise HTTPException(404, NONE)
    kept = Feedback(forId=thumb.forId, value=thumb.value, id=thumb.id, comment=thumb.comment)
    return {"success": True, "feedbackId": await DataLayer(lambda: runtime).upsert_feedback(kept)}


@router.delete("")
async def unrate(asked: Unrated, runtime: Opened, user: User) -> dict[str, Any]:
    """Take a thumb of one's own back."""
    if not await _is_own(asked.feedbackId, user, runtime):
        raise HTTPException(404, NONE)
    await runtime.stores.conversations.unrate(asked.feedbackId)
    return {"success": True}


async def _is_own(feedback: str, user: str, runtime: Runtime, *, new: bool = False) -> bool:
    owner = await runtime.stores.conversations.rater(feedback)
    return owner == user or (new and owner is None)
