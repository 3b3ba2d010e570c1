"""Which conversation a request belongs to that brings all its earlier messages along, and the files it holds.

metadata.thread ──────────────────────────────────────────────▶ that one
its beginning (model, system, first message) ──▶ hash ──▶ 1st, 2nd, … conversation that began so
└─ what was said there is what the client says? that one
└─ none: a new one, with the earlier messages in it
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import mimetypes
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID, uuid4

from fastapi import HTTPException

from chainlit_app.api.openai_words import Asked, Part, Said
from graph.runtime import Runtime
from memory.conversations import Step
from memory.database import new_id, now
from memory.files import FileRef
from memory.turns import Turn

ALIKE = 50
"""Conversations with the same beginning that are looked at."""
EARLIER = 40
"""Earlier messages that a new conversation is begun with, the newest."""
NO_FETCHING = (
    "Send files as data: URLs; addresses are not fetched for you here. To have a page read, write its address."
)


async def conversation(asked: Asked, user: str, runtime: Runtime) -> str:
    """The id of the conversation. Raises HTTPException for one that is another user's."""
    if asked.thread:
        if await runtime.stores.conversations.owner(asked.thread) not in (None, user):
            raise HTTPException(404, "There is no such conversation.")
        return asked.thread
    spoken = [one for one in asked.messages if one.role in ("user", "assistant")]
    earlier = spoken[:-1]
    said = [one.text for one in earlier if one.role == "user"]
    for number in range(ALIKE):
        thread = _begun(asked, user, number)
        if await runtime.stores.conversations.owner(thread) is None:
            if thread not in runtime.running:
                await _begin(thread, earlier, user, runtime)
                return thread
        elif earlier and thread not in runtime.running and await _said(thread, runtime) == said:
            return thread
    thread = str(uuid4())
    await _begin(thread, earlier, user, runtime)
    return thread


def _begun(asked: Asked, user: str, number: int) -> str:
    system = [one.text for one in asked.messages if one.role in ("system", "developer")]
    first = next((one.text for one in asked.messages if one.role == "user"), "")
    beginning = json.dumps([user, asked.user, asked.model, system, first, number])
    return str(UUID(bytes=hashlib.sha256(beginning.encode("utf-8", "surrogatepass")).digest()[:16], version=5))


async def _said(thread: str, runtime: Runtime) -> list[str]:
    kept = await runtime.stores.conversations.open(thread)
    return [step.output for step in kept.steps if step.type == "user_message"] if kept else []


async def _begin(thread: str, earlier: Sequence[Said], user: str, runtime: Runtime) -> None:
    """Keep what a client says was said before, so that it is shown and can be referred to."""
    if not earlier:
        return
    stores, shown = runtime.stores, earlier[-EARLIER:]
    await stores.conversations.ensure(thread, user=user, name=earlier[0].text)
    began = now() - timedelta(seconds=len(shown) + 1)
    turn = ""
    for place, one in enumerate(shown):
        at, id = began + timedelta(seconds=place), new_id()
        if one.role == "user":
            turn = new_id()
            row = Turn(id=turn, thread=thread, message=id, user=user, text=one.text, status="done", started_at=at)
            await stores.turns.save(row)
        elif turn:
            await stores.turns.end(turn, "done", answer=one.text)
            id, turn = f"{turn}.answer", ""
        kind, name = ("user_message", user) if one.role == "user" else ("assistant_message", "FreelanceX")
        await stores.conversations.save(
            Step(id=id, thread=thread, type=kind, name=name, output=one.text, created_at=at)
        )


async def files_of(message: Said, user: str, runtime: Runtime) -> tuple[FileRef, ...]:
    """The files that lie in a message, kept in the store. Raises HTTPException."""
    limit = runtime.settings.max_file_mb * 1024 * 1024
    kept = []
    for part in message.parts:
        name, data = _content(part)
        if not data or len(data) > limit:
            raise HTTPException(413 if data else 400, f"A file may not be empty or larger than {limit >> 20} MB.")
        kept.append(await runtime.stores.files.put(data, name, user=user))
    return tuple(kept)


def _content(part: Part) -> tuple[str, bytes]:
    """A part's name and bytes. Raises HTTPException."""
    match part.type:
        case "image_url":
            name, url = "image", str(part.image_url.get("url", ""))
        case "file":
            name, url = str(part.file.get("filename") or "file"), str(part.file.get("file_data", ""))
        case _:
            name = f"recording.{part.input_audio.get('format', 'wav')}"
            url = f"data:audio/wav;base64,{part.input_audio.get('data', '')}"
    head, comma, data = url.partition(",")
    if not comma or not head.startswith("data:") or not head.endswith(";base64"):
        raise HTTPException(400, NO_FETCHING)
    mime = head.removeprefix("data:").partition(";")[0]
    try:
        content = base64.b64decode(data, validate=True)
    except binascii.Error:
        raise HTTPException(400, "A data: URL holds no sound base64.") from None
    return name if "." in name else name + (mimetypes.guess_extension(mime) or ""), content
