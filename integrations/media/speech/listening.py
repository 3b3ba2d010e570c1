"""What jobs run: a recording, or what the microphone just heard, into a transcript.

read ──▶ less noise, where that helps ──▶ one level ──▶ silence at both ends off ──▶ engine ──▶ who spoke, how lively
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from integrations.media.speech.cleaning import denoised, levelled
from integrations.media.speech.engine import engines
from integrations.media.speech.sound import RATE, Sound, read_sound
from integrations.media.speech.transcript import Segment, Transcript
from integrations.media.speech.voiced import utterances
from integrations.media.speech.voices import moods, with_speakers

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SECONDS, MEMORY_MB = 3000, 4096
"""What a recording of an hour may cost."""
MICROPHONE_RATE = 24_000
LONGEST_TIDIED_S = 900
"""Longer recordings keep their noise: taking it off needs too much memory for the little it gives."""
NOTHING_SAID = "I hear nobody speak in this recording."
NOISE_TAKEN = "I took a steady noise off before listening."
Progress = Callable[[str, float | None], None]


def transcribe_file(path: str, engine: str, models: str, language: str, progress: Progress) -> dict[str, Any]:
    """The transcript of a recording as JSON (`transcript.transcript_of`). Raises UnreadableSound, SpeechError."""
    progress("Opening the recording", None)
    return asdict(understood(read_sound(path), engine, models, language, progress))


def understood(sound: Sound, engine: str, models: str, language: str, progress: Progress) -> Transcript:
    """The transcript of a sound by the engine of that name. Raises SpeechError."""
    samples, notes = sound.samples, list(sound.notes)
    if sound.seconds <= LONGEST_TIDIED_S:
        samples, helped = denoised(samples)
        notes += [NOISE_TAKEN] if helped else []
    samples = levelled(samples)
    spans = utterances(samples)
    if not spans:
        return Transcript((), language, engine, sound.seconds, (*notes, NOTHING_SAID))
    start, end = spans[0][0], spans[-1][1]
    trimmed = samples[int(start * RATE) : int(end * RATE)]
    heard = engines()[engine].open(Path(models)).transcribe(trimmed, language, progress)
    if not heard.segments:
        return replace(heard, seconds=sound.seconds, notes=(*notes, NOTHING_SAID))
    segments, apart = with_speakers(trimmed, heard.segments)
    feelings = moods(trimmed, segments)
    moved = tuple(_later(one, start) for one in segments)
    voices = tuple({**asdict(one), "apart": round(apart, 2)} for one in feelings)
    return replace(heard, segments=moved, seconds=sound.seconds, notes=(*notes, *heard.notes), voices=voices)


def transcribe_live(pcm: str, engine: str, models: str, language: str) -> dict[str, Any]:
    """The transcript of what a microphone heard: base64 of 16-bit mono samples at 24 kHz. Raises SpeechError."""
    samples = levelled(resampled(base64.b64decode(pcm)))
    heard = engines()[engine].open(Path(models)).transcribe(samples, language, lambda _text, _part: None)
    return asdict(heard)


def resampled(pcm: bytes) -> NDArray[np.float32]:
    """16-bit mono at 24 kHz as float32 at 16 kHz: three samples become two, after a low pass."""
    import numpy as np

    samples = np.frombuffer(pcm[: len(pcm) // 2 * 2], "<i2").astype(np.float32) / 32768
    if len(samples) < 6:
        return np.zeros(0, dtype=np.float32)
    places = np.arange(-16, 17)
    window = np.sinc(places * 2 / 3) * np.hamming(len(places)) * 2 / 3
    smooth = np.convolve(samples, window.astype(np.float32), mode="same")
    many = len(samples) * 2 // 3
    found: NDArray[np.float32] = np.interp(np.arange(many) * 1.5, np.arange(len(samples)), smooth).astype(np.float32)
    return found


def _later(segment: Segment, seconds: float) -> Segment:
    return replace(segment, start=round(segment.start + seconds, 2), end=round(segment.end + seconds, 2))
