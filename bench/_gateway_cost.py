"""What requests cost beyond their work, in one process. Run with: python -m bench._gateway_cost DATA_DIR REPEATS."""

from __future__ import annotations

import asyncio
import json
import statistics
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import psutil

from bench.gateway import idle
from chainlit_app.server import create_app
from config.settings import Settings


def main(folder: Path, repeats: int) -> dict[str, dict[str, float]]:
    """Milliseconds of processor time by request: `whole`, the `work` alone, and what is `beyond` it."""
    settings = Settings(data_dir=folder, embeddings="off", rates={"read": "100000/minute", "write": "100000/minute"})
    app = create_app(settings)
    inner: Any = app
    while not hasattr(inner, "router"):
        inner = inner.app
    return asyncio.run(_all(app, inner, f"http://127.0.0.1:{settings.port}", repeats))


async def _all(app: Any, inner: Any, address: str, repeats: int) -> dict[str, dict[str, float]]:
    async with inner.router.lifespan_context(inner):
        runtime = inner.state.runtime
        stores = runtime.stores
        host = (b"host", address.removeprefix("http://").encode())
        made = await _ask(app, [host], "POST", "/api/v1/keys", {"title": "bench", "scopes": ["*"]})
        headers = [host, (b"authorization", f"Bearer {made['key']}".encode())]
        await idle(psutil.Process())
        numbers = iter(range(1_000_000))

        async def read() -> None:
            await _ask(app, headers, "GET", "/api/v1/notifications")

        async def write() -> None:
            await _ask(app, headers, "POST", "/api/v1/records/clients", {"name": f"Whole {next(numbers)}"})

        async def reads() -> None:
            await stores.notifications.list("local")

        async def writes() -> None:
            await stores.clients.save("local", f"Work {next(numbers)}")

        return {
            "read (notifications)": await _beyond(read, reads, repeats),
            "write (a client)": await _beyond(write, writes, repeats),
        }


async def _ask(app: Any, headers: list[tuple[bytes, bytes]], method: str, path: str, body: Any = None) -> Any:
    """One request as a server hands it on, without a client's own cost; its answer as JSON."""
    content = b"" if body is None else json.dumps(body).encode()
    sent = [*headers, (b"content-type", b"application/json"), (b"content-length", str(len(content)).encode())]
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": sent,
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 8000),
    }
    told: list[dict[str, Any]] = []
    coming = [{"type": "http.request", "body": content, "more_body": False}]

    async def receive() -> dict[str, Any]:
        if coming:
            return coming.pop()
        return {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        told.append(message)

    await app(scope, receive, send)
    if told[0]["status"] >= 400:
        raise RuntimeError(f"{method} {path} was answered with {told[0]['status']}")
    return json.loads(b"".join(one.get("body", b"") for one in told[1:]))


async def _beyond(
    whole: Callable[[], Awaitable[None]], work: Callable[[], Awaitable[None]], repeats: int
) -> dict[str, float]:
    """Both in turns, so that what else the machine does falls on both alike."""
    times: dict[str, list[float]] = {"whole": [], "work": []}
    for _ in range(repeats):
        for name, call in (("whole", whole), ("work", work)):
            began = time.process_time()
            await call()
            times[name].append(1000 * (time.process_time() - began))
    found = {name: statistics.median(some) for name, some in times.items()}
    return {**found, "beyond": found["whole"] - found["work"]}


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), int(sys.argv[2]))))
