"""Server-sent events out of a body that arrives in any pieces.

Format: https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator

from integrations.http_errors import Unreadable

LONGEST = 1024 * 1024
"""Bytes of one event. No piece of an answer is that long."""


async def events(body: AsyncIterator[bytes]) -> AsyncGenerator[str, None]:
    """The data of each event; several lines of it are joined, comments and keep-alives are left out.

    The last event counts though the empty line behind it is missing, as with servers that just close. Raises
    Unreadable when an event is too long.
    """
    data: list[str] = []
    async for line in _lines(body):
        if not line:
            if data:
                yield "\n".join(data)
            data = []
            continue
        name, _, value = line.partition(":")
        if name in ("data", "error"):  # llama-server names what goes wrong in the middle so
            data.append(value.removeprefix(" "))
        if sum(map(len, data)) > LONGEST:
            raise _too_long()
    if data:
        yield "\n".join(data)


async def _lines(body: AsyncIterator[bytes]) -> AsyncGenerator[str, None]:
    rest = bytearray()
    async for part in body:
        *whole, last = part.split(b"\n")
        for line in whole:
            rest += line
            yield rest.decode("utf-8", "replace").removesuffix("\r")
            rest.clear()
        rest += last
        if len(rest) > LONGEST:
            raise _too_long()
    if rest:
        yield rest.decode("utf-8", "replace").removesuffix("\r")


def _too_long() -> Unreadable:
    return Unreadable("The model's server sent an event that never ends.")
