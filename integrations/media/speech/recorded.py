"""What a job runs to read a longer text aloud into a file."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable
from pathlib import Path

from config.settings import Settings
from integrations.media.speech.speaker import Speech, say

SECONDS = 300
BITS_A_SECOND = 48_000
PAUSE_S = 0.25


def read_to_file(parts: list[str], language: str, data_dir: str, progress: Callable[[str, float | None], None]) -> str:
    """Base64 of an MP3 in which the parts are read one after another. Raises SpeechError."""
    settings = Settings(data_dir=Path(data_dir))
    pcm, rate = bytearray(), 0
    for number, part in enumerate(parts, 1):
        speech = say(part, language, settings)
        rate = speech.rate
        pcm += speech.pcm + bytes(2 * int(rate * PAUSE_S))
        progress("Reading aloud", number / len(parts))
    return base64.b64encode(mp3(Speech(bytes(pcm), rate))).decode()


def mp3(speech: Speech) -> bytes:
    """Speech as an MP3 file."""
    import av
    import numpy as np

    file = io.BytesIO()
    with av.open(file, "w", format="mp3") as container:
        stream = container.add_stream("libmp3lame", rate=speech.rate)
        stream.layout = "mono"
        stream.bit_rate = BITS_A_SECOND
        frame = av.AudioFrame.from_ndarray(np.frombuffer(speech.pcm, "<i2")[None], format="s16", layout="mono")
        frame.sample_rate = speech.rate
        for packet in [*stream.encode(frame), *stream.encode(None)]:
            container.mux(packet)
    return file.getvalue()
