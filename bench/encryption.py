"""What sealing costs: writes and whole turns with it and without, by turns in one run, and the ciphers by themselves.

Without it means the same code with the ciphers, keys and blind tokens taken out: what is compared is the cost of
keeping secrets, not of the database. Each round measures both on fresh databases by the processor's time of this
process, which waits for no neighbour and no disk (a real write waits for the disk besides, so its ratio is lower). The
middle of the rounds counts.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

ROUNDS, WRITES, TURNS = 5, 60, 4
WRITE_GOAL, TURN_GOAL = 1.15, 1.05
TEXT = "Acme pays late and wants the dashboard by Friday, with the numbers of the harbour and a map. " * 4


def run() -> dict[str, Any]:
    """Ratios of processor time with sealing to time without, and microseconds or megabytes a second of its parts."""
    return {
        "write": asyncio.run(_ratio(_writes)),
        "turn": asyncio.run(_ratio(_turns)),
        **_ciphers(),
    }


def show(result: dict[str, Any]) -> None:
    """Print the ratios beside their goals, and the parts."""
    for name, goal in (("write", WRITE_GOAL), ("turn", TURN_GOAL)):
        one = result[name]
        print(
            f"{name:5}  {one['with_ms']:7.2f} ms with, {one['without_ms']:7.2f} ms without: {one['ratio']:.3f}"
            f" (goal ≤ {goal}), rounds {one['lowest']:.3f} to {one['highest']:.3f}"
        )
    print(f"seal 4 KB {result['seal_us']:.1f} µs, open {result['open_us']:.1f} µs")
    print(f"files: sealed {result['seal_mb_s']:.0f} MB/s, opened {result['open_mb_s']:.0f} MB/s")
    print(f"passphrase (Argon2id, 64 MiB, 3 passes) {result['argon_ms']:.0f} ms")


async def _ratio(work: Callable[[Path], Awaitable[float]]) -> dict[str, float]:
    pairs = []
    for number in range(ROUNDS + 1):
        times = {}
        for sealed in (True, False) if number % 2 else (False, True):
            with tempfile.TemporaryDirectory() as folder:
                if sealed:
                    times[sealed] = await work(Path(folder))
                else:
                    with _unsealed():
                        times[sealed] = await work(Path(folder))
        pairs.append((times[True], times[False]))
    pairs = pairs[1:]  # the first pays for imports
    ratios = sorted(sealed / plain for sealed, plain in pairs)
    return {
        "ratio": statistics.median(ratios),
        "lowest": ratios[0],
        "highest": ratios[-1],
        "with_ms": statistics.median(sealed for sealed, _ in pairs) * 1000,
        "without_ms": statistics.median(plain for _, plain in pairs) * 1000,
    }


async def _writes(folder: Path) -> float:
    """Seconds of the processor for one write: messages, clients and small files in turn."""
    from config.settings import Settings
    from memory.conversations import Step
    from memory.stores import open_stores

    stores = await open_stores(Settings(data_dir=folder, keys="file"))
    times = []
    await stores.conversations.ensure("t", user="local", name="A day")
    for number in range(WRITES):
        started = time.process_time()
        await stores.conversations.save(
            Step(id=f"s{number}", thread="t", type="user_message", name="local", output=f"{number} {TEXT}")
        )
        await stores.clients.save("local", f"Client {number}", email=f"c{number}@example.org")
        await stores.files.put(os.urandom(4096), f"note {number}.txt", user="local", thread="t")
        times.append((time.process_time() - started) / 3)
    await stores.close()
    return sum(times) / len(times)


async def _turns(folder: Path) -> float:
    """Seconds of the processor for one turn: a fact kept, a sum, hours booked."""
    from config.settings import Settings
    from graph.reply import Message, reply
    from graph.runtime import open_runtime

    times = []
    async with open_runtime(Settings(data_dir=folder, keys="file", embeddings="off", workers=1)) as runtime:
        for number in range(TURNS):
            for text in (
                f"remember that Acme pays {number} days late",
                "what is 19 % of 1,200 €?",
                "log 2 hours for Acme",
            ):
                started = time.process_time()
                async for _ in reply(Message(text, "t"), runtime):
                    pass
                times.append(time.process_time() - started)
    return sum(times[3:]) / len(times[3:])


@contextmanager
def _unsealed() -> Iterator[None]:
    """Take the ciphers, the keys and the blind tokens out."""
    from privacy.keys.ring import HEAD, VERSION, KeyRing

    head = VERSION + b"\0" * (HEAD - 1)
    with (
        patch.object(KeyRing, "seal", lambda _, plain, *__: head + plain),
        patch.object(KeyRing, "open", lambda _, sealed, *__: sealed[HEAD:]),
        patch.object(KeyRing, "has", lambda *_: True),
        patch("graph.checkpoints.seal_with", lambda _, plain, __: head + plain),
        patch("memory.blind_search._secret", lambda *_: b""),
        patch("memory.blind_search._token", lambda _, word: word[:8]),
        patch("memory.files.seal_file", _copied),
    ):
        yield


def _copied(source: bytes, target: Path, *_: Any) -> int:
    with target.open("wb") as file:
        file.write(source)
        file.flush()
        os.fsync(file.fileno())
    return len(source)


def _ciphers() -> dict[str, float]:
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

    from privacy.keys.master import Master
    from privacy.keys.ring import KeyRing, open_with, passing_key, seal_with
    from privacy.streams import open_file, seal_file

    key, block = passing_key("file"), os.urandom(4096)
    sealed = seal_with(key, block, "p")
    ring = KeyRing(Master.fresh())
    ring._keys[key.id] = key
    with tempfile.TemporaryDirectory() as folder:
        source, target, size = Path(folder) / "a", Path(folder) / "b", 100
        source.write_bytes(os.urandom(size * 1024**2))
        sealing = _seconds(lambda: seal_file(source, target, key, "p"), 3)
        opening = _seconds(lambda: sum(len(piece) for piece in open_file(target, ring, "p")), 3)
    return {
        "seal_us": _seconds(lambda: seal_with(key, block, "p"), 5000) * 1e6,
        "open_us": _seconds(lambda: open_with(key, sealed, "p"), 5000) * 1e6,
        "seal_mb_s": size / sealing,
        "open_mb_s": size / opening,
        "argon_ms": 1000
        * _seconds(
            lambda: Argon2id(salt=b"s" * 16, length=32, iterations=3, lanes=4, memory_cost=65536).derive(b"x"), 3
        ),
    }


def _seconds(work: Callable[[], object], times: int) -> float:
    each = []
    for _ in range(times):
        started = time.perf_counter()
        work()
        each.append(time.perf_counter() - started)
    return statistics.median(each)
