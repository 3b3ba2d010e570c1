"""What follows a run: the report for the client, charts, the model as a package.

Plain functions with JSON arguments and JSON results, as in `automl.studio`.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from automl.errors import DataError
from automl.manifest import RunManifest
from automl.studio import Progress, silent

if TYPE_CHECKING:
    from automl.paper.blocks import Block

FORMATS = ("html", "pdf", "docx", "charts")
REPORT_ROWS = 500
"""Rows explained for a report's pictures."""


def deliver(
    run_dir: str, out: str, formats: list[str] | None = None, progress: Progress = silent, embedder: str = ""
) -> dict[str, Any]:
    """Write the report on a run for the client, with pictures: "html", "pdf" and "docx", or those asked for.

    "charts" is a page of its own: every chart of the run, to hover over and zoom into.

    Returns:
        target, and `files`: the path of each format, in the folder `out`.

    Raises:
        DataError: The run cannot be used, or there is no such format.
    """
    from automl import gallery
    from automl.manifest import load_manifest
    from automl.plots import page

    wanted = formats or list(FORMATS[:3])
    if odd := set(wanted) - set(FORMATS):
        raise DataError(f"There is no report as {', '.join(sorted(odd))}; choose among {', '.join(FORMATS)}.")
    manifest, folder = load_manifest(run_dir), Path(out)
    folder.mkdir(parents=True, exist_ok=True)
    target, files = manifest.results["target"], {}
    if papers := [name for name in wanted if name != "charts"]:
        blocks = _blocks(
            manifest, Path(run_dir), folder, lambda text, part: progress(text, 0.6 * (part or 0)), embedder
        )
        for place, name in enumerate(papers):
            progress(f"Writing the report as {name.upper()}", 0.6 + 0.2 * place / len(papers))
            files[name] = str(import_module(f"automl.paper.{name}").write(blocks, folder / f"report.{name}"))
    if "charts" in wanted:
        progress("Drawing every chart", 0.8)
        drawn = gallery.gallery(manifest, Path(run_dir), REPORT_ROWS, embedder=embedder)
        files["charts"] = str(page.write(drawn, f"Charts of the model for {target}", folder / "charts.html"))
    progress("Done", 1.0)
    return {"target": target, "files": files}


def _blocks(manifest: RunManifest, run_dir: Path, folder: Path, progress: Progress, embedder: str) -> list[Block]:
    """What the report on a run says, its pictures drawn into a folder."""
    from automl import gallery
    from automl.explaining import explain
    from automl.paper.blocks import Block, compose
    from automl.plots import png

    result = manifest.results
    if result["task"] == "series":
        chart = gallery.coming(manifest, run_dir)
        shown = [Block("picture", CAPTIONS["forecast"], picture=png.draw(chart, folder))]
        return compose(result, "", shown, [], _made(manifest))
    explained = explain(str(run_dir), REPORT_ROWS, str(folder), progress, embedder)
    charts = [png.draw(chart, folder) for chart in gallery.verdict(manifest, run_dir)]
    verdict = [Block("picture", CAPTIONS[path.stem], picture=path) for path in charts]
    why = [Block("picture", CAPTIONS[name], picture=Path(explained[name])) for name in EXPLAINED]
    return compose(result, explained["text"], verdict, why, _made(manifest))


CAPTIONS = {
    "against": "Predicted against actual, for rows the model had not seen; on the line is right.",
    "residuals": "How far each prediction is off; a shape here is something the model has not learned.",
    "roc": "How many of the class are found, for how many others called so by mistake.",
    "precision_recall": "How often it is right when it says so, for how many it finds.",
    "calibration": "Whether what it gave a chance came true as often.",
    "confusion": "What is taken for what, on rows the model had not seen.",
    "importance": "How much each column moves a prediction on average.",
    "beeswarm": "Each dot is a row: how far each column moved its prediction, coloured by the column's value.",
    "dependence": "How the effect of the strongest column goes with its value.",
    "forecast": "What came, what is forecast, and the band in which nine values of ten should lie.",
}
EXPLAINED = ("importance", "beeswarm", "dependence")


def package(run_dir: str, out: str, progress: Progress = silent) -> dict[str, Any]:
    """Pack the model of a run as a Python package that works without FreelanceX (see `automl.export`).

    Where the model can be kept as ONNX, the package holds it as ``model.onnx`` too.

    Returns:
        target, name, folder, and `zip`: the path of the same as one file; both in the folder `out`; and `onnx`: that
        file's path, or why there is none.

    Raises:
        DataError: The run cannot be used.
    """
    import shutil

    from automl.exchange import model
    from automl.export import export
    from automl.manifest import load_manifest

    progress("Packing the model", 0.3)
    folder = export(run_dir, out)
    try:
        onnx = str(model.write(run_dir, folder / "model.onnx"))
    except DataError as error:
        onnx = str(error)
    archive = shutil.make_archive(str(folder), "zip", folder.parent, folder.name)
    progress("Done", 1.0)
    target = load_manifest(run_dir).config["target"]
    return {"target": target, "name": folder.name, "folder": str(folder), "zip": archive, "onnx": onnx}


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
