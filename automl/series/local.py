"""Forecasts that look at one series alone: what it did a season ago, its trend, its seasons.

Each takes the known history (series, moments) and gives the coming steps (series, steps).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pandas as pd

Array = npt.NDArray[np.float64]
Moments = pd.DatetimeIndex
Method = Callable[[Array, int, int, Moments, Moments], Array]

SMOOTHING = np.linspace(0.05, 0.95, 19)
RIDGE = 1.0
YEARS = (4, 12, 52)
"""Seasons that are a year."""
WAVES = 3
"""Sine and cosine pairs that draw the course of a year."""


def naive(history: Array, steps: int, season: int, past: Moments, coming: Moments) -> Array:
    """What was there one season ago, again and again; the last value where there is no season."""
    return np.asarray(history[:, -season:][:, np.arange(steps) % season])


def theta(history: Array, steps: int, season: int, past: Moments, coming: Moments) -> Array:
    """Exponential smoothing with half the linear trend as its drift, on values freed of their season.

    Assimakopoulos and Nikolopoulos (2000); as smoothing with drift: Hyndman and Billah (2003).
    """
    length = history.shape[1]
    seasonal = _seasonal(history, season)
    plain = history - seasonal[:, np.arange(length) % season]
    time = np.arange(length) - (length - 1) / 2
    slope = (plain * time).sum(axis=1) / max(1e-9, float((time**2).sum()))
    best, level, chosen = np.full(len(history), np.inf), plain[:, -1].copy(), np.full(len(history), 0.5)
    for share in SMOOTHING:
        state, error = plain[:, 0].copy(), np.zeros(len(history))
        for moment in range(1, length):
            away = plain[:, moment] - state
            error += away**2
            state += share * away
        better = error < best
        best, level = np.where(better, error, best), np.where(better, state, level)
        chosen = np.where(better, share, chosen)
    ahead = np.arange(steps)[None, :]
    drift = 0.5 * slope[:, None] * (ahead + (1 - (1 - chosen[:, None]) ** length) / chosen[:, None])
    return np.asarray(level[:, None] + drift + seasonal[:, (length + np.arange(steps)) % season])


def trend(history: Array, steps: int, season: int, past: Moments, coming: Moments) -> Array:
    """A straight line, the season's levels and the course of the year, by ridge regression."""
    length = history.shape[1]
    inputs = _inputs(pd.DatetimeIndex(past.append(coming)), length, season)
    fitted, ahead = inputs[:length], inputs[length:]
    mean = history.mean(axis=1, keepdims=True)
    penalty = RIDGE * np.eye(inputs.shape[1])
    weights = np.linalg.solve(fitted.T @ fitted + penalty, fitted.T @ (history - mean).T)
    return np.asarray((ahead @ weights).T + mean)


METHODS: dict[str, Method] = {"Seasonal naive": naive, "Theta": theta, "Trend with seasons": trend}


def _seasonal(history: Array, season: int) -> Array:
    """How far each place of the season lies from a centred mean over one season (series, season); sums to 0."""
    series, length = history.shape
    if season < 2 or length < 2 * season:
        return np.zeros((series, max(1, season)))
    kernel = np.ones(season + 1 - season % 2)
    if season % 2 == 0:
        kernel[[0, -1]] = 0.5
    kernel /= season
    half = len(kernel) // 2
    means = np.apply_along_axis(lambda row: np.convolve(row, kernel, mode="valid"), 1, history)
    away = history[:, half : length - half] - means
    places = np.arange(half, length - half) % season
    found = np.column_stack([away[:, places == place].mean(axis=1) for place in range(season)])
    return np.asarray(found - found.mean(axis=1, keepdims=True))


def _inputs(moments: pd.DatetimeIndex, length: int, season: int) -> Array:
    number = np.arange(len(moments))
    columns = [(number - length / 2) / length * 4]
    if season > 1:
        columns += [(number % season == place).astype(float) for place in range(season)]
    if season == 24:  # the day's hours are its season; the week is another
        columns += [(np.asarray(moments.day_of_week) == day).astype(float) for day in range(7)]
    span = (moments[length - 1] - moments[0]) / pd.Timedelta(days=1)
    if span >= 540 and season not in YEARS:  # it was seen more than once, and is no season of its own yet
        course = 2 * np.pi * np.asarray(moments.day_of_year, dtype=float) / 365.25
        for wave in range(1, WAVES + 1):
            columns += [np.sin(wave * course), np.cos(wave * course)]
    return np.column_stack(columns)
