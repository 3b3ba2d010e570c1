"""A name for every request of a program, in the log and in the answer, and an answer for what breaks unexpectedly.

`Named` stands before everything that may refuse a request, so that refusals have a name, too.
"""

from __future__ import annotations

import logging
import re

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chainlit_app.api.problems import BROKEN, problem
from memory.database import new_id
from monitoring.traces import correlate, correlation

log = logging.getLogger("freelancex.api")

PROGRAMS = ("/api/", "/v1/")
"""Where programs ask."""
HEADER = "X-Request-Id"
SANE = re.compile(r"[A-Za-z0-9._-]{8,64}")


class Named:
    """ASGI middleware for `PROGRAMS`. A name that the client gave is kept where it is a plain word."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(PROGRAMS):
            await self.app(scope, receive, send)
            return
        given = Headers(scope=scope).get(HEADER, "")
        name = given if SANE.fullmatch(given) else new_id()
        correlate(name)

        async def named(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)[HEADER] = name
            await send(message)

        await self.app(scope, receive, named)


class Unbroken:
    """ASGI middleware within the app's own, which would answer a defect with plain text."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def noted(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, receive, noted)
        except Exception:
            log.exception("the request %s broke: %s %s", correlation(), scope["method"], scope["path"])
            if begun:
                raise
            await problem(500, BROKEN)(scope, receive, send)
