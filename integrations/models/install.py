"""Brings a model of the ladder onto this machine.

    room on the disk ─▶ what does the server have? ─▶ from where it broke off ─▶ checksum ─▶ header ─▶ its place

What has arrived stays when a download breaks off, is cancelled or the machine is switched off; the next one goes on.
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
from urllib.parse import urlsplit

from config.ladder import HUB, Rung
from config.settings import Settings
from config.setup.claim import Claim, Taken
from config.setup.environment import replace as write
from integrations.http import Errand, HttpClient
from integrations.http_errors import BadStatus, HttpError, Resting, TimedOut, Unreachable
from integrations.http_messages import STREAM
from integrations.models.backend import ModelError
from integrations.models.gguf import read_header
from integrations.models.installed import Installed, Pin, installed, note_of, part_of, pin, pinned

AT_ONCE = 1024 * 1024
"""Bytes that are hashed and written at once, in a thread."""
TRIES = 4
"""Times a download is taken up again by itself while nothing arrives."""
LEFT_FREE = 512 * 1024**2
"""Bytes that are left on the disk."""
PURPOSE = "downloads"
KEPT = "What has arrived is kept, and installing it again goes on from there."

Progress = Callable[[int, int], None]
"""Called with the bytes that are there and the bytes of the whole."""


@dataclass(frozen=True)
class Announced:
    """What a server says of a file before sending it; empty and 0 where it does not say.

    `version` changes with the file; `exact` is the one that the sender itself knows, where it does not redirect.
    """

    sha256: str = ""
    size: int = 0
    version: str = ""
    exact: str = ""


async def install(
    rung: Rung, settings: Settings, http: HttpClient, progress: Progress, *, user: str = "local", wait: float = 1.0
) -> Installed:
    """Download what is missing of a rung, check it and put it into its place.

    The user said yes to exactly this before. It can be cancelled, and goes on from there when called again. `wait`
    is how many seconds pass before it is taken up again after breaking off, doubled each time. Raises Mendable.
    """
    if not rung.downloadable:
        raise ModelError(f"{rung.title} is nothing to install: {rung.about}.")
    folder = settings.paths.models
    await asyncio.to_thread(folder.mkdir, mode=0o700, parents=True, exist_ok=True)
    errand = Errand(PURPOSE, user, approved=True)
    hub = settings.addresses.get("models", HUB)
    if hub != HUB:
        http.allow(urlsplit(hub).netloc)
    try:
        with Claim(folder / f"{rung.name}.claim"):
            there = 0
            for name, url in rung.urls(hub).items():
                fetch = _Fetch(rung, folder / name, url, http, errand, progress, there, wait)
                there += await fetch.run(pinned(settings).get(name))
                pin(settings, name, Pin(rung.name, fetch.size, fetch.sha256))
    except Taken:
        raise ModelError(f"{rung.title} is being downloaded already.") from None
    return next(one for one in installed(settings) if one.rung == rung)


class _Fetch:
    """One file on its way. `before` are the bytes of the rung's files that came before it."""

    def __init__(
        self, rung: Rung, file: Path, url: str, http: HttpClient, errand: Errand, progress: Progress, before: int,
        wait: float,
    ) -> None:  # fmt: skip
        self.size = 0
        self.sha256 = ""
        self._rung, self._file, self._url = rung, file, url
        self._http, self._errand = http, errand
        self._progress, self._before, self._wait = progress, before, wait
        self._part, self._note = part_of(file), note_of(file)

    async def run(self, had: Pin | None) -> int:
        """Return the bytes of the file once it is in its place."""
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
        async with self._http.exchange("HEAD", self._url, self._errand, ask, headers=headers, body=b"") as exchange:
            status, said = exchange.response.status_code, exchange.response.headers
        if status >= 400:
            raise BadStatus(f"{self._rung.title} is not at {exchange.host} any more (status {status}).", status)
        version = said.get("x-linked-etag") or said.get("etag") or ""
        word = version.removeprefix("W/").strip('"').lower()
        sha256 = word if len(word) == 64 and all(digit in "0123456789abcdef" for digit in word) else ""
        size = said.get("x-linked-size") or (said.get("content-length", "") if status == 200 else "")
        known = self._rung.sha256 if self._file.name == self._rung.file else ""
        if known and sha256 and known != sha256:
            raise ModelError(
                f"{exchange.host} offers another file than the {self._rung.title} that is known here, so it was not "
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
        needed = (announced.size or self._rung.size) - arrived + LEFT_FREE
        free = shutil.disk_usage(self._part.parent).free
        if free < needed:
            raise ModelError(
                f"{self._rung.title} needs {needed / 1e9:.1f} GB on the disk and {free / 1e9:.1f} GB are free; "
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
        ask = replace(STREAM, max_bytes=(announced.size or self._rung.size * 2) + AT_ONCE)
        async with self._http.stream("GET", self._url, self._errand, headers=headers, ask=ask) as reply:
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
                        self._progress(self._before + there, self._whole(whole))
            finally:  # broken off or not, what has arrived is kept
                there += _put(file, bytes(held))
                self._progress(self._before + there, self._whole(whole))
        if there < whole:
            raise Unreachable("The server ended the download too early.")

    def _whole(self, size: int) -> int:
        """Bytes of all files of the rung, as well as it is known now."""
        first = self._file.name == self._rung.file
        return self._before + size + (self._rung.projector_size if first else 0)

    def _finish(self, announced: Announced) -> None:
        """Check what arrived and put it into its place."""
        self.size = self._part.stat().st_size
        with self._part.open("rb") as file:
            self.sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        if announced.sha256 and self.sha256 != announced.sha256:
            self._part.unlink()
            self._note.unlink(missing_ok=True)
            raise ModelError(f"{self._rung.title} arrived damaged: its checksum is wrong; download it again.")
        try:
            read_header(self._part)
        except ModelError:
            self._part.unlink()
            self._note.unlink(missing_ok=True)
            raise
        self._part.replace(self._file)
        self._note.unlink(missing_ok=True)


def _put(file: BinaryIO, data: bytes) -> int:
    file.write(data)
    file.flush()
    return len(data)


def _noted(path: Path) -> Announced | None:
    try:
        return Announced(**json.loads(path.read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None
