"""A claim on a piece of work that only one process may do at a time.

The operating system holds it, so it ends with the process that made it, however that process ends.
"""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path
from types import TracebackType

if sys.platform == "win32":
    import msvcrt

    def _take(fd: int, wait: bool) -> None:
        msvcrt.locking(fd, msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _take(fd: int, wait: bool) -> None:
        fcntl.flock(fd, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))


class Taken(Exception):
    """Another process holds the claim."""


class Claim:
    """``with Claim(path):`` holds the claim; raises Taken at once when another process holds it, unless `wait`.

    `fd` may be passed on to child processes: the claim then lasts until the last of them has ended.
    """

    def __init__(self, path: Path, *, wait: bool = False) -> None:
        self.path = path
        self.wait = wait
        self.fd = -1

    def __enter__(self) -> Claim:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.fd = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _take(self.fd, self.wait)
        except OSError as error:
            os.close(self.fd)
            raise Taken(str(self.path)) from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self.fd)


def taken(path: Path) -> bool:
    """Whether a process holds the claim at `path` now."""
    if not path.exists():
        return False
    with contextlib.suppress(Taken), Claim(path):
        return False
    return True
