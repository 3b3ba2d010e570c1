"""The browser's only way out: a proxy on loopback that lets through what the client itself would open.

    browser ──GET http://…──▶ checked ─▶ the client (guard, limits, log) ─▶ reply
            ──CONNECT host──▶ checked ─▶ a connection to the address that was checked, bytes counted and capped

A page may fetch from anywhere public, as in any browser, but never from this machine, this network, or a server of the
user's own, unless the page itself is one.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Coroutine
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from integrations.host_limits import HostLimit
from integrations.http_errors import HttpError, NotSent, Refused, TooLarge, Unreachable
from integrations.http_messages import Ask, Errand, Traffic

if TYPE_CHECKING:
    from types import TracebackType

    import httpcore

    from integrations.http import HttpClient
    from privacy.egress import Target

MAX_TOTAL = 30 * 1024 * 1024
"""The most bytes one page may bring."""
SECONDS = 20.0
ASK = Ask(accept=(), max_bytes=8 * 1024 * 1024, seconds=15, retries=0, limit=HostLimit(at_once=4))
BROWSERS_OWN = re.compile(
    r"^(?:accounts|clients\d*|update|android\.clients|mtalk|tools|redirector|www)\.google(?:apis)?\.com$"
    r"|(?:^|\.)gvt[12]\.com$|^(?:update|safebrowsing|optimizationguide-pa|content-autofill|chromewebstore|clientservices)"
    r"\.googleapis\.com$"
)
"""Whom a browser asks on its own account, whatever its flags say. Nobody agreed to that."""
PASSED = ("accept", "accept-language", "origin", "range", "x-requested-with")
HOP = frozenset(
    "connection keep-alive proxy-authenticate proxy-connection te trailer transfer-encoding upgrade content-length "
    "content-encoding alt-svc".split()
)


class FilteringProxy:
    """Open while its block runs; `port` is where it listens on 127.0.0.1. `page` is the address being shown."""

    def __init__(self, http: HttpClient, errand: Errand, page: str) -> None:
        self._http = http
        self._errand = errand
        self._origin = urlsplit(page).netloc
        self._left = MAX_TOTAL
        self._server: asyncio.Server | None = None
        self._running: set[asyncio.Task[None]] = set()
        self.port = 0

    async def __aenter__(self) -> FilteringProxy:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=64 * 1024)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.close()
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._running.add(task)
        try:
            async with asyncio.timeout(SECONDS):
                await self._answer(reader, writer)
        except NotSent:
            await _say(writer, 403, "Forbidden")
        except (HttpError, TimeoutError):
            await _say(writer, 502, "Bad Gateway")
        except (ValueError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            await _say(writer, 400, "Bad Request")
        except ConnectionError:
            pass  # the browser has gone
        finally:
            self._running.discard(task)
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        first, *lines = head.rstrip().split("\r\n")
        method, target, _ = first.split(" ")
        if method == "CONNECT":
            await self._tunnel(target, reader, writer)
        elif method in ("GET", "HEAD"):
            given = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
            await self._forward(method, target, {name: given[name] for name in PASSED if name in given}, writer)
        else:
            raise Refused("A page that is only read sends nothing.")

    async def _checked(self, url: str) -> Target:
        if BROWSERS_OWN.search((urlsplit(url).hostname or "").lower()):
            raise Refused("The browser asks nobody on its own account.")
        target = await self._http.check(url, self._errand)
        if self._http.owns(target) and not target.among({self._origin}):
            raise Refused("A page may not open a server of yours.")
        return target

    async def _forward(self, method: str, url: str, headers: dict[str, str], writer: asyncio.StreamWriter) -> None:
        await self._checked(url)
        async with self._http.exchange(method, url, self._errand, ASK, headers=headers, body=b"") as exchange:
            reply = exchange.response
            kept = [(name, value) for name, value in reply.headers.multi_items() if name.lower() not in HOP]
            top = "".join(f"{name}: {value}\r\n" for name, value in kept)
            writer.write(f"HTTP/1.1 {reply.status_code} -\r\n{top}Connection: close\r\n\r\n".encode("latin-1"))
            async for part in exchange.parts():
                self._count(len(part))
                writer.write(part)
                await writer.drain()

    async def _tunnel(self, place: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        import httpcore

        from integrations.transport import CheckedNetwork

        target = await self._checked(f"https://{place}/")
        own = {f"{target.host}:{target.port}"} if self._http.opens(target) else set()
        async with self._http.other("CONNECT", target.host, self._errand) as traffic:
            try:
                away = await CheckedNetwork(own).connect_tcp(target.host, target.port, timeout=10)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                raise Unreachable(f"{target.host} cannot be reached.") from error
            try:
                writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
                await writer.drain()
                await _first(self._out(reader, away, traffic), self._back(away, writer, traffic))
            finally:
                await away.aclose()

    async def _out(self, reader: asyncio.StreamReader, away: httpcore.AsyncNetworkStream, traffic: Traffic) -> None:
        while part := await reader.read(65_536):
            traffic.sent += len(part)
            self._count(len(part))
            await away.write(part)

    async def _back(self, away: httpcore.AsyncNetworkStream, writer: asyncio.StreamWriter, traffic: Traffic) -> None:
        while part := await away.read(65_536):
            traffic.received += len(part)
            self._count(len(part))
            writer.write(part)
            await writer.drain()

    def _count(self, size: int) -> None:
        self._left -= size
        if self._left < 0:
            raise TooLarge("This page brings more than is read.")


async def _first(*ways: Coroutine[Any, Any, None]) -> None:
    """Run both ways until one ends."""
    import httpcore

    tasks = [asyncio.create_task(way) for way in ways]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            with suppress(httpcore.NetworkError):
                task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _say(writer: asyncio.StreamWriter, status: int, reason: str) -> None:
    with suppress(ConnectionError):
        writer.write(f"HTTP/1.1 {status} {reason}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())
        await writer.drain()
