"""How fast each engine makes vectors of texts, each in a process of its own: load time, memory, texts a second.

Each has one thread, and seconds are the processor's own, so that what else the machine does counts little.

onnx    the default
numpy   where onnxruntime cannot be loaded
llama   llama.cpp on a GGUF of the same weights, for comparison only; it reads Korean in other word pieces
"""

from __future__ import annotations

import importlib.util
import multiprocessing
import os
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

ENGINES = ("onnx", "numpy", "llama")
WORD = "payment "
"""One word piece; the model puts one before each text and one behind it."""
PIECES = (12, 44, 180)
TEXTS = ("Is it due on Friday?", "Kündigungsfrist: vier Wochen zum Monatsende", WORD * 100, "12,5 Std. à 80 €")
SECONDS, ROUNDS = 0.7, 3
"""The best of so many rounds counts."""


def run() -> dict[str, Any]:
    """Measure each engine that is here; returns its figures and its least cosine with the first one's vectors."""
    found: dict[str, Any] = {}
    first: list[list[float]] = []
    os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"  # numpy's threads wait by spinning
    for engine in ENGINES:
        if engine == "llama" and importlib.util.find_spec("llama_cpp") is None:
            continue
        with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as process:
            found[engine] = process.submit(measure, engine).result()
            made = process.submit(vectors, engine, TEXTS).result()
        first = first or made
        pairs = zip(first, made, strict=True)
        found[engine]["cosine"] = min(sum(a * b for a, b in zip(*pair, strict=True)) for pair in pairs)
    return found


def show(result: Mapping[str, Any]) -> None:
    """Print a line an engine."""
    print(
        f"{'':<8}{'load s':>8}{'MB':>8}" + "".join(f"{f'{count} pieces':>14}" for count in PIECES) + "   least cosine"
    )
    for engine, figures in result.items():
        speeds = "".join(f"{figures[count]:>12.0f}/s" for count in PIECES)
        print(f"{engine:<8}{figures['load']:>8.2f}{figures['mb']:>8.0f}{speeds}{figures['cosine']:>15.5f}")


def measure(engine: str) -> dict[Any, Any]:
    """The figures of one engine."""
    import psutil

    before = psutil.Process().memory_info().rss
    with tempfile.TemporaryDirectory() as folder:
        embed, load = _opened(engine, Path(folder))
        texts = [WORD * (count - 2) for count in PIECES]
        speeds = {}
        for count, text in zip(PIECES, texts, strict=True):
            speeds[count] = max(_speed(embed, text) for _ in range(ROUNDS))
        used = psutil.Process().memory_info().rss - before
    return {"load": load, "mb": used / 1e6, **speeds}


def vectors(engine: str, texts: Sequence[str]) -> list[list[float]]:
    """The vectors that one engine makes. llama.cpp may end the process: call it in one of its own."""
    with tempfile.TemporaryDirectory() as folder:
        embed, _ = _opened(engine, Path(folder))
        return [embed(text) for text in texts]


def _opened(engine: str, folder: Path) -> tuple[Callable[[str], list[float]], float]:
    """A function that embeds one text, and the seconds that loading took, checksum left out."""
    from integrations.models.embeddings import embedder, weights

    path = weights.find()
    if path is None:
        raise SystemExit(f"{weights.PACKAGE} is not installed.")
    found = weights.read(path)
    if engine == "llama":
        from bench._minilm_gguf import write

        write(found, folder / "minilm.gguf")
        return _llama(folder / "minilm.gguf")
    from tokenizers import Tokenizer

    started = time.process_time()
    tokenizer = Tokenizer.from_file(str(found.tokenizer))
    tokenizer.no_padding()
    tokenizer.enable_truncation(embedder.MOST_PIECES)
    vector = {"onnx": embedder.onnx_engine, "numpy": embedder.numpy_engine}[engine](found)
    vector(tokenizer.encode(WORD).ids)
    return lambda text: vector(tokenizer.encode(text).ids).tolist(), time.process_time() - started


def _llama(path: Path) -> tuple[Callable[[str], list[float]], float]:
    from llama_cpp import Llama

    started = time.process_time()
    sizes = {"n_ctx": 512, "n_batch": 512, "n_ubatch": 512, "n_threads": 1, "n_threads_batch": 1}
    model = Llama(str(path), embedding=True, verbose=False, **sizes)
    model.embed(WORD, normalize=True)
    return lambda text: model.embed(text, normalize=True), time.process_time() - started


def _speed(embed: Callable[[str], list[float]], text: str) -> float:
    """Texts a second."""
    count, started = 0, time.process_time()
    while (passed := time.process_time() - started) < SECONDS:
        embed(text)
        count += 1
    return count / passed
