"""Asks at every event of a page's socket who is there and whether they may, and closes sockets of ended sessions.

Chainlit asks once, when a socket connects; here each event is held against the same policy as a request, with the
account as it is by then.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from functools import wraps
from typing import Any

from chainlit.server import sio

from chainlit_app.identity.door import Door
from privacy.access.policy import Action, allows
from privacy.access.principal import Principal

EVENTS: dict[str, tuple[str, Action]] = {
    "connect": ("chat", "read"),
    "connection_successful": ("chat", "read"),
    "client_message": ("chat", "write"),
    "edit_message": ("chat", "write"),
    "stop": ("chat", "write"),
    "clear_session": ("chat", "write"),
    "window_message": ("chat", "write"),
    "audio_start": ("chat", "write"),
    "audio_chunk": ("chat", "write"),
    "audio_end": ("chat", "write"),
    "chat_settings_change": ("profile", "write"),
    "chat_settings_edit": ("profile", "write"),
    "fetch_favorites": ("chat", "read"),
}
"""What a page may say, and what each needs; anything else Chainlit would listen to is not heard."""

_present: dict[str, Principal] = {}
_asking: ContextVar[Principal] = ContextVar("asking")
_waiting: dict[str, asyncio.Task[None]] = {}
Handler = Callable[..., Awaitable[Any]]


def who() -> Principal:
    """Who sent the event that is being answered, also when they left meanwhile."""
    return _asking.get()


def guard(door: Door) -> None:
    """Put the guard before every event that is listened to."""
    handlers: dict[str, Any] = sio.handlers["/"]
    for event in [*handlers]:
        listener = getattr(handlers[event], "unguarded", handlers[event])
        if event == "disconnect":
            handlers[event] = _leaving(listener)
        elif event in EVENTS:
            handlers[event] = _guarded(door, event, listener)
        else:
            del handlers[event]


async def admitted(door: Door, event: str, known: Principal) -> Principal | None:
    """Who says something, as they are now; None for those who may not, or not any more."""
    asking = await door.still(known)
    return asking if asking is not None and allows(asking, *EVENTS[event]) else None


def _guarded(door: Door, event: str, listener: Handler) -> Handler:
    @wraps(listener)
    async def heard(socket: str, *said: Any) -> Any:
        known = _of(said[0]) if event == "connect" else _present.get(socket, _NOBODY)
        asking = await admitted(door, event, known)
        if asking is None:
            if event == "connect":
                raise ConnectionRefusedError("sign in first")
            if await door.still(known) is None:
                await sio.disconnect(socket)
            return None
        if event == "connect" or socket in _present:  # else the page was left while this was asked
            _present[socket] = asking
        _asking.set(asking)
        if event == "connect" and asking.session:
            _waiting[socket] = asyncio.create_task(_close_after(socket, door.closed(asking.session)))
        return await listener(socket, *said)

    heard.unguarded = listener  # type: ignore[attr-defined]
    return heard


def _leaving(listener: Handler) -> Handler:
    @wraps(listener)
    async def left(socket: str, *_reason: Any) -> Any:
        _present.pop(socket, None)
        if (task := _waiting.pop(socket, None)) and task is not asyncio.current_task():
            task.cancel()
        return await listener(socket)

    left.unguarded = listener  # type: ignore[attr-defined]
    return left


async def _close_after(socket: str, ended: asyncio.Event) -> None:
    await ended.wait()
    await sio.disconnect(socket)


_NOBODY = Principal("", "", "viewer", "nobody")
"""Whoever speaks on a socket that never connected; no session has that name."""


def _of(environ: dict[str, Any]) -> Principal:
    principal: Principal | None = environ["asgi.scope"].get("state", {}).get("principal")
    return principal or _NOBODY
