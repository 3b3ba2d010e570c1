"""Speech for tests, made by espeak-ng on this machine: words as 16-bit mono samples and as files of any kind."""

from __future__ import annotations

import shutil
import subprocess
import wave
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

RATE = 22_050
needs_espeak = pytest.mark.skipif(not shutil.which("espeak-ng"), reason="no espeak-ng here: apt-get install espeak-ng")


def spoken(words: str, voice: str = "en-us", speed: int = 160) -> NDArray[np.int16]:
    """Words at 22,050 samples a second, with the faint noise that any room has."""
    command = ["espeak-ng", "-v", voice, "-s", str(speed), "--stdin", "--stdout"]
    wav = subprocess.run(command, input=words.encode(), capture_output=True, check=True).stdout
    samples = np.frombuffer(wav[44:], "<i2").astype(np.float64)
    quiet = np.zeros(RATE // 2)
    whole = np.concatenate([quiet, samples, quiet])
    noise = np.random.default_rng(1).normal(0, 40, len(whole))
    return np.clip(whole + noise, -32768, 32767).astype("<i2")


def write_wav(path: Path, samples: NDArray[np.int16], rate: int = RATE) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(samples.tobytes())
    return path


def encode(path: Path, samples: NDArray[np.int16], format: str, codec: str) -> Path:
    """The samples as another kind of file, by the libraries that come with PyAV."""
    import av

    with av.open(str(path), "w", format=format) as container:
        stream: Any = container.add_stream(codec, rate=48_000 if codec == "libopus" else RATE)
        stream.layout = "mono"
        frame = av.AudioFrame.from_ndarray(samples[None], format="s16", layout="mono")
        frame.sample_rate = RATE
        for packet in [*stream.encode(frame), *stream.encode(None)]:
            container.mux(packet)
    return path
