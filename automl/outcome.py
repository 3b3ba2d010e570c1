"""What a run learned: the model, what is said of it, and the tables that are kept with it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import pandas as pd

from automl.blend import Blend
from automl.features import Preparation
from automl.tables import Table


class Kept(Protocol):
    """A model that can be stored; its files by name, the last one naming the others."""

    def save(self, folder: Path) -> dict[str, Path]: ...


@dataclass(frozen=True)
class Tabular:
    """A blend with the preparation of its rows."""

    preparation: Preparation
    blend: Blend

    def save(self, folder: Path) -> dict[str, Path]:
        """Write both."""
        path = folder / "preparation.json"
        path.write_text(json.dumps(self.preparation.to_json(), ensure_ascii=False), encoding="utf-8")
        *parts, whole = self.blend.save(folder)
        own = {f"model/{part.relative_to(folder).as_posix()}": part for part in parts}
        return {"preparation": path, **own, "model": whole}


@dataclass(frozen=True)
class Learned:
    """A judged model and the tables that are kept with it.

    Among the tables, `predictions` are rows it had not seen with their outcome, `sample` rows to explain it with, and
    `forecast` what a forecast says comes. `reach` says how far off a predicted number may be (see `automl.reach`),
    `decision` from which chance on a class is said.
    """

    result: dict[str, Any]
    source: dict[str, Any]
    model: Kept
    tables: dict[str, pd.DataFrame]
    recipe: dict[str, Any]
    reach: dict[str, Any] | None = None
    decision: dict[str, Any] | None = None


def source_of(table: Table) -> dict[str, Any]:
    """The file that was learned from."""
    return {
        "name": table.source,
        "sha256": table.sha256,
        "format": table.format,
        "rows": len(table.frame),
        "columns": len(table.frame.columns),
    }
