"""What a request is sent for, what is wanted of its reply, and the reply."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from integrations.host_limits import ANY_HOST, HostLimit
from integrations.http_errors import TooLarge, Unreadable

if TYPE_CHECKING:
    import httpx

MAX_BYTES = 8 * 1024 * 1024
SECONDS = 20.0
JSON = ("application/json", "text/json")
PAGES = ("text/html", "application/xhtml+xml", "text/plain")


@dataclass(frozen=True)
class Errand:
    """On whose behalf and what for. `approved`: the user said yes to exactly this, just now."""

    purpose: str
    user: str
    agent: str = ""
    thread: str = ""
    approved: bool = False


@dataclass(frozen=True)
class Ask:
    """What is wanted of a reply: media types (all when empty), most decoded bytes, most seconds, pace with the host."""

    accept: tuple[str, ...] = JSON
    max_bytes: int = MAX_BYTES
    seconds: float = SECONDS
    limit: HostLimit = ANY_HOST
    retries: int = 2


@dataclass(frozen=True)
class Reply:
    """What a host answered: the address it came from in the end, headers in lower case, the decoded body."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)

    @property
    def type(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    def text(self) -> str:
        """The body as text, in the encoding it states or UTF-8; what does not decode is replaced."""
        named = self.headers.get("content-type", "").lower().partition("charset=")[2].partition(";")[0].strip(" \"'")
        try:
            return self.body.decode(named or "utf-8", "replace")
        except LookupError:
            return self.body.decode("utf-8", "replace")

    def json(self) -> Any:
        """The body as JSON. Raises Unreadable."""
        try:
            return json.loads(self.body)
        except ValueError as error:
            raise Unreadable(f"{urlsplit(self.url).hostname} sent an answer that cannot be read.") from error


JSON_REPLY = Ask()
"""The usual: JSON, of moderate size, soon."""


async def read_body(response: httpx.Response, ask: Ask, received: list[int]) -> bytes:
    """The decoded body; never holds more than the limit, however much a few compressed bytes unfold to."""
    host = response.request.url.host
    coding = response.headers.get("content-encoding", "identity").strip().lower()
    if coding not in ("identity", "gzip", "x-gzip", ""):
        raise Unreadable(f"{host} sent an answer packed in a way that was not asked for.")
    unzip = zlib.decompressobj(31) if "gzip" in coding else None
    whole = bytearray()
    async for chunk in response.aiter_raw():
        received[0] += len(chunk)
        room = ask.max_bytes - len(whole) + 1
        try:
            whole += unzip.decompress(chunk, room) if unzip else chunk
        except zlib.error as error:
            raise Unreadable(f"{host} sent an answer that is broken.") from error
        if len(whole) > ask.max_bytes:
            raise TooLarge(f"{host} sent more than {ask.max_bytes / 1024**2:g} MB, so the rest was not read.")
    if unzip and not unzip.eof and received[0]:
        raise Unreadable(f"{host} sent an answer that breaks off.")
    return bytes(whole)
