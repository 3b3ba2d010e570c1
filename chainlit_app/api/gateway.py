"""What every request under ``/api/`` passes, and what answers where no route does.

Unbroken ─▶ GZip ─▶ Bounded ─▶ Once ─▶ Unchanged ─▶ Versioned ─▶ the routes
                                                                  └─ nothing there: 404, or 405 with what is allowed
"""

from __future__ import annotations

from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.routing import Mount, compile_path
from starlette.types import ASGIApp, Receive, Scope, Send

from chainlit_app.api.bounded import Bounded
from chainlit_app.api.named import Unbroken
from chainlit_app.api.once import Once
from chainlit_app.api.openai_words import wrong
from chainlit_app.api.openapi import describe
from chainlit_app.api.problems import problem, tell_problems
from chainlit_app.api.unchanged import Unchanged
from chainlit_app.api.versions import Versioned
from chainlit_app.api.work import Works
from config.settings import Settings

PREFIX = "/api/"
NOT_SERVED = "Of OpenAI's API, FreelanceX serves /v1/chat/completions and /v1/models."
SMALL = 1_000
"""Bytes of an answer below which compressing it gains nothing."""


def open_gateway(app: FastAPI, settings: Settings) -> None:
    """Give an app the conventions of the API. Call it once all its routes under ``/api/`` are there."""
    tell_problems(app)
    describe(app)
    app.state.works = Works()
    app.add_middleware(Gateway, settings=settings)
    app.router.routes.append(Mount(PREFIX.rstrip("/"), Nowhere(app)))
    app.router.routes.append(Mount("/v1", wrong(404, NOT_SERVED)))


class Gateway:
    """ASGI middleware for HTTP under ``/api/``; everything else passes as it is."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        inner = Bounded(Once(Unchanged(Versioned(app))), settings)
        self._plain = Unbroken(inner)
        self._packed = Unbroken(GZipMiddleware(inner, SMALL, compresslevel=5))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(PREFIX):
            await self.app(scope, receive, send)
        elif "/files/" in scope["path"]:  # most are compressed already, and players ask for parts of them
            await self._plain(scope, receive, send)
        else:
            await self._packed(scope, receive, send)


class Nowhere:
    """ASGI app for paths without a route, and for ways of asking that a route does not take."""

    def __init__(self, app: FastAPI) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = Request(scope).url.path
        allowed: set[str] = set()
        for template, operations in self._app.openapi()["paths"].items():
            if compile_path(template)[0].match(path):
                allowed |= {method.upper() for method in operations}
        if not allowed:
            answer = problem(404, "There is nothing under this address; /api/docs lists what there is.")
        else:
            named = ", ".join(sorted(allowed))
            answer = problem(405, f"This address takes {named}.", {"Allow": named})
        await answer(scope, receive, send)
