"""The only way out: one client that every request to others goes through.

    consent and offline ─▶ address ─▶ turn with the host ─▶ checked connection ─▶ capped, typed reply ─▶ audit line
                              ▲                                                        │
                              └──────────────── each redirect ◀────────────────────────┘

Nothing is sent before the purpose is allowed; see `privacy.consent` and `privacy.egress` for the rules, `transport`
for the check of addresses, and `http_errors` for what can go wrong.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from config.settings import Settings
from integrations.host_limits import HostLimits
from integrations.http_cache import HttpCache, KeyOf, cacheable, passing_keys
from integrations.http_errors import (
    NoConsent,
    Offline,
    Refused,
    TimedOut,
    Unreachable,
)
from integrations.http_log import OutboundLog
from integrations.http_messages import JSON_REPLY, STREAM, Ask, Errand, Reply, Traffic
from integrations.http_replies import REDIRECTS, is_redirect, redirected, reply_of, wanted
from integrations.http_stream import Exchange, Streamed
from integrations.retry import RETRIED, retry_after
from integrations.under_way import Leave, UnderWay
from privacy.audit import AuditLog
from privacy.consent import decide
from privacy.egress import NotAllowed, Target, target_of
from privacy.keys.ring import DataKey

if TYPE_CHECKING:
    import httpx

    from integrations.transport import CheckedTransport

__all__ = ["Ask", "Errand", "HttpClient", "Reply", "Streamed"]

VERSION = "0.1"
USER_AGENT = "FreelanceX/{} ({})"
NOT_FOR_STRANGERS = "That address is a server of yours, which nobody else sends me to."
Granted = Callable[[str], Awaitable[frozenset[str]]]
"""The standing consents of a user, by name."""


class HttpClient:
    """Sends requests to others.

    `allow_hosts` (``host`` or ``host:port``) may be opened like any public place; those that `allow` adds are servers
    of the user's own, closed to addresses that strangers name. Replies are kept on disk sealed with what `cache_key`
    finds for their user; without it no other process can read them.
    """

    def __init__(
        self,
        settings: Settings,
        audit: AuditLog,
        granted: Granted,
        *,
        allow_hosts: frozenset[str] = frozenset(),
        retry_wait: float = 0.5,
        cache_key: KeyOf | None = None,
    ) -> None:
        self.offline = settings.offline
        self._log = OutboundLog(audit)
        self._granted = granted
        self._own: set[str] = set()
        self._open_to = set(allow_hosts)  # shared with the wire, so that `allow` reaches it
        self._retry_wait = retry_wait
        self._agent = USER_AGENT.format(VERSION, settings.contact or "a freelancer's own computer")
        self._limits = HostLimits()
        self._under_way = UnderWay()
        self._cache = HttpCache(settings.paths.replies, cache_key or passing_keys())
        self._wire: CheckedTransport | None = None
        self._opening = asyncio.Lock()

    async def get(
        self,
        url: str,
        errand: Errand,
        *,
        params: Mapping[str, str | int] | None = None,
        headers: Mapping[str, str] | None = None,
        ask: Ask = JSON_REPLY,
    ) -> Reply:
        """Get an address. Raises HttpError."""
        return await self.request("GET", url, errand, params=params, headers=headers, ask=ask)

    async def request(
        self,
        method: str,
        url: str,
        errand: Errand,
        *,
        params: Mapping[str, str | int] | None = None,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
        ask: Ask = JSON_REPLY,
    ) -> Reply:
        """Send a request, follow its redirects, and return the reply of the last. Only GET is tried again.

        Raises HttpError.
        """
        with self._under_way.of(errand) as leave:
            sent = await self._request(method, url, errand, ask, headers, body, params)
            ends = _now() + ask.seconds
            for _ in range(REDIRECTS + 1):
                reply = await self._kept(sent, leave, ask, ends)
                if not is_redirect(reply):
                    return wanted(reply, ask)
                sent = await self._redirected(sent, reply, errand)
            raise Refused(f"{sent.url.host} redirects more than {REDIRECTS} times.")

    @asynccontextmanager
    async def stream(
        self,
        method: str,
        url: str,
        errand: Errand,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
        ask: Ask = STREAM,
    ) -> AsyncIterator[Streamed]:
        """Send a request, follow its redirects, and give the last reply while it arrives. Nothing is tried again.

        Leaving the block closes the connection. Raises HttpError, also while the body is read.
        """
        with self._under_way.of(errand) as leave:
            request = await self._request(method, url, errand, ask, headers, body)
            ends = _now() + ask.seconds
            for _ in range(REDIRECTS + 1):
                async with self._sent(request, leave, ask, ends) as exchange:
                    reply = reply_of(exchange, b"")
                    if not is_redirect(reply):
                        if not 200 <= reply.status < 300:
                            reply = reply_of(exchange, await exchange.whole())
                        wanted(reply, ask)
                        yield Streamed(reply.url, reply.status, reply.headers, exchange)
                        return
                request = await self._redirected(request, reply, errand)
            raise Refused(f"{request.url.host} redirects more than {REDIRECTS} times.")

    @asynccontextmanager
    async def exchange(
        self, method: str, url: str, errand: Errand, ask: Ask, *, headers: Mapping[str, str], body: bytes
    ) -> AsyncIterator[Exchange]:
        """Send one request and give its reply, whatever its status, while it arrives. Raises HttpError."""
        with self._under_way.of(errand) as leave:
            request = await self._request(method, url, errand, ask, headers, body)
            async with self._sent(request, leave, ask, _now() + ask.seconds) as exchange:
                yield exchange

    @asynccontextmanager
    async def other(self, protocol: str, host: str, errand: Errand) -> AsyncIterator[Traffic]:
        """Leave to speak another protocol with a server of the user's own, such as a mailbox, and its line in the log.

        Whoever speaks it counts the bytes. Raises Offline, or NoConsent, also in the middle once it is withdrawn.
        """
        traffic, problem = Traffic(), ""
        async with self.while_allowed(errand):
            await self._permit(host, errand, local=Target("", host, 0).local)
            try:
                yield traffic
            except BaseException as error:
                problem = type(error).__name__
                raise
            finally:
                await self._log.sent(protocol, host, errand, traffic, problem)

    @asynccontextmanager
    async def while_allowed(self, errand: Errand) -> AsyncIterator[None]:
        """Do what is inside; raises NoConsent in the middle of it once its consent is withdrawn."""
        with self._under_way.of(errand) as leave:
            async with leave.until(None):
                yield

    def transport(self, errand: Errand, ask: Ask = STREAM) -> httpx.AsyncBaseTransport:
        """This client in the shape of an httpx transport, for a library that brings its own httpx client."""
        from integrations.http_library import LibraryTransport

        return LibraryTransport(self, errand, ask)

    async def check(self, url: str, errand: Errand) -> Target:
        """Where an address leads, if something may be sent there for this. Raises NotSent."""
        try:
            target = target_of(url, self._open_to)
        except NotAllowed as reason:
            await self._log.refused(_host_in(url), errand, str(reason))
            raise Refused(str(reason)) from reason
        if errand.found and self.owns(target):
            await self._log.refused(target.host, errand, NOT_FOR_STRANGERS)
            raise Refused(NOT_FOR_STRANGERS)
        await self._permit(target.host, errand, local=target.local and target.among(self._open_to))
        return target

    async def cache_key(self, user: str) -> DataKey:
        """The key that seals what is kept of the web for a user."""
        return await self._cache.key_of(user)

    def owns(self, target: Target) -> bool:
        """Whether this is an endpoint of the user's own."""
        return target.among(self._own)

    def opens(self, target: Target) -> bool:
        """Whether this may be opened wherever its name leads."""
        return target.among(self._open_to)

    def allow(self, host: str) -> None:
        """Let requests go to one more endpoint of the user's own: ``host`` or ``host:port``."""
        self._own.add(host.lower())
        self._open_to.add(host.lower())

    def withdrawn(self, user: str, purpose: str) -> None:
        """End what is under way for this purpose, which a user no longer allows."""
        self._under_way.end(user, purpose)

    async def close(self) -> None:
        if self._wire is not None:
            await self._wire.aclose()

    async def _request(
        self,
        method: str,
        url: str,
        errand: Errand,
        ask: Ask,
        headers: Mapping[str, str] | None,
        body: bytes,
        params: Mapping[str, str | int] | None = None,
    ) -> httpx.Request:
        target = await self.check(url, errand)
        wire = await self._open()
        standard = {"user-agent": self._agent, "accept-encoding": "gzip", "accept": ", ".join(ask.accept) or "*/*"}
        given = {name.lower(): value for name, value in (headers or {}).items() if name.lower() != "host"}
        return wire.request(target, method, url, params or None, {**standard, **given}, body)

    async def _permit(self, host: str, errand: Errand, *, local: bool) -> None:
        granted = await self._granted(errand.user)
        decision = decide(errand.purpose, granted, offline=self.offline, approved=errand.approved, local=local)
        if not decision.allowed:
            await self._log.refused(host, errand, decision.reason)
            raise (Offline if self.offline and not local else NoConsent)(decision.reason)

    async def _redirected(self, request: httpx.Request, reply: Reply, errand: Errand) -> httpx.Request:
        wire = await self._open()
        url = urljoin(reply.url, reply.headers["location"])
        there = await self.check(url, errand)
        here = target_of(reply.url, self._open_to)
        if self.owns(there) and not self.owns(here):
            raise Refused(NOT_FOR_STRANGERS)
        onward = redirected(request, reply.status, here, there)
        return wire.request(there, onward.method, url, None, onward.headers, onward.body)

    async def _kept(self, request: httpx.Request, leave: Leave, ask: Ask, ends: float) -> Reply:
        if not (ask.cache and cacheable(request.method, str(request.url), request.headers.keys())):
            return await self._retried(request, leave, ask, ends)
        wire, url = await self._open(), str(request.url)

        async def send(headers: Mapping[str, str]) -> Reply:
            sent = wire.request(target_of(url, self._open_to), "GET", url, None, headers)
            return await self._retried(sent, leave, ask, ends)

        return await self._cache.get(leave.errand.user, url, dict(request.headers), send)

    async def _retried(self, request: httpx.Request, leave: Leave, ask: Ask, ends: float) -> Reply:
        tries = ask.retries if request.method == "GET" else 0
        for turn in range(tries + 1):
            wait = self._retry_wait * 2**turn * random.uniform(0.5, 1.5)  # jitter, so that clients do not march in step
            last = turn == tries or _now() + wait > ends
            try:
                async with self._sent(request, leave, ask, ends) as exchange:
                    reply = reply_of(exchange, await exchange.whole())
            except Unreachable:
                if last:
                    raise
            else:
                asked = retry_after(reply.headers.get("retry-after", "")) or 0
                if last or reply.status not in RETRIED or _now() + asked > ends:
                    return reply
                wait = max(wait, asked)
            async with leave.until(None):
                await asyncio.sleep(wait)
        raise AssertionError("unreachable")

    @asynccontextmanager
    async def _sent(self, request: httpx.Request, leave: Leave, ask: Ask, ends: float) -> AsyncIterator[Exchange]:
        import httpcore

        exchange, problem, host = None, "", request.url.netloc.decode()
        wire = await self._open()
        try:
            async with AsyncExitStack() as held:
                try:
                    async with leave.until(ends):
                        await held.enter_async_context(self._limits.turn(host, ask.limit))
                        response = await wire.handle_async_request(request)
                except TimeoutError as error:
                    raise TimedOut(f"{request.url.host} took longer than {ask.seconds:g} seconds.") from error
                held.push_async_callback(response.aclose)
                self._limits.note(host, ask.limit, answered=response.status_code < 500)
                exchange = Exchange(response, ask, ends, leave)
                yield exchange
        except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError) as error:
            problem = type(error).__name__
            self._limits.note(host, ask.limit, answered=False)
            raise Unreachable(f"{request.url.host} cannot be reached.") from error
        except BaseException as error:
            problem = type(error).__name__
            if isinstance(error, TimedOut | Unreachable):
                self._limits.note(host, ask.limit, answered=False)
            raise
        finally:
            await self._log.request(request, leave.errand, exchange, problem)

    async def _open(self) -> CheckedTransport:
        async with self._opening:
            if self._wire is None:
                # Importing httpx and reading the certificates takes half a second: not on the event loop.
                self._wire = await asyncio.to_thread(_make_wire, self._open_to)
        return self._wire


def _make_wire(own: Collection[str]) -> CheckedTransport:
    from integrations.transport import CheckedTransport

    return CheckedTransport(own)


def _now() -> float:
    return asyncio.get_running_loop().time()


def _host_in(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
