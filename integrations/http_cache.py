"""Replies kept on disk for as long as their hosts allow, by the rules of RFC 9111 as hishel reads them.

Each user has a file of their own, so that nobody learns from the speed of an answer what another one asked, and
erasing a user takes their file. hishel's own storage wants another SQLite driver and streams; here every body is whole
already, so a table is enough.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
import time
import uuid
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from integrations.http_messages import Reply
from integrations.http_replies import ANY_ORIGIN_HEADERS

if TYPE_CHECKING:
    import hishel

MAX_BYTES = 64 * 1024 * 1024
"""The most that is kept for one user; what was used longest ago goes first."""
SECRET_NAMES = ("key", "token", "secret", "sig", "auth", "password", "session")
DECODED = ("content-encoding", "content-length", "transfer-encoding")
"""Headers that no longer hold for a body that was unpacked."""
TABLE = """
CREATE TABLE IF NOT EXISTS replies (
    id TEXT PRIMARY KEY, url TEXT NOT NULL, meta TEXT NOT NULL, body BLOB NOT NULL, used REAL NOT NULL);
CREATE INDEX IF NOT EXISTS replies_by_url ON replies (url);
"""

Send = Callable[[Mapping[str, str]], Awaitable[Reply]]
"""Sends the request with these headers."""


def cacheable(method: str, url: str, headers: Iterable[str]) -> bool:
    """Whether a request may be answered from the disk: a GET that carries nothing that looks like a secret."""
    names = [name.lower() for name, _ in parse_qsl(urlsplit(url).query, keep_blank_values=True)]
    if any(secret in name for name in names for secret in SECRET_NAMES):
        return False
    return method == "GET" and {*headers} <= ANY_ORIGIN_HEADERS | {"host"}


class HttpCache:
    """The replies kept in a file for each user, at most so many bytes each."""

    def __init__(self, place: Callable[[str], Path], max_bytes: int = MAX_BYTES) -> None:
        self._place = place
        self._max_bytes = max_bytes

    async def get(self, user: str, url: str, headers: Mapping[str, str], send: Send) -> Reply:
        """The reply kept for a GET while it is fresh; else what `send` brings, checked and kept if the host allows."""
        path = self._place(user)
        entries, bodies = await asyncio.to_thread(_read, path, url)  # imports hishel off the event loop, too
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
                    await asyncio.to_thread(_update, path, state.updating_entries)
                    state = state.next()
                case hishel.InvalidateEntries():
                    await asyncio.to_thread(_forget, path, state.entry_ids)
                    state = state.next()
                case hishel.FromCache():
                    return _reply(url, state.entry.response, bodies[state.entry.id])
                case hishel.StoreAndUse():
                    await asyncio.to_thread(self._keep, path, request, state.response, body)
                    return _reply(url, state.response, body)
                case _:
                    return _reply(url, state.response, body)

    def _keep(self, path: Path, request: hishel.Request, response: hishel.Response, body: bytes) -> None:
        if len(body) > self._max_bytes // 8:
            return  # one huge reply would push out everything else
        row = str(uuid.uuid4()), request.url, _meta(request, response), body, time.time()
        with closing(_open(path)) as opened, opened:
            opened.execute("INSERT INTO replies VALUES (?, ?, ?, ?, ?)", row)
            opened.execute(
                "DELETE FROM replies WHERE id IN (SELECT id FROM (SELECT id, sum(length(body) + length(meta)) OVER "
                "(ORDER BY used DESC, rowid DESC) AS total FROM replies) WHERE total > ?)",
                (self._max_bytes,),
            )


def _open(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    opened = sqlite3.connect(path, timeout=5)
    opened.execute("PRAGMA auto_vacuum=FULL")
    opened.execute("PRAGMA secure_delete=ON")
    opened.executescript(TABLE)
    return opened


def _read(path: Path, url: str) -> tuple[list[hishel.Entry], dict[uuid.UUID, bytes]]:
    import hishel

    if not path.exists():
        return [], {}
    entries, bodies = [], {}
    with closing(_open(path)) as opened, opened:
        for name, meta, body in opened.execute("SELECT id, meta, body FROM replies WHERE url = ?", (url,)):
            kept = json.loads(meta)
            request = hishel.Request("GET", url, hishel.Headers(kept["request"]))
            response = hishel.Response(kept["status"], hishel.Headers(kept["response"]))
            entries.append(hishel.Entry(uuid.UUID(name), request, response))
            bodies[entries[-1].id] = body
        opened.execute("UPDATE replies SET used = ? WHERE url = ?", (time.time(), url))
    return entries, bodies


def _update(path: Path, entries: Iterable[hishel.Entry]) -> None:
    with closing(_open(path)) as opened, opened:
        for entry in entries:
            meta = _meta(entry.request, entry.response)
            opened.execute("UPDATE replies SET meta = ? WHERE id = ?", (meta, str(entry.id)))


def _forget(path: Path, ids: Iterable[uuid.UUID]) -> None:
    with closing(_open(path)) as opened, opened:
        opened.executemany("DELETE FROM replies WHERE id = ?", [(str(one),) for one in ids])


def _meta(request: hishel.Request, response: hishel.Response) -> str:
    return json.dumps(
        {"request": dict(request.headers), "status": response.status_code, "response": dict(response.headers)}
    )


def _reply(url: str, response: hishel.Response, body: bytes) -> Reply:
    return Reply(url, response.status_code, dict(response.headers), body)
