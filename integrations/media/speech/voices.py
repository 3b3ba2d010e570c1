"""Who speaks when, and how lively: guesses from pitch, timbre and loudness, each with how sure it is.

    utterance ──▶ pitch (autocorrelation), timbre (cepstrum of a mel spectrum), loudness ──▶ clusters ──▶ speakers

Nobody is identified: voices are only told apart, within one recording.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from integrations.media.speech.sound import RATE
from integrations.media.speech.transcript import Segment

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MOST_SPEAKERS = 4
APART = 0.45
"""The silhouette (Rousseeuw 1987) from which on clusters are taken for different people."""
SHORTEST_S = 0.8
"""Shorter utterances say too little of a voice, and go with their neighbour."""
PITCH_HZ = (70, 400)
BANDS = 24
CEPSTRUM = 12
MOST_SURE = 0.6
"""A guess at how somebody feels is never surer than this: it was validated on nobody."""


@dataclass(frozen=True)
class Voice:
    """One utterance: `pitch` as the median in semitones over 70 Hz, its spread, loudness and its spread, timbre."""

    pitch: float
    pitch_spread: float
    loudness: float
    loudness_spread: float
    timbre: tuple[float, ...]


@dataclass(frozen=True)
class Mood:
    """Whether a speaker sounds calm or excited, and how sure that is, from 0 to 1."""

    speaker: int
    word: str
    confidence: float


def with_speakers(samples: NDArray[np.float32], segments: Sequence[Segment]) -> tuple[tuple[Segment, ...], float]:
    """The segments with speakers numbered in the order they begin, and how far apart the voices are (0 to 1).

    With one voice, or too little to tell, every speaker is 0.
    """
    import numpy as np

    long = [number for number, one in enumerate(segments) if one.end - one.start >= SHORTEST_S]
    if len(long) < 2:
        return tuple(segments), 0.0
    voices = [describe(_cut(samples, segments[number])) for number in long]
    features = np.array([[voice.pitch * 0.5, *(value * 0.12 for value in voice.timbre)] for voice in voices])
    best, labels = 0.0, np.zeros(len(long), dtype=int)
    for many in range(2, min(MOST_SPEAKERS, len(long) - 1) + 1 if len(long) > 2 else 3):
        found = _clusters(features, many)
        apart = _silhouette(features, found) if len(long) > 2 else _pair(features)
        if apart > best + 0.05:
            best, labels = apart, found
    if best < APART:
        return tuple(segments), 0.0
    order = list(dict.fromkeys(labels.tolist()))
    named = {number: order.index(label) + 1 for number, label in zip(long, labels.tolist(), strict=True)}
    known = sorted(named)
    return tuple(
        replace(one, speaker=named[min(known, key=lambda near, at=number: abs(near - at))])  # type: ignore[misc]
        for number, one in enumerate(segments)
    ), float(best)


def moods(samples: NDArray[np.float32], segments: Sequence[Segment]) -> list[Mood]:
    """A cautious guess for each speaker: lively pitch and loudness speak for excited, even ones for calm."""
    found = []
    for speaker in sorted({one.speaker for one in segments}):
        long = [one for one in segments if one.speaker == speaker and one.end - one.start >= SHORTEST_S]
        if not long:
            continue
        voices = [describe(_cut(samples, one)) for one in long]
        spread = sum(voice.pitch_spread for voice in voices) / len(voices)
        swing = sum(voice.loudness_spread for voice in voices) / len(voices)
        lively = (spread - 2.5) / 2.5 + (swing - 7.0) / 7.0  # about 2.5 semitones and 7 dB are usual when one reads
        found.append(Mood(speaker, "excited" if lively > 0 else "calm", round(min(abs(lively) / 2, MOST_SURE), 2)))
    return found


def describe(samples: NDArray[np.float32]) -> Voice:
    """What can be measured of one utterance."""
    import numpy as np

    frames = np.lib.stride_tricks.sliding_window_view(samples, 640)[::320].astype(np.float32)
    energy = (frames**2).mean(axis=1)
    frames = frames[energy > np.percentile(energy, 40)] * np.hanning(640).astype(np.float32)
    spectrum = np.abs(np.fft.rfft(frames, 1024, axis=1)) ** 2
    pitches = _pitches(spectrum)
    decibels = 10 * np.log10(energy[energy > np.percentile(energy, 40)] + 1e-9)
    low, high = np.percentile(pitches, [20, 80]) if len(pitches) else (0.0, 0.0)
    return Voice(
        pitch=float(np.median(pitches)) if len(pitches) else 0.0,
        pitch_spread=float(high - low),
        loudness=float(decibels.mean()),
        loudness_spread=float(np.percentile(decibels, 90) - np.percentile(decibels, 10)),
        timbre=tuple(float(value) for value in _cepstrum(spectrum).mean(axis=0)),
    )


def _pitches(spectrum: NDArray[np.float32]) -> NDArray[np.float64]:
    """The pitch of each voiced frame in semitones over the lowest one, from its autocorrelation."""
    import numpy as np

    correlation = np.fft.irfft(spectrum, axis=1)
    short, long = RATE // PITCH_HZ[1], RATE // PITCH_HZ[0]
    lags = correlation[:, short : long + 1] / np.maximum(correlation[:, :1], 1e-12)
    best = lags.argmax(axis=1)
    strong = lags[np.arange(len(lags)), best] > 0.3
    found: NDArray[np.float64] = 12 * np.log2(RATE / (best[strong] + short) / PITCH_HZ[0])
    return found


def _cepstrum(spectrum: NDArray[np.float32]) -> NDArray[np.float64]:
    """Mel-frequency cepstral coefficients, without the first, which is loudness (Davis and Mermelstein 1980)."""
    import numpy as np

    top = 2595 * np.log10(1 + RATE / 2 / 700)
    edges = 700 * (10 ** (np.linspace(0, top, BANDS + 2) / 2595) - 1)
    bins = np.arange(spectrum.shape[1]) * RATE / 1024
    rise = (bins - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    fall = (edges[2:, None] - bins) / (edges[2:] - edges[1:-1])[:, None]
    bands = np.log(spectrum @ np.maximum(np.minimum(rise, fall), 0).T + 1e-9)
    place = np.arange(BANDS)
    basis = np.cos(np.pi / BANDS * (place + 0.5) * np.arange(1, CEPSTRUM + 1)[:, None])
    found: NDArray[np.float64] = bands @ basis.T
    return found


def _clusters(features: NDArray[np.float64], many: int) -> NDArray[np.int_]:
    """Which cluster each belongs to: the two nearest are joined until `many` are left (average linkage)."""
    import numpy as np

    groups = [[number] for number in range(len(features))]
    apart = _distances(features)
    while len(groups) > many:
        pairs = [(a, b) for a in range(len(groups)) for b in range(a + 1, len(groups))]
        a, b = min(pairs, key=lambda pair: apart[np.ix_(groups[pair[0]], groups[pair[1]])].mean())
        groups[a] += groups.pop(b)
    labels = np.zeros(len(features), dtype=int)
    for label, group in enumerate(groups):
        labels[group] = label
    return labels


def _silhouette(features: NDArray[np.float64], labels: NDArray[np.int_]) -> float:
    import numpy as np

    apart = _distances(features)
    scores = []
    for number, label in enumerate(labels):
        own = labels == label
        if own.sum() == 1:
            scores.append(0.0)
            continue
        inside = apart[number][own].sum() / (own.sum() - 1)
        outside = min(apart[number][labels == other].mean() for other in set(labels.tolist()) - {int(label)})
        scores.append((outside - inside) / max(inside, outside, 1e-9))
    return float(np.mean(scores))


def _pair(features: NDArray[np.float64]) -> float:
    """How far apart two utterances are, where there are no more to compare: half an octave or more is two people."""
    return min(abs(float(features[0][0] - features[1][0])) / 3.0, 0.6)


def _distances(features: NDArray[np.float64]) -> NDArray[np.float64]:
    import numpy as np

    found: NDArray[np.float64] = np.sqrt(((features[:, None] - features[None]) ** 2).sum(axis=2))
    return found


def _cut(samples: NDArray[np.float32], segment: Segment) -> NDArray[np.float32]:
    return samples[int(segment.start * RATE) : int(segment.end * RATE)]
