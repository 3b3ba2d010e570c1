"""A stored model: the preparation and the blend of a finished run, and what they say about new rows."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from automl import blend, quantiles
from automl.blend import Array, Blend
from automl.costs import Decision
from automl.errors import DataError
from automl.features import Preparation
from automl.manifest import RunManifest, load_manifest
from automl.reach import Reach
from automl.tables import Table
from automl.tasks import Task
from automl.texts import Embed


@dataclass(frozen=True)
class Model:
    """A model ready to predict. `classes` are the labels as they were written, and `levels` those of quantiles."""

    manifest: RunManifest
    target: str
    task: Task
    classes: tuple[str, ...]
    preparation: Preparation
    blend: Blend
    levels: tuple[float, ...] = ()

    def predict(self, frame: pd.DataFrame) -> pd.DataFrame:
        """A column `prediction` for a typed frame; `low` and `high` for numbers, a column ``p_<class>`` a class."""
        raw = self.blend.predict(self.preparation.transform(frame))
        stored = self.manifest.config.get("reach")
        decision = self.manifest.config.get("decision")
        reach = Reach.from_json(stored) if stored else None
        return predictions(raw, self.classes, reach, Decision(**decision) if decision else None, self.levels)

    def read(self, table: Table) -> tuple[pd.DataFrame, list[str]]:
        """A new file's rows typed for this model, and warnings about its columns. Raises DataError."""
        given = {_plain(name): name for name in table.frame.columns}
        wanted = [feature.column for feature in self.preparation.features]
        texts = table.frame.rename(columns={given[_plain(name)]: name for name in wanted if _plain(name) in given})
        absent = [name for name in wanted if name not in texts]
        if len(absent) == len(wanted):
            raise DataError(f"{table.source} has none of the model's columns; it needs {', '.join(wanted[:20])}.")
        warnings = []
        if absent:
            warnings.append(f"Missing columns were taken as unknown: {', '.join(absent)}.")
        results = self.manifest.results
        known = {_plain(one) for one in (self.target, *results["columns"], *(d["column"] for d in results["dropped"]))}
        if extra := [given[one] for one in given if one not in known]:
            warnings.append(f"Columns the model does not know were not used: {', '.join(extra[:20])}.")
        typed = self.preparation.typed(texts, table.decimal_comma)
        for name in typed.columns[typed.isna().any()]:
            written, read = int(texts[name].ne("").sum()), int(typed[name].notna().sum())
            if written and read < 0.5 * written:
                warnings.append(f"Most values of '{name}' do not read as they did in training; they count as unknown.")
        if table.aside_count:
            warnings.append(f"{table.aside_count} lines did not fit the header and have no prediction.")
        return typed, warnings


def predictions(
    raw: Array,
    classes: tuple[str, ...],
    reach: Reach | None = None,
    decision: Decision | None = None,
    levels: tuple[float, ...] = (),
) -> pd.DataFrame:
    """Raw model output as columns; numbers with the ends of their 90 % interval, `low` and `high`.

    Of quantiles, each level is a column, `q90`, and the middle one the prediction.

    With a `decision`, one of two classes is said from its threshold on instead of where it is the likelier.
    """
    if levels:
        middle = {"prediction": raw[:, quantiles.middle(len(levels))]}
        return pd.DataFrame(middle | {quantiles.named("q", one): raw[:, n] for n, one in enumerate(levels)})
    if not classes:
        low, high = reach.around(raw) if reach else (raw, raw)
        return pd.DataFrame({"prediction": raw} | ({"low": low, "high": high} if reach else {}))
    chosen = np.array(classes, dtype=object)[decision.chosen(raw) if decision else raw.argmax(axis=1)]
    return pd.DataFrame({"prediction": chosen} | {f"p_{name}": raw[:, code] for code, name in enumerate(classes)})


def load_model(folder: str | Path, embed: Embed | None = None) -> Model:
    """Open the model of a finished run, its files checked against the hashes in the manifest.

    Raises DataError when it cannot be used, or needs an embedder and has none.
    """
    folder = Path(folder)
    manifest = load_manifest(folder)
    task: Task = manifest.config["task"]
    if task == "series":
        told = "forecasts a series from its own past, so it has no columns to explain"
        raise DataError(f"The run {manifest.run_id} {told}; ask for its forecast, or predict with it.")
    stored = json.loads(manifest.file("preparation", folder).read_text(encoding="utf-8"))
    classes, levels = tuple(manifest.config["classes"]), tuple(manifest.config.get("levels") or ())
    files = [manifest.file(name, folder) for name in manifest.artifacts if name.startswith("model")]
    try:
        whole = blend.load(files[-1].parent, task, len(classes) or len(levels))
        preparation = Preparation.from_json(stored, embed)
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise DataError(f"The model of the run {manifest.run_id} cannot be read; train it again.") from error
    return Model(manifest, manifest.config["target"], task, classes, preparation, whole, levels)


def _plain(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum()) or name
