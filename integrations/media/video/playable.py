"""A small copy of a film that browsers play, for those they do not (AVI), so that times lead somewhere.

frames, ten a second ──▶ small ──▶ VP8 ─┐
sound ─────────────────────────▶ Opus ──┴▶ WEBM, both side by side in time
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from integrations.media.speech.sound import RATE, UnreadableSound, read_sound
from integrations.media.video.opening import open_film

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame

WIDTH = 480
PIECE = RATE // 10
"""Samples of sound that are packed at once."""
OPUS_RATE = 48_000
MILLISECONDS = Fraction(1, 1000)
Progress = Callable[[str, float | None], None]


def write_playable(path: str, name: str, folder: str, progress: Progress | None = None) -> str:
    """Write the copy into `folder`; returns its path. Meant for a job's process. Raises UnreadableFilm."""
    import av

    tell = progress or (lambda text, part: None)
    target = Path(folder) / "playable.webm"
    with open_film(path) as film, av.open(str(target), "w", format="webm") as copy:
        width = min(WIDTH, film.facts.width) // 2 * 2
        shown: Any = copy.add_stream("libvpx", rate=10)
        shown.width, shown.height = width, max(2, round(width * film.facts.height / film.facts.width / 2) * 2)
        shown.pix_fmt, shown.bit_rate = "yuv420p", 300_000
        shown.codec_context.time_base = MILLISECONDS
        shown.options = {"deadline": "realtime", "cpu-used": "8"}
        sound = _sound(path) if film.facts.sound else iter(())
        heard: Any = None
        if film.facts.sound:
            heard = copy.add_stream("libopus", rate=OPUS_RATE)
            heard.layout, heard.bit_rate = "mono", 24_000
        waiting = next(sound, None)
        last = -1
        for at, frame in film.frames():
            while waiting is not None and (waiting.time or 0.0) <= at:
                copy.mux(heard.encode(waiting))
                waiting = next(sound, None)
            small = frame.reformat(shown.width, shown.height, format="yuv420p")
            small.pts, small.time_base = max(round(at * 1000), last + 1), MILLISECONDS
            last = small.pts
            copy.mux(shown.encode(small))
            tell(f"Making {name} playable", min(1.0, at / film.facts.seconds) if film.facts.seconds else None)
        while waiting is not None:
            copy.mux(heard.encode(waiting))
            waiting = next(sound, None)
        copy.mux([*shown.encode(None), *(heard.encode(None) if heard else ())])
    return str(target)


def _sound(path: str) -> Iterator[AudioFrame]:
    """The sound in short frames with their times; nothing where it cannot be read."""
    import av
    import numpy as np

    try:
        samples = (read_sound(path).samples * 32767).astype(np.int16)
    except UnreadableSound:  # the picture alone is a copy, too
        return
    for start in range(0, len(samples), PIECE):
        frame = av.AudioFrame.from_ndarray(samples[None, start : start + PIECE], format="s16", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = RATE, start, Fraction(1, RATE)
        yield frame
