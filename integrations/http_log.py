"""The lines written about what leaves this machine: where to, what for, how much; never what was in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from integrations.http_messages import Errand, Traffic
from privacy.audit import AuditLog

if TYPE_CHECKING:
    import httpx

    from integrations.http_stream import Exchange

KEYED_PATHS = frozenset({"mcp"})
"""Purposes whose servers often have a key in the very path of their address, which is therefore not written down."""


class OutboundLog:
    """Writes each request, and each one refused, into the audit log."""

    def __init__(self, audit: AuditLog) -> None:
        self._audit = audit

    async def refused(self, host: str, errand: Errand, reason: str) -> None:
        """Something was not sent."""
        await self._audit.record(
            "refused",
            host=host,
            purpose=errand.purpose,
            user=errand.user,
            agent=errand.agent,
            thread=errand.thread,
            reason=reason,
        )

    async def request(self, request: httpx.Request, errand: Errand, exchange: Exchange | None, problem: str) -> None:
        """A request was sent; `exchange` is None when nothing came back."""
        sent = len(request.method) + len(request.url.raw_path) + len(request.content)
        sent += sum(len(name) + len(value) + 4 for name, value in request.headers.raw)
        traffic = Traffic(sent, exchange.received if exchange else 0)
        status = exchange.response.status_code if exchange else 0
        problem = problem or (exchange.problem if exchange else "")
        path = "" if errand.purpose in KEYED_PATHS else request.url.path
        await self.sent(request.method, request.url.host, errand, traffic, problem, path, status)

    async def sent(
        self, method: str, host: str, errand: Errand, traffic: Traffic, problem: str, path: str = "", status: int = 0
    ) -> None:
        """So many bytes went to a host, by this method or protocol."""
        await self._audit.record(
            "request",
            method=method,
            host=host,
            path=path,
            purpose=errand.purpose,
            bytes_out=traffic.sent,
            bytes_in=traffic.received,
            status=status,
            user=errand.user,
            agent=errand.agent,
            thread=errand.thread,
            **({"problem": problem} if problem else {}),
        )
