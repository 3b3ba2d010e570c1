"""Live events of the user over a WebSocket: replies, records, approvals and notifications, as they happen.

    hello {id}  ──▶  reply.Token … record.changed … approval.made … notification  ──▶  closed, with the reason

With ``?after=ID`` a program goes on behind the last event it saw; `gap` says that some are no longer known.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable
from dataclasses import asdict, is_dataclass
from typing import Any

from fastapi import WebSocket
from pydantic import TypeAdapter
from starlette.websockets import WebSocketDisconnect, WebSocketState

from chainlit_app.api.access import Opened, principal_of
from chainlit_app.api.resource import Resource
from graph.events import StepFinished
from graph.runtime import Runtime
from memory.live import Happened, Live, TooSlow
from memory.notifications import Notification
from privacy.access.policy import allows
from privacy.access.principal import Principal

router = Resource(tags=["events"])

MOST = 20
"""Sockets one user may have open."""
SEND_S = 30.0
"""Seconds a program may take to read one event."""
LONGEST = 1_000
"""Characters a program may say at once: it only ever pings."""
REFUSED, LEFT_OUT, OVER = 1008, 1013, 1001
_ANY: TypeAdapter[Any] = TypeAdapter(Any)


@router.websocket("/events")
async def events(socket: WebSocket, runtime: Opened, after: str = "") -> None:
    """Send the user's own events until the program goes, its session ends, or it reads too slowly."""
    asking = principal_of(socket)
    if not allows(asking, "events", "read"):
        await socket.close(REFUSED, "Your account may not follow events.")
        return
    live = runtime.stores.database.live
    if live.listening(asking.user) >= MOST:
        await socket.close(LEFT_OUT, f"You have {MOST} sockets open already.")
        return
    await socket.accept()
    code, reason = await _first(
        _send(socket, live, asking.user, after), _listen(socket), _revoked(socket, asking), _ending(runtime)
    )
    if socket.client_state is WebSocketState.CONNECTED:
        await socket.close(code, reason)


async def _first(*ends: Awaitable[tuple[int, str]]) -> tuple[int, str]:
    """The code and reason of what ends first; the others are stopped."""
    tasks = [asyncio.ensure_future(one) for one in ends]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        return next(iter(done)).result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _send(socket: WebSocket, live: Live, user: str, after: str) -> tuple[int, str]:
    place = live.place(user, after) if after else None
    number = live.newest(user) if place is None else place
    try:
        if after and place is None:
            await _say(socket, {"id": live.id_of(number), "type": "gap"})
        else:
            await _say(socket, {"id": live.id_of(number), "type": "hello"})
        async for one in live.after(user, number):
            await _say(socket, {"id": live.id_of(one.number), **shown(one)})
    except (TooSlow, TimeoutError):
        return LEFT_OUT, "You read more slowly than things happen: connect again behind the last id you have."
    except WebSocketDisconnect:
        pass
    return OVER, ""


async def _say(socket: WebSocket, said: dict[str, Any]) -> None:
    async with asyncio.timeout(SEND_S):
        await socket.send_text(json.dumps(said, ensure_ascii=False, separators=(",", ":")))


async def _listen(socket: WebSocket) -> tuple[int, str]:
    """Answer pings; anything else is not for this socket."""
    try:
        while True:
            text = await socket.receive_text()
            if len(text) > LONGEST or text != "ping":
                return REFUSED, "This socket only takes the word ping."
            await socket.send_text('{"type":"pong"}')
    except (WebSocketDisconnect, KeyError):  # a binary message has no text
        return REFUSED, "This socket only takes the word ping."


async def _revoked(socket: WebSocket, asking: Principal) -> tuple[int, str]:
    """Wait until the session or key behind a socket counts no longer."""
    await socket.app.state.door.closed(asking.session).wait()
    return REFUSED, "Your session has ended: sign in again."


async def _ending(runtime: Runtime) -> tuple[int, str]:
    await runtime.closing.wait()
    return OVER, "The server ends."


def shown(one: Happened) -> dict[str, Any]:
    """An event as programs get it: `type`, `at`, and `data` as JSON. Of a step its words are told, not its material."""
    data = one.data
    if isinstance(data, Notification):
        data = data.model_dump(include={"id", "kind", "urgency", "title", "text", "thread", "count"})
    elif is_dataclass(event := data.get("event")) and not isinstance(event, type):
        told = {name: value for name, value in vars(event).items() if name != "finding"}
        data = {
            "thread": data["thread"],
            **(told if isinstance(event, StepFinished) else asdict(event)),
            "turn": data["turn"],
        }
    return {"type": one.kind, "at": one.at.isoformat(), "data": _ANY.dump_python(data, mode="json")}
