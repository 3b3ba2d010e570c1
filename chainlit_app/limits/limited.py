"""Holds requests of programs and messages of the chat to the rates of whoever asks; answers say how much is left.

Identified ─▶ Limited ─▶ the routes
                └─ over ─▶ 429 with Retry-After; a socket is not opened; in the chat, one sentence
"""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chainlit_app.api.named import PROGRAMS
from chainlit_app.api.openai_words import wrong
from chainlit_app.api.problems import problem
from chainlit_app.limits.rates import Kind, Rates, Verdict
from privacy.access.principal import Principal

CHAT = ("/ask", "/process_request", "/chat/completions")
SIGN_IN = ("/auth/", "/sign-in", "/invited/", "/password", "/second-factor")
FREE = "/api/v1/health"
"""Asked by whoever watches over the server."""

TOO_SOON = "Too many {what} at once: there is room again in {seconds} s."


async def too_soon(rates: Rates, user: str) -> str:
    """Count a message of the chat; says why it is not taken now, nothing where it is."""
    verdict = await rates.take("chat", Principal(user, user, "member"))
    if verdict is None or verdict.passes:
        return ""
    return TOO_SOON.format(what="messages", seconds=verdict.seconds)


class Limited:
    """ASGI middleware."""

    def __init__(self, app: ASGIApp, rates: Rates) -> None:
        self.app, self._rates = app, rates

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        kind = kind_of(scope)
        verdict = await self._rates.take(kind, _asking(scope)) if kind else None
        if verdict is None:
            return await self.app(scope, receive, send)
        if not verdict.passes:
            return await _refuse(verdict, scope, receive, send)
        headers = verdict.headers

        async def say(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(headers)
            await send(message)

        return await self.app(scope, receive, say)


def kind_of(scope: Scope) -> Kind | None:
    """Which rate a request counts for; None for what is not counted."""
    if scope["type"] not in ("http", "websocket"):
        return None
    path, method = scope["path"], scope.get("method", "GET")
    if method == "POST" and any(part in path for part in SIGN_IN):
        return "sign_in"
    if not path.startswith(PROGRAMS) or path.startswith(FREE):
        return None
    if method == "POST" and path.endswith(CHAT):
        return "chat"
    return "read" if method in ("GET", "HEAD") else "write"


def _asking(scope: Scope) -> Principal | str:
    found: Principal | None = scope.get("state", {}).get("principal")
    return found or str((scope.get("client") or ("",))[0])


async def _refuse(verdict: Verdict, scope: Scope, receive: Receive, send: Send) -> None:
    detail = TOO_SOON.format(what="requests", seconds=verdict.seconds)
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1013, "reason": detail})
    elif scope["path"].startswith("/v1/"):
        await wrong(429, detail, "rate_limit_exceeded", verdict.headers)(scope, receive, send)
    else:
        await problem(429, detail, verdict.headers)(scope, receive, send)
