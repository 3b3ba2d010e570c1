"""An hour's recording, a sentence each minute in silence: how long it takes, and the most memory its process has."""

from __future__ import annotations

import io
import resource
import shutil
import subprocess
import tempfile
import time
import wave
from multiprocessing import get_context
from pathlib import Path
from typing import Any

MINUTES = 60
SENTENCE = "please log two and a half hours for zeta yesterday"
MEMORY_MB = 3072
"""The address space a job has for it."""


def run() -> dict[str, Any]:
    """Seconds, sentences heard and peak memory; nothing where espeak-ng is missing."""
    if not shutil.which("espeak-ng"):
        return {}
    with tempfile.TemporaryDirectory() as folder:
        path = _recorded(Path(folder) / "hour.mp3")
        with get_context("spawn").Pool(1) as pool:
            measured: dict[str, Any] = pool.apply(_heard, (str(path), folder))
        return {"mb": path.stat().st_size / 1e6, **measured}


def show(result: dict[str, Any]) -> None:
    """Print one line."""
    if result:
        print(
            f"{MINUTES} minutes ({result['mb']:.0f} MB): {result['seconds']:.0f} s, {result['segments']} phrases "
            f"of {MINUTES} spoken, {result['peak_mb']:.0f} MB at most"
        )


def _recorded(path: Path) -> Path:
    """The file, written minute by minute."""
    import av
    import numpy as np

    said = subprocess.run(["espeak-ng", "--stdout", SENTENCE], capture_output=True, check=True).stdout
    with wave.open(io.BytesIO(said)) as file:
        rate = file.getframerate()
    speech = np.frombuffer(said[44 : 44 + (len(said) - 44) // 2 * 2], "<i2")
    dice = np.random.default_rng(3)
    with av.open(str(path), "w", format="mp3") as target:
        stream: Any = target.add_stream("libmp3lame", rate=rate)
        stream.layout, stream.bit_rate = "mono", 64_000
        for _ in range(MINUTES):
            minute = dice.normal(0, 25, 60 * rate).astype("<i2")
            minute[rate : rate + len(speech)] += speech
            frame = av.AudioFrame.from_ndarray(minute[None], format="s16", layout="mono")
            frame.sample_rate = rate
            target.mux(stream.encode(frame))
        target.mux(stream.encode(None))
    return path


def _heard(path: str, models: str) -> dict[str, Any]:
    """Transcribe it under the limit of a job, in a process of its own."""
    from integrations.media.speech.listening import transcribe_file

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_MB * 1024**2, MEMORY_MB * 1024**2))
    started = time.perf_counter()
    heard = transcribe_file(path, "embedded", models, "en", lambda text, part: None)
    return {
        "seconds": time.perf_counter() - started,
        "segments": len(heard["segments"]),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
