"""Says of every request and socket who it comes from: ``scope["state"]["principal"]``.

What is not public is not answered to those nobody knows: a page asks them to sign in, a program is told 401. Where the
token of a browser is older than ten minutes, its refresh token is taken for the next pair along the way.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chainlit_app.api.openai_words import wrong
from chainlit_app.api.problems import problem
from chainlit_app.identity.door import Door
from chainlit_app.identity.proxied import TwoNames, name_in
from privacy.access.keys import PREFIX
from privacy.access.policy import is_public
from privacy.access.principal import LOCAL, Principal

SIGN_IN = "/sign-in"


@dataclass(frozen=True)
class Proved:
    """Who asks, if that was proved, and cookies for their browser. `refused` is why what was shown does not count."""

    principal: Principal | None = None
    cookies: tuple[str, ...] = ()
    refused: str = ""


class Identified:
    """ASGI middleware that puts the principal where routes and sockets look for it."""

    def __init__(self, app: ASGIApp, door: Door) -> None:
        self.app = app
        self.door = door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        public = is_public(scope["path"])
        proved = await self.prove(scope)
        if proved.principal is None and not public:
            await _refuse(scope, receive, send, proved)
            return
        scope.setdefault("state", {})["principal"] = proved.principal

        async def send_cookies(message: Message) -> None:
            if message["type"] in ("http.response.start", "websocket.accept"):
                headers = MutableHeaders(scope=message)
                if not any(one.startswith(self.door.cookies(scope).access) for one in headers.getlist("set-cookie")):
                    for cookie in proved.cookies:
                        headers.append("set-cookie", cookie)
            await send(message)

        await self.app(scope, receive, send_cookies if proved.cookies else send)

    async def prove(self, scope: Scope) -> Proved:
        """Who a request or a socket comes from, by the first thing it shows."""
        headers, settings = Headers(scope=scope), self.door.settings
        kind, _, shown = headers.get("authorization", "").partition(" ")
        shown = shown.strip()
        if kind.lower() == "bearer" and shown.startswith(PREFIX):
            return _of(await self.door.by_key(shown), "This key does not count: it was ended, is too old, or is none.")
        if settings.auth == "none":
            return Proved(LOCAL)
        if kind.lower() == "bearer":
            return _of(await self.door.by_access(shown), "This token does not count any more: sign in again.")
        if settings.auth == "header":
            try:
                name = name_in(scope, settings.auth_header, settings.trusted_proxies)
            except TwoNames as error:
                return Proved(refused=str(error))
            return _of(await self.door.by_name(name) if name else None, "The proxy in front names nobody known here.")
        return await self._by_cookie(scope, cookie_parser(headers.get("cookie", "")))

    async def _by_cookie(self, scope: Scope, sent: dict[str, str]) -> Proved:
        cookies = self.door.cookies(scope)
        access, refresh = sent.get(cookies.access, ""), sent.get(cookies.refresh, "")
        if access and (found := await self.door.by_access(access)):
            return Proved(found)
        if not refresh:
            return Proved()
        if scope["type"] == "websocket":
            return Proved(await self.door.by_refresh(refresh))
        pair = await self.door.renew(refresh)
        found = await self.door.by_access(pair.access) if pair else None
        if pair is None or found is None:
            return Proved(cookies=tuple(cookies.taken()))
        return Proved(found, tuple(cookies.given(pair) if pair.refresh else cookies.renewed(pair.access)))


def _of(principal: Principal | None, why_not: str) -> Proved:
    return Proved(principal, refused="" if principal else why_not)


async def _refuse(scope: Scope, receive: Receive, send: Send, proved: Proved) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008, "reason": "sign in first"})
        return
    headers = Headers(scope=scope)
    reads = scope["method"] in ("GET", "HEAD") and "text/html" in headers.get("accept", "")
    answer: Response
    if reads and not proved.refused:
        asked = scope["path"] + (f"?{scope['query_string'].decode('latin-1')}" if scope["query_string"] else "")
        answer = RedirectResponse(f"{SIGN_IN}?next={quote(asked, safe='')}", 303)
    else:
        why = proved.refused or f"Sign in at {SIGN_IN}, or send a key: Authorization: Bearer {PREFIX}…"
        refusal = wrong if scope["path"].startswith("/v1/") else problem
        answer = refusal(401, why, headers={"WWW-Authenticate": 'Bearer realm="FreelanceX"'})
    for cookie in proved.cookies:
        answer.headers.append("set-cookie", cookie)
    await answer(scope, receive, send)
