"""The process that runs a model: `python -m integrations.models.llama.program`, told by lines of JSON.

It ends when the one that started it does, because its standard input ends then. Standard output is the protocol's
alone: whatever llama.cpp prints goes to the standard error stream.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from integrations.models.llama.wire import Ask, Failed, Load, line

KILLED_FIRST = "900"
"""Of 1000: when the machine runs out of memory, the system ends this process and not the one of the chat."""

Say = Callable[[Mapping[str, Any]], object]


class Inbox:
    """Lines from the other side: questions in their order, and a stop that overtakes them."""

    def __init__(self, set_stop: Callable[[], None], clear_stop: Callable[[], None]) -> None:
        self._set, self._clear = set_stop, clear_stop
        self._requests = SimpleQueue[dict[str, Any]]()
        self._lock = threading.Lock()
        self._stopped = 0
        self._now = 0

    def start(self) -> None:
        """Listen in a thread of its own."""
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        """Read until the other side is gone, then end the process, whatever it is doing."""
        for text in sys.stdin:
            message = json.loads(text)
            if "stop" in message:
                with self._lock:
                    self._stopped = message["stop"]
                    if self._stopped == self._now:
                        self._set()
            else:
                self._requests.put(message)
        os._exit(0)

    def next(self) -> dict[str, Any]:
        """The next request; a question that was stopped before its turn begins stopped."""
        message = self._requests.get()
        with self._lock:
            self._now = message.get("ask", 0)
            self._clear()
            if self._now and self._now == self._stopped:
                self._set()
        return message


def serve(say: Say) -> None:
    """Load, then answer until the process is ended."""
    try:
        from integrations.models.llama.answering import Answering
        from integrations.models.llama.engine import Engine, Stop
    except (ImportError, OSError, RuntimeError) as error:  # the last two where its libraries cannot be loaded
        say({"failed": "missing", "why": str(error)})
        return

    stop = Stop()
    inbox = Inbox(stop.set, stop.clear)
    inbox.start()
    try:
        load, began = Load(**inbox.next()["load"]), time.monotonic()
        engine = Engine(load, stop)
        answering = Answering(engine, load.snapshot_bytes)
    except Failed as error:
        say({"failed": error.kind, "why": str(error)})
        return
    say({"loaded": {"context": engine.context, "offloads": engine.offloads, "seconds": time.monotonic() - began}})
    while True:
        try:
            done = answering.answer(Ask(**inbox.next()), lambda piece: say({"piece": piece}))
            say({"done": asdict(done)})
        except Failed as error:
            say({"failed": error.kind, "why": str(error)})


def on_lines(serve: Callable[[Say], None]) -> None:
    """Keep the real standard output for the protocol alone, and serve."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which then closes this process's input
    protocol = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    if (score := Path("/proc/self/oom_score_adj")).exists():
        score.write_text(KILLED_FIRST)
    try:
        serve(lambda message: protocol.write(line(message)))
    except BrokenPipeError:  # the parent was killed, and nobody waits for the answer
        os._exit(1)


if __name__ == "__main__":
    on_lines(serve)
