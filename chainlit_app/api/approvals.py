"""What waits for the user's word: to list, to look at, to change, and to decide."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from fastapi import HTTPException
from pydantic import BaseModel, Field

from chainlit_app import chat
from chainlit_app.api.access import Opened, User, may
from chainlit_app.api.fields import Body, Given, Line, Text
from chainlit_app.api.resource import Resource
from chainlit_app.page import Page
from config.errors import Mendable
from graph import approvals
from graph.runtime import Runtime
from memory.effects import Effected
from privacy.consent import title_of

router = Resource(prefix="/approvals", tags=["approvals"], dependencies=[may("approvals")])


class Waiting(BaseModel):
    """Something that waits. `preview` is markdown; `editable` the arguments that may be changed, as they are now.

    `always` says what would be allowed for good, and is empty where nothing can be.
    """

    turn: str
    step: str
    agent: str
    title: str
    preview: str
    always: str
    editable: dict[str, str]
    thread: str
    conversation: str
    asked_at: str
    expires_at: str


class Changed(Body):
    """New values for arguments that may be changed."""

    arguments: dict[Line, Text] = Field(default_factory=dict, max_length=20)


class Word(Changed):
    """The user's word, with what was changed before."""

    decision: Literal["approve", "always", "reject"]


class Shown(BaseModel):
    """What would happen with changed arguments."""

    title: str
    preview: str


class Outcome(BaseModel):
    """What became of it: `state` is done, rejected, expired or performing, and `text` the agent's own markdown."""

    turn: str
    step: str
    state: str
    ok: bool
    text: str


@router.get("")
async def waiting(runtime: Opened, user: User) -> list[Waiting]:
    """Everything that waits, oldest first."""
    return [_shown(one) for one in await approvals.listed(user, runtime)]


@router.get("/{turn}/{step}")
async def one(turn: Given, step: Given, runtime: Opened, user: User) -> Waiting:
    """One question that waits."""
    await _entry(turn, step, runtime, user)
    found = await approvals.one(turn, step, user, runtime)
    if found is None:
        raise HTTPException(409, "This was decided before, or its time is over.")
    return _shown(found)


@router.post("/{turn}/{step}/preview")
async def preview(turn: Given, step: Given, changed: Changed, runtime: Opened, user: User) -> Shown:
    """What would happen with changed arguments; nothing is decided."""
    effect = await _revised(await _entry(turn, step, runtime, user), changed.arguments, runtime)
    return Shown(title=effect.title, preview=effect.preview)


@router.post("/{turn}/{step}")
async def decide(turn: Given, step: Given, word: Word, runtime: Opened, user: User) -> Outcome:
    """Give the user's word, and answer once it was carried out."""
    entry = await _entry(turn, step, runtime, user)
    if entry.state != "pending":
        raise HTTPException(409, "This was decided before.")
    await _revised(entry, word.arguments, runtime)
    task = await chat.approve(Page(entry.thread, user), turn, step, word.decision, word.arguments)
    if task is not None:
        await task
    after = await runtime.stores.effects.get(turn, step)
    if after is not None and after.state == "pending":
        raise HTTPException(409, "This conversation is at work elsewhere; wait for it, then decide again.")
    result: Mapping[str, Any] = after.result if after else {}
    state = after.state if after else "done"  # what erases everything erases its own entry
    return Outcome(turn=turn, step=step, state=state, ok=bool(result.get("ok", True)), text=result.get("text", ""))


async def _entry(turn: str, step: str, runtime: Runtime, user: str) -> Effected:
    entry = await runtime.stores.effects.get(turn, step)
    if entry is None or entry.user != user:
        raise HTTPException(404, "There is no such question.")
    return entry


async def _revised(entry: Effected, arguments: Mapping[str, str], runtime: Runtime) -> Any:
    try:
        return await approvals.revised(entry, arguments, runtime)
    except Mendable as error:
        raise HTTPException(422, str(error)) from error


def _shown(found: approvals.Approval) -> Waiting:
    asked = found.asked
    return Waiting(
        turn=asked.turn,
        step=asked.step,
        agent=asked.agent,
        title=asked.title,
        preview=asked.preview,
        always=title_of(asked.consent) if asked.consent else "",
        editable=asked.editable,
        thread=found.thread,
        conversation=found.conversation,
        asked_at=found.asked_at,
        expires_at=asked.expires_at,
    )
