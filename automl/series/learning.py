"""One run that forecasts, from a cleaned table to what is kept of it; the counterpart of `automl.learning.learn`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from automl import metrics
from automl.clean import Clean, clean
from automl.detect import Detected
from automl.outcome import Learned, source_of
from automl.profile import quality
from automl.series.forecasting import Forecast, forecast
from automl.standings import ENSEMBLE
from automl.tables import Table

Tell = Callable[[str], None]


def learn(
    table: Table,
    cleaned: Clean,
    detected: Detected,
    hint: str,
    ignore: list[str],
    budget: float,
    seed: int,
    tell: Tell,
    stopped: Callable[[], bool],
) -> Learned:
    """Forecast within the budget, and say how good that is. Raises DataError."""
    cleaned = every_row(table, cleaned)
    found = forecast(cleaned, detected.target, hint, ignore, budget, seed, tell, stopped)
    figures = {key: value for key, value in found.figures.items() if key != "board"}
    result = {
        "name": table.source,
        "target": detected.target,
        "task": "series",
        "classes": [],
        "reasons": [*detected.reasons, *found.reasons],
        "confidence": detected.confidence,
        "metric": metrics.PRIMARY["series"],
        **figures,
        "leaderboard": _methods(found),
        "stopped": found.stopped,
        "learned_from": "all rows",
        "rows": {"read": len(table.frame), "train": len(cleaned.frame), "holdout": len(found.judged)},
        "columns": [figures["series"]["time"], *figures["series"]["keys"]],
        "dropped": [],
        "changes": [{"what": c.what, "count": c.count, "column": c.column} for c in cleaned.changes],
        "quality": quality(cleaned.frame),
        "warnings": [*table.notes, *cleaned.warnings, *found.warnings],
    }
    tables = {"predictions": found.judged, "forecast": found.coming}
    return Learned(result, source_of(table), found.forecaster, tables, found.recipe)


def _methods(found: Forecast) -> list[dict[str, Any]]:
    """The field of a forecast, the blend first."""
    weights = found.forecaster.weights
    blended = {"model": ENSEMBLE, "metrics": found.figures["metrics"], "seconds": 0.0, "baseline": False}
    board = sorted(found.figures["board"], key=lambda one: (one["baseline"], -one["metrics"]["skill"]))
    alone = len(weights) == 1
    return [
        {
            "model": one["model"],
            "score": one["metrics"]["skill"],
            "metric": "skill",
            "loss": one["metrics"]["mae"],
            "seconds": one["seconds"],
            "folds": found.figures["series"]["origins"],
            "rounds": 0,
            "weight": round(weights.get(one["model"], 0.0), 4),
            "chosen": one is blended or (alone and one["model"] in weights),
            "baseline": one["baseline"],
        }
        for one in ([] if alone else [blended]) + board
    ]


def every_row(table: Table, cleaned: Clean) -> Clean:
    """Rows that repeat others count in a record over time."""
    return cleaned if len(cleaned.frame) == len(table.frame) else clean(table, drop_duplicates=False)
