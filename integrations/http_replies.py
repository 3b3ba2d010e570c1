"""What is made of a reply: a redirect to follow, an error to tell, or what was asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from integrations.http_errors import BadStatus, Refused, TooOften, WrongType
from integrations.http_messages import Ask, Reply
from integrations.retry import retry_after

if TYPE_CHECKING:
    import httpx

    from integrations.http_stream import Exchange
    from privacy.egress import Target

REDIRECTS = 5
ANY_ORIGIN_HEADERS = {"accept", "accept-language", "user-agent", "accept-encoding"}
"""Headers that follow a redirect to another host; all others may be secrets and stay behind."""
ONWARD_HEADERS = ANY_ORIGIN_HEADERS | {"range", "if-range"}
"""... and what says which part of a file is wanted."""


@dataclass(frozen=True)
class Onward:
    """Where a redirect leads, and what is sent there."""

    method: str
    body: bytes
    headers: Mapping[str, str]


def reply_of(exchange: Exchange, body: bytes) -> Reply:
    """The reply of an exchange, with its body."""
    response = exchange.response
    headers = {name.lower(): value for name, value in response.headers.items()}
    return Reply(str(response.request.url), response.status_code, headers, body)


def is_redirect(reply: Reply) -> bool:
    """Whether a reply leads elsewhere."""
    return reply.status in (301, 302, 303, 307, 308) and "location" in reply.headers


def redirected(request: httpx.Request, status: int, here: Target, there: Target) -> Onward:
    """What is sent to the place a redirect names. Raises Refused when it would give away what was sent."""
    if here.scheme == "https" and there.scheme == "http":
        raise Refused(f"{here.host} redirects to an address that is not encrypted.")
    method, body = request.method, request.content
    if status == 303 or (status in (301, 302) and method == "POST"):
        method, body = "GET", b""
    headers = {name: value for name, value in request.headers.items() if name not in ("host", "content-length")}
    if there.origin != here.origin:
        if body:
            raise Refused(f"{here.host} redirects what was sent to it to another host, {there.host}.")
        headers = {name: value for name, value in headers.items() if name in ONWARD_HEADERS}
    return Onward(method, body, headers)


def wanted(reply: Reply, ask: Ask) -> Reply:
    """The reply, if it is what was asked for. Raises BadStatus, TooOften or WrongType."""
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
