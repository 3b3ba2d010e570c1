"""The other side of `graph.jobs`: a process that runs one function after another, told by lines of JSON.

    in    {"function": "package.module:name", "arguments": {…}, "memory_mb": null, "room": bytes}
    out   {"progress": "reading", "part": 0.2}  any number of times, then
          {"result": …}  or  {"error": "one sentence", "detail": "where and what class, no values"}

Nothing a function prints can reach the protocol: standard output is the standard error stream while it runs. No job has
the network: it reads what strangers wrote, and what may be fetched was fetched before, with the user's consent. The one
exception is the Dask cluster of one's own that the settings name. A job without a limit of its own may take the room
that is free when it starts.
"""

from __future__ import annotations

import importlib
import inspect
import json
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from config.errors import Mendable
from monitoring.logs import trace

PROGRESS_EVERY_S = 0.1
SCHEDULER = "FREELANCEX_DASK_SCHEDULER"
DASK_PORT = 8786
STATM = Path("/proc/self/statm")
_LOOKUPS = frozenset({"socket.getaddrinfo", "socket.gethostbyname"})
_NETWORK = frozenset({"socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg", *_LOOKUPS})
FAILED = "Something went wrong inside that job; the log has the details. Trying again may help."
TOO_LARGE = "That needs more memory than it may use here; close other programs, or try a smaller file."


def serve(lines: Any, send: Callable[[dict[str, Any]], None]) -> None:
    """Answer every request in `lines` until they end."""
    for line in lines:
        request = json.loads(line)
        try:
            send({"result": _run(request, send)})
        except Mendable as error:
            send({"error": str(error), "detail": ""})
        except MemoryError:
            send({"error": TOO_LARGE, "detail": "out of memory"})
        except Exception as error:
            send({"error": FAILED, "detail": " ".join(trace(error))})


def _run(request: dict[str, Any], send: Callable[[dict[str, Any]], None]) -> Any:
    if os.name == "posix":
        _confine(int(request.get("memory_mb") or 0) * 1024 * 1024, int(request.get("room") or 0))
    module, _, name = request["function"].partition(":")
    function = getattr(importlib.import_module(module), name)
    arguments = dict(request["arguments"])
    if "progress" in inspect.signature(function).parameters:
        arguments["progress"] = _progress(send)
    result = function(**arguments)
    json.dumps(result)  # a result that cannot travel is the function's fault, found here with its traceback
    return result


def _confine(size: int, room: int) -> None:
    """Bound the address space to `size` for good, or the data beyond what is held now to `room`, both in bytes."""
    import resource

    if size and resource.getrlimit(resource.RLIMIT_AS)[0] != size:  # else an earlier job of the same limit has set it
        resource.setrlimit(resource.RLIMIT_AS, (size, size))
    if room and not size and STATM.exists():
        held = int(STATM.read_text().split()[5]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_DATA, (held + room, resource.getrlimit(resource.RLIMIT_DATA)[1]))


def _offline(but: frozenset[tuple[str, int]]) -> Callable[[str, tuple[Any, ...]], None]:
    """Denies the network for good, but these; sockets of this machine's own processes have a path for an address."""

    def deny(event: str, arguments: tuple[Any, ...]) -> None:
        if event not in _NETWORK or (event not in _LOOKUPS and isinstance(arguments[-1], str | bytes)):
            return
        asked = arguments[:2] if event == "socket.getaddrinfo" else arguments[-1]
        if event not in ("socket.connect", "socket.getaddrinfo") or tuple(asked[:2]) not in but:
            raise PermissionError(f"This job may not use the network ({event}).")

    return deny


def _cluster() -> frozenset[tuple[str, int]]:
    """The Dask scheduler of the settings, by name and by address."""
    named = os.environ.get(SCHEDULER)
    if not named:
        return frozenset()
    parts = urlsplit(named)
    host, port = parts.hostname or "", parts.port or DASK_PORT
    try:
        found = {str(one[4][0]) for one in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    except OSError:  # then it cannot be reached, which the job will say
        found = set()
    return frozenset((name, port) for name in {host, *found})


def _progress(send: Callable[[dict[str, Any]], None]) -> Callable[[str, float | None], None]:
    last = 0.0

    def progress(text: str, part: float | None = None) -> None:
        nonlocal last
        if time.monotonic() - last >= PROGRESS_EVERY_S or part == 1:
            last = time.monotonic()
            send({"progress": text, "part": part})

    return progress


def main() -> None:
    """Serve standard input; keep the real standard output for the protocol alone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which then closes this process's input
    protocol = os.fdopen(os.dup(1), "w", buffering=1, encoding="utf-8")
    os.dup2(2, 1)
    sys.addaudithook(_offline(_cluster()))

    def send(answer: dict[str, Any]) -> None:
        protocol.write(json.dumps(answer, ensure_ascii=True) + "\n")

    try:
        serve(sys.stdin, send)
    except BrokenPipeError:  # the parent was killed, and nobody waits for the answer
        os._exit(1)


if __name__ == "__main__":
    main()
