"""What a request is sent for, what is wanted of its reply, and the reply."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from integrations.host_limits import ANY_HOST, OWN_SERVER, HostLimit
from integrations.http_errors import Unreadable

MAX_BYTES = 8 * 1024 * 1024
SECONDS = 20.0
JSON = ("application/json", "text/json")
PAGES = ("text/html", "application/xhtml+xml", "text/plain")


@dataclass(frozen=True)
class Errand:
    """On whose behalf and what for. `approved`: the user said yes to exactly this, just now.

    `found`: the address stood in a page, a post or an answer, so servers of the user's own stay closed to it.
    """

    purpose: str
    user: str
    agent: str = ""
    thread: str = ""
    approved: bool = False
    found: bool = False


@dataclass
class Traffic:
    """How many bytes another protocol moved, counted by whoever speaks it."""

    sent: int = 0
    received: int = 0


@dataclass(frozen=True)
class Ask:
    """What is wanted of a reply: media types (all when empty), most decoded bytes, most seconds, pace with the host.

    With `idle`, `seconds` bounds the wait for the headers and for each part of the body, rather than the whole.
    With `cache`, a reply may come from the disk for as long as its host allows.
    """

    accept: tuple[str, ...] = JSON
    max_bytes: int = MAX_BYTES
    seconds: float = SECONDS
    limit: HostLimit = ANY_HOST
    retries: int = 2
    idle: bool = False
    cache: bool = False


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
STREAM = Ask(accept=(), max_bytes=64 * 1024 * 1024, seconds=60, retries=0, idle=True, limit=OWN_SERVER)
"""Anything that arrives part by part, for as long as parts arrive."""
