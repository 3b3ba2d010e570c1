"""How much a request may bring, counted while it comes, and how long it may take to be answered."""

from __future__ import annotations

import asyncio

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chainlit_app.api.problems import problem
from config.settings import Settings

MB = 1024 * 1024
BODY = MB
"""The most bytes of a body that is no upload."""
FORM = 64 * 1024
"""Bytes that the form around an uploaded file may take."""
READ_S, WRITE_S, WORK_S = 30.0, 60.0, 900.0
"""Seconds until an answer must have begun: what only reads, what writes, and what lets agents work."""
WORK = ("/ask", "/process_request", "/approvals", "/search", "/export", "/delete", "/files", "/datasets", "/documents")


class Bounded:
    """ASGI middleware. Answers 413 and 504."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app, self.settings = app, settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        upload = headers.get("content-type", "").startswith("multipart/")
        limit = self.settings.max_file_mb * MB + FORM if upload else BODY
        too_large = f"A body may have at most {limit / MB:,.1f} MB here."
        if (length := headers.get("content-length", "")).isdigit() and int(length) > limit:
            await problem(413, too_large)(scope, receive, send)
            return
        came, begun = 0, False

        async def counted() -> Message:
            nonlocal came
            message = await receive()
            came += len(message.get("body", b""))
            if came > limit:
                raise HTTPException(413, too_large)
            return message

        async def noted(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                clock.reschedule(None)
            await send(message)

        try:
            async with asyncio.timeout(_seconds(scope)) as clock:
                await self.app(scope, counted, noted)
        except TimeoutError:
            if begun:
                raise
            await problem(504, "This took too long, so it was given up.")(scope, receive, send)


def _seconds(scope: Scope) -> float:
    if any(part in scope["path"] for part in WORK):
        return WORK_S
    return READ_S if scope["method"] == "GET" else WRITE_S
