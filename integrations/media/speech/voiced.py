"""Finds where somebody speaks, and parts that into utterances a recogniser can take at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from integrations.media.speech.sound import RATE

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Span = tuple[float, float]
FRAME_MS = 30
FRAME = RATE * FRAME_MS // 1000
STRICT = 2
"""How readily webrtcvad takes a sound for speech: 0 most, 3 least."""
WINDOW = 10
"""Frames that are judged together: speech begins when most of them are voiced, and ends when few are."""
PAUSE_S = 0.45
PAD_S = 0.25
SHORTEST_S = 0.15
LONGEST_S = 18.0


def voiced(samples: NDArray[np.float32]) -> list[bool]:
    """For each 30 ms, whether somebody speaks then."""
    import numpy as np
    import webrtcvad

    detector = webrtcvad.Vad(STRICT)
    data = (np.clip(samples, -1, 1) * 32767).astype("<i2")
    frames = [
        detector.is_speech(data[at : at + FRAME].tobytes(), RATE) for at in range(0, len(data) - FRAME + 1, FRAME)
    ]
    counts = np.convolve(np.asarray(frames, dtype=np.int16), np.ones(WINDOW, dtype=np.int16), mode="same")
    return [bool(count > WINDOW // 2) for count in counts[: len(frames)]]


def utterances(samples: NDArray[np.float32]) -> list[Span]:
    """The spans of speech in seconds, pauses shorter than `PAUSE_S` bridged, long ones cut where they are quietest."""
    found: list[list[float]] = []
    step = FRAME_MS / 1000
    for number, speaks in enumerate(voiced(samples)):
        if not speaks:
            continue
        start, end = number * step, (number + 1) * step
        if found and start - found[-1][1] <= PAUSE_S:
            found[-1][1] = end
        else:
            found.append([start, end])
    total = len(samples) / RATE
    spans: list[Span] = []
    for start, end in found:
        if end - start >= SHORTEST_S:
            before = spans[-1][1] if spans else 0.0
            spans += _parted(samples, max(start - PAD_S, before), min(end + PAD_S, total))
    return spans


def _parted(samples: NDArray[np.float32], start: float, end: float) -> list[Span]:
    import numpy as np

    if end - start <= LONGEST_S:
        return [(start, end)]
    low, high = int((start + LONGEST_S * 0.5) * RATE), int((start + LONGEST_S) * RATE)
    size = RATE // 10
    piece = samples[low:high]
    energy = (piece[: len(piece) // size * size].reshape(-1, size) ** 2).mean(axis=1)
    middle = (low + (int(np.argmin(energy)) + 0.5) * size) / RATE
    return [(start, middle), *_parted(samples, middle, end)]


def first_pause(samples: NDArray[np.float32], seconds: float) -> float | None:
    """When, in seconds, somebody who spoke has been silent for `seconds` for the first time; None before that."""
    last, silent, spoke = int(seconds * 1000 / FRAME_MS), 0, False
    for number, speaks in enumerate(voiced(samples)):
        spoke, silent = spoke or speaks, 0 if speaks else silent + 1
        if spoke and silent >= last:
            return (number + 1) * FRAME_MS / 1000
    return None
