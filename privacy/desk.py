"""The desk: where plain copies of sealed files lie while a program that needs a file reads them.

    <tmpfs, else data/desk>/<one folder for each process>/<conversation>/<file>

A folder belongs to the process that holds its claim. What a process that was killed left lying is removed when the next
one opens its desk. Where there is a tmpfs the copies never reach a disk, unless the system swaps.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
from contextlib import suppress
from pathlib import Path

from config.setup.claim import Claim, Taken

MEMORY = Path("/dev/shm")
ROOM = 1024**3
"""Bytes that must be free on the tmpfs for it to be used at all; a container often has 64 MB."""


class Desk:
    """One process's desk for one data folder. `folder` is private to this user, `on_disk` takes what is too large."""

    def __init__(self, data: Path) -> None:
        self._disk = data / "desk"
        self._shared = _private(MEMORY / f"freelancex-{os.getuid()}") if hasattr(os, "getuid") else None
        base = self._shared / _short(str(data.resolve())) if self._shared else self._disk
        _sweep(base)
        _sweep(self._disk)
        name = secrets.token_hex(8)
        self.folder, self._large = base / name, self._disk / name
        self._laid: set[str] = set()
        self._claims = [Claim(path.with_suffix(".claim")) for path in {self.folder, self._large}]
        for claim in self._claims:
            claim.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            claim.__enter__()
        self.folder.mkdir(mode=0o700)

    def place(self, of: str, size: int = 0) -> Path:
        """The folder of a conversation, or another occasion, with room for so many bytes."""
        small = size * 2 < shutil.disk_usage(self.folder).free
        self._laid.add(_short(of))
        folder = (self.folder if small else self._large) / _short(of)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder

    def passing(self) -> Path:
        """The folder for the temporary files of libraries and of other processes."""
        folder = self.folder / "tmp"
        folder.mkdir(mode=0o700, exist_ok=True)
        return folder

    def holds(self, of: str) -> bool:
        """Whether anything lies there for a conversation."""
        return _short(of) in self._laid

    def wipe(self, of: str) -> None:
        """Remove what lies there for a conversation."""
        self._laid.discard(_short(of))
        for folder in {self.folder, self._large}:
            shutil.rmtree(folder / _short(of), ignore_errors=True)

    def close(self) -> None:
        """Remove all of it. Closing again does nothing."""
        for folder in {self.folder, self._large}:
            shutil.rmtree(folder, ignore_errors=True)
        while self._claims:
            claim = self._claims.pop()
            claim.__exit__(None, None, None)
            claim.path.unlink(missing_ok=True)
        with suppress(OSError):  # another process has its desk there
            self.folder.parent.rmdir()


def _private(folder: Path) -> Path | None:
    """A folder on the tmpfs that is this user's alone; None where there is no room, or it is somebody else's."""
    try:
        if shutil.disk_usage(folder.parent).free < ROOM:
            return None
        folder.mkdir(mode=0o700, exist_ok=True)
        state = folder.lstat()
    except OSError:
        return None
    mine = state.st_uid == os.getuid() and not state.st_mode & 0o077 and not folder.is_symlink()
    return folder if mine else None


def _sweep(base: Path) -> None:
    """Remove the folders of processes that ended without doing so."""
    for claim in base.glob("*.claim"):
        with suppress(Taken, OSError), Claim(claim):
            shutil.rmtree(claim.with_suffix(""), ignore_errors=True)
            claim.unlink(missing_ok=True)


def _short(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:24]
