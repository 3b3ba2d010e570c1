"""Runs a program for as long as whoever started this lives: `python leash.py PROGRAM ARGUMENT…`.

The other end of standard input is the app's. It closes when the app ends, however that happens, also by kill -9, which
no program can prepare for. Where this process itself is killed, Linux ends the program. This file needs the standard
library alone, so that it starts in milliseconds.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable

DIE_WITH_PARENT = 1
"""PR_SET_PDEATHSIG, see prctl(2)."""


def main(command: list[str]) -> int:
    """Run the command and return its exit status; kill it when standard input ends."""
    try:
        child = subprocess.Popen(command, stdin=subprocess.DEVNULL, preexec_fn=_die_with_parent())
    except OSError as error:
        sys.stderr.write(f"{command[0]} cannot be started: {error.strerror}\n")
        return 127

    def watch() -> None:
        while os.read(0, 4096):
            pass
        child.kill()

    threading.Thread(target=watch, daemon=True).start()
    status = child.wait()
    return status if status >= 0 else 128 - status


def _die_with_parent() -> Callable[[], object] | None:
    """What the program's process does before it becomes the program."""
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None).prctl
    return lambda: prctl(DIE_WITH_PARENT, signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
