"""How long the list of conversations takes when there are many: the page asks for it with every first message."""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

THREADS = 10_000
STEPS = 5
REPEATS = 30
GOAL_MS = 50.0
START = datetime(2026, 1, 1, tzinfo=UTC)


def run() -> dict[str, Any]:
    """Medians in milliseconds: the first page, a page in the middle, a search by name, and a search by words."""
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(_measure(Path(folder)))


def show(result: Mapping[str, Any]) -> None:
    """Print the figures beside the goal."""
    print(f"{result['threads']:,} conversations with {result['steps']:,} steps; goal {GOAL_MS:.0f} ms")
    for name, value in result["median_ms"].items():
        print(f"  {name:24} {value:7.1f} ms")


async def _measure(folder: Path) -> dict[str, Any]:
    from config.settings import Settings
    from memory.stores import open_stores

    stores = await open_stores(Settings(data_dir=folder))
    try:
        await _fill(stores.database)
        page = stores.conversations.page
        middle = f"t{THREADS // 2:05}"
        median_ms = {
            "first page": await _median(lambda: page("local", first=35)),
            "a page in the middle": await _median(lambda: page("local", first=35, after=middle)),
            "search by name": await _median(lambda: page("local", first=35, search="number 4242")),
            "search by a rare word": await _median(lambda: page("local", first=35, search="word777")),
            "open one of them": await _median(lambda: stores.conversations.open(middle)),
        }
    finally:
        await stores.close()
    return {"threads": THREADS, "steps": THREADS * STEPS, "median_ms": median_ms, "goal_ms": GOAL_MS}


async def _fill(database: Any) -> None:
    from memory.conversations import Step, Thread

    for start in range(0, THREADS, 500):
        async with database.write() as session:
            for number in range(start, start + 500):
                at = START + timedelta(minutes=number)
                thread = f"t{number:05}"
                session.add(
                    Thread(id=thread, user="local", name=f"Conversation number {number}", created_at=at, updated_at=at)
                )
                session.add_all(
                    Step(
                        id=f"{thread}.{step}",
                        thread=thread,
                        user="local",
                        type="assistant_message",
                        output=f"An answer about word{number} and more",
                        created_at=START,
                    )
                    for step in range(STEPS)
                )


async def _median(ask: Any) -> float:
    times = []
    for _ in range(REPEATS):
        started = time.perf_counter()
        await ask()
        times.append((time.perf_counter() - started) * 1000)
    return round(statistics.median(times), 2)
