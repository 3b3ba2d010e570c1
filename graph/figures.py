"""What is measured each minute: the machine, the agents, what left, and what is scheduled. Numbers only, no words."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import psutil

from graph.runtime import Runtime
from integrations.models.hardware import read
from memory.agent_runs import AgentRun
from memory.schedules import utc

HERE = ("127.0.0.1", "localhost", "::1")
USUAL_DAYS, LEAST_USUAL = 7, 20.0
"""Days whose requests an hour are usual; fewer than the second are never unusual."""
LEAST_RUNS = 10
"""Runs in a day without which nothing is said of an agent."""
LOG_LINES = 5_000


async def machine(runtime: Runtime) -> dict[str, float]:
    """Percent in use of processor, memory, disk and graphics memory, and what is at work here."""
    found = await asyncio.to_thread(_machine, runtime)
    return found | {
        "replies": len(runtime.running),
        "steps": sum(runtime.metrics.running().values()),
        "workers": runtime.jobs.processes,
    }


async def services(runtime: Runtime, user: str, at: datetime) -> dict[str, float]:
    """How agents did in a day: ``agent.NAME.success`` (0 to 1) and ``agent.NAME.p95_s``, of those with enough runs."""
    by_agent: dict[str, list[AgentRun]] = {}
    for run in await runtime.stores.runs.of(user, at - timedelta(days=1)):
        if run.failure != "cannot":  # a request that lacked something is no failure
            by_agent.setdefault(run.agent, []).append(run)
    found: dict[str, float] = {}
    for name, runs in by_agent.items():
        if len(runs) >= LEAST_RUNS:
            found[f"agent.{name}.success"] = sum(run.ok for run in runs) / len(runs)
            found[f"agent.{name}.p95_s"] = sorted(run.seconds for run in runs)[int(0.95 * len(runs))]
    return found


async def late(runtime: Runtime, at: datetime) -> dict[str, float]:
    """For how many minutes the oldest thing that is due waits in nobody's hands."""
    due = await runtime.stores.schedules.due(at)
    oldest = min((utc(row.due) for row in due if row.due), default=at)
    return {"schedule_late_min": (at - oldest) / timedelta(minutes=1)}


async def outbound(runtime: Runtime, at: datetime) -> dict[str, float]:
    """Requests that left in the last hour, against the usual, and those refused; offline, refusals are as wanted."""
    found = traffic(await runtime.audit.read(LOG_LINES), at)
    return found | {"refused_hour": 0.0, "refused_hosts_new": 0.0} if runtime.settings.offline else found


def traffic(log: Sequence[dict[str, Any]], at: datetime) -> dict[str, float]:
    """The same from lines of the log, newest first.

    A host is new that was refused in the last hour and stands in no line before it; in a log as young as that, none is.
    """
    hour, week = at - timedelta(hours=1), at - timedelta(days=USUAL_DAYS)
    sent = refused = before = size = 0
    held, known = set[str](), set[str]()
    for entry in log:
        when = datetime.fromisoformat(entry["at"])
        if when < week:
            break
        host = str(entry.get("host"))
        if when < hour:
            known.add(host)
        if entry["kind"] == "refused":
            refused += when >= hour
            held.add(host)
        elif entry["kind"] == "request" and host not in HERE:
            sent, before = sent + (when >= hour), before + (when < hour)
            size += int(entry.get("bytes_out", 0) or 0) if when >= hour else 0
    usual = max(LEAST_USUAL, before / (USUAL_DAYS * 24))
    return {
        "outbound_hour": sent,
        "outbound_bytes_hour": size,
        "outbound_times_usual": sent / usual,
        "refused_hour": refused,
        "refused_hosts_new": len(held - known) if known else 0,
    }


def _machine(runtime: Runtime) -> dict[str, float]:
    own = psutil.Process()
    found = {
        "cpu": psutil.cpu_percent(),
        "memory": psutil.virtual_memory().percent,
        "disk": psutil.disk_usage(str(runtime.settings.paths.data)).percent,
        "process_mb": own.memory_info().rss / 1e6,
        "threads": float(own.num_threads()),
    }
    if cards := read().vram:
        found["gpu"] = 100 * (1 - sum(card.free for card in cards) / max(1, sum(card.total for card in cards)))
    return found
