"""The charts of a finished run: how good it is, why it says what it does, and the columns it learned from."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from automl import judged
from automl.explaining import explained
from automl.manifest import RunManifest
from automl.plots import columns, effects, verdicts
from automl.plots.chart import Chart
from automl.studio import Progress, silent
from automl.tasks import NUMBERS

if TYPE_CHECKING:
    from automl.explain import Explanation

DEPENDENCES = 3
"""Columns whose dependence is drawn, the strongest."""
DISTRIBUTIONS = 4


def gallery(
    manifest: RunManifest, folder: Path, rows: int, progress: Progress = silent, embedder: str = ""
) -> list[Chart]:
    """Every chart of a run. Raises DataError."""
    if manifest.config["task"] == "series":
        return [coming(manifest, folder)]
    explanation = explained(str(folder), rows, progress, embedder)
    return [*verdict(manifest, folder), *reasons(explanation), *table(explanation, manifest, folder)]


def verdict(manifest: RunManifest, folder: Path) -> list[Chart]:
    """How good a model is on the rows held out, the plainest chart first. Raises DataError."""
    held = held_out(manifest, folder)
    target, task, classes = (manifest.config[key] for key in ("target", "task", "classes"))
    given = held[f"{target}_given" if f"{target}_given" in held else target]
    if task in NUMBERS:
        truth, predicted = judged.numbers_of(given), held["prediction"].to_numpy(dtype=float)
        known = np.isfinite(truth)
        return [draw(truth[known], predicted[known], target) for draw in (verdicts.against, verdicts.residuals)]
    if task == "binary":
        positive = (given.astype(str) == classes[1]).to_numpy(dtype=bool)
        chances = held[f"p_{classes[1]}"].to_numpy(dtype=float)
        drawn = (verdicts.roc, verdicts.precision_recall, verdicts.calibration)
        return [draw(positive, chances, classes[1]) for draw in drawn]
    return [verdicts.confusion(given.astype(str), held["prediction"].astype(str))]


def held_out(manifest: RunManifest, folder: Path) -> pd.DataFrame:
    """The rows held out with what was predicted for them. Raises DataError."""
    return pd.read_csv(manifest.file("predictions", folder), keep_default_na=False, na_values=[""])


def reasons(explanation: Explanation) -> list[Chart]:
    """What moves the predictions, and how the strongest columns do."""
    strong = explanation.columns[:DEPENDENCES]
    drawn = [effects.dependence(explanation, name) for name in strong]
    return [effects.beeswarm(explanation), effects.importance(explanation), *drawn]


def table(explanation: Explanation, manifest: RunManifest, folder: Path) -> list[Chart]:
    """The strongest columns themselves, as far as the model reads them, and the target with them."""
    frame = explanation.inputs
    numbers = [name for name in explanation.columns if pd.api.types.is_numeric_dtype(frame[name])]
    drawn = [columns.distribution(frame[name], name) for name in explanation.columns[:DISTRIBUTIONS]]
    if len(numbers) > 1:
        drawn += [columns.correlations(frame, numbers), columns.scatter_matrix(frame, numbers)]
    held, target = held_out(manifest, folder), explanation.target
    if explanation.task in NUMBERS and target in held:
        truth = pd.Series(judged.numbers_of(held[target]), name=target)
        drawn.insert(0, columns.distribution(truth, target))
        words = [name for name in explanation.columns if 1 < frame[name].nunique() <= columns.MOST_GROUPS]
        drawn += [columns.boxes(truth, held[name].astype(str), target, name) for name in words[:1] if name in held]
        dates = [name for name in explanation.columns if pd.api.types.is_datetime64_any_dtype(frame[name])]
        drawn += [columns.series(held[name], truth, name, target) for name in dates[:1] if name in held]
    return drawn


def coming(manifest: RunManifest, folder: Path) -> Chart:
    """History, forecast and interval of a forecaster. Raises DataError."""
    told: dict[str, Any] = manifest.results["series"]
    after = pd.read_csv(manifest.file("forecast", folder))
    before = held_out(manifest, folder)
    target = manifest.config["target"]
    before[target] = judged.numbers_of(before[target])
    moments = [told["time"], *told["keys"]]
    before = before.dropna(subset=[target]).drop_duplicates(moments, keep="last").sort_values(told["time"])
    return verdicts.forecast(before, after, told["time"], target, told["keys"])
