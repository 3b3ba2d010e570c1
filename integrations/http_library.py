"""The one way out, in the shape of an httpx transport, for libraries that bring their own httpx client."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

import httpx

from integrations.http_messages import Ask, Errand

if TYPE_CHECKING:
    from integrations.http import HttpClient
    from integrations.http_stream import Exchange

OURS = {"host", "connection", "content-length", "transfer-encoding", "accept-encoding", "user-agent"}
"""Headers that this client sets itself."""


class LibraryTransport(httpx.AsyncBaseTransport):
    """Sends a library's requests through `HttpClient`: same checks, limits and log. Raises HttpError, not httpx's.

    Any status is passed on, for the library to make sense of. Redirects come back here as requests of their own.
    """

    def __init__(self, http: HttpClient, errand: Errand, ask: Ask) -> None:
        self._http = http
        self._errand = errand
        self._ask = ask

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        async with AsyncExitStack() as opened:
            exchange = await opened.enter_async_context(
                self._http.exchange(
                    request.method,
                    str(request.url),
                    self._errand,
                    self._ask,
                    headers={name: value for name, value in request.headers.items() if name not in OURS},
                    body=await request.aread(),
                )
            )
            headers = [
                (name, value)
                for name, value in exchange.response.headers.multi_items()
                if name not in ("content-encoding", "content-length")  # the body is decoded already
            ]
            body = _Body(exchange, opened.pop_all())
            return httpx.Response(exchange.response.status_code, headers=headers, stream=body, request=request)
        raise AssertionError("unreachable")


class _Body(httpx.AsyncByteStream):
    def __init__(self, exchange: Exchange, opened: AsyncExitStack) -> None:
        self._exchange = exchange
        self._opened = opened

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._exchange.parts()

    async def aclose(self) -> None:
        await self._opened.aclose()
