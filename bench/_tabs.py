"""A browser tab's side of the chat, frame by frame: connect, send, and hear when the answer is there."""

from __future__ import annotations

import asyncio
import json
import time
from types import TracebackType
from typing import Any
from uuid import uuid4

import httpx
import websockets


class Tab:
    """One tab with a new conversation."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._heard: dict[str, asyncio.Event] = {name: asyncio.Event() for name in ("chat_settings", "task_end")}
        self._first = 0.0

    async def __aenter__(self) -> Tab:
        async with httpx.AsyncClient(base_url=self._address, timeout=60) as client:
            await client.get("/")
            cookie = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
        url = f"{self._address.replace('http', 'ws')}/ws/socket.io/?EIO=4&transport=websocket"
        auth = {"clientType": "webapp", "sessionId": str(uuid4()), "threadId": "", "userEnv": "{}"}
        self._socket = await websockets.connect(
            url, origin=self._address, additional_headers={"Cookie": cookie}, open_timeout=60
        )
        await self._socket.recv()
        await self._socket.send("40" + json.dumps(auth))
        self._listening = asyncio.create_task(self._listen())
        await self._emit("connection_successful")
        await asyncio.wait_for(self._heard["chat_settings"].wait(), 60)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._listening.cancel()
        await self._socket.close()

    async def ask(self, text: str) -> tuple[float, float]:
        """Send a message; the seconds until the first words of the answer, and until it is complete."""
        self._heard["task_end"].clear()
        self._first = 0.0
        message = {"id": str(uuid4()), "type": "user_message", "name": "You", "output": text, "command": None}
        message |= {"threadId": "", "createdAt": "2026-01-01T00:00:00Z"}
        began = time.perf_counter()
        await self._emit("client_message", {"message": message, "fileReferences": []})
        await asyncio.wait_for(self._heard["task_end"].wait(), 120)
        ended = time.perf_counter()
        return (self._first or ended) - began, ended - began

    async def ping(self, every: float, until: float, waited: list[float]) -> None:
        """Ping the server now and then, and note the seconds until each answer."""
        while time.perf_counter() < until:
            began = time.perf_counter()
            await asyncio.wait_for(await self._socket.ping(), 60)
            waited.append(time.perf_counter() - began)
            await asyncio.sleep(every)

    async def _emit(self, event: str, *data: Any) -> None:
        await self._socket.send("42" + json.dumps([event, *data]))

    async def _listen(self) -> None:
        async for frame in self._socket:
            text = str(frame)
            if text == "2":
                await self._socket.send("3")
            elif text.startswith("42"):
                name = json.loads(text[2:])[0]
                if name in ("stream_token", "stream_start") and not self._first:
                    self._first = time.perf_counter()
                if name in self._heard:
                    self._heard[name].set()
