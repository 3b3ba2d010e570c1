"""Bounds for work that a stranger wrote: how long it may take and how much memory it may claim."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType

STATM = Path("/proc/self/statm")
"""Sizes of this process in pages, of which the first counts what a limit on the address space counts. Linux only."""


class Exceeded(Exception):
    """It took longer than it may."""


@contextmanager
def bounded(seconds: float, megabytes: int) -> Iterator[None]:
    """Raise `Exceeded` or MemoryError in the block when it exceeds these. For the main thread alone.

    The seconds are the processor's: on a busy machine, what does no harm is not taken for what never ends.
    Where the system has no such timer or limit, the deadline of the process that asked is what is left.
    """
    with ExitStack() as limits:
        if STATM.exists():
            limits.enter_context(_memory(megabytes))
        if hasattr(signal, "setitimer"):
            limits.enter_context(_time(seconds))
        yield


@contextmanager
def _memory(megabytes: int) -> Iterator[None]:
    import resource

    size = int(STATM.read_text().split()[0]) * resource.getpagesize()
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    wanted = size + megabytes * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


@contextmanager
def _time(seconds: float) -> Iterator[None]:
    def ring(_signal: int, _frame: FrameType | None) -> None:
        raise Exceeded(f"it took more than {seconds:g} seconds")

    before = signal.signal(signal.SIGPROF, ring)
    left, _ = signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, left)
        signal.signal(signal.SIGPROF, before)
