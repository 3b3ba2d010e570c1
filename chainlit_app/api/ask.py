"""A message and its reply: whole, or as a stream of events while it is written."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import Any

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from chainlit_app.api.access import Opened, User
from graph.events import (
    ApprovalNeeded,
    ArtifactReady,
    Done,
    Failed,
    Planned,
    Question,
    ReplyEvent,
    StepFinished,
    TurnStarted,
)
from graph.reply import Message, reply
from graph.runtime import Runtime
from memory.database import new_id
from memory.files import FileRef

router = APIRouter(tags=["chat"])

EVENT_STREAM = "text/event-stream"
_EVENT: TypeAdapter[Any] = TypeAdapter(Any)


class Ask(BaseModel):
    """A message. `thread` continues a conversation; `files` are ids of files uploaded before."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(min_length=1)
    thread: str | None = Field(default=None, max_length=100)
    files: list[str] = []


class Answer(BaseModel):
    """The reply. `status` is done, asking, waiting or failed; `artifacts` are files under ``/api/v1/files/{id}``."""

    thread: str
    turn: str = ""
    status: str = "failed"
    answer: str = ""
    plan: list[dict[str, Any]] = []
    findings: list[dict[str, Any]] = []
    artifacts: list[dict[str, Any]] = []
    approvals: list[dict[str, Any]] = []
    offers: list[str] = []
    seconds: float = 0.0


@router.post("/ask", responses={200: {"content": {EVENT_STREAM: {}}}}, response_model=Answer)
async def ask(asked: Ask, request: Request, runtime: Opened, user: User) -> Any:
    """Answer a message. With `Accept: text/event-stream` each event of the reply is sent as it happens."""
    thread = asked.thread or new_id()
    if await runtime.stores.conversations.owner(thread) not in (None, user):
        raise HTTPException(404, "There is no such conversation.")
    message = Message(text=asked.text, thread=thread, user=user, files=await _files(asked.files, runtime, user))
    if EVENT_STREAM in request.headers.get("accept", ""):
        return StreamingResponse(_stream(message, runtime), media_type=EVENT_STREAM)
    answer = Answer(thread=thread)
    async with aclosing(_events(message, runtime)) as events:
        async for event in events:
            _add(answer, event)
    return answer


async def _files(ids: list[str], runtime: Runtime, user: str) -> tuple[FileRef, ...]:
    found = [await runtime.stores.files.get(id, user=user) for id in ids]
    if None in found:
        raise HTTPException(404, "One of these files does not exist: upload it first.")
    return tuple(file for file in found if file is not None)


def _events(message: Message, runtime: Runtime) -> AsyncGenerator[ReplyEvent, None]:
    return reply(message, runtime)


async def _stream(message: Message, runtime: Runtime) -> AsyncIterator[str]:
    yield f"event: Thread\ndata: {json.dumps({'thread': message.thread})}\n\n"
    async with aclosing(_events(message, runtime)) as events:
        async for event in events:
            yield f"event: {type(event).__name__}\ndata: {_EVENT.dump_json(event).decode()}\n\n"


def _add(answer: Answer, event: ReplyEvent) -> None:
    match event:
        case TurnStarted():
            answer.turn = event.turn
        case Planned():
            answer.plan = list(event.steps)
        case StepFinished():
            answer.findings.append(_EVENT.dump_python(event.finding, mode="json"))
        case ArtifactReady():
            made = event.artifact
            answer.artifacts.append(
                {"id": made.id, "name": made.name, "mime": made.mime, "url": f"/api/v1/files/{made.id}"}
            )
        case ApprovalNeeded():
            answer.status = "waiting"
            answer.approvals.append(_EVENT.dump_python(event, mode="json"))
        case Question():
            answer.status, answer.answer, answer.offers = "asking", event.text, list(event.offers)
        case Done():
            answer.status, answer.answer, answer.offers = "done", event.text, list(event.offers)
            answer.seconds = round(event.seconds, 3)
        case Failed():
            answer.status, answer.answer = "failed", event.message
        case _:
            pass
