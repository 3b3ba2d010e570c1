"""Speaks llama-server's protocol and does what the files beside its model and its questions say.

Files named "refuses" (ends; with "f16" in it only while keys and values are not quantised), "waits" (loads until
"goes" is there, and leaves "looked" when it is asked meanwhile); each start leaves a line in "starts".
"""

from __future__ import annotations

import json
import os
import sys
import time
from argparse import ArgumentParser, Namespace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


def arguments() -> Namespace:
    parser = ArgumentParser()
    for name in ("model", "host", "cache-type-k", "cache-type-v", "mmproj"):
        parser.add_argument(f"--{name}", default="")
    for name in ("port", "ctx-size", "n-gpu-layers", "threads", "parallel"):
        parser.add_argument(f"--{name}", type=int, default=0)
    for name in ("jinja", "no-webui", "kv-unified"):
        parser.add_argument(f"--{name}", action="store_true")
    return parser.parse_args()


GIVEN = arguments()
HERE = Path(GIVEN.model).parent
KEY = os.environ["LLAMA_API_KEY"]


class Answers(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        loading = (HERE / "waits").exists() and not (HERE / "goes").exists()
        if loading:
            (HERE / "looked").touch()
        self.whole(503 if loading else 200, {"error": {"message": "Loading model"}} if loading else {"status": "ok"})

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        if self.headers["authorization"] != f"Bearer {KEY}":
            return self.whole(401, {"error": {"message": "Invalid API Key"}})
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        question = asked["messages"][-1]["content"]
        if isinstance(question, list):
            shown = sum(part["type"] == "image_url" for part in question)
            question = f"{question[0]['text']} ({shown} shown)"
        self.chunk(f"{GIVEN.ctx_size}: ")
        if question == "crash":
            os._exit(139)
        if question == "wait":
            while not (HERE / "goes").exists():
                time.sleep(0.01)
        self.chunk(question, finish="stop")
        self.wfile.write(b"0\r\n\r\n")
        return None

    def whole(self, status: int, body: object) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def chunk(self, text: str, finish: str | None = None) -> None:
        choice = {"delta": {"content": text}, "finish_reason": finish}
        data = f"data: {json.dumps({'choices': [choice]})}\n\n".encode()
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
        self.wfile.flush()

    def log_message(self, format: str, *args: object) -> None:
        pass


with (HERE / "starts").open("a") as starts:
    given = {**vars(GIVEN), "pid": os.getpid(), "line": sys.argv, "key": KEY}
    starts.write(json.dumps({**given, "cache": os.environ.get("LLAMA_ARG_CACHE_RAM")}) + "\n")
if (HERE / "refuses").exists() and (HERE / "refuses").read_text() in (GIVEN.cache_type_k or "f16"):
    sys.exit("ggml: cannot allocate the cache")
ThreadingHTTPServer((GIVEN.host, GIVEN.port), Answers).serve_forever()
