"""A reply as a program takes it: put together from the events of which it consists, or sent on event by event."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from typing import Any, Literal

from fastapi import Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, TypeAdapter

from chainlit_app.api.apart import KEEP_ALIVE, UNHELD, apart
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
from integrations.models.refused import refusals

EVENT_STREAM = "text/event-stream"
STREAMED: dict[int | str, dict[str, Any]] = {
    200: {"content": {EVENT_STREAM: {"schema": {"type": "string"}}}},
    202: {"description": "Something waits for the user's word: see `approvals`."},
}
"""How an operation tells of its answers."""
_EVENT: TypeAdapter[Any] = TypeAdapter(Any)

Events = AsyncGenerator[ReplyEvent, None]


class Made(BaseModel):
    """A file that was made, to be had under `url`."""

    id: str
    name: str
    mime: str
    url: str


class Answer(BaseModel):
    """The reply. `findings` hold what each agent found, as data and as markdown; `approvals` wait for the user."""

    thread: str
    turn: str = ""
    status: Literal["running", "done", "asking", "waiting", "failed", "stopped", "unfinished"] = "failed"
    answer: str = ""
    plan: list[dict[str, Any]] = []
    findings: list[dict[str, Any]] = []
    artifacts: list[Made] = []
    approvals: list[dict[str, Any]] = []
    offers: list[str] = []
    seconds: float = 0.0


async def respond(request: Request, response: Response, thread: str, events: Events) -> Any:
    """The reply as it was asked for: as a whole, 202 where something waits; or as a stream of events."""
    if EVENT_STREAM in request.headers.get("accept", ""):
        return StreamingResponse(_stream(thread, events), headers=UNHELD, media_type=EVENT_STREAM)
    answer = await whole(thread, events)
    if answer.status == "waiting":
        response.status_code = 202
    return answer


async def whole(thread: str, events: Events) -> Answer:
    """The reply once it is complete. Raises Busy."""
    answer = Answer(thread=thread)
    async with busy_told(answer), aclosing(events):
        async for event in events:
            add(answer, event)
    return answer


@asynccontextmanager
async def busy_told(answer: Answer) -> AsyncIterator[None]:
    """Raise Busy at the end where a model had too many questions waiting, and nothing was found without it."""
    with refusals() as refused:
        yield
    if refused and answer.status in ("done", "failed") and not any(one["ok"] for one in answer.findings):
        raise refused[-1]


async def _stream(thread: str, events: Events) -> AsyncIterator[str]:
    yield f"event: Thread\ndata: {json.dumps({'thread': thread})}\n\n"
    async with aclosing(apart(events)) as coming:
        async for event in coming:
            if event is None:
                yield KEEP_ALIVE
                continue
            yield f"event: {type(event).__name__}\ndata: {_EVENT.dump_json(event).decode()}\n\n"


def add(answer: Answer, event: ReplyEvent) -> None:
    """Put an event into its answer."""
    match event:
        case TurnStarted():
            answer.turn, answer.status = event.turn, "running"
        case Planned():
            answer.plan = list(event.steps)
        case StepFinished():
            answer.findings.append(_EVENT.dump_python(event.finding, mode="json"))
        case ArtifactReady():
            made = event.artifact
            answer.artifacts.append(Made(id=made.id, name=made.name, mime=made.mime, url=f"/api/v1/files/{made.id}"))
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
