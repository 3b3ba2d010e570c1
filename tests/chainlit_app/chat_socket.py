"""The page's side of the socket, frame by frame: what Chainlit's page says, and everything it is told."""

from __future__ import annotations

import asyncio
import json
from types import TracebackType
from typing import Any
from uuid import uuid4

import httpx
import websockets

Event = dict[str, Any]


class PageSocket:
    """One browser tab at a path of the site. `told` holds every event with its data, in order."""

    def __init__(self, address: str, thread: str = "", at: str = "/", cookie: str = "") -> None:
        self.address = address
        self._at = at
        self.cookie = cookie
        self.session = str(uuid4())
        self.told: list[tuple[str, Any]] = []
        self._auth = {"clientType": "webapp", "sessionId": self.session, "threadId": thread, "userEnv": "{}"}
        self._news = asyncio.Event()

    async def __aenter__(self) -> PageSocket:
        url = f"{self.address.replace('http', 'ws')}/ws/socket.io/?EIO=4&transport=websocket"
        headers = {"Cookie": self.cookie, "Referer": self.address + self._at}
        self._socket = await websockets.connect(url, origin=self.address, additional_headers=headers)
        assert str(await self._socket.recv()).startswith("0")
        await self._socket.send("40" + json.dumps(self._auth))
        self._listening = asyncio.create_task(self._listen())
        await self.until("connect")
        await self.emit("connection_successful")
        await self.until("chat_settings")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._listening.cancel()
        await self._socket.close()

    async def emit(self, event: str, *data: Any) -> None:
        await self._socket.send("42" + json.dumps([event, *data]))

    async def say(self, text: str, files: list[str] | None = None, command: str | None = None) -> str:
        """Send a message as the page does; returns its id."""
        message = {"id": str(uuid4()), "type": "user_message", "name": "You", "output": text, "command": command}
        message |= {"threadId": "", "createdAt": "2026-01-01T00:00:00Z"}
        references = [{"id": file} for file in files or []]
        await self.emit("client_message", {"message": message, "fileReferences": references})
        return str(message["id"])

    async def press(self, action: Event) -> None:
        """Press a button."""
        async with httpx.AsyncClient(base_url=self.address, headers={"Cookie": self.cookie}, timeout=20) as client:
            body = {"sessionId": self.session, "action": action}
            (await client.post("/project/action", json=body)).raise_for_status()

    async def until(self, event: str, after: int = 0, seconds: float = 20, **fields: Any) -> Any:
        """The data of the first event of this name (from place `after` on) whose data has these fields."""
        async with asyncio.timeout(seconds):
            while True:
                for name, data in self.told[after:]:
                    if name == event and all(data.get(key) == value for key, value in fields.items()):
                        return data
                self._news.clear()
                await self._news.wait()

    async def closed(self) -> None:
        """Wait until the server closes the socket, or takes the page off it."""
        while not any(name == "disconnect" for name, _ in self.told) and not self._listening.done():
            self._news.clear()
            waiting = asyncio.ensure_future(self._news.wait())
            await asyncio.wait({waiting, self._listening}, return_when=asyncio.FIRST_COMPLETED)
            waiting.cancel()

    def all(self, event: str) -> list[Any]:
        return [data for name, data in self.told if name == event]

    async def _listen(self) -> None:
        async for frame in self._socket:
            text = str(frame)
            if text == "2":
                await self._socket.send("3")
            elif text.startswith("40"):
                self._hear("connect", {})
            elif text.startswith("41"):
                self._hear("disconnect", {})
            elif text.startswith("42"):
                name, *data = json.loads(text[2:])
                self._hear(name, data[0] if data else {})

    def _hear(self, name: str, data: Any) -> None:
        self.told.append((name, data))
        self._news.set()
