"""What the page says over its socket: FreelanceX's own answers to five of Chainlit's events.

Chainlit's own would lose the stop of an edited message, announce a stop before anything has stopped, show the text of
exceptions, and keep messages in passing tasks. Registering an event again replaces what was registered before.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from chainlit import socket as framework
from chainlit.context import init_ws_context
from chainlit.server import sio
from chainlit.session import WebsocketSession

from chainlit_app import chat
from chainlit_app.page import page_of

Dict = dict[str, Any]
THREAD = re.compile(r"/thread/([0-9a-f-]{36})$")


@sio.on("connect")  # type: ignore[untyped-decorator]
async def connecting(socket: str, environ: Dict, auth: Dict) -> bool:
    """A page connects. Raises ConnectionRefusedError for one that may not.

    A page that loads while the machine is busy sometimes connects before it has read in its own address which thread
    it shows, and would stay empty; the address it came from tells.
    """
    shown = THREAD.search(urlsplit(environ.get("HTTP_REFERER", "")).path)
    known = auth if auth.get("threadId") or not shown else {**auth, "threadId": shown[1]}
    accepted: bool = await framework.connect(socket, environ, known)
    return accepted


@sio.on("connection_successful")  # type: ignore[untyped-decorator]
async def connected(socket: str) -> None:
    """A page is there: it shows its thread, and everything that is going on in it."""
    session = WebsocketSession.get(socket)
    if session is None or not await page_of(session).join(socket):
        return  # the page was left before it was there
    await framework.connection_successful(socket)
    here = page_of(session, only=socket)
    await chat.welcome(here)
    if session.thread_id_to_resume or (session.restored and session.has_first_interaction):
        # After a lost connection the framework sends nothing again, so the page would miss what came meanwhile.
        await chat.reopen(here, again=not session.thread_id_to_resume)


@sio.on("client_message")  # type: ignore[untyped-decorator]
async def message(socket: str, payload: Dict) -> None:
    """The user sends a message."""
    session = WebsocketSession.require(socket)
    init_ws_context(session)
    sent = payload["message"]
    uploads = [session.files[one["id"]] for one in payload.get("fileReferences") or () if one["id"] in session.files]
    session.has_first_interaction = True
    await chat.send(
        page_of(session),
        str(sent.get("output") or ""),
        id=str(UUID(sent["id"])),
        command=str(sent.get("command") or ""),
        sent=uploads,
        profile=str(session.chat_profile or ""),
    )


@sio.on("edit_message")  # type: ignore[untyped-decorator]
async def edited(socket: str, payload: Dict) -> None:
    """The user sends an earlier message again, with other words."""
    session = WebsocketSession.require(socket)
    init_ws_context(session)
    sent = payload["message"]
    await chat.edit(page_of(session), str(sent["id"]), str(sent.get("output") or ""))


@sio.on("stop")  # type: ignore[untyped-decorator]
async def stop(socket: str) -> None:
    """The user stops what runs."""
    session = WebsocketSession.require(socket)
    init_ws_context(session)
    await chat.stop(page_of(session))
