"""Signs the user in with the first page: there is one user, so a page that asks who it is would ask in vain.

Chainlit keeps conversations only for someone who is signed in. Without this its page would first be refused, go to the
sign-in page, and come back.
"""

from __future__ import annotations

import os

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class SignedIn:
    """ASGI middleware that gives HTML pages the cookie Chainlit asks for, where the browser has none."""

    def __init__(self, app: ASGIApp, user: str) -> None:
        self.app = app
        self.user = user

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        name = os.environ["CHAINLIT_AUTH_COOKIE_NAME"]
        if scope["type"] != "http" or f"{name}=" in Headers(scope=scope).get("cookie", ""):
            return await self.app(scope, receive, send)

        async def send_signed_in(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if headers.get("content-type", "").startswith("text/html"):
                    headers.append("set-cookie", f"{name}={self._token()}; Path=/; HttpOnly; SameSite=Strict")
            await send(message)

        return await self.app(scope, receive, send_signed_in)

    def _token(self) -> str:
        from chainlit.auth import create_jwt
        from chainlit.user import User

        token: str = create_jwt(User(identifier=self.user, display_name="You"))
        return token
