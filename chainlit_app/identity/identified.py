"""Says of every request and socket who it comes from: ``scope["state"]["principal"]``."""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send

from privacy.access.principal import LOCAL


class Identified:
    """ASGI middleware that puts the principal where routes and sockets look for it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in ("http", "websocket"):
            scope.setdefault("state", {})["principal"] = LOCAL
        await self.app(scope, receive, send)
