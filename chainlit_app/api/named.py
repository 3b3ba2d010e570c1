"""A name for every request, in the log and in the answer, and an answer for what breaks unexpectedly."""

from __future__ import annotations

import logging
import re

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chainlit_app.api.problems import BROKEN, problem
from memory.database import new_id
from monitoring.traces import correlate

log = logging.getLogger("freelancex.api")

HEADER = "X-Request-Id"
SANE = re.compile(r"[A-Za-z0-9._-]{8,64}")


class Named:
    """ASGI middleware. A name that the client gave is kept where it is a plain word."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        given = Headers(scope=scope).get(HEADER, "")
        name = given if SANE.fullmatch(given) else new_id()
        correlate(name)
        begun = False

        async def named(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                MutableHeaders(scope=message)[HEADER] = name
            await send(message)

        try:
            await self.app(scope, receive, named)
        except Exception:
            log.exception("the request %s broke: %s %s", name, scope["method"], scope["path"])
            if begun:
                raise
            await problem(500, BROKEN)(scope, receive, named)
