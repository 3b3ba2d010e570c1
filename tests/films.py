"""Films for tests, drawn and encoded here: slides, a ball that rolls, a voice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

SIZE, FPS = (640, 360), 15
CODECS = {"mp4": "libx264", "mov": "libx264", "mkv": "libx264", "webm": "libvpx", "avi": "mpeg4"}
Draw = Callable[[ImageDraw.ImageDraw, float], None]
"""Draws on a sheet, told how many seconds its scene has run."""


def slide(*lines: str, ink: str = "black") -> Draw:
    """Lines of large text."""

    def draw(pen: ImageDraw.ImageDraw, at: float) -> None:
        for place, line in enumerate(lines):
            pen.text((40, 40 + 60 * place), line, font=ImageFont.truetype("DejaVuSans.ttf", 34), fill=ink)

    return draw


def rolling(colour: str = "red", speed: float = 160) -> Draw:
    """A ball that rolls from left to right, `speed` pixels a second."""

    def draw(pen: ImageDraw.ImageDraw, at: float) -> None:
        x = 30 + speed * at
        pen.ellipse((x, 220, x + 50, 270), fill=colour)

    return draw


def film(
    path: Path, scenes: Sequence[tuple[float, str, Draw]], size: tuple[int, int] = SIZE, fps: int = FPS,
    voice: NDArray[np.int16] | None = None, rate: int = 22_050,
) -> Path:  # fmt: skip
    """Encode scenes, each so many seconds of a background and what is drawn on it; the suffix says as what."""
    suffix = path.suffix[1:]
    with av.open(str(path), "w") as container:
        stream: Any = container.add_stream(CODECS[suffix], rate=fps)
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        stream.bit_rate = 2_000_000
        sound: Any = None
        if voice is not None:
            sound = container.add_stream("libopus" if suffix == "webm" else "aac", rate=48_000)
            sound.layout = "mono"
        number = 0
        for seconds, background, draw in scenes:
            for place in range(round(seconds * fps)):
                sheet = Image.new("RGB", size, background)
                draw(ImageDraw.Draw(sheet), place / fps)
                frame = av.VideoFrame.from_ndarray(np.asarray(sheet), format="rgb24")
                frame.pts = number
                number += 1
                container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
        if voice is not None:
            said = av.AudioFrame.from_ndarray(voice[None], format="s16", layout="mono")
            said.sample_rate = rate
            container.mux([*sound.encode(said), *sound.encode(None)])
    return path


def talk(path: Path, voice: NDArray[np.int16] | None = None) -> Path:
    """Two slides and a rolling ball between them, four seconds each."""
    return film(
        path,
        [
            (4, "#f4f2ea", slide("Quarterly plan", "Revenue grew by 12 percent")),
            (4, "#27456b", rolling()),
            (4, "#f4f2ea", slide("Next steps", "Call the client on Monday")),
        ],
        voice=voice,
    )
