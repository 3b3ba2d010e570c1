"""Chat completions in OpenAI's shape, so that any client of that API can use FreelanceX: the same replies as the chat.

POST /v1/chat/completions     whole or streamed; what needs the user's word is said in words, with where to give it
GET  /v1/models               freelancex, and each assistant
"""

from __future__ import annotations

import logging
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Coroutine
from contextlib import aclosing
from typing import Any

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse
from fastapi.routing import APIRoute
from pydantic import ValidationError

from chainlit_app.api.access import Opened, User, may
from chainlit_app.api.answers import Answer, add, busy_told
from chainlit_app.api.apart import KEEP_ALIVE, UNHELD, apart
from chainlit_app.api.openai_words import Asked, completion, line, piece, usage, wrong
from chainlit_app.api.problems import AGAIN_S, waiting
from chainlit_app.api.stateless import conversation, files_of
from graph.events import ApprovalNeeded, ArtifactReady, Failed, Question, ReplyEvent, StepProgress, Token, Waiting
from graph.planner.talk import phrases
from graph.reply import Message, reply
from graph.runtime import Runtime
from integrations.models.backend import Busy
from memory.assistants import Assistant, by_key
from memory.trouble import StorageTrouble

log = logging.getLogger("freelancex.api")

OWN = "freelancex"
MOST = 64 * 1024 * 1024
"""The most bytes of a request; files lie in it as text."""
WAITS = (
    "\n\n**This waits for your word: {title}**\n\n{preview}\n\n"
    "Decide in the chat, or by POST /api/v1/approvals/{turn}/{step}."
)


class InTheirWords(APIRoute):
    """A route whose errors are told in OpenAI's shape."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def told(request: Request) -> Response:
            try:
                return await handle(request)
            except HTTPException as error:
                return wrong(error.status_code, str(error.detail), headers=error.headers)
            except StorageTrouble as error:
                return wrong(503, str(error), headers={"Retry-After": AGAIN_S})
            except Busy as error:
                return wrong(waiting(own=error.own), str(error), headers={"Retry-After": AGAIN_S})
            except Exception:
                log.exception("a completion broke")
                return wrong(500, phrases()["failed"])

        return told


router = APIRouter(prefix="/v1", route_class=InTheirWords, include_in_schema=False, dependencies=[may("chat")])


@router.post("/chat/completions")
async def complete(request: Request, runtime: Opened, user: User) -> Response:
    """Answer the last message of a conversation."""
    asked = await _read(request)
    last = asked.messages[-1]
    if last.role != "user":
        raise HTTPException(400, "The last message must be the user's.")
    command = "" if asked.model == OWN else (await named(asked.model, user, runtime)).command
    files = await files_of(last, user, runtime)
    thread = await conversation(asked, user, runtime)
    message = Message(text=last.text, thread=thread, user=user, files=files, command=command)
    if asked.stream:
        counted = bool(asked.stream_options and asked.stream_options.include_usage)
        events = reply(message, runtime)
        told = pieces(asked, thread, events, counted)
        return StreamingResponse(told, headers=UNHELD, media_type="text/event-stream")
    return await _whole(asked, thread, reply(message, runtime))


@router.get("/models")
async def list_models(runtime: Opened, user: User) -> Any:
    """What can be asked."""
    found = await models(user, runtime)
    return {"object": "list", "data": [_model(name, one) for name, one in found.items()]}


@router.get("/models/{name}")
async def get_model(name: str, runtime: Opened, user: User) -> Any:
    """One of them."""
    return _model(name, None if name == OWN else await named(name, user, runtime))


async def models(user: str, runtime: Runtime) -> dict[str, Assistant | None]:
    """What a user can ask by name: FreelanceX itself, and each assistant."""
    return {OWN: None, **by_key(await runtime.stores.assistants.usable(user))}


async def named(name: str, user: str, runtime: Runtime) -> Assistant:
    """The assistant of a name. Raises HTTPException."""
    if found := (await models(user, runtime)).get(name):
        return found
    raise HTTPException(404, f"There is no model {name[:60]}; GET /v1/models lists what there is.")


async def _read(request: Request) -> Asked:
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MOST:
            raise HTTPException(413, f"A request may have at most {MOST >> 20} MB here.")
    try:
        asked = Asked.model_validate_json(bytes(body))
    except ValidationError as error:
        first = error.errors()[0]
        raise HTTPException(400, f"{'.'.join(map(str, first['loc'])) or 'body'}: {first['msg']}") from None
    if asked.tools:
        raise HTTPException(400, "tools: FreelanceX uses its own tools; it does not call yours.")
    if asked.n not in (None, 1):
        raise HTTPException(400, "n: there is one answer to a message.")
    if asked.response_format and asked.response_format.type != "text":
        raise HTTPException(400, "response_format: answers are text; for data, ask /api/v1.")
    return asked


async def _whole(asked: Asked, thread: str, events: AsyncGenerator[ReplyEvent, None]) -> Response:
    answer, extra = Answer(thread=thread), ""
    async with busy_told(answer), aclosing(events):
        async for event in events:
            add(answer, event)
            extra += _beside(event)
            if isinstance(event, Failed):
                return _failed(event)
    text = (answer.answer + extra).strip()
    more = answer.model_dump(include={"thread", "turn", "status", "artifacts", "approvals", "offers"}, mode="json")
    counted = usage("\n".join(one.text for one in asked.messages), text)
    return JSONResponse(completion(_id(answer.turn), asked.model, int(time.time()), text, counted, more))


async def pieces(
    asked: Asked, thread: str, events: AsyncGenerator[ReplyEvent, None], counted: bool
) -> AsyncIterator[str]:
    """The answer as it is written, in OpenAI's shape; with `counted`, how long it was at the end."""
    answer, at, said = Answer(thread=thread), int(time.time()), ""
    began = False
    async with aclosing(apart(events)) as coming:
        async for event in coming:
            if event is None:
                yield KEEP_ALIVE
                continue
            add(answer, event)
            id = _id(answer.turn)
            if isinstance(event, Failed):
                yield line(_error(event))
                yield "data: [DONE]\n\n"
                return
            if not began:
                began = True
                yield piece(id, asked.model, at, {"role": "assistant", "content": ""}, freelancex={"thread": thread})
            if isinstance(event, StepProgress | Waiting):
                yield ": " + " ".join(event.text.split()) + "\n\n"  # a comment: it keeps the line open
            text = event.text if isinstance(event, Token | Question) else _beside(event)
            if text:
                said += text
                yield piece(id, asked.model, at, {"content": text})
    more = answer.model_dump(include={"thread", "turn", "status", "artifacts", "approvals", "offers"}, mode="json")
    yield piece(_id(answer.turn), asked.model, at, {}, "stop", freelancex=more)
    if counted:
        shape = {"id": _id(answer.turn), "object": "chat.completion.chunk", "created": at, "model": asked.model}
        yield line({**shape, "choices": [], "usage": usage("\n".join(one.text for one in asked.messages), said)})
    yield "data: [DONE]\n\n"


def _beside(event: ReplyEvent) -> str:
    """What a client that knows only text is told of a file or a question that waits."""
    match event:
        case ApprovalNeeded():
            return WAITS.format(title=event.title, preview=event.preview, turn=event.turn, step=event.step)
        case ArtifactReady():
            return f"\n\n[{event.artifact.name}](/api/v1/files/{event.artifact.id})\n\n"
    return ""


def _failed(event: Failed) -> Response:
    return wrong(_status(event), event.message)


def _error(event: Failed) -> dict[str, Any]:
    kind = "server_error" if _status(event) == 500 else "invalid_request_error"
    return {"error": {"message": event.message, "type": kind, "param": None, "code": None}}


def _status(event: Failed) -> int:
    said = phrases()
    if event.message == said["failed"]:
        return 500
    return 409 if event.message == said["refusals"]["busy"] else 400


def _id(turn: str) -> str:
    return f"chatcmpl-{turn}"


def _model(name: str, helper: Assistant | None) -> dict[str, Any]:
    made = int(helper.made_at.timestamp()) if helper else 0
    return {"id": name, "object": "model", "created": made, "owned_by": helper.user if helper else OWN}
