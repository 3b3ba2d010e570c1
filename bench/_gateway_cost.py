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

import httpx

from chainlit_app.server import create_app
from config.settings import Settings

IDLE_S = 0.05
"""Processor seconds in a second of doing nothing."""


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
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=address) as client:
            made = await client.post("/api/v1/keys", json={"title": "bench", "scopes": ["*"]})
            client.headers["Authorization"] = f"Bearer {made.json()['key']}"
            await _idle()
            numbers = iter(range(1_000_000))

            async def bare() -> None:
                """What the client and the server's ASGI cost without this app: not counted."""
                await client.get("/api/v1/health/live")

            async def read() -> None:
                (await client.get("/api/v1/notifications")).raise_for_status()

            async def write() -> None:
                (
                    await client.post("/api/v1/records/clients", json={"name": f"Whole {next(numbers)}"})
                ).raise_for_status()

            async def reads() -> None:
                await stores.notifications.list("local")

            async def writes() -> None:
                await stores.clients.save("local", f"Work {next(numbers)}")

            return {
                "read (notifications)": await _beyond(read, reads, repeats),
                "write (a client)": await _beyond(write, writes, repeats),
                "health, not counted": await _beyond(bare, _nothing, repeats),
            }


async def _idle() -> None:
    """Wait until the planner has learned and nothing else runs in this process."""
    async with asyncio.timeout(300):
        while True:
            began = time.process_time()
            await asyncio.sleep(1)
            if time.process_time() - began < IDLE_S:
                return


async def _nothing() -> None:
    return None


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
