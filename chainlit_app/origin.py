"""Keeps other pages in the same browser out: every request must name this server and come from its own page.

A page on another site can send requests to 127.0.0.1, and one on another port of this machine even counts as the same
site. So Host is checked (which also stops DNS rebinding), then Origin and Sec-Fetch-Site, on HTTP and WebSocket alike.
Programs that are not browsers send neither Origin nor Sec-Fetch-Site and pass.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from urllib.parse import quote, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

PLAIN = bytes(range(0x21, 0x7F)).decode()
"""The characters of an address; whatever else a client puts into its query is written as ``%93``, as browsers do."""
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")

REFUSED = b'{"detail":"This request does not come from the FreelanceX page. Open the address FreelanceX printed."}'

PROGRAM = ("/assets/", "/public/", "/logo", "/favicon", "/avatars/")
"""Where what the page is made of lies: nothing there is the user's."""
HSTS = "max-age=31536000; includeSubDomains"
SAFE_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), payment=(), usb=()",
}


def hosts_of(host: str, port: int, trusted: str = "") -> frozenset[str]:
    """The values of Host that mean this server: the loopback names and `host` itself, with the port.

    And the names it is `trusted` to be reached by, parted by commas, as they stand (a proxy has a port of its own).
    """
    names = {*LOOPBACK, f"[{host}]" if ":" in host and not host.startswith("[") else host.lower()}
    with_port = {f"{name}:{port}" for name in names}
    with_port |= {one.strip().lower() for one in trusted.split(",") if one.strip()}
    return frozenset(with_port | names) if port in (80, 443) else frozenset(with_port)


class OwnPageOnly:
    """ASGI middleware that answers 403 (or closes the socket) to what does not come from one of `hosts`."""

    def __init__(
        self, app: ASGIApp, hosts: Iterable[str], policy: str, by_https: Callable[[Scope], bool] = lambda _: False
    ) -> None:
        self.app = app
        self.hosts = frozenset(hosts)
        self.policy = policy
        self.by_https = by_https

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            return await self.app(scope, receive, send)
        if not self._is_own(scope):
            return await _refuse(scope, receive, send)
        scope["query_string"] = quote(scope["query_string"], safe=PLAIN).encode()

        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SAFE_HEADERS.items():
                    headers[name] = value
                headers.setdefault("X-Frame-Options", "DENY")
                if self.by_https(scope):
                    headers["Strict-Transport-Security"] = HSTS
                headers.setdefault("Content-Security-Policy", self.policy)
                if not scope.get("path", "").startswith(PROGRAM):  # the program may be kept by the browser, words not
                    headers["Cache-Control"] = "no-store"
            await send(message)

        return await self.app(scope, receive, send_safely)

    def _is_own(self, scope: Scope) -> bool:
        headers = Headers(scope=scope)
        if headers.get("host", "").lower() not in self.hosts:
            return False
        origin = headers.get("origin")
        if origin is not None and not self._is_own_origin(origin):
            return False
        if headers.get("sec-fetch-site", "none") in ("same-origin", "none"):
            return True
        # Following a link to the page is harmless: nothing is answered to the page that holds the link.
        return (
            scope["type"] == "http"
            and scope["method"] == "GET"
            and headers.get("sec-fetch-mode") == "navigate"
            and headers.get("sec-fetch-dest") == "document"
        )

    def _is_own_origin(self, origin: str) -> bool:
        parts = urlsplit(origin)
        return parts.scheme in ("http", "https") and parts.netloc.lower() in self.hosts


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008, "reason": "foreign origin"})
        return
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(REFUSED)).encode())]
    await send({"type": "http.response.start", "status": 403, "headers": headers})
    await send({"type": "http.response.body", "body": REFUSED})
