"""Changes only of what one saw: ``If-Match`` on PATCH, PUT, DELETE and POST …/state, held against what GET shows now.

PATCH, If-Match "a1" ──▶ GET, by the same user ── ETag "a1" ──▶ the route      "a2" ──▶ 412
                                               └─ 404 ──▶ the route, which says so too

Changes under one address wait for each other, so that of two who saw the same only one is done.
"""

from __future__ import annotations

import asyncio
from weakref import WeakValueDictionary

from fastapi import HTTPException, Request
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chainlit_app.api.problems import problem

CHANGES = ("PATCH", "PUT", "DELETE")
STATE = "/state"
"""Where something is brought into another state: a part of its address."""
CHANGED = "It was changed since you read it: read it again, then decide."
UNKNOWN = "Its version cannot be compared, because you may not read it; leave out If-Match to change it all the same."


def version_needed(request: Request) -> None:
    """Raise HTTPException for a change that does not say what version it is of."""
    if not request.headers.get("if-match", "").strip():
        raise HTTPException(428, "Read it first, and send its ETag as If-Match, so that nobody's change is lost.")


class Unchanged:
    """ASGI middleware before `versions.Versioned`, which gives what is read its ETag."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._under_way: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        principal = scope["state"]["principal"]
        moves = scope["method"] == "POST" and scope["path"].endswith(STATE)
        if principal is None or not (moves or scope["method"] in CHANGES):
            await self.app(scope, receive, send)
            return
        path = scope["path"].removesuffix(STATE)
        lock = self._under_way.setdefault((principal.user, path), asyncio.Lock())
        known = Headers(scope=scope).get("if-match", "").strip()
        async with lock:
            if known in ("", "*"):
                await self.app(scope, receive, send)
                return
            status, tag = await self._now(scope, path)
            if status == 404 or (status == 200 and tag in [one.strip() for one in known.split(",")]):
                await self.app(scope, receive, send)
            elif status == 200:
                await problem(412, CHANGED, {"ETag": tag})(scope, receive, send)
            else:
                await problem(412, UNKNOWN)(scope, receive, send)

    async def _now(self, scope: Scope, path: str) -> tuple[int, str]:
        """How a GET of the same user is answered: status and ETag."""
        start: Message = {}

        async def nothing() -> Message:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def noted(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.update(message)

        host = [(name, value) for name, value in scope["headers"] if name == b"host"]
        asks = {"method": "GET", "path": path, "raw_path": path.encode(), "headers": host, "query_string": b""}
        await self.app({**scope, **asks}, nothing, noted)
        return start["status"], Headers(raw=start["headers"]).get("etag", "")
