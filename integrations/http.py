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
from integrations.http_errors import (
    BadStatus,
    NoConsent,
    Offline,
    Refused,
    TimedOut,
    TooOften,
    Unreachable,
    WrongType,
)
from integrations.http_messages import JSON_REPLY, STREAM, Ask, Errand, Reply
from integrations.http_stream import Exchange, Streamed
from integrations.retry import RETRIED, retry_after
from privacy.audit import AuditLog
from privacy.consent import decide
from privacy.egress import NotAllowed, Target, target_of

if TYPE_CHECKING:
    import httpx

    from integrations.transport import CheckedTransport

__all__ = ["Ask", "Errand", "HttpClient", "Reply", "Streamed"]

VERSION = "0.1"
USER_AGENT = f"FreelanceX/{VERSION} (a freelancer's own computer)"
REDIRECTS = 5
ANY_ORIGIN_HEADERS = {"accept", "accept-language", "user-agent", "accept-encoding"}
"""Headers that follow a redirect to another host; all others may be secrets and stay behind."""

Granted = Callable[[str], Awaitable[frozenset[str]]]
"""The standing consents of a user, by name."""


class HttpClient:
    """Sends requests to others. `allow_hosts` are the user's own endpoints (``host`` or ``host:port``)."""

    def __init__(
        self,
        settings: Settings,
        audit: AuditLog,
        granted: Granted,
        *,
        allow_hosts: frozenset[str] = frozenset(),
        retry_wait: float = 0.5,
    ) -> None:
        self.offline = settings.offline
        self._audit = audit
        self._granted = granted
        self._own = set(allow_hosts)  # shared with the wire, so that `allow` reaches it
        self._retry_wait = retry_wait
        self._limits = HostLimits()
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
        sent = await self._request(method, url, errand, ask, headers, body, params)
        try:
            async with asyncio.timeout(ask.seconds):
                return await self._follow(sent, errand, ask)
        except TimeoutError as error:
            raise TimedOut(f"{sent.url.host} took longer than {ask.seconds:g} seconds.") from error

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
        request = await self._request(method, url, errand, ask, headers, body)
        ends = asyncio.get_running_loop().time() + ask.seconds
        for _ in range(REDIRECTS + 1):
            async with self._sent(request, errand, ask, ends) as exchange:
                reply = _reply(exchange, b"")
                if not _is_redirect(reply):
                    if not 200 <= reply.status < 300:
                        reply = _reply(exchange, await exchange.whole())
                    _wanted(reply, ask)
                    yield Streamed(reply.url, reply.status, reply.headers, exchange)
                    return
            request = await self._redirected(request, reply, errand)
        raise Refused(f"{request.url.host} redirects more than {REDIRECTS} times.")

    @asynccontextmanager
    async def exchange(
        self, method: str, url: str, errand: Errand, ask: Ask, *, headers: Mapping[str, str], body: bytes
    ) -> AsyncIterator[Exchange]:
        """Send one request and give its reply, whatever its status, while it arrives. Raises HttpError."""
        request = await self._request(method, url, errand, ask, headers, body)
        async with self._sent(request, errand, ask, asyncio.get_running_loop().time() + ask.seconds) as exchange:
            yield exchange

    def transport(self, errand: Errand, ask: Ask = STREAM) -> httpx.AsyncBaseTransport:
        """This client in the shape of an httpx transport, for a library that brings its own httpx client."""
        from integrations.http_library import LibraryTransport

        return LibraryTransport(self, errand, ask)

    def allow(self, host: str) -> None:
        """Let requests go to one more endpoint of the user's own: ``host`` or ``host:port``."""
        self._own.add(host.lower())

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
        await self._check(url, errand)
        wire = await self._open()
        return wire.request(method, url, params=params or None, headers=_headers(headers, ask), content=body or None)

    async def _check(self, url: str, errand: Errand) -> Target:
        try:
            target = target_of(url, self._own)
        except NotAllowed as reason:
            await self._refuse(urlsplit(url).hostname or "" if "\\" not in url else "", errand, str(reason))
            raise Refused(str(reason)) from reason
        local = target.local and target.among(self._own)
        granted = await self._granted(errand.user)
        decision = decide(errand.purpose, granted, offline=self.offline, approved=errand.approved, local=local)
        if not decision.allowed:
            await self._refuse(target.host, errand, decision.reason)
            raise (Offline if self.offline and not local else NoConsent)(decision.reason)
        return target

    async def _refuse(self, host: str, errand: Errand, reason: str) -> None:
        await self._audit.record(
            "refused", host=host, purpose=errand.purpose, agent=errand.agent, thread=errand.thread, reason=reason
        )

    async def _follow(self, request: httpx.Request, errand: Errand, ask: Ask) -> Reply:
        for _ in range(REDIRECTS + 1):
            reply = await self._retried(request, errand, ask)
            if not _is_redirect(reply):
                return _wanted(reply, ask)
            request = await self._redirected(request, reply, errand)
        raise Refused(f"{request.url.host} redirects more than {REDIRECTS} times.")

    async def _redirected(self, request: httpx.Request, reply: Reply, errand: Errand) -> httpx.Request:
        wire = await self._open()
        here = target_of(reply.url, self._own)
        url = urljoin(reply.url, reply.headers["location"])
        there = await self._check(url, errand)
        if here.scheme == "https" and there.scheme == "http":
            raise Refused(f"{here.host} redirects to an address that is not encrypted.")
        method, body = request.method, request.content
        if reply.status == 303 or (reply.status in (301, 302) and method == "POST"):
            method, body = "GET", b""
        headers = {name: value for name, value in request.headers.items() if name not in ("host", "content-length")}
        if there.origin != here.origin:
            if body:
                raise Refused(f"{here.host} redirects what was sent to it to another host, {there.host}.")
            headers = {name: value for name, value in headers.items() if name in ANY_ORIGIN_HEADERS}
        return wire.request(method, url, headers=headers, content=body or None)

    async def _retried(self, request: httpx.Request, errand: Errand, ask: Ask) -> Reply:
        tries = ask.retries if request.method == "GET" else 0
        for turn in range(tries + 1):
            last = turn == tries
            wait = self._retry_wait * 2**turn * random.uniform(0.5, 1.5)  # jitter, so that clients do not march in step
            try:
                reply = await self._once(request, errand, ask)
            except Unreachable:
                if last:
                    raise
            else:
                asked = retry_after(reply.headers.get("retry-after", ""))
                if last or reply.status not in RETRIED or (asked or 0) > ask.seconds:
                    return reply
                wait = max(wait, asked or 0)
            await asyncio.sleep(wait)
        raise AssertionError("unreachable")

    async def _once(self, request: httpx.Request, errand: Errand, ask: Ask) -> Reply:
        async with self._sent(request, errand, ask, asyncio.get_running_loop().time() + ask.seconds) as exchange:
            return _reply(exchange, await exchange.whole())

    @asynccontextmanager
    async def _sent(self, request: httpx.Request, errand: Errand, ask: Ask, ends: float) -> AsyncIterator[Exchange]:
        import httpcore

        exchange, problem = None, ""
        wire = await self._open()
        try:
            async with AsyncExitStack() as held:
                try:
                    async with asyncio.timeout_at(ends):
                        await held.enter_async_context(self._limits.turn(request.url.netloc.decode(), ask.limit))
                        response = await wire.handle_async_request(request)
                except TimeoutError as error:
                    raise TimedOut(f"{request.url.host} took longer than {ask.seconds:g} seconds.") from error
                held.push_async_callback(response.aclose)
                exchange = Exchange(response, ask, ends)
                yield exchange
        except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError) as error:
            problem = type(error).__name__
            raise Unreachable(f"{request.url.host} cannot be reached.") from error
        except BaseException as error:
            problem = type(error).__name__
            raise
        finally:
            await self._log(request, errand, exchange, problem)

    async def _log(self, request: httpx.Request, errand: Errand, exchange: Exchange | None, problem: str) -> None:
        problem = problem or (exchange.problem if exchange else "")
        sent = len(request.method) + len(request.url.raw_path) + len(request.content)
        sent += sum(len(name) + len(value) + 4 for name, value in request.headers.raw)
        await self._audit.record(
            "request",
            method=request.method,
            host=request.url.host,
            path=request.url.path,
            purpose=errand.purpose,
            bytes_out=sent,
            bytes_in=exchange.received if exchange else 0,
            status=exchange.response.status_code if exchange else 0,
            agent=errand.agent,
            thread=errand.thread,
            **({"problem": problem} if problem else {}),
        )

    async def _open(self) -> CheckedTransport:
        async with self._opening:
            if self._wire is None:
                # Importing httpx and reading the certificates takes half a second: not on the event loop.
                self._wire = await asyncio.to_thread(_make_wire, self._own)
        return self._wire


def _make_wire(own: Collection[str]) -> CheckedTransport:
    from integrations.transport import CheckedTransport

    return CheckedTransport(own)


def _headers(headers: Mapping[str, str] | None, ask: Ask) -> dict[str, str]:
    standard = {"user-agent": USER_AGENT, "accept-encoding": "gzip", "accept": ", ".join(ask.accept) or "*/*"}
    return {**standard, **{name.lower(): value for name, value in (headers or {}).items()}}


def _reply(exchange: Exchange, body: bytes) -> Reply:
    response = exchange.response
    headers = {name.lower(): value for name, value in response.headers.items()}
    return Reply(str(response.request.url), response.status_code, headers, body)


def _is_redirect(reply: Reply) -> bool:
    return reply.status in (301, 302, 303, 307, 308) and "location" in reply.headers


def _wanted(reply: Reply, ask: Ask) -> Reply:
    host = urlsplit(reply.url).hostname
    if reply.status == 429 or (reply.status == 503 and "retry-after" in reply.headers):
        raise TooOften(
            f"{host} asks to be asked less often; please try again later.",
            reply.status,
            reply.body,
            retry_after(reply.headers.get("retry-after", "")),
        )
    if not 200 <= reply.status < 300:
        raise BadStatus(f"{host} answered with error {reply.status}.", reply.status, reply.body)
    if ask.accept and reply.type not in ask.accept:
        raise WrongType(f"{host} sent {reply.type or 'content of no stated type'} where {ask.accept[0]} was asked for.")
    return reply
