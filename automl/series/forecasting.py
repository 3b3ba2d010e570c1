"""One run that forecasts: a table becomes a judged forecaster, its figures and the coming rows."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from automl.clean import Clean
from automl.errors import DataError
from automl.series.forecaster import LEARNED, Forecaster, Shape, fitted, table
from automl.series.horizon import horizon
from automl.series.panel import SEASONS, Panel, grid, panel
from automl.series.rolling import BASELINE, SHARE, Field, blended, origins_of, reach, roll, usual_names, weights
from automl.trials import Clock

Array = npt.NDArray[np.float64]

RESAMPLES = 300
FEWEST = 8
"""Moments a history needs."""
SWELLS = 0.6
"""How closely a season's spread must follow its level for values to be learned as logarithms."""


@dataclass(frozen=True)
class Forecast:
    """A judged forecaster: `figures` for the result, `judged` the rows it was judged on, `coming` what it forecasts."""

    forecaster: Forecaster
    figures: dict[str, Any]
    reasons: list[str]
    warnings: list[str]
    judged: pd.DataFrame
    coming: pd.DataFrame
    recipe: dict[str, Any]
    stopped: str


def forecast(
    cleaned: Clean,
    target: str,
    words: str,
    ignore: list[str],
    budget: float,
    seed: int,
    tell: Callable[[str], None],
    stopped: Callable[[], bool],
    recipe: dict[str, Any] | None = None,
) -> Forecast:
    """Choose, judge and fit within the budget; by a `recipe`, what another run chose. Raises DataError."""
    from threadpoolctl import threadpool_limits

    from automl.cluster import workers

    made = grid(cleaned, target, None, ignore)
    whole = panel(cleaned.frame, made)
    values, known, length = whole.values, whole.known(), len(whole.moments)
    if length < FEWEST:
        raise DataError(f"Only {length} {made.name}s are there, and a forecast needs {FEWEST}; give a longer history.")
    steps, why = horizon(words, made.step, length)
    shape = _shape(values, steps, made.step)
    origins = origins_of(length, shape)
    if len(origins) < 2 and shape.season:  # too short for its season: do without
        shape = replace(shape, season=0, year=0)
        origins = origins_of(length, shape)
    if len(origins) < 2:
        told = f"{length} {made.name}s of history are too few to check a forecast of {steps}"
        raise DataError(f"{told}; ask for fewer, or give a longer history.")
    clock = Clock(budget, stopped)
    names = usual_names() if recipe is None else recipe["methods"]
    moments = pd.DatetimeIndex(whole.moments.append(whole.coming(steps)))
    with threadpool_limits(1), ThreadPoolExecutor(workers()) as pool:
        field = roll(values, known, moments, shape, origins, clock, pool, seed, tell, names)
        figures, rows, away = _judged(field, whole, shape, seed)
        chosen = weights(field, len(origins), shape, seed)
        tell("Fitting on the whole history")
        gaps = np.isnan(values)
        wanted = [name for name in chosen if name in LEARNED]
        history = shape.inward(known)
        models = pool.map(lambda name: fitted(name, history, whole.moments, shape, gaps, seed), wanted)
        forecaster = Forecaster(
            made,
            shape,
            chosen,
            dict(zip(wanted, models, strict=True)),
            whole.keys,
            reach(away),
            0.0 if float(np.nanmin(values)) >= 0 else None,
        )
    lost = int(np.isnan(values).sum())
    warnings = _notes(cleaned, whole, made.keys, lost, target)
    if figures["score"] <= 0:
        warnings.append("No method did better than repeating the last season; these forecasts are no better than that.")
    coming = forecaster.forecast(whole)
    reasons = [f"the rows of '{made.time}' lie one {made.name} apart", why]
    if made.keys:
        reasons.append(f"{' and '.join(repr(key) for key in made.keys)} tell {len(whole.keys):,} series apart")
    return Forecast(forecaster, figures, reasons, warnings, rows, coming, {"methods": list(field.said)}, field.why)


def _shape(values: Array, steps: int, step: str) -> Shape:
    """The seasons that the history holds often enough, and whether they grow with the level."""
    length = values.shape[1]
    seasons = [season for season in SEASONS[step] if length >= 2 * season + steps]
    season = seasons[0] if seasons else 0
    year = seasons[1] if len(seasons) > 1 else 0
    positive = bool(np.nanmin(values) > 0)
    return Shape(step, steps, season, year, positive and _swells(values, max(season, 4)), len(values))


def _swells(values: Array, width: int) -> bool:
    """Whether values lie farther apart where they are higher, within most series."""
    count = values.shape[1] // width
    if count < 4:
        return False
    parts = values[:, -count * width :].reshape(len(values), count, width)
    level, spread = parts.mean(axis=2), parts.std(axis=2)
    whole = ~np.isnan(level).any(axis=1) & (level.max(axis=1) > 1.5 * level.min(axis=1)) & (spread.min(axis=1) > 0)
    related = [float(np.corrcoef(one, two)[0, 1]) for one, two in zip(level[whole], spread[whole], strict=True)]
    return len(related) > 0.5 * len(values) and float(np.median(related)) > SWELLS


def _judged(field: Field, whole: Panel, shape: Shape, seed: int) -> tuple[dict[str, Any], pd.DataFrame, Array]:
    """Figures over the judged origins, their rows, and the absolute errors (rows, steps) in units, of all origins."""
    middle, low, high, weighed = [], [], [], [weights(field, 1, shape, seed)]
    away: list[Array] = []
    for number in range(len(field.origins)):
        own = weights(field, number, shape, seed) if number else weighed[0]
        said = blended(field, own, number, shape)
        span = field.units[number][:, None] * np.array(reach(np.concatenate(away)))[None, :] if away else said * np.nan
        middle.append(said)
        low.append(said - span)
        high.append(said + span)
        away.append(np.abs(said - field.truth[number]) / field.units[number][:, None])
    truth, said = field.truth[1:], np.stack(middle[1:])
    lows, highs = np.stack(low[1:]), np.stack(high[1:])
    base = field.said[BASELINE][1:]
    errors, usual = np.abs(said - truth), np.abs(base - truth)
    if not np.isfinite(errors).any():
        raise DataError("The last part of the history holds no values to check a forecast on; give newer rows.")
    figures = _figures(truth, said, base) | {
        "coverage": float(((truth >= lows) & (truth <= highs))[~np.isnan(truth)].mean()),
    }
    board = [
        {"model": name, "seconds": round(field.seconds[name], 3), "baseline": name == BASELINE, "chosen": False}
        | {"metrics": _figures(truth, forecasts[1:], base)}
        for name, forecasts in field.said.items()
    ]
    rows = [
        table(whole, whole.moments[origin : origin + shape.horizon], middle[n], low[n], high[n]).assign(
            **{whole.grid.target: field.truth[n].ravel(), "origin": f"{whole.moments[origin - 1]:%Y-%m-%d %H:%M}"}
        )
        for n, origin in enumerate(field.origins)
        if n
    ]
    found = {
        "metrics": figures,
        "score": figures["skill"],
        "interval": _interval(errors, usual, seed),
        "baseline": _figures(truth, base, base),
        "board": board,
        "series": {
            "time": whole.grid.time, "keys": list(whole.grid.keys), "step": whole.grid.name, "count": len(whole.keys),
            "horizon": shape.horizon, "season": shape.season, "origins": len(field.origins) - 1, "share": SHARE,
            "last": f"{whole.moments[-1]:%Y-%m-%d}", "logged": shape.logged,
        },
    }  # fmt: skip
    return found, pd.concat(rows, ignore_index=True), np.concatenate(away)


def _figures(truth: Array, said: Array, base: Array) -> dict[str, float]:
    """`skill` is the share of the seasonal naive forecast's mean absolute error that is saved."""
    cells = ~np.isnan(truth)
    errors, usual = np.abs(said - truth)[cells], np.abs(base - truth)[cells]
    whole = float(usual.sum())
    return {
        "skill": 1 - float(errors.sum()) / whole if whole else 0.0,
        "mae": float(errors.mean()),
        "rmse": float(np.sqrt((errors**2).mean())),
        "wape": float(errors.sum() / max(1e-12, np.abs(truth[cells]).sum())),
    }


def _interval(errors: Array, usual: Array, seed: int) -> list[float]:
    """The 95 % interval of the skill, by the bootstrap over (origin, series) blocks, or steps where these are few."""
    blocks = errors.reshape(-1, errors.shape[-1]), usual.reshape(-1, usual.shape[-1])
    if len(blocks[0]) < 8:
        blocks = blocks[0].reshape(-1, 1), blocks[1].reshape(-1, 1)
    own, base = (np.nansum(part, axis=1) for part in blocks)
    random, found = np.random.default_rng(seed), []
    for _ in range(RESAMPLES):
        rows = random.integers(0, len(own), len(own))
        found.append(1 - own[rows].sum() / max(1e-12, base[rows].sum()))
    low, high = np.percentile(found, [2.5, 97.5])
    return [float(low), float(high)]


def _notes(cleaned: Clean, whole: Panel, keys: tuple[str, ...], lost: int, target: str) -> list[str]:
    made, notes = whole.grid, []
    if lost:
        notes.append(f"{lost:,} of {whole.values.size:,} {made.name}s have no value; the last known one stood in.")
    rows = cleaned.frame.dropna(subset=[made.time, target])
    several = len(rows) - int((~np.isnan(whole.values)).sum())
    if several > 0:
        how = "averaged" if made.averaged else "added up"
        notes.append(f"Several rows of one {made.name} were {how} ({several:,} rows more than {made.name}s).")
    others = [str(name) for name in cleaned.frame if name not in {made.time, target, *keys}]
    if others:
        told = ", ".join(others[:6]) + (" …" if len(others) > 6 else "")
        notes.append(f"What is not known ahead was not used: {told}.")
    return notes
