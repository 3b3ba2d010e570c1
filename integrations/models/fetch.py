"""One file that is brought onto this machine: what has arrived stays when it breaks off, and the next try goes on.

what does the server have? ─▶ room on the disk ─▶ from where it broke off ─▶ checksum ─▶ a look inside ─▶ its place
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import BinaryIO

from config.setup.environment import replace as write
from integrations.http import Errand, HttpClient
from integrations.http_errors import BadStatus, HttpError, Resting, TimedOut, Unreachable
from integrations.http_messages import STREAM
from integrations.models.backend import ModelError
from integrations.models.installed import Pin, note_of, part_of

AT_ONCE = 1024 * 1024
"""Bytes that are hashed and written at once, in a thread."""
TRIES = 4
"""Times a download is taken up again by itself while nothing arrives."""
LEFT_FREE = 512 * 1024**2
"""Bytes that are left on the disk."""
KEPT = "What has arrived is kept, and installing it again goes on from there."

Progress = Callable[[int, int], None]
"""Called with the bytes that are there and the bytes of the whole."""


@dataclass(frozen=True)
class Wanted:
    """A file that is to be fetched: what the user calls it, its place here, and its address.

    `size` is about how many bytes it has, `sha256` is empty where it is not known before. `check` looks into what has
    arrived and raises ModelError when it is something else.
    """

    title: str
    file: Path
    url: str
    size: int
    check: Callable[[Path], object]
    sha256: str = ""


@dataclass(frozen=True)
class Announced:
    """What a server says of a file before sending it; empty and 0 where it does not say.

    `version` changes with the file; `exact` is the one that the sender itself knows, where it does not redirect.
    """

    sha256: str = ""
    size: int = 0
    version: str = ""
    exact: str = ""


class Fetch:
    """One file on its way to its place. Afterwards `size` is its bytes, and `sha256` its checksum."""

    def __init__(self, wanted: Wanted, http: HttpClient, errand: Errand, progress: Progress, wait: float) -> None:
        """`progress` hears of this file alone; `wait` is how many seconds pass before
        a download that broke off is taken up again, doubled each time.
        """
        self.size = 0
        self.sha256 = ""
        self._wanted, self._file = wanted, wanted.file
        self._http, self._errand = http, errand
        self._progress, self._wait = progress, wait
        self._part, self._note = part_of(wanted.file), note_of(wanted.file)

    async def run(self, had: Pin | None) -> int:
        """Return the bytes of the file once it is in its place; `had` is what was installed there. Raises Mendable."""
        if had is not None and self._file.is_file() and self._file.stat().st_size == had.size:
            self.size, self.sha256 = had.size, had.sha256
            return self.size
        announced = await self._announced()
        await asyncio.to_thread(self._prepare, announced)
        await self._arrive(announced)
        await asyncio.to_thread(self._finish, announced)
        return self.size

    async def _announced(self) -> Announced:
        """Ask what the server has. Hugging Face names a file's SHA-256 before it redirects to where the file lies."""
        ask = replace(STREAM, seconds=30)
        headers = {"accept-encoding": "identity"}
        async with self._http.exchange(
            "HEAD", self._wanted.url, self._errand, ask, headers=headers, body=b""
        ) as exchange:
            status, said = exchange.response.status_code, exchange.response.headers
        if status >= 400:
            raise BadStatus(f"{self._wanted.title} is not at {exchange.host} any more (status {status}).", status)
        version = said.get("x-linked-etag") or said.get("etag") or ""
        word = version.removeprefix("W/").strip('"').lower()
        sha256 = word if len(word) == 64 and all(digit in "0123456789abcdef" for digit in word) else ""
        size = said.get("x-linked-size") or (said.get("content-length", "") if status == 200 else "")
        known = self._wanted.sha256
        if known and sha256 and known != sha256:
            raise ModelError(
                f"{exchange.host} offers another file than the {self._wanted.title} that is known here, so it was not "
                f"downloaded; a newer FreelanceX may know it."
            )
        exact = version if status == 200 and version.startswith('"') else ""
        return Announced(known or sha256, int(size) if size.isdigit() else 0, version, exact)

    def _prepare(self, announced: Announced) -> None:
        """Keep what has arrived if it is of the same file, and see that the rest has room."""
        if _noted(self._note) != announced or not announced.version:
            self._part.unlink(missing_ok=True)
        write(self._note, json.dumps(asdict(announced)))
        arrived = self._part.stat().st_size if self._part.is_file() else 0
        if announced.size and arrived > announced.size:
            self._part.unlink()
            arrived = 0
        needed = (announced.size or self._wanted.size) - arrived + LEFT_FREE
        free = shutil.disk_usage(self._part.parent).free
        if free < needed:
            raise ModelError(
                f"{self._wanted.title} needs {needed / 1e9:.1f} GB on the disk and {free / 1e9:.1f} GB are free; "
                f"make room in {self._part.parent} and try again."
            )

    async def _arrive(self, announced: Announced) -> None:
        """Fetch the rest, again and again while more of it arrives."""
        failed = 0
        while True:
            with self._part.open("ab") as file:
                began = file.tell()
                if announced.size and began == announced.size:
                    return
                try:
                    await self._stream(file, announced)
                    return
                except (Unreachable, TimedOut, Resting) as error:
                    failed = 0 if file.tell() > began else failed + 1
                    if failed == TRIES:
                        raise ModelError(f"{error} {KEPT}") from error
                except HttpError as error:
                    raise ModelError(f"{error} {KEPT}") from error
                except OSError as error:
                    raise ModelError(f"The download cannot be written: {error.strerror}. {KEPT}") from error
            await asyncio.sleep(self._wait * 2**failed)

    async def _stream(self, file: BinaryIO, announced: Announced) -> None:
        there, headers = file.tell(), {"accept-encoding": "identity"}
        if there:
            headers["range"] = f"bytes={there}-"
            if announced.exact:
                headers["if-range"] = announced.exact
        ask = replace(STREAM, max_bytes=(announced.size or self._wanted.size * 2) + AT_ONCE)
        async with self._http.stream("GET", self._wanted.url, self._errand, headers=headers, ask=ask) as reply:
            if there and not reply.headers.get("content-range", "").startswith(f"bytes {there}-"):
                file.truncate(0)  # it cannot go on, and begins again
                there = 0
            whole = announced.size or there + int(reply.headers.get("content-length", "0") or 0)
            held = bytearray()
            try:
                async for part in reply.bytes():
                    held += part
                    if len(held) >= AT_ONCE:
                        data, held = bytes(held), bytearray()
                        there += await asyncio.to_thread(_put, file, data)
                        self._progress(there, whole)
            finally:  # broken off or not, what has arrived is kept
                there += _put(file, bytes(held))
                self._progress(there, whole)
        if there < whole:
            raise Unreachable("The server ended the download too early.")

    def _finish(self, announced: Announced) -> None:
        """Check what arrived and put it into its place."""
        self.size = self._part.stat().st_size
        with self._part.open("rb") as file:
            self.sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        if announced.sha256 and self.sha256 != announced.sha256:
            self._part.unlink()
            self._note.unlink(missing_ok=True)
            raise ModelError(f"{self._wanted.title} arrived damaged: its checksum is wrong; download it again.")
        try:
            self._wanted.check(self._part)
        except ModelError:
            self._part.unlink()
            self._note.unlink(missing_ok=True)
            raise
        self._part.replace(self._file)
        self._note.unlink(missing_ok=True)


def among(before: int, after: int, progress: Progress) -> Progress:
    """Progress of one file told as that of all, with `before` and `after` the bytes of the others."""
    return lambda got, whole: progress(before + got, before + whole + after)


def _put(file: BinaryIO, data: bytes) -> int:
    file.write(data)
    file.flush()
    return len(data)


def _noted(path: Path) -> Announced | None:
    try:
        return Announced(**json.loads(path.read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None
