"""The gateway under load, and what a request costs beyond its work.

50 tabs with 10 sends at once, and 50 requests a second of reads and writes beside them, on a real server without a
model, once it has learned how people ask, as it does once on a machine: p95 of each, errors, memory. Then, in one
process, the processor time of whole requests (key, policy, limits, validation, audit) less that of the same work
called directly.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import psutil

from bench._tabs import Tab

ROOT = Path(__file__).resolve().parents[1]
TABS, AT_ONCE, RATE, SECONDS, WRITES, ALONE = 50, 10, 50, 30, 0.2, 25
PING_S = 0.02
"""Seconds between two pings of the server's socket, each of which is answered as soon as its loop comes round."""
COSTED = 150
IDLE_S = 0.05
"""Processor seconds in a second of doing nothing."""
ASKED = "what is 12 % of 80"
READS = tuple(f"/api/v1/{one}" for one in ("records/clients", "notifications", "threads", "approvals", "user/profile"))
GOALS = {"chat": 200, "read": 100, "write": 250, "cost": 3}
"""Milliseconds."""


def run() -> dict[str, Any]:
    """Figures of the load, and of the cost of single requests."""
    with tempfile.TemporaryDirectory() as folder:
        load = asyncio.run(_load(Path(folder)))
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, "-m", "bench._gateway_cost", folder, str(COSTED)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
    return {"load": load, "cost": json.loads(done.stdout.splitlines()[-1])}


def show(result: Mapping[str, Any]) -> None:
    """Print the figures beside the goals."""
    load, cost = result["load"], result["cost"]
    print(f"load average {load['average'][0]:.1f} before, {load['average'][1]:.1f} after, {os.cpu_count()} cores")
    print(f"{TABS} tabs, {AT_ONCE} sends at once, {RATE} requests/s for {SECONDS} s:")
    alone, many = load["alone"], load["chat"]
    print(f"  one send alone      p50 {_p(alone, 50):6.0f} ms  processor {load['alone_cpu_s'] * 1000:6.0f} ms")
    print(f"  first words         p50 {_p(load['first'], 50):6.0f} ms  p95 {_p(load['first'], 95):6.0f} ms")
    print(f"  whole answer        p50 {_p(many, 50):6.0f} ms  p95 {_p(many, 95):6.0f} ms  ({len(many)} answers)")
    over = _p(many, 95) - _p(alone, 50)
    print(f"  overhead            p95 {over:6.0f} ms, goal {GOALS['chat']} ms")
    for kind in ("read", "write"):
        times = load[kind]
        print(
            f"  {kind:6}              p50 {_p(times, 50):6.0f} ms  p95 {_p(times, 95):6.0f} ms, goal {GOALS[kind]} ms"
        )
    sent = len(load["read"]) + len(load["write"])
    print(f"  errors              {load['errors']} of {sent + len(many)} ({100 * load['errors'] / sent:.2f} %)")
    first, last = load["memory"][0], load["memory"][-1]
    print(f"  memory              {first / 2**20:.0f} MB after the first tenth, {last / 2**20:.0f} MB at the end")
    print(f"  processor           {load['cpu_s'] / SECONDS * 100:.0f} % of one core")
    pings = load["ping"]
    print(
        f"  loop away for       p95 {_p(pings, 95):6.0f} ms  longest {1000 * max(pings):4.0f} ms  ({len(pings)} pings)"
    )
    print("cost of a request beyond its work (processor time, median):")
    for name, one in cost.items():
        print(f"  {name:22} whole {one['whole']:5.2f} ms  work {one['work']:5.2f} ms  beyond {one['beyond']:5.2f} ms")


async def _load(folder: Path) -> dict[str, Any]:
    before = os.getloadavg()[0]
    async with AsyncExitStack() as stack:
        address, process = await stack.enter_async_context(_server(folder))
        tabs = [await stack.enter_async_context(Tab(address)) for _ in range(TABS)]
        client = await stack.enter_async_context(httpx.AsyncClient(base_url=address, timeout=60))
        await tabs[0].ask(ASKED)
        await idle(process)
        cpu = _cpu(process)
        alone = [(await tabs[0].ask(ASKED))[1] for _ in range(ALONE)]
        each = (_cpu(process) - cpu) / ALONE
        found: dict[str, Any] = {name: [] for name in ("first", "chat", "read", "write", "memory", "ping")}
        found |= {"alone": alone, "alone_cpu_s": each, "errors": 0}
        cpu = _cpu(process)
        until = time.perf_counter() + SECONDS
        watched = (_watch(process, until, found), tabs[-1].ping(PING_S, until, found["ping"]))
        await asyncio.gather(_chat(tabs, until, found), _requests(client, until, found), *watched)
        found["cpu_s"] = _cpu(process) - cpu
    found["average"] = (before, os.getloadavg()[0])
    return found


async def _chat(tabs: Sequence[Tab], until: float, found: dict[str, Any]) -> None:
    """Ten tabs at a time send, then the next ten, all through."""
    place = 0
    while time.perf_counter() < until:
        senders = [tabs[(place + number) % len(tabs)] for number in range(AT_ONCE)]
        place += AT_ONCE
        answers = await asyncio.gather(*(tab.ask(ASKED) for tab in senders), return_exceptions=True)
        for answer in answers:
            if isinstance(answer, BaseException):
                found["errors"] += 1
            else:
                found["first"].append(answer[0])
                found["chat"].append(answer[1])
        await asyncio.sleep(2)


async def _requests(client: httpx.AsyncClient, until: float, found: dict[str, Any]) -> None:
    """Requests at a steady rate, whether or not earlier ones are answered."""
    chance, tasks, due = random.Random(7), [], time.perf_counter()
    while due < until and time.perf_counter() < until:  # a machine too slow for the rate is not sent the rest later
        if (wait := due - time.perf_counter()) > 0:
            await asyncio.sleep(wait)
        kind = "write" if chance.random() < WRITES else "read"
        tasks.append(asyncio.create_task(_one(client, kind, len(tasks), chance.choice(READS), found)))
        due += 1 / RATE
    await asyncio.gather(*tasks)


async def _one(client: httpx.AsyncClient, kind: str, number: int, path: str, found: dict[str, Any]) -> None:
    began = time.perf_counter()
    try:
        if kind == "read":
            answer = await client.get(path)
        else:
            answer = await client.post("/api/v1/records/clients", json={"name": f"Client {number}"})
        found["errors"] += answer.status_code >= 400
    except httpx.HTTPError:
        found["errors"] += 1
    found[kind].append(time.perf_counter() - began)


async def _watch(process: psutil.Process, until: float, found: dict[str, Any]) -> None:
    while time.perf_counter() < until:
        await asyncio.sleep(SECONDS / 10)
        found["memory"].append(process.memory_info().rss)


@asynccontextmanager
async def _server(folder: Path) -> AsyncIterator[tuple[str, psutil.Process]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    open_rates = json.dumps({"read": "100000/minute", "write": "100000/minute"})
    set_so = {"DATA_DIR": str(folder), "PORT": str(port), "OPEN_BROWSER": "false", "EMBEDDINGS": "off"}
    set_so |= {"RATES": open_rates, "MESSAGES_PER_MINUTE": "100000"}
    environment = {**os.environ, **{f"FREELANCEX_{name}": value for name, value in set_so.items()}}
    running = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "chainlit_app", "serve", cwd=ROOT, env=environment, stdout=subprocess.DEVNULL
    )
    address = f"http://127.0.0.1:{port}"
    try:
        await _answers(lambda: httpx.AsyncClient().get(f"{address}/api/v1/health"))
        yield address, psutil.Process(running.pid)
    finally:
        running.terminate()
        await running.wait()


async def _answers(ask: Callable[[], Awaitable[httpx.Response]]) -> None:
    async with asyncio.timeout(120):
        while True:
            try:
                await ask()
                return
            except httpx.TransportError:
                await asyncio.sleep(0.2)


async def idle(process: psutil.Process) -> None:
    """Wait until the planner has learned, which a child of the server does, and nothing else runs in the server."""
    async with asyncio.timeout(600):
        while True:
            before = _cpu(process)
            await asyncio.sleep(1)
            if not process.children() and _cpu(process) - before < IDLE_S:
                return


def _cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def _p(seconds: Sequence[float], percent: int) -> float:
    """A percentile in milliseconds."""
    if len(seconds) < 2:
        return 1000 * sum(seconds)
    return 1000 * statistics.quantiles(seconds, n=100, method="inclusive")[percent - 1]
