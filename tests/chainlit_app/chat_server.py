"""Starts and ends a server as a process of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx

from config.paths import ROOT


@dataclass
class Server:
    """A server that runs: where it is, what it keeps, and how to end it."""

    process: subprocess.Popen[str]
    data: Path
    port: int

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def kill(self) -> None:
        """End it as a crash would."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def end(self) -> str:
        """End it as a user would; returns what it said."""
        self.process.terminate()
        said, _ = self.process.communicate(timeout=20)
        return said


def start(data: Path, port: int, command: Sequence[str] = ()) -> Server:
    """Start a server and wait until it answers: the scripted one, unless a command is given."""
    scripted = (str(Path(__file__).with_name("scripted.py")), str(data), str(port))
    process = subprocess.Popen(
        [sys.executable, *(command or scripted)],
        cwd=ROOT,
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "FREELANCEX_DATA_DIR": str(data),
            "FREELANCEX_PORT": str(port),
            "FREELANCEX_OPEN_BROWSER": "false",
            **(
                {} if command else {"FREELANCEX_EMBEDDINGS": "off"}
            ),  # the scripted team has too few words to learn from
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    server = Server(process, data, port)
    for _ in range(300):
        if process.poll() is not None:
            raise AssertionError(f"the server ended: {process.communicate()[0]}")
        try:
            if httpx.get(f"{server.address}/api/v1/health").status_code == 200:
                return server
        except httpx.TransportError:
            time.sleep(0.1)
    server.kill()
    raise AssertionError("the server did not answer within 30 seconds")
