"""Versions of what is read: an ETag on JSON answers that show what lies under their address, 304 while it is the same.

GET ──▶ 200, ETag "a1"     GET, If-None-Match "a1" ──▶ 304     PATCH, PUT ──▶ 200, ETag "a2": what GET would show now
"""

from __future__ import annotations

import hashlib

from pydantic import BaseModel
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SHOWS = ("GET", "PATCH", "PUT")
LARGEST = 4 * 1024 * 1024
"""Bytes of an answer above which it has no version."""


def tag_of(shown: BaseModel) -> str:
    """The version of something as it is shown, for answers that show what lies under another address."""
    return _tag(shown.model_dump_json().encode())


class Versioned:
    """ASGI middleware: adds the ETag where the route gave none, and leaves out a body of GET that is known."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] not in SHOWS:
            await self.app(scope, receive, send)
            return
        asked = Headers(scope=scope).get("if-none-match", "") if scope["method"] == "GET" else ""
        known = [one.strip().removeprefix("W/") for one in asked.split(",")]
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
