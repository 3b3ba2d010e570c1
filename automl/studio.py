"""The way in: train a model on a file, go on with one that was cut off, predict, do it again.

Plain functions with JSON arguments and JSON results, to be called here or in another process. Every failure that the
user can mend is a `DataError`.
"""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from automl.errors import NO_ROOM, DataError, lacks_memory
from automl.manifest import RunManifest, SourceFile, new_run_id

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from automl.outcome import Learned

Progress = Callable[[str, float | None], None]

DEFAULT_BUDGET_S = 30.0
STOP = "stop"
"""A file of this name in the run's folder ends training; what was found by then is kept."""
EMBEDDER = "integrations.models.embeddings.embedder:usual"
"""What tells the meaning of texts on this installation, to be passed as `embedder`."""
TRIALS = "trials"
"""The folder, in the run's, of what was fitted so far."""


def silent(text: str, part: float | None = None) -> None:
    """Progress that nobody looks at."""


def run(
    data: str,
    target: str | None = None,
    task: str | None = None,
    budget: float = DEFAULT_BUDGET_S,
    out: str | None = None,
    name: str = "",
    hint: str = "",
    ignore: list[str] | None = None,
    owner: str = "",
    seed: int = 0,
    progress: Progress = silent,
    stopped: Callable[[], bool] | None = None,
    models: list[str] | None = None,
    keep_trials: bool = False,
    embedder: str = "",
) -> dict[str, Any]:
    """Train a model on a file within `budget` seconds, judge it on rows held out, and keep it in the folder `out`.

    Args:
        data: The file's path.
        target: The column to predict, as the user named it.
        task: "binary", "multiclass", "regression", "classification", "quantile" or "series", to overrule what is found.
        budget: Seconds to train at most.
        out: The run's folder; by default a new one among the runs of this installation.
        name: What the user calls the file.
        hint: The user's message: searched for a column's name when `target` fits none, for how far to forecast, for
            what mistakes cost, and for columns with which the prediction may only rise or fall.
        ignore: Columns to leave out.
        owner: Whose run it is.
        seed: The same seed gives the same model, unless the time ran out.
        progress: Called with a line and the part done.
        stopped: Whether to end training now and keep the best so far; by default, whether the folder has a file `STOP`.
        models: Names of the only models to try, such as "LightGBM" and "Linear".
        keep_trials: Keep what was fitted in the run's folder until the run is done, for `resume`.
        embedder: What tells the meaning of texts (see `automl.meaning`); every later call needs the same.

    Returns:
        The run as JSON: run_id, run_dir, name, target, task, classes, reasons, metric, score, interval, metrics,
        baseline, leaderboard, rows, columns, dropped, changes, quality, timings, warnings, files, before; of a table
        also costs, curve, segments and monotone, of a forecast series.

    Raises:
        DataError: The file or the target cannot be used.
    """
    started = time.monotonic()
    folder = _fresh_folder(out)
    if keep_trials:
        (folder / TRIALS).mkdir()
    manifest = RunManifest(run_id=folder.name)
    asked: dict[str, Any] = {
        "data": str(Path(data).resolve()),
        "name": name,
        "target": target,
        "task": task,
        "hint": hint,
    }
    asked |= {"ignore": ignore or [], "budget": budget, "seed": seed, "models": models}
    manifest.config = {"owner": owner, "asked": asked}
    return _train(folder, manifest, progress, stopped, started, embedder)


def resume(
    run_dir: str, progress: Progress = silent, stopped: Callable[[], bool] | None = None, embedder: str = ""
) -> dict[str, Any]:
    """Go on with a run that kept its trials and was cut off, as if it had not been; returns what `run` does.

    Raises:
        DataError: There is no such run, or its file cannot be used.
    """
    from automl.manifest import read_manifest

    started, folder = time.monotonic(), Path(run_dir)
    manifest = read_manifest(folder)
    if manifest.status == "done":
        raise DataError(f"The run {manifest.run_id} is done; there is nothing to go on with.")
    if not (folder / TRIALS).is_dir():
        raise DataError(f"The run {manifest.run_id} kept nothing to go on from; train the model again.")
    (folder / STOP).unlink(missing_ok=True)
    return _train(folder, manifest, progress, stopped, started, embedder)


def _train(
    folder: Path,
    manifest: RunManifest,
    progress: Progress,
    stopped: Callable[[], bool] | None,
    started: float,
    embedder: str,
) -> dict[str, Any]:
    """Train what the manifest asks for; the manifest tells how it went, whatever happens."""
    from automl import bronze
    from automl.learning import learn

    asked, timings = manifest.config["asked"], dict[str, float]()
    manifest.status, manifest.error = "running", None
    manifest.save(folder)
    try:
        learned = learn(
            **asked,
            progress=progress,
            stage=lambda stage: _timed(timings, stage),
            stopped=stopped or (folder / STOP).exists,
            started=started,
            kept=folder / TRIALS if (folder / TRIALS).is_dir() else None,
            bronze=folder / bronze.FILE,
            embedder=embedder,
        )
        progress("Writing the report", 0.95)
        with _timed(timings, "report"):
            result = _keep(learned, folder, manifest)
    except BaseException as error:
        manifest.status, manifest.error = "failed", str(error) or error.__class__.__name__
        manifest.save(folder)
        if lacks_memory(error):
            raise DataError(NO_ROOM) from error
        raise
    timings["total"] = round(time.monotonic() - started, 3)
    result["timings"] = manifest.timings = timings
    manifest.status, manifest.results = "done", result
    manifest.versions = _versions()
    manifest.save(folder)
    shutil.rmtree(folder / TRIALS, ignore_errors=True)
    progress("Done", 1.0)
    return result


def predict(
    run_dir: str, data: str, out: str, name: str = "", progress: Progress = silent, embedder: str = ""
) -> dict[str, Any]:
    """Predict every row of a file and write it with its predictions as CSV; of a forecast, the rows that come after it.

    Returns:
        rows, out, target, warnings, and the first five predictions as `head`.

    Raises:
        DataError: The run or the file cannot be used.
    """
    from automl import meaning
    from automl.drift import drifted
    from automl.ingest import EVERY_ROW, read_table
    from automl.manifest import load_manifest
    from automl.prediction import load_model
    from automl.series.delivery import coming

    manifest = load_manifest(run_dir)
    progress("Reading the file", 0.2)
    table = read_table(data, name, largest=EVERY_ROW)
    if manifest.config["task"] == "series":
        predicted, warnings = coming(manifest, Path(run_dir), table)
        predicted.map(_harmless).to_csv(out, index=False)
        return _predicted(predicted, out, manifest.config["target"], warnings)
    model = load_model(run_dir, meaning.named(embedder))
    frame, warnings = model.read(table)
    progress("Predicting", 0.5)
    predicted = model.predict(frame)
    sample, _ = model.read(read_table(model.manifest.file("sample", Path(run_dir))))
    warnings += drifted(sample, frame)
    given = table.frame.rename(columns={column: f"{column}_given" for column in table.frame if column in predicted})
    given.join(predicted).map(_harmless).to_csv(out, index=False)
    progress("Done", 1.0)
    return _predicted(predicted, out, model.target, warnings)


def _predicted(predicted: pd.DataFrame, out: str, target: str, warnings: list[str]) -> dict[str, Any]:
    head = predicted["prediction"].head(5).tolist()
    return {"rows": len(predicted), "out": out, "target": target, "warnings": warnings, "head": head}


def reproduce(run_dir: str, data: str | None = None, progress: Progress = silent, embedder: str = "") -> dict[str, Any]:
    """Fit the models of a run once more, from the same file by the recipe that was found, and compare what comes out.

    Returns:
        run_id, metric, score and metrics as they were stored, `again` (the metrics found now) and `same`.

    Raises:
        DataError: The run or the file cannot be used, or the file is another.
    """
    from automl import meaning
    from automl.learning import relearn
    from automl.manifest import load_manifest

    manifest = load_manifest(run_dir)
    assert manifest.source is not None, "a finished run has its source"
    asked = manifest.config["asked"]
    progress("Fitting again", 0.2)
    embed, recipe = meaning.named(embedder), manifest.config["recipe"]
    figures = relearn(data or asked["data"], asked, recipe, manifest.source.sha256, embed)
    progress("Done", 1.0)
    stored = manifest.results["metrics"]
    same = all(abs(figures["metrics"][key] - value) <= 1e-9 * max(1.0, abs(value)) for key, value in stored.items())
    return {
        "run_id": manifest.run_id,
        "metric": manifest.results["metric"],
        "score": manifest.results["score"],
        "metrics": stored,
        "again": figures["metrics"],
        "same": same,
    }


def _fresh_folder(out: str | None) -> Path:
    """The run's folder: `out` itself, or a new one inside it when something is already there."""
    if out is None:
        from config.settings import Settings

        folder = Settings().paths.runs / new_run_id()
    else:
        folder = Path(out)
        if folder.is_file():
            raise DataError(f"{out} is a file; name a folder for the run.")
        if folder.is_dir() and any(folder.iterdir()):
            folder = folder / new_run_id()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise DataError(f"The folder {folder} cannot be made ({error.strerror}); choose another.") from error
    return folder.resolve()


@contextmanager
def _timed(timings: dict[str, float], stage: str) -> Iterator[None]:
    start = time.monotonic()
    yield
    timings[stage] = round(time.monotonic() - start, 3)


def _keep(learned: Learned, folder: Path, manifest: RunManifest) -> dict[str, Any]:
    """Write the model, the predictions on the holdout and the report; note each with its hash."""
    from automl import bronze
    from automl.comparison import compared
    from automl.report import report

    before = compared(learned, folder, manifest.config["owner"])
    result = {"run_id": manifest.run_id, "run_dir": str(folder), **learned.result, "before": before}
    model = folder / "model"
    model.mkdir(exist_ok=True)
    for key, path in learned.model.save(model).items():
        manifest.keep(key, path, folder)
    for key, frame in learned.tables.items():
        path = folder / f"{key}.csv"
        frame.to_csv(path, index=False)
        manifest.keep(key, path, folder)
    text = folder / "report.md"
    text.write_text(report(result) + "\n", encoding="utf-8")
    manifest.keep("report", text, folder)
    manifest.keep("bronze", folder / bronze.FILE, folder)
    manifest.source = SourceFile(**learned.source)
    manifest.config |= {
        "target": result["target"],
        "task": result["task"],
        "classes": result["classes"],
        "levels": result.get("levels", []),
        "recipe": learned.recipe,
        "reach": learned.reach,
        "decision": learned.decision,
    }
    result["files"] = {key: str(folder / stored.path) for key, stored in manifest.artifacts.items()}
    return result


def _versions() -> dict[str, str]:
    import platform
    from importlib.metadata import version

    packages = ("catboost", "lightgbm", "numpy", "pandas", "scikit-learn", "xgboost-cpu")
    return {"python": platform.python_version()} | {name: version(name) for name in packages}


def _harmless(cell: Any) -> Any:
    """A cell as a spreadsheet may open it: what would start a formula there becomes text."""
    risky = isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r")
    return f"'{cell}" if risky and not re.fullmatch(r"[-+]?[\d.,\s]+\W{0,2}", cell) else cell
