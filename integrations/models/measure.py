"""How fast and how large a model is here: FreelanceX's own runtime beside llama-cpp-python, in the same run.

    two agents in turn ──┬─▶ LlamaCpp         keeps what it read of each agent's system prompt
                         └─▶ plain            the same file, placement and questions

Other programs on the machine slow both down, so they take turns, and the best of several rounds counts. Each time is
taken where it is felt: for LlamaCpp on the app's side, the way over the pipe and the checks included.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from integrations.models import generated
from integrations.models.backend import ChatMessage, Wanted
from integrations.models.llama.backend import LlamaCpp

PLAIN = (sys.executable, "-m", "integrations.models.plain")
ROUNDS = 4
SYSTEM_TOKENS = 510
ANSWER_TOKENS = 32
AGENTS = ("You find work for a freelancer and rank it. ", "You write mails for a freelancer, short and kind. ")
TICK_S = 0.005


def bench(path: Path | None = None) -> dict[str, Any]:
    """Measure a file, or one of random weights in the shape of Qwen3-0.6B. Takes one or two minutes.

    Times in seconds, speeds in tokens a second, sizes in bytes. Raises ModelError when it cannot be loaded.
    """
    if path is not None:
        return asyncio.run(_bench(path))
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(_bench(generated.write(Path(folder) / "random-0.6b.gguf", generated.QWEN3_0_6B)))


def show(result: dict[str, Any]) -> None:
    """Print a result for people."""
    ours, plain, switch, memory = result["ours"], result["plain"], result["switch"], result["memory"]
    rows = [
        ("load", f"{ours['load_s']:.1f} s", f"plain {plain['load_s']:.1f} s"),
        ("read", f"{ours['read']:.0f} tokens/s", f"plain {plain['read']:.0f}"),
        ("write", f"{ours['write']:.1f} tokens/s", f"plain {plain['write']:.1f}, ratio {result['write_ratio']:.3f}"),
        (
            "switch of agent",
            f"{switch['kept_s']:.3f} s",
            f"plain {switch['plain_s']:.3f} s, ratio {switch['ratio']:.3f}",
        ),
        ("stop", f"{result['stop']['writing_s'] * 1e3:.0f} ms", f"reading {result['stop']['reading_s'] * 1e3:.0f} ms"),
        ("memory", f"{memory['measured'] / 1e6:.0f} MB", f"estimated {memory['estimated'] / 1e6:.0f} MB"),
        ("loop lag", f"{result['loop_lag_s'] * 1e3:.1f} ms", "at most, while answering"),
    ]
    sys.stdout.write(f"{result['file']}: {result['placement']}\n")
    sys.stdout.writelines(f"  {name:16} {value:>14}  {beside}\n" for name, value, beside in rows)


async def _bench(path: Path) -> dict[str, Any]:
    ours, plain = LlamaCpp(path), LlamaCpp(path, command=PLAIN)
    try:
        length = await _length(ours)
        await _asked(plain, "Hello", 1)
        rounds = [await _round(number, length, ours, plain) for number in range(ROUNDS)]
        assert ours.loaded is not None
        assert plain.loaded is not None
        memory = _memory(ours)
        kept = [one["ours"]["first_s"] for pair in rounds[1:] for one in pair]
        naive = [one["plain"]["first_s"] for pair in rounds for one in pair]
        write = {who: max(_writing(one[who]) for pair in rounds for one in pair) for who in ("ours", "plain")}
        switch = {"kept_s": statistics.median(kept), "plain_s": statistics.median(naive)}
        return {
            "file": path.name,
            "placement": ours.loaded.why,
            "ours": {
                "load_s": ours.loaded.seconds,
                "read": max(one["ours"]["prompt_tokens"] / one["ours"]["first_s"] for one in rounds[0]),
                "write": write["ours"],
            },
            "plain": {
                "load_s": plain.loaded.seconds,
                "read": max(one["plain"]["prompt_tokens"] / one["plain"]["first_s"] for one in rounds[0]),
                "write": write["plain"],
            },
            "write_ratio": write["ours"] / write["plain"],
            "switch": {**switch, "ratio": switch["kept_s"] / switch["plain_s"], "tokens": ours.last["reused_tokens"]},
            "memory": memory,
            "stop": {"writing_s": await _stop_writing(ours), "reading_s": await _stop_reading(ours, length)},
            "loop_lag_s": max(one["ours"]["lag_s"] for pair in rounds for one in pair),
        }
    finally:
        await ours.close()
        await plain.close()


async def _length(model: LlamaCpp) -> float:
    """Characters that make a token of this model, so that both agents' prompts are as long as they should be."""
    text = "What does a freelancer need to know today? " * 10
    await _asked(model, text, 1, "")
    return len(text) / float(model.last["prompt_tokens"])


async def _round(number: int, length: float, ours: LlamaCpp, plain: LlamaCpp) -> list[dict[str, dict[str, Any]]]:
    """One question to each agent and each model; the first round finds nothing read.

    The question is short, because the generated file has a token a character: it is as many tokens as a sentence.
    """
    results = []
    for agent in AGENTS:
        system = agent * (int(SYSTEM_TOKENS * length / len(agent)) + 2)
        asked = {}
        for name, model in (("plain", plain), ("ours", ours)):
            async with _lag() as lags:
                asked[name] = await _asked(model, f"Next? {number}", ANSWER_TOKENS, system)
            asked[name]["lag_s"] = max(lags, default=0.0)  # none, where the answer came within one tick
        results.append(asked)
    return results


async def _asked(model: LlamaCpp, text: str, tokens: int, system: str = "Be brief.") -> dict[str, Any]:
    began = time.monotonic()
    messages = [ChatMessage("system", system), ChatMessage("user", text)]
    async for _ in model.chat(messages, Wanted(max_tokens=tokens, temperature=0, seconds=600)):
        pass
    return {**model.last, "seconds": time.monotonic() - began}


def _writing(asked: dict[str, Any]) -> float:
    """Tokens a second after the first."""
    return float(max(0, asked["answer_tokens"] - 1) / (asked["seconds"] - asked["first_s"]))


async def _stop_writing(model: LlamaCpp) -> float:
    wanted = Wanted(max_tokens=100_000, temperature=1.0, seconds=600)
    async with aclosing(model.chat([ChatMessage("user", "Go on and on")], wanted)) as pieces:
        async for _ in pieces:
            break
        began = time.monotonic()
    await model.settled()
    return time.monotonic() - began


async def _stop_reading(model: LlamaCpp, length: float) -> float:
    reading = asyncio.create_task(_asked(model, "So " * int(700 * length), 1))
    await asyncio.sleep(0.5)
    began = time.monotonic()
    reading.cancel()
    with suppress(asyncio.CancelledError):
        await reading
    await model.settled()
    return time.monotonic() - began


def _memory(model: LlamaCpp) -> dict[str, int]:
    """What its process takes, and what it was said to take with the prompts it keeps."""
    import psutil

    assert model.loaded is not None
    kept = int(model.last["snapshot_bytes"])
    return {
        "estimated": model.loaded.ram_bytes + kept,
        "measured": int(psutil.Process(model.loaded.child.pid).memory_info().rss),
        "snapshots": kept,
    }


@asynccontextmanager
async def _lag() -> AsyncIterator[list[float]]:
    """How much later than asked for the event loop came back, again and again."""
    lags: list[float] = []

    async def tick() -> None:
        while True:
            began = time.monotonic()
            await asyncio.sleep(TICK_S)
            lags.append(time.monotonic() - began - TICK_S)

    ticking = asyncio.create_task(tick())
    try:
        yield lags
    finally:
        ticking.cancel()
