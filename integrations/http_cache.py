"""Replies kept on disk for as long as their hosts allow, by the rules of RFC 9111 as hishel reads them.

Each user has a file of their own, so that nobody learns from the speed of an answer what another one asked, and
erasing a user takes their file. Addresses, heads and bodies are sealed with a key of the user's. hishel's own storage
wants another SQLite driver and streams; here every body is whole already, so a table is enough.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
import time
import uuid
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from integrations.http_messages import Reply
from integrations.http_replies import ANY_ORIGIN_HEADERS
from privacy.keys.ring import DataKey, Tampered, blind_with, open_with, passing_key, seal_with

if TYPE_CHECKING:
    import hishel

MAX_BYTES = 64 * 1024 * 1024
"""The most that is kept for one user; what was used longest ago goes first."""
SECRET_NAMES = ("key", "token", "secret", "sig", "auth", "password", "session")
DECODED = ("content-encoding", "content-length", "transfer-encoding")
"""Headers that no longer hold for a body that was unpacked."""
TABLE = """
CREATE TABLE IF NOT EXISTS replies (
    id TEXT PRIMARY KEY, address TEXT NOT NULL, meta BLOB NOT NULL, body BLOB NOT NULL, used REAL NOT NULL);
CREATE INDEX IF NOT EXISTS replies_by_address ON replies (address);
"""

KeyOf = Callable[[str], Awaitable[DataKey]]
"""Finds a user's key for what is kept of the web."""
Send = Callable[[Mapping[str, str]], Awaitable[Reply]]
"""Sends the request with these headers."""


def passing_keys() -> KeyOf:
    """Keys that last as long as this process."""
    keys: defaultdict[str, DataKey] = defaultdict(lambda: passing_key("cache"))

    async def key_of(user: str) -> DataKey:
        return keys[user]

    return key_of


def cacheable(method: str, url: str, headers: Iterable[str]) -> bool:
    """Whether a request may be answered from the disk: a GET that carries nothing that looks like a secret."""
    names = [name.lower() for name, _ in parse_qsl(urlsplit(url).query, keep_blank_values=True)]
    if any(secret in name for name in names for secret in SECRET_NAMES):
        return False
    return method == "GET" and {*headers} <= ANY_ORIGIN_HEADERS | {"host"}


class HttpCache:
    """The replies kept in a file for each user, at most so many bytes each."""

    def __init__(self, place: Callable[[str], Path], key_of: KeyOf, max_bytes: int = MAX_BYTES) -> None:
        self._place = place
        self.key_of = key_of
        self._max_bytes = max_bytes

    async def get(self, user: str, url: str, headers: Mapping[str, str], send: Send) -> Reply:
        """The reply kept for a GET while it is fresh; else what `send` brings, checked and kept if the host allows."""
        box = _Box(self._place(user), await self.key_of(user))
        entries, bodies = await asyncio.to_thread(box.read, url)  # imports hishel off the event loop, too
        import hishel

        request = hishel.Request("GET", url, hishel.Headers({**headers}))
        state: hishel.AnyState = hishel.IdleClient(options=hishel.CacheOptions(shared=True)).next(request, entries)
        body = b""
        while True:
            match state:
                case hishel.CacheMiss() | hishel.NeedRevalidation():
                    fresh = await send(dict(state.request.headers))
                    body = fresh.body
                    answer = {name: value for name, value in fresh.headers.items() if name not in DECODED}
                    state = state.next(hishel.Response(fresh.status, hishel.Headers(answer)))
                case hishel.NeedToBeUpdated():
                    await asyncio.to_thread(box.update, state.updating_entries)
                    state = state.next()
                case hishel.InvalidateEntries():
                    await asyncio.to_thread(box.forget, state.entry_ids)
                    state = state.next()
                case hishel.FromCache():
                    return _reply(url, state.entry.response, bodies[state.entry.id])
                case hishel.StoreAndUse():
                    await asyncio.to_thread(box.keep, request, state.response, body, self._max_bytes)
                    return _reply(url, state.response, body)
                case _:
                    return _reply(url, state.response, body)


class _Box:
    """One user's file and the key it is sealed with. What another key sealed counts as not there."""

    def __init__(self, path: Path, key: DataKey) -> None:
        self._path = path
        self._key = key

    def read(self, url: str) -> tuple[list[hishel.Entry], dict[uuid.UUID, bytes]]:
        import hishel

        if not self._path.exists():
            return [], {}
        entries, bodies = [], {}
        with self._open() as opened:
            where = (self._address(url),)
            for name, meta, body in opened.execute("SELECT id, meta, body FROM replies WHERE address = ?", where):
                try:
                    kept, plain = json.loads(open_with(self._key, meta, name)), open_with(self._key, body, name)
                except Tampered:
                    continue
                request = hishel.Request("GET", url, hishel.Headers(kept["request"]))
                response = hishel.Response(kept["status"], hishel.Headers(kept["response"]))
                entries.append(hishel.Entry(uuid.UUID(name), request, response))
                bodies[entries[-1].id] = plain
            opened.execute("UPDATE replies SET used = ? WHERE address = ?", (time.time(), *where))
        return entries, bodies

    def keep(self, request: hishel.Request, response: hishel.Response, body: bytes, max_bytes: int) -> None:
        if len(body) > max_bytes // 8:
            return  # one huge reply would push out everything else
        name = str(uuid.uuid4())
        meta, sealed = (seal_with(self._key, part, name) for part in (_meta(request, response), body))
        with self._open() as opened:
            row = name, self._address(request.url), meta, sealed, time.time()
            opened.execute("INSERT INTO replies VALUES (?, ?, ?, ?, ?)", row)
            opened.execute(
                "DELETE FROM replies WHERE id IN (SELECT id FROM (SELECT id, sum(length(body) + length(meta)) OVER "
                "(ORDER BY used DESC, rowid DESC) AS total FROM replies) WHERE total > ?)",
                (max_bytes,),
            )

    def update(self, entries: Iterable[hishel.Entry]) -> None:
        with self._open() as opened:
            for entry in entries:
                meta = seal_with(self._key, _meta(entry.request, entry.response), str(entry.id))
                opened.execute("UPDATE replies SET meta = ? WHERE id = ?", (meta, str(entry.id)))

    def forget(self, ids: Iterable[uuid.UUID]) -> None:
        with self._open() as opened:
            opened.executemany("DELETE FROM replies WHERE id = ?", [(str(one),) for one in ids])

    def _address(self, url: str) -> str:
        return blind_with(self._key, url, "address")

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with closing(sqlite3.connect(self._path, timeout=5)) as opened, opened:
            opened.execute("PRAGMA auto_vacuum=FULL")
            opened.execute("PRAGMA secure_delete=ON")
            if "url" in _columns(opened):
                opened.execute("DROP TABLE replies")  # an older version kept them in clear
            opened.executescript(TABLE)
            yield opened


def _columns(opened: sqlite3.Connection) -> list[str]:
    return [row[1] for row in opened.execute("PRAGMA table_info(replies)")]


def _meta(request: hishel.Request, response: hishel.Response) -> bytes:
    return json.dumps(
        {"request": dict(request.headers), "status": response.status_code, "response": dict(response.headers)}
    ).encode()


def _reply(url: str, response: hishel.Response, body: bytes) -> Reply:
    return Reply(url, response.status_code, dict(response.headers), body)
