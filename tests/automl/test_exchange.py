"""A model as ONNX predicts the same as here."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pandas as pd
import pytest

from automl import studio
from automl.errors import DataError
from automl.exchange.model import write
from automl.ingest import read_table
from automl.prediction import load_model

from .conftest import customers, irises

Write = Callable[..., Path]


def asked(run_dir: str, path: Path, frame: pd.DataFrame, record: Callable[[str, object], None]) -> Any:
    """What the file says about rows, checked against what the model says here."""
    model = load_model(run_dir)
    session = onnxruntime.InferenceSession(write(run_dir, path), providers=["CPUExecutionProvider"])
    feed = {}
    for one in session.get_inputs():
        values = frame[one.name]
        words = [value if isinstance(value, str) else "" for value in values]
        feed[one.name] = np.array(words, dtype=object) if "string" in one.type else values.to_numpy(dtype=float)
    said = session.run(None, feed)[0]
    here = model.blend.predict(model.preparation.transform(frame))
    away = float(np.abs(said - here).max() / max(1.0, float(np.abs(here).max())))
    families = sorted({member.estimator.family for member in model.blend.members})
    record("figures", f"ONNX of {', '.join(families)}: at most {away:.1e} away")
    assert away < 1e-5
    return session, said


def sample(run_dir: str) -> pd.DataFrame:
    model = load_model(run_dir)
    return model.read(read_table(model.manifest.file("sample", Path(run_dir))))[0]


def test_categories_missing_values_and_levels_never_seen_come_out_the_same(
    churn: dict[str, Any], tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    rows = sample(churn["run_dir"])
    rows.loc[rows.index[:5], "visits"] = np.nan
    rows.loc[rows.index[5:9], "plan"] = None
    rows.loc[rows.index[9:12], "plan"] = "gold"
    rows.loc[rows.index[12:15], "plan"] = "BASIC"
    session, _ = asked(churn["run_dir"], tmp_path / "m.onnx", rows, record_property)
    told = session.get_modelmeta().custom_metadata_map
    assert json.loads(told["classes"]) == ["no", "yes"]
    assert told["target"] == "left"


@pytest.mark.parametrize(
    "models", [["Forest"], ["LightGBM, small trees"], ["Linear"]], ids=["forest", "trees", "linear"]
)
def test_several_classes_come_out_the_same(
    models: list[str], written: Write, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    run = studio.run(str(written(irises(90))), target="kind", budget=4, models=models, out=str(tmp_path / "run"))
    _, said = asked(run["run_dir"], tmp_path / "m.onnx", sample(run["run_dir"]), record_property)
    assert said.shape[1] == 3


def test_a_number_comes_out_the_same(
    diamonds: dict[str, Any], tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    _, said = asked(diamonds["run_dir"], tmp_path / "m.onnx", sample(diamonds["run_dir"]), record_property)
    assert said.ndim == 1


def test_what_onnx_cannot_hold_is_one_sentence(written: Write, tmp_path: Path) -> None:
    frame = customers(80).assign(since=pd.date_range("2020-01-01", periods=80).strftime("%Y-%m-%d"))
    run = studio.run(str(written(frame)), target="left", budget=5, models=["Linear"], out=str(tmp_path / "run"))
    with pytest.raises(DataError, match="'since' holds dates, which ONNX cannot read"):
        write(run["run_dir"], tmp_path / "m.onnx")
