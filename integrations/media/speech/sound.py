"""The one way into a recording: recognised by its content, decoded to 16 kHz mono, never longer than an hour.

Meant to run in a process of its own with limits on time and memory: the file is a stranger's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from config.errors import Mendable
from integrations.media.speech.transcript import clock

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

RATE = 16_000
"""Samples a second that recognisers hear."""
MAX_SECONDS = 3600
MAX_BYTES = 500 * 1024 * 1024
SHORTEST = 0.2
READABLE = "MP3, WAV, M4A, OGG, OPUS, WEBM and FLAC"
_OTHERS = (
    (b"%PDF", "a PDF, which I read as a document"),
    (b"PK\x03\x04", "an archive or an Office file and no recording"),
    (b"\x89PNG", "a picture and no recording"),
    (b"\xff\xd8\xff", "a picture and no recording"),
    (b"GIF8", "a picture and no recording"),
    (b"<!DO", "a web page and no recording"),
    (b"<htm", "a web page and no recording"),
)


class UnreadableSound(Mendable):
    """The recording cannot be read. The message is one sentence that says why and what to do."""


@dataclass(frozen=True)
class Sound:
    """A recording: mono float32 between -1 and 1 at 16 kHz, and sentences for the user about how it was read."""

    samples: NDArray[np.float32]
    notes: tuple[str, ...] = ()

    @property
    def seconds(self) -> float:
        return len(self.samples) / RATE


def read_sound(path: str | Path) -> Sound:
    """Read a recording, or the sound of a film. Raises UnreadableSound."""
    import av
    import numpy as np

    path = Path(path)
    head = _head(path)
    notes: list[str] = []
    pieces: list[NDArray[np.int16]] = []
    try:
        with av.open(str(path), metadata_errors="ignore") as container:
            if not container.streams.audio:
                raise UnreadableSound("There is no sound in that file; please attach a recording with a sound track.")
            stated = (container.duration or 0) / 1_000_000
            if stated > MAX_SECONDS + 1:
                raise UnreadableSound(
                    f"The recording is {clock(stated)} long and I take an hour at once; please cut it into parts."
                )
            broken = _decode(container, pieces)
    except UnreadableSound:
        raise
    except MemoryError:
        raise UnreadableSound("The recording needs more memory than it may use; please cut it into parts.") from None
    except (av.FFmpegError, ValueError, OSError) as error:
        raise UnreadableSound(_why(head)) from error
    sound = np.concatenate(pieces) if pieces else np.zeros(0, dtype=np.int16)
    seconds = len(sound) / RATE
    if seconds < SHORTEST:
        raise UnreadableSound(
            _why(head) if broken else "The recording is too short to hold a word; please record it again."
        )
    if broken:
        notes.append(f"The recording is damaged or cut off after {clock(seconds)}; I used what comes before.")
    return Sound(sound.astype(np.float32) / np.float32(32768), tuple(notes))


def _head(path: Path) -> bytes:
    size = path.stat().st_size
    if size == 0:
        raise UnreadableSound("The recording's file is empty; please check that the right one was attached.")
    if size > MAX_BYTES:
        raise UnreadableSound(f"The recording is larger than {MAX_BYTES // 1024**2} MB; please cut it into parts.")
    with path.open("rb") as file:
        return file.read(64)


def _decode(container: Any, pieces: list[NDArray[np.int16]]) -> bool:
    """Add the sound to `pieces`, resampled; whether it broke off. Raises UnreadableSound when it is too long."""
    import av

    resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
    length = 0
    broken = False
    try:
        for frame in _frames(container, resampler):
            pieces.append(frame)
            length += len(frame)
            if length > (MAX_SECONDS + 1) * RATE:
                raise UnreadableSound("The recording is longer than the hour I take at once; please cut it into parts.")
    except (av.FFmpegError, ValueError):
        broken = True
    return broken


def _frames(container: Any, resampler: Any) -> Iterator[NDArray[np.int16]]:
    for frame in container.decode(container.streams.audio[0]):
        frame.pts = None  # gaps in the stated times are no gaps in the sound
        for done in resampler.resample(frame):
            yield done.to_ndarray()[0]
    for done in resampler.resample(None):
        yield done.to_ndarray()[0]


def _why(head: bytes) -> str:
    for magic, what in _OTHERS:
        if head.startswith(magic):
            return f"The file is {what}; please attach a recording ({READABLE})."
    known = (b"ID3", b"\xff\xfb", b"\xff\xf3", b"RIFF", b"OggS", b"fLaC", b"\x1aE\xdf\xa3")
    if head.startswith(known) or head[4:8] == b"ftyp":
        return "The recording is damaged or cut off; please save or download it again."
    return f"The content is no recording I know; I read {READABLE}."
