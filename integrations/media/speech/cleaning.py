"""Makes a recording easier to recognise: one level, and less of a steady noise where there is much of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LEVEL_DB = -20.0
"""The level speech is brought to, in decibels below full scale."""
MOST_GAIN = 40.0
NOISY_DB = 15.0
"""Below this distance of speech from noise, the noise is reduced."""
GAINED_DB = 2.0
"""What reducing must gain, else the sound stays as it was."""
WINDOW, HOP = 512, 128
OVER, FLOOR = 1.5, 0.1
FAINT = 2e-3
"""Digital silence derails recognisers; this much noise, some 55 dB below full scale, is put over it."""


def levelled(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """The samples with their louder parts at `LEVEL_DB`, and a faint noise where there is nothing."""
    import numpy as np

    energy = _energies(samples)
    loud = float(np.sqrt(np.mean(energy[energy >= np.percentile(energy, 70)]))) if len(energy) else 0.0
    peak = float(np.max(np.abs(samples), initial=0.0))
    gain = min(10 ** (LEVEL_DB / 20) / loud, 0.99 / peak, MOST_GAIN) if loud > 1e-6 and peak > 0 else 1.0
    noise = np.random.default_rng(0).standard_normal(len(samples), dtype=np.float32) * FAINT
    return np.clip(samples * gain + noise, -1, 1).astype(np.float32)


def signal_to_noise(samples: NDArray[np.float32]) -> float:
    """How far the loud parts stand above the quiet ones, in decibels."""
    import numpy as np

    energy = _energies(samples)
    if len(energy) < 10:
        return 99.0
    quiet, loud = np.percentile(energy, 10), np.percentile(energy, 90)
    return float(10 * np.log10((loud + 1e-12) / (quiet + 1e-12)))


def denoised(samples: NDArray[np.float32]) -> tuple[NDArray[np.float32], bool]:
    """The samples with a steady noise reduced, and whether that was needed and helped.

    Spectral subtraction (Boll 1979): the magnitude of the quietest tenth of all frames is taken off each frame.
    """
    import numpy as np

    before = signal_to_noise(samples)
    if before >= NOISY_DB or len(samples) < WINDOW * 20:
        return samples, False
    window = np.hanning(WINDOW).astype(np.float32)
    frames = np.lib.stride_tricks.sliding_window_view(samples, WINDOW)[::HOP] * window
    spectrum = np.fft.rfft(frames, axis=1)
    magnitude = np.abs(spectrum)
    loudness = magnitude.sum(axis=1)
    noise = magnitude[loudness <= np.percentile(loudness, 10)].mean(axis=0)
    kept = np.maximum(magnitude - OVER * noise, FLOOR * magnitude) / np.maximum(magnitude, 1e-9)
    back = np.fft.irfft(spectrum * kept, axis=1) * window
    cleaned, weight = np.zeros(len(samples)), np.zeros(len(samples))
    for number, frame in enumerate(back):
        at = slice(number * HOP, number * HOP + WINDOW)
        cleaned[at] += frame
        weight[at] += window**2
    result = np.where(weight > 1e-3, cleaned / np.maximum(weight, 1e-3), samples).astype(np.float32)
    if signal_to_noise(result) < before + GAINED_DB:
        return samples, False
    return result, True


def _energies(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """The mean square of each 20 ms."""
    import numpy as np

    size = 320
    whole = samples[: len(samples) // size * size].reshape(-1, size)
    energies: NDArray[np.float32] = np.mean(whole.astype(np.float32) ** 2, axis=1, dtype=np.float32)
    return energies
