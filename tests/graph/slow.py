"""What a worker process does in tests."""

from __future__ import annotations

import os
import time
from collections.abc import Callable

from config.errors import Mendable


def sleep(seconds: float, progress: Callable[[str, float | None], None]) -> str:
    progress(f"pid {os.getpid()}", 0.0)
    time.sleep(seconds)
    return "slept"


def add(a: int, b: int) -> int:
    print("noise on standard output")
    return a + b


def mendable() -> None:
    raise Mendable("The file is empty; send another.")


def defect() -> None:
    raise KeyError("secret")


def die() -> None:
    os.abort()


def grow(megabytes: int) -> int:
    return len(bytearray(megabytes * 1024 * 1024))
