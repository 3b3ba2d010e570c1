"""Versions of what is read: an ETag on every JSON answer, 304 while it says the same, and changes only of what one saw.

GET  ──▶ 200, ETag "a1"          GET, If-None-Match "a1" ──▶ 304
PATCH, If-Match "a1" ──▶ 200     PATCH, If-Match "a0"    ──▶ 412: somebody changed it meanwhile
"""

from __future__ import annotations

import hashlib

from fastapi import HTTPException, Request
from pydantic import BaseModel
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LARGEST = 4 * 1024 * 1024
"""Bytes of an answer above which it has no version."""


def tag_of(shown: BaseModel) -> str:
    """The version of something as it is shown."""
    return _tag(shown.model_dump_json().encode())


def unchanged(request: Request, shown: BaseModel, *, needed: bool = False) -> None:
    """Answer 412 when the client knows another version than this, and 428 when it `needed` to name one."""
    known = request.headers.get("if-match", "").strip()
    if not known:
        if needed:
            raise HTTPException(428, "Read it first, and send its ETag as If-Match, so that nobody's change is lost.")
        return
    if known != "*" and tag_of(shown) not in [one.strip() for one in known.split(",")]:
        raise HTTPException(
            412, "It was changed since you read it: read it again, then decide.", {"ETag": tag_of(shown)}
        )


class Versioned:
    """ASGI middleware for GET: adds the ETag where the route gave none, and leaves out a body that is known."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] != "GET":
            await self.app(scope, receive, send)
            return
        known = [one.strip().removeprefix("W/") for one in Headers(scope=scope).get("if-none-match", "").split(",")]
        start: Message | None = None
        body = bytearray()

        async def held(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start" and _told(message):
                start = message
                return
            if start is None:
                await send(message)
                return
            body.extend(message.get("body", b""))
            if len(body) > LARGEST:
                begin, start = start, None
                await send(begin)
                await send({**message, "body": bytes(body)})
            elif not message.get("more_body"):
                await _finish(start, bytes(body), known, send)

        await self.app(scope, receive, held)


def _told(start: Message) -> bool:
    kind = Headers(raw=start["headers"]).get("content-type", "")
    return start["status"] == 200 and kind.startswith("application/json")


async def _finish(start: Message, body: bytes, known: list[str], send: Send) -> None:
    headers = MutableHeaders(raw=start["headers"])
    tag = headers.setdefault("ETag", _tag(body))
    headers.setdefault("Cache-Control", "private, no-cache")
    if tag in known or known == ["*"]:
        del headers["content-length"], headers["content-type"]
        await send({**start, "status": 304, "headers": headers.raw})
        await send({"type": "http.response.body", "body": b""})
        return
    await send({**start, "headers": headers.raw})
    await send({"type": "http.response.body", "body": body})


def _tag(body: bytes) -> str:
    return f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
