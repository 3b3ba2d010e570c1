"""A program that speaks the protocol of `integrations.models.llama.wire` and does what its questions say.

The first argument is a folder: a file there named "load-fails", "load-dies" or "load-waits" decides how loading goes,
and each start leaves a line in "starts".
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from pathlib import Path
from queue import SimpleQueue
from typing import Any

HERE = Path(sys.argv[1])
stopped = threading.Event()
requests = SimpleQueue[dict[str, Any]]()


def listen() -> None:
    for line in sys.stdin:
        message = json.loads(line)
        if "stop" in message:
            (HERE / "stopped").write_text(str(message["stop"]))
            stopped.set()
        else:
            requests.put(message)
    os._exit(0)


def say(message: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def done(ended: str = "complete") -> None:
    say({"done": {"ended": ended}})


def load(request: dict[str, Any]) -> None:
    with (HERE / "starts").open("a") as starts:
        starts.write(json.dumps(request) + "\n")
    if (HERE / "load-dies").exists() and request["context"] > int((HERE / "load-dies").read_text()):
        sys.stderr.write("ggml_abort: not enough memory\n")
        os._exit(134)
    if (HERE / "load-fails").exists():
        say({"failed": (HERE / "load-fails").read_text(), "why": "it says so"})
        sys.exit()
    if (HERE / "load-waits").exists():
        while not (HERE / "load-goes").exists():
            time.sleep(0.005)
    say({"loaded": {"context": min(request["context"], 4096), "offloads": False, "seconds": 0.1}})


def answer(question: str) -> None:
    match question:
        case "crash":
            say({"piece": "Good "})
            sys.stderr.write("GGML_ASSERT failed\n")
            sys.stderr.flush()
            os.abort()
        case "garbage":
            sys.stdout.write("llama_print_timings: 12 ms\n")
            sys.stdout.flush()
            time.sleep(60)
        case "list":
            sys.stdout.write("[1, 2]\n")
            sys.stdout.flush()
            time.sleep(60)
        case "half":
            sys.stdout.write('{"piece": "Go')
            sys.stdout.flush()
            os._exit(1)
        case "hang":
            say({"piece": "Good "})
            time.sleep(60)
        case "forever":
            while not stopped.wait(0.005):
                say({"piece": "on "})
            done("stopped")
        case "loud":
            sys.stderr.write("x" * 300_000 + "\n" + "y\n" * 10_000)
            say({"piece": "heard"})
            done()
        case "too_long" | "schema" | "template" | "decode":
            say({"failed": question, "why": "it says so"})
        case "form":
            say({"piece": '{"colour": "mau'})
            say({"piece": 've"}'})
            done()
        case _:
            say({"piece": "Good "})
            say({"piece": "morning"})
            done()


threading.Thread(target=listen, daemon=True).start()
load(requests.get()["load"])
while True:
    request = requests.get()
    stopped.clear()
    answer(request["messages"][-1]["content"])
