"""A stored forecaster asked again: the coming rows after a history, which may be a newer one."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from automl.clean import clean
from automl.errors import DataError
from automl.manifest import RunManifest
from automl.series.forecaster import Forecaster, load
from automl.series.panel import panel
from automl.tables import Table


def coming(manifest: RunManifest, folder: Path, table: Table) -> tuple[pd.DataFrame, list[str]]:
    """The rows that follow a history, with warnings. Raises DataError when it is none for this forecaster."""
    forecaster = opened(manifest, folder)
    grid = forecaster.grid
    cleaned = clean(table, drop_duplicates=False)
    absent = [name for name in (grid.time, grid.target, *grid.keys) if name not in cleaned.frame]
    if absent:
        told = f"{table.source} has no column {', '.join(map(repr, absent))}"
        raise DataError(f"{told}; give the history that the forecast follows, up to its last row.")
    whole = panel(cleaned.frame, grid)
    least = max(2 * forecaster.shape.season, 4)
    if len(whole.moments) < least:
        raise DataError(
            f"{table.source} holds {len(whole.moments)} {grid.name}s; the forecast needs {least} before it."
        )
    if forecaster.shape.logged and float(whole.known().min()) <= 0:
        raise DataError(
            f"'{grid.target}' is 0 or less in places, as it never was in training; train the forecast again."
        )
    warnings = []
    if fresh := set(whole.keys) - set(forecaster.keys):
        warnings.append(f"{len(fresh):,} series were not there in training; they are forecast by what the others did.")
    return forecaster.forecast(whole), warnings


def opened(manifest: RunManifest, folder: Path) -> Forecaster:
    """The forecaster of a run, its files checked by their hashes. Raises DataError."""
    files = [manifest.file(name, folder) for name in manifest.artifacts if name.startswith("model")]
    try:
        return load(files[-1].parent)
    except (ValueError, KeyError, TypeError) as error:
        raise DataError(f"The forecaster of the run {manifest.run_id} cannot be read; train it again.") from error
