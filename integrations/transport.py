"""The wire beneath `http.py`: looks a name up once, checks every address it has, and connects to the one checked.

The check sits where the connection is made, so no redirect, no second look-up and no way of writing an address can go
around it. Host header and TLS name stay those of the URL. Proxies in the environment are not looked at, and there is
no cookie jar.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Collection, Iterable, Mapping
from typing import Any

import httpcore
import httpx

from integrations.http_errors import Refused
from privacy.egress import PORTS, Target, is_public


class CheckedNetwork(httpcore.AsyncNetworkBackend):
    """Opens connections to public addresses, and to `own` hosts (``host`` or ``host:port``) wherever they are."""

    def __init__(self, own: Collection[str]) -> None:
        self._own = own
        self._tcp = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's signature
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to the first address that answers. Raises Refused when any address of the host is not public."""
        try:
            found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(str(error)) from error
        addresses = list(dict.fromkeys(str(info[4][0]) for info in found))
        if host not in self._own and f"{host}:{port}" not in self._own:
            for address in addresses:
                if not is_public(address):
                    raise Refused(f"{host} leads to {address}, which is not on the public internet.")
        failure: Exception = httpcore.ConnectError("the name has no address")
        for address in addresses:
            try:
                return await self._tcp.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's signature
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        raise Refused("Sockets of this machine are not opened.")

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class _Body(httpx.AsyncByteStream):
    def __init__(self, stream: Any) -> None:
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for part in self._stream:
            yield part

    async def aclose(self) -> None:
        await self._stream.aclose()


class CheckedTransport(httpx.AsyncBaseTransport):
    """An httpx transport over `CheckedNetwork`. Raises httpcore's errors, and Refused."""

    def __init__(self, own: Collection[str]) -> None:
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=_tls(), network_backend=CheckedNetwork(own), max_connections=50, keepalive_expiry=10
        )

    @staticmethod
    def request(
        target: Target,
        method: str,
        url: str,
        params: Mapping[str, str | int] | None,
        headers: Mapping[str, str],
        body: bytes = b"",
    ) -> httpx.Request:
        """A request to `target`, so that nobody else needs httpx. Raises Refused when httpx reads the URL otherwise."""
        try:
            request = httpx.Request(method, url, params=params, headers=dict(headers), content=body or None)
            scheme, host, port = request.url.scheme, request.url.host.rstrip(".").lower(), request.url.port
        except (httpx.InvalidURL, UnicodeError) as error:
            raise Refused("The address is not well formed.") from error
        if (scheme, host, PORTS.get(scheme) if port is None else port) != (target.scheme, target.host, target.port):
            raise Refused("The address is written in a way that can be read as two.")
        return request

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        reply = await self._pool.handle_async_request(
            httpcore.Request(
                request.method,
                httpcore.URL(
                    scheme=request.url.raw_scheme,
                    host=request.url.raw_host,
                    port=request.url.port,
                    target=request.url.raw_path,
                ),
                headers=request.headers.raw,
                content=request.stream,
                extensions=request.extensions,
            )
        )
        return httpx.Response(reply.status, headers=reply.headers, stream=_Body(reply.stream), request=request)

    async def aclose(self) -> None:
        await self._pool.aclose()


def _tls() -> ssl.SSLContext:
    return httpx.create_ssl_context(trust_env=False)
