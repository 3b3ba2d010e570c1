"""A write that is sent twice is done once: ``Idempotency-Key`` on a POST, and its answer for whoever sends it again.

    POST, key k, body b ──▶ done, the answer kept for a day      the same again ──▶ that answer once more
    POST, key k, another body ──▶ 409                                still under way ──▶ 409
    the process died in it ──▶ done again as the same step, which finds the records it had made

All that one request changes in the books is one step, so that it is undone together.
"""

from __future__ import annotations

import hashlib
import re
import tempfile
from typing import IO

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chainlit_app.api.problems import problem
from memory.database import new_id
from memory.idempotency import Answered, Answers
from memory.once import in_step

HEADER = "Idempotency-Key"
SANE = re.compile(r"[!-~]{1,200}")
SECRETS = tuple(f"/api/v1/{one}" for one in ("auth", "account", "keys", "users"))
"""Where answers hold secrets that are told once: they are never kept."""
WRITES = ("POST", "PUT", "PATCH", "DELETE")
KEPT = 1024 * 1024
"""The most bytes of an answer that is kept; a longer one is not given twice."""
PIECE = 64 * 1024
_BOUNDARY = re.compile(r'boundary="?([^";,]+)')


class Once:
    """ASGI middleware behind `identified`: a key belongs to a user."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] not in WRITES:
            await self.app(scope, receive, send)
            return
        key, principal = Headers(scope=scope).get(HEADER), scope["state"]["principal"]
        keeps = scope["method"] == "POST" and not scope["path"].startswith(SECRETS)
        if key is None or principal is None or not keeps:
            with in_step(new_id()):
                await self.app(scope, receive, send)
        elif not SANE.fullmatch(key):
            await problem(400, f"{HEADER} has 1 to 200 plain characters, such as a UUID.")(scope, receive, send)
        else:
            with tempfile.SpooledTemporaryFile(PIECE * 16) as body:
                await self._once(scope, principal.user, key, body, receive, send)

    async def _once(self, scope: Scope, user: str, key: str, body: IO[bytes], receive: Receive, send: Send) -> None:
        async for piece in Request(scope, receive).stream():
            body.write(piece)
        answers = Answers(scope["app"].state.runtime.stores.database)
        id = hashlib.sha256(f"{user}|{key}".encode()).hexdigest()
        known = await answers.claim(id, user, _digest(scope, body))
        if isinstance(known, Answered):
            headers = {"Idempotency-Replayed": "true"} | ({"Location": known.location} if known.location else {})
            await Response(known.text, known.status, headers, known.kind)(scope, receive, send)
        elif known:
            await problem(409, known)(scope, receive, send)
        else:
            held = _Held(send)
            try:
                with in_step(f"request|{id}"):
                    await self.app(scope, _again(body, receive), held)
            finally:
                await answers.settle(id, held.answer())


class _Held:
    """Sends an answer on, and keeps what was sent."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._start: Message | None = None
        self._body = bytearray()
        self._whole = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
        elif len(self._body) <= KEPT:
            self._body.extend(message.get("body", b""))
            self._whole = not message.get("more_body")
        await self._send(message)

    def answer(self) -> Answered | None:
        """The answer, or None when it broke off, or may be another the next time."""
        if self._start is None or not self._whole or len(self._body) > KEPT or self._start["status"] >= 500:
            return None
        headers = Headers(raw=self._start["headers"])
        return Answered(
            self._start["status"],
            headers.get("content-type", "application/json"),
            self._body.decode("utf-8", "replace"),
            headers.get("location", ""),
        )


def _again(body: IO[bytes], receive: Receive) -> Receive:
    """The body once more, piece by piece; then whatever comes after it."""
    body.seek(0)
    ended = False

    async def give() -> Message:
        nonlocal ended
        if ended:
            return await receive()
        piece = body.read(PIECE)
        ended = len(piece) < PIECE
        return {"type": "http.request", "body": piece, "more_body": not ended}

    return give


def _digest(scope: Scope, body: IO[bytes]) -> str:
    """What a request asks for; the lines that only separate the parts of a form differ from one time to the next."""
    boundary = _BOUNDARY.search(Headers(scope=scope).get("content-type", ""))
    skipped = f"--{boundary[1]}".encode() if boundary else None
    digest = hashlib.sha256(f"{scope['method']} {scope['path']}?".encode() + scope["query_string"] + b"\n")
    body.seek(0)
    for line in body:
        if skipped is None or not line.startswith(skipped):
            digest.update(line)
    return digest.hexdigest()
