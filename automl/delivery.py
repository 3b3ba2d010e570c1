"""What follows a run: one row explained, the report for the client, the model as a package.

Plain functions with JSON arguments and JSON results, as in `automl.studio`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from automl.errors import DataError
from automl.manifest import RunManifest
from automl.studio import Progress, explain, silent

FORMATS = ("html", "pdf", "docx")
REPORT_ROWS = 500
"""Rows explained for a report's pictures."""


def explain_one(run_dir: str, row: int, data: str = "", name: str = "", out: str | None = None) -> dict[str, Any]:
    """Why one row gets its prediction. `row` counts from 1, below the header, in `data` or in the file trained on.

    Returns:
        target, row, text (markdown), usual, final, label, steps, and `waterfall` (the path of a PNG file in `out`).

    Raises:
        DataError: The run or the file cannot be used, or there is no such row.
    """
    from automl.ingest import read_table
    from automl.one_row import explain_row, in_words, waterfall
    from automl.prediction import load_model

    model = load_model(run_dir)
    asked = model.manifest.config["asked"]
    table = read_table(data or asked["data"], name or asked["name"])
    frame, _ = model.read(table)
    if not 1 <= row <= len(frame):
        raise DataError(f"{table.source} has {len(frame):,} rows; ask for one from 1 to {len(frame):,}.")
    found = explain_row(model, frame, row - 1)
    folder = Path(out or run_dir)
    folder.mkdir(parents=True, exist_ok=True)
    picture = waterfall(found, row, folder / "waterfall.png")
    return found | {"row": row, "text": in_words(found, row), "waterfall": str(picture)}


def deliver(run_dir: str, out: str, formats: list[str] | None = None, progress: Progress = silent) -> dict[str, Any]:
    """Write the report on a run for the client, with pictures: "html", "pdf" and "docx", or those asked for.

    Returns:
        target, and `files`: the path of each format, in the folder `out`.

    Raises:
        DataError: The run cannot be used, or there is no such format.
    """
    from importlib import import_module

    import pandas as pd

    from automl import judged
    from automl.manifest import load_manifest
    from automl.paper.blocks import compose

    wanted = formats or list(FORMATS)
    if odd := set(wanted) - set(FORMATS):
        raise DataError(f"There is no report as {', '.join(sorted(odd))}; choose among {', '.join(FORMATS)}.")
    manifest, folder = load_manifest(run_dir), Path(out)
    explained = explain(run_dir, REPORT_ROWS, out, lambda text, part: progress(text, 0.7 * (part or 0)))
    result = manifest.results
    held = pd.read_csv(manifest.file("predictions", Path(run_dir)), keep_default_na=False, na_values=[""])
    target, task, classes = result["target"], result["task"], result["classes"]
    pictures = {key: Path(explained[key]) for key in ("importance", "beeswarm")}
    pictures["judged"] = judged.picture(held, target, task, classes, folder / "judged.png")
    weak = judged.weak_spots(held, result["columns"], target, task)
    blocks = compose(result, explained["text"], weak, pictures, _made(manifest))
    files = {}
    for place, name in enumerate(wanted):
        progress(f"Writing the report as {name.upper()}", 0.7 + 0.3 * place / len(wanted))
        files[name] = str(import_module(f"automl.paper.{name}").write(blocks, folder / f"report.{name}"))
    progress("Done", 1.0)
    return {"target": target, "files": files}


def package(run_dir: str, out: str, progress: Progress = silent) -> dict[str, Any]:
    """Pack the model of a run as a Python package that works without FreelanceX (see `automl.export`).

    Returns:
        target, name, folder, and `zip`: the path of the same as one file; both in the folder `out`.

    Raises:
        DataError: The run cannot be used.
    """
    import shutil

    from automl.export import export
    from automl.manifest import load_manifest

    progress("Packing the model", 0.3)
    folder = export(run_dir, out)
    archive = shutil.make_archive(str(folder), "zip", folder.parent, folder.name)
    progress("Done", 1.0)
    target = load_manifest(run_dir).config["target"]
    return {"target": target, "name": folder.name, "folder": str(folder), "zip": archive}


def _made(manifest: RunManifest) -> str:
    """Where the model comes from, for a report: enough to check it, and to do it again."""
    source, config = manifest.source, manifest.config["asked"]
    assert source is not None, "a finished run has its source"
    versions = ", ".join(f"{name} {version}" for name, version in manifest.versions.items())
    return (
        f"Run `{manifest.run_id}` of {manifest.created_at:%Y-%m-%d}, from {source.name} ({source.rows:,} rows, "
        f"{source.columns} columns) with SHA-256 `{source.sha256}`; seed {config['seed']}, budget "
        f"{config['budget']:g} seconds, {manifest.timings['total']:.0f} used. Made with {versions}. The same file and "
        f"the run's folder give the same figures again."
    )
