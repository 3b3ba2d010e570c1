"""How soon the dashboard shows something, its figures and its charts, over ten thousand records and a year of samples.

A real server and a real browser. First paint is what the browser says of itself, from the click to the first words and
figures; charts come after, because their library weighs megabytes.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from bench._business import USER, fill

RECORDS = 10_000
REPEATS = 3
GOAL_S = 1.0
VIEWS = ("pipeline", "money", "time", "jobs", "session", "agents", "system", "privacy")
PAINT = "() => performance.getEntriesByName('first-contentful-paint')[0].startTime"
NOW = "() => performance.now()"
ASKED = b'{"text": "what is 12 % of 80"}'
"""Without a request a session has no figures."""
ROOT = Path(__file__).resolve().parents[1]


def run() -> dict[str, Any]:
    """Seconds: the books read cold and again, and per view the answer, first paint, figures and charts (medians)."""
    with tempfile.TemporaryDirectory() as folder:
        records = asyncio.run(fill(Path(folder), RECORDS))
        books = asyncio.run(_books(Path(folder)))
        with _server(Path(folder)) as address:
            return {"records": records, "books": books, "load": os.getloadavg()[0], "views": _views(address)}


def show(result: Mapping[str, Any]) -> None:
    """Print the figures beside the goal."""
    cold, warm, changed = (result["books"][name] for name in ("cold", "warm", "changed"))
    print(f"{result['records']:,} records; goal {GOAL_S:.0f} s to the first paint; load {result['load']:.1f}")
    print(f"  books read cold {cold:.2f} s, unchanged {warm * 1000:.1f} ms, after one change {changed:.2f} s")
    print(f"  {'view':10} {'answer':>8} {'paint':>8} {'figures':>8} {'charts':>8}")
    for name, times in result["views"].items():
        print(f"  {name:10} " + " ".join(f"{times[one]:7.2f}s" for one in ("answer", "paint", "figures", "charts")))


async def _books(folder: Path) -> dict[str, float]:
    from config.settings import Settings
    from memory.business.expenses import Expense
    from memory.stores import open_stores

    stores = await open_stores(Settings(data_dir=folder))
    try:
        times = {}
        for name in ("cold", "warm", "changed"):
            if name == "changed":
                some = (await stores.overview.books(USER)).costs[0]
                await stores.expenses.save(
                    Expense(user=USER, day=some.day, description="one more", amount=some.amount, currency="EUR")
                )
            begun = time.perf_counter()
            await stores.overview.books(USER)
            times[name] = time.perf_counter() - begun
        return times
    finally:
        await stores.close()


@contextlib.contextmanager
def _server(folder: Path) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    own = {"DATA_DIR": str(folder), "PORT": str(port), "OPEN_BROWSER": "false", "KEYS": "file"}
    environment = {**os.environ, **{f"FREELANCEX_{name}": value for name, value in own.items()}}
    serving = subprocess.Popen([sys.executable, "-m", "chainlit_app", "serve"], cwd=ROOT, env=environment)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(600):
            with contextlib.suppress(OSError), urllib.request.urlopen(f"{address}/api/v1/health"):
                break
            time.sleep(0.2)
        one = urllib.request.Request(f"{address}/api/v1/ask", ASKED, {"Content-Type": "application/json"})
        urllib.request.urlopen(one).close()
        yield address
    finally:
        serving.terminate()
        serving.wait(30)


def _views(address: str) -> dict[str, dict[str, float]]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium") or shutil.which("google-chrome"),
            args=["--no-sandbox", "--disable-gpu"],
        )
        page = browser.new_context(viewport={"width": 1280, "height": 860}).new_page()
        found = {view: [_view(page, address, view) for _ in range(REPEATS)] for view in VIEWS}
        browser.close()
    return {
        view: {name: statistics.median(one[name] for one in times) for name in times[0]}
        for view, times in found.items()
    }


def _view(page: Any, address: str, view: str) -> dict[str, float]:
    begun = time.perf_counter()
    with urllib.request.urlopen(f"{address}/api/v1/dashboard/{view}") as answer:
        answer.read()
    answered = time.perf_counter() - begun
    page.goto(f"{address}/dashboard?show={view}", wait_until="commit")
    page.wait_for_selector(".tile strong")
    figures = page.evaluate(NOW)
    if page.locator("figure").count():
        page.wait_for_selector("figure .main-svg")
    return {
        "answer": answered,
        "paint": page.evaluate(PAINT) / 1000,
        "figures": figures / 1000,
        "charts": page.evaluate(NOW) / 1000,
    }
