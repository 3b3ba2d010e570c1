"""A server on loopback that gives out model files as Hugging Face does: it names a checksum, then redirects."""

from __future__ import annotations

import hashlib
import re
from threading import Event

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response


class Hub:
    """Serves one file at ``/OWNER/NAME/resolve/main/FILE``. `breaks` ends that many replies after `after` bytes.

    `reached` is set when the file is asked for, which is answered while `go_on` is set.
    """

    def __init__(self, server: HTTPServer, path: str, content: bytes) -> None:
        self.content = content
        self.sha256 = hashlib.sha256(content).hexdigest()
        self.breaks = 0
        self.after = len(content) // 3
        self.ranges = True
        self.reached, self.go_on = Event(), Event()
        self.go_on.set()
        self.asked: list[str] = []
        self.sent = 0
        self.url = server.url_for("")
        server.expect_request(path).respond_with_handler(self._redirect)
        server.expect_request("/cdn/file").respond_with_handler(self._file)

    def _redirect(self, request: Request) -> Response:
        size = str(len(self.content))
        headers = {"x-linked-etag": f'"{self.sha256}"', "x-linked-size": size, "location": "/cdn/file"}
        return Response(status=302, headers=headers)

    def _file(self, request: Request) -> Response:
        asked = request.headers.get("range", "")
        self.asked.append(asked)
        self.reached.set()
        self.go_on.wait(20)
        start, status, headers = 0, 200, {}
        if self.ranges and (found := re.fullmatch(r"bytes=(\d+)-", asked)):
            start, status = int(found[1]), 206
            headers["content-range"] = f"bytes {start}-{len(self.content) - 1}/{len(self.content)}"
        rest = self.content[start:]
        headers["content-length"] = str(len(rest))
        if self.breaks:
            self.breaks -= 1
            rest = rest[: self.after]
        self.sent += len(rest)
        return Response(iter([rest]), status=status, headers=headers)
