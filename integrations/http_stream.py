"""A reply as it arrives: decoded part by part, capped, and given up when nothing comes."""

from __future__ import annotations

import asyncio
import codecs
import zlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from integrations.http_errors import TimedOut, TooLarge, Unreachable, Unreadable
from integrations.http_messages import Ask
from integrations.under_way import Leave

if TYPE_CHECKING:
    import httpx


@dataclass
class Exchange:
    """One request on the wire: its response, what the log will say of it, and when it must be over."""

    response: httpx.Response
    ask: Ask
    ends: float
    leave: Leave
    received: int = 0
    problem: str = ""

    @property
    def host(self) -> str:
        return self.response.request.url.host

    async def parts(self) -> AsyncIterator[bytes]:
        """The decoded body; never holds more than the limit, however much a few compressed bytes unfold to.

        Raises HttpError.
        """
        try:
            async for part in self._decoded():
                yield part
        except Exception as error:
            self.problem = type(error).__name__
            raise

    async def whole(self) -> bytes:
        """The decoded body in one piece. Raises HttpError."""
        body = bytearray()
        async for part in self.parts():
            body += part
        return bytes(body)

    async def _decoded(self) -> AsyncIterator[bytes]:
        coding = self.response.headers.get("content-encoding", "identity").strip().lower()
        if coding not in ("identity", "gzip", "x-gzip", ""):
            raise Unreadable(f"{self.host} sent an answer packed in a way that was not asked for.")
        unzip = zlib.decompressobj(31) if "gzip" in coding else None
        room = self.ask.max_bytes
        async for chunk in self._raw():
            self.received += len(chunk)
            try:
                part = unzip.decompress(chunk, room + 1) if unzip else chunk
            except zlib.error as error:
                raise Unreadable(f"{self.host} sent an answer that is broken.") from error
            room -= len(part)
            if room < 0:
                size = f"{self.ask.max_bytes / 1024**2:g} MB"
                raise TooLarge(f"{self.host} sent more than {size}, so the rest was not read.")
            if part:
                yield part
        if unzip and not unzip.eof and self.received:
            raise Unreadable(f"{self.host} sent an answer that breaks off.")

    async def _raw(self) -> AsyncIterator[bytes]:
        import httpcore

        arriving = aiter(self.response.aiter_raw())
        while True:
            now = asyncio.get_running_loop().time()
            try:
                async with self.leave.until(now + self.ask.seconds if self.ask.idle else self.ends):
                    chunk = await anext(arriving, None)
            except TimeoutError as error:
                raise TimedOut(f"{self.host} took longer than {self.ask.seconds:g} seconds.") from error
            except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError) as error:
                raise Unreachable(f"{self.host} broke off.") from error
            if chunk is None:
                return
            yield chunk


@dataclass(frozen=True)
class Streamed:
    """A reply whose body is still arriving: the address it comes from in the end, headers in lower case."""

    url: str
    status: int
    headers: Mapping[str, str]
    _exchange: Exchange = field(repr=False)

    def bytes(self) -> AsyncIterator[bytes]:
        """The decoded body, part by part. Raises HttpError."""
        return self._exchange.parts()

    async def lines(self) -> AsyncIterator[str]:
        """The body as lines of UTF-8 without their ends; what does not decode is replaced. Raises HttpError."""
        text = codecs.getincrementaldecoder("utf-8")("replace")
        rest = ""
        async for part in self.bytes():
            *whole, rest = (rest + text.decode(part)).split("\n")
            for line in whole:
                yield line.removesuffix("\r")
        if rest := rest + text.decode(b"", final=True):
            yield rest
