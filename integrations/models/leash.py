"""Runs a program for as long as whoever started this lives: `python leash.py PROGRAM ARGUMENT…`.

The other end of standard input is the app's. It closes when the app ends, however that happens, also by kill -9, which
no program can prepare for. This file needs the standard library alone, so that it starts in milliseconds.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading


def main(command: list[str]) -> int:
    """Run the command and return its exit status; kill it when standard input ends."""
    try:
        child = subprocess.Popen(command, stdin=subprocess.DEVNULL)
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


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
