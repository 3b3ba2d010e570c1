"""How well and how fast recall finds: words, vectors and both, on a set of questions and in a memory of 100,000 chunks.

Quality: questions about made-up documents and conversations (bench/recall_set.yaml), written before anything was tuned;
weights were set on every other one, and the figures are for the rest. The best answer gains 2, another 1.
Speed: whole searches of one user, warm, the question embedded anew; milliseconds of the clock, and of the processor,
which count what other programs take from the machine less.
"""

from __future__ import annotations

import asyncio
import gc
import math
import os
import random
import statistics
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from unittest.mock import patch

CHUNKS = int(os.environ.get("RECALL_CHUNKS", "100000"))
SEARCHES, WARM = 400, 40
HALVES = {"words": {"words"}, "vectors": {"meaning"}, "both": {"words", "meaning"}}
GOALS = "goals: p99 ≤ 50 ms, ≤ 1.5 GB"


def run() -> dict[str, Any]:
    """Quality by halves and split, then times and memory of the large memory."""
    return {"quality": asyncio.run(quality()), "large": asyncio.run(large())}


def show(result: Mapping[str, Any]) -> None:
    """Print a line for each half, and one for the large memory."""
    print(f"{'':<18}{'recall@5':>10}{'MRR':>8}{'nDCG@10':>9}{'questions':>11}")
    for (split, half), one in result["quality"].items():
        print(f"{split:<9}{half:<9}{one['recall']:>10.3f}{one['mrr']:>8.3f}{one['ndcg']:>9.3f}{one['count']:>11}")
    one = result["large"]
    print(f"{one['chunks']:,} chunks, {one['mb']:.0f} MB in this process, {one['disk_mb']:.0f} MB on disk ({GOALS})")
    for scope in ("own", "all"):
        times, work = one[scope]["ms"], one[scope]["work_ms"]
        print(
            f"{scope:<5} p50 {_part(times, 0.5):6.1f}  p95 {_part(times, 0.95):6.1f}  p99 {_part(times, 0.99):6.1f} ms;"
            f"  of the processor p50 {_part(work, 0.5):6.1f}  p99 {_part(work, 0.99):6.1f} ms"
        )


async def quality() -> dict[tuple[str, str], dict[str, float]]:
    """Recall@5, mean reciprocal rank and nDCG@10 by split and half."""
    from bench import _recall_corpus as corpus
    from memory.recall.scopes import EVERYTHING

    found: dict[tuple[str, str], list[list[float]]] = {}
    with tempfile.TemporaryDirectory() as folder:
        async with _memory(Path(folder)) as (stores, recall):
            await corpus.write_set(stores)
            await recall.index.catch_up()
            while await recall.index.embed_some(corpus.USER):
                pass
            for number, (question, wanted) in enumerate(corpus.questions()):
                for half, halves in HALVES.items():
                    hits = await recall.search(question, user=corpus.USER, scope=EVERYTHING, limit=10, halves=halves)
                    ids = list(dict.fromkeys(hit.source for hit in hits))
                    split = "held back" if number % 2 else "tuned"
                    found.setdefault((split, half), []).append(_scores(ids, wanted))
    return {
        key: {
            "recall": statistics.mean(one[0] for one in rows),
            "mrr": statistics.mean(one[1] for one in rows),
            "ndcg": statistics.mean(one[2] for one in rows),
            "count": len(rows),
        }
        for key, rows in sorted(found.items(), reverse=True)
    }


async def large() -> dict[str, Any]:
    """Times of searches in a large memory, and what it takes."""
    import psutil

    from bench import _recall_corpus as corpus
    from memory.recall.scopes import EVERYTHING, OWN

    with tempfile.TemporaryDirectory() as folder:
        async with _memory(Path(folder)) as (stores, recall):
            started = time.perf_counter()
            texts = await corpus.write_large(stores, recall.index, CHUNKS)
            print(f"(built in {time.perf_counter() - started:.0f} s)", flush=True)
            gc.collect()
            gc.freeze()  # as the server does once it is up
            drawn, figures = random.Random(1), {}
            for name, scope in (("own", OWN), ("all", EVERYTHING)):
                times, work = [], []
                for number in range(WARM + SEARCHES):
                    question = " ".join(drawn.sample(drawn.choice(texts).split(), 5))
                    before = time.perf_counter(), time.process_time()
                    await recall.search(question, user=corpus.USER, scope=scope)
                    if number >= WARM:
                        times.append((time.perf_counter() - before[0]) * 1000)
                        work.append((time.process_time() - before[1]) * 1000)
                figures[name] = {"ms": times, "work_ms": work}
            size = _size(Path(folder))
            used = psutil.Process().memory_info().rss
            return {"chunks": CHUNKS, "mb": used / 1e6, "disk_mb": size / 1e6, **figures}


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _memory(folder: Path) -> Any:
    from contextlib import asynccontextmanager

    from config.settings import Settings
    from integrations.models.embeddings.embedder import open_embedder
    from memory.recall.indexing import Index
    from memory.recall.search import Recall
    from memory.recall.vectors import Vectors, vectors_of
    from memory.stores import open_stores

    @asynccontextmanager
    async def opened() -> Any:
        with patch.dict(os.environ, {"FREELANCEX_KEYS": "file"}):
            settings = Settings(data_dir=folder / "data", open_browser=False)
            stores = await open_stores(settings)
        vectors = Vectors(vectors_of(settings.paths))
        yield stores, Recall(Index(stores.database, vectors, open_embedder(settings)))
        vectors.close()
        await stores.close()

    return opened()


def _scores(ids: list[str], wanted: list[str]) -> list[float]:
    gains = {one: 2.0 if place == 0 else 1.0 for place, one in enumerate(wanted)}
    got = [gains.get(one, 0.0) for one in ids[:10]]
    best = sorted(gains.values(), reverse=True)
    return [
        sum(one in ids[:5] for one in wanted) / len(wanted),
        next((1 / rank for rank, gain in enumerate(got, 1) if gain), 0.0),
        _dcg(got) / _dcg(best),
    ]


def _dcg(gains: list[float]) -> float:
    return sum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains, 1))


def _part(values: list[float], part: float) -> float:
    return sorted(values)[min(len(values) - 1, int(part * len(values)))]
