"""Where models are downloaded from, on this machine: it tells what it has, goes on in the middle, and can break off."""

from __future__ import annotations

import hashlib
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


class Hub:
    """Serves one file under every name. `going` cleared: it stops in the middle; `broken`: it breaks off there."""

    def __init__(self, file: Path) -> None:
        self.data = file.read_bytes()
        self.sha256 = hashlib.sha256(self.data).hexdigest()
        self.going = threading.Event()
        self.going.set()
        self.broken = False
        self.asked: list[tuple[str, str]] = []  # methods, and where they began
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._answers())
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def close(self) -> None:
        self.going.set()
        self._server.shutdown()
        self._server.server_close()

    def _answers(self) -> type[BaseHTTPRequestHandler]:
        hub = self

        class Answers(BaseHTTPRequestHandler):
            def do_HEAD(self) -> None:
                hub.asked.append(("HEAD", ""))
                self._begin(200, 0)

            def do_GET(self) -> None:
                began = self.headers.get("range", "")
                hub.asked.append(("GET", began))
                start = int(began.removeprefix("bytes=").rstrip("-") or 0)
                if hub.broken and start:
                    self.send_error(500)
                    return
                self._begin(206 if start else 200, start)
                half = max(start, len(hub.data) // 2)
                self.wfile.write(hub.data[start:half])
                self.wfile.flush()
                if not hub.broken and hub.going.wait(60):
                    self.wfile.write(hub.data[half:])

            def _begin(self, status: int, start: int) -> None:
                self.send_response(status)
                self.send_header("content-length", str(len(hub.data) - start))
                self.send_header("etag", f'"{hub.sha256}"')
                if status == 206:
                    self.send_header("content-range", f"bytes {start}-{len(hub.data) - 1}/{len(hub.data)}")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                return

        return Answers
