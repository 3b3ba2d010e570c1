"""A finished run explained, in words and pictures: the whole model, or one row.

    sample, stratified ─→ 300 rows: a first picture ─→ the rest in parts, with progress ─→ pictures and words of all

Plain functions with JSON arguments and JSON results, as in `automl.studio`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from automl.errors import DataError
from automl.studio import Progress, silent

if TYPE_CHECKING:
    from automl.explain import Explanation
    from automl.prediction import Model

FIRST_ROWS = 300
"""Rows of the first picture."""
FIRST = "first/beeswarm.png"
FIRST_TOLD = f"First picture, of {FIRST_ROWS} rows"


def explain(
    run_dir: str, rows: int = 1_000, out: str | None = None, progress: Progress = silent, embedder: str = ""
) -> dict[str, Any]:
    """Explain the model of a run on a stratified sample of its rows, in three pictures and in words.

    A first picture, of fewer rows, is there soon: as `FIRST` in `out`, once `progress` has said so.

    Returns:
        target, task, rows, text (markdown), drivers, and beeswarm, importance and dependence (paths of PNG files in
        `out`, by default the run's folder).

    Raises:
        DataError: The run cannot be used.
    """
    from automl.cohorts import cohorts
    from automl.explain import drivers, in_words

    folder = Path(out or run_dir)
    folder.mkdir(parents=True, exist_ok=True)
    explanation = explained(run_dir, rows, progress, embedder, folder)
    progress("Drawing", 0.85)
    pictures = _drawn(explanation, folder)
    progress("Done", 1.0)
    told = [in_words(explanation), *(["**It is otherwise for some rows**\n" + "\n".join(f"- {one}" for one in others)]
                                     if (others := cohorts(explanation)) else [])]  # fmt: skip
    return {
        "target": explanation.target,
        "task": explanation.task,
        "rows": len(explanation.values),
        "text": "\n\n".join(told),
        "drivers": drivers(explanation),
        **pictures,
    }


def explained(
    run_dir: str, rows: int, progress: Progress = silent, embedder: str = "", folder: Path | None = None
) -> Explanation:
    """The explanation of a run on a stratified sample of its rows; a first picture is drawn into `folder` on the way.

    Raises:
        DataError: The run cannot be used.
    """
    from automl import meaning
    from automl.explain import explain_rows
    from automl.ingest import read_table
    from automl.prediction import load_model

    if rows < 1:
        raise DataError("At least one row is needed to explain a model; ask for more.")
    model = load_model(run_dir, meaning.named(embedder))
    progress("Reading the sample", 0.1)
    frame, _ = model.read(read_table(model.manifest.file("sample", Path(run_dir))))
    frame = frame.head(rows)
    progress("Working out what each column does", 0.2)
    if folder and len(frame) > 2 * FIRST_ROWS:
        from automl.plots import effects, png

        first = (folder / FIRST).parent
        first.mkdir(exist_ok=True)
        png.draw(effects.beeswarm(explain_rows(model, frame.head(FIRST_ROWS))), first)
        progress(FIRST_TOLD, 0.3)
    return explain_rows(
        model, frame, lambda done: progress(f"Explained {done:,} of {len(frame):,} rows", 0.3 + 0.5 * done / len(frame))
    )


def explain_one(
    run_dir: str, row: int, data: str = "", name: str = "", out: str | None = None, embedder: str = ""
) -> dict[str, Any]:
    """Why one row gets its prediction. `row` counts from 1, below the header, in `data` or in the file trained on.

    Returns:
        target, row, text (markdown), usual, final, label, steps, and `waterfall` (the path of a PNG file in `out`).

    Raises:
        DataError: The run or the file cannot be used, or there is no such row.
    """
    from automl import meaning
    from automl.ingest import EVERY_ROW, read_table
    from automl.one_row import explain_row, in_words
    from automl.plots import effects, png
    from automl.prediction import load_model

    model: Model = load_model(run_dir, meaning.named(embedder))
    asked = model.manifest.config["asked"]
    table = read_table(data or asked["data"], name or asked["name"], largest=EVERY_ROW)
    frame, _ = model.read(table)
    if not 1 <= row <= len(frame):
        raise DataError(f"{table.source} has {len(frame):,} rows; ask for one from 1 to {len(frame):,}.")
    found = explain_row(model, frame, row - 1)
    folder = Path(out or run_dir)
    folder.mkdir(parents=True, exist_ok=True)
    picture = png.draw(effects.waterfall(found, row), folder)
    return found | {"row": row, "text": in_words(found, row), "waterfall": str(picture)}


def _drawn(explanation: Explanation, folder: Path) -> dict[str, str]:
    from automl.plots import effects, png

    charts = [effects.beeswarm(explanation), effects.importance(explanation)]
    charts.append(effects.dependence(explanation, explanation.columns[0]))
    return {chart.name: str(png.draw(chart, folder)) for chart in charts}
