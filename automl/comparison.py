"""A run beside the one before it: the newest that learned the same target from a file of the same name.

Where both were judged on the same rows, their errors are compared row by row, which tells small differences apart;
elsewhere by whether the scores differ by more than their intervals allow.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from automl.errors import DataError
from automl.judged import errors_of
from automl.manifest import RunManifest, read_manifest
from automl.metrics import TOLD
from automl.outcome import Learned

LOOKED_AT = 100
"""Runs beside this one that are looked at, the newest first."""
SURE = 1.96
"""Standard errors by which the mean of paired differences must differ from none."""


def compared(learned: Learned, folder: Path, owner: str) -> dict[str, Any] | None:
    """How a run does beside the one before it in the same folder of runs; None where there is none.

    Returns:
        run_id, metric, score (the old ones), same_rows, verdict ("better", "worse" or "alike") and words.
    """
    before = _before(learned, folder, owner)
    if before is None:
        return None
    result, old = learned.result, before.results
    rows = _rows(learned, before, folder.parent / before.run_id)
    verdict, words = _paired(*rows) if rows else _apart(result, old)
    name = TOLD.get(result["metric"], result["metric"])
    opening = f"The run before, of {before.created_at:%Y-%m-%d %H:%M}, reached {name} {old['score']:.3f}"
    return {
        "run_id": before.run_id,
        "metric": old["metric"],
        "score": old["score"],
        "same_rows": rows is not None,
        "verdict": verdict,
        "words": f"{opening}, this one {result['score']:.3f}: {words}.",
    }


def _before(learned: Learned, folder: Path, owner: str) -> RunManifest | None:
    others = [path for path in folder.parent.iterdir() if path != folder and path.is_dir()]
    others.sort(key=lambda path: path.stat().st_mtime, reverse=True)
    found: list[RunManifest] = []
    for path in others[:LOOKED_AT]:
        try:
            manifest = read_manifest(path)
        except DataError:  # no run, or a damaged one
            continue
        alike = manifest.status == "done" and manifest.config.get("owner", "") == owner and manifest.results
        same = ("target", "name", "metric")
        if alike and all(manifest.results.get(key) == learned.result[key] for key in same):
            found.append(manifest)
    return max(found, key=lambda one: one.created_at, default=None)


def _rows(learned: Learned, before: RunManifest, folder: Path) -> tuple[pd.Series[Any], pd.Series[Any]] | None:
    """The errors of this run and of the one before, where both were judged on the same rows in the same order."""
    if before.source is None or before.source.sha256 != learned.source["sha256"]:
        return None
    target, task = learned.result["target"], learned.result["task"]
    try:
        old = pd.read_csv(before.file("predictions", folder), dtype=str, keep_default_na=False)
    except (DataError, OSError, KeyError, ValueError):  # it was kept by an earlier version, or cleared away
        return None
    new = learned.tables["predictions"]
    if len(old) != len(new) or target not in old or target not in new:
        return None
    if (old[target] != new[target].astype(str).to_numpy()).any():
        return None
    now, then = (errors_of(frame, target, task) for frame in (new, old))
    return (now, then) if np.isfinite(now).all() and np.isfinite(then).all() else None


def _paired(now: pd.Series[Any], then: pd.Series[Any]) -> tuple[str, str]:
    gain = then.to_numpy() - now.to_numpy()
    better, worse = int((gain > 0).sum()), int((gain < 0).sum())
    told = f"on the same {len(gain):,} rows it is nearer for {better:,} and farther off for {worse:,}"
    error = float(gain.std() / np.sqrt(len(gain)))
    if abs(float(gain.mean())) <= SURE * error:
        return "alike", f"no clear difference; {told}"
    verdict = "better" if gain.mean() > 0 else "worse"
    return verdict, f"clearly {verdict}; {told}"


def _apart(result: dict[str, Any], old: dict[str, Any]) -> tuple[str, str]:
    """Both scores are uncertain, so their difference is more so than each: half widths add up as squares do."""
    widths = [(one["interval"][1] - one["interval"][0]) / 2 for one in (result, old)]
    if abs(result["score"] - old["score"]) <= float(np.hypot(*widths)):
        return "alike", "no clear difference, though judged on other rows"
    verdict = "better" if result["score"] > old["score"] else "worse"
    return verdict, f"clearly {verdict}, though judged on other rows"
