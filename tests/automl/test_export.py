"""The exported package: a clean process without FreelanceX predicts the same from it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from automl import studio
from automl.export import export

from .conftest import customers

IN_A_CLEAN_PROCESS = """
import json, sys
sys.path.insert(0, sys.argv[1])
import model_left, serve
from fastapi.testclient import TestClient
rows = json.load(sys.stdin)
found, warnings = model_left.predict(rows)
service = TestClient(serve.app)
served = service.post("/predict", json={"rows": rows}).json()
refused = service.post("/predict", json={"rows": [{"other": 1}]})
foreign = [name for name in sys.modules if name.split(".")[0] in ("automl", "config", "agents")]
print(json.dumps({"found": found.to_dict("records"), "served": served["predictions"], "warnings": warnings,
                  "refused": [refused.status_code, refused.json()["detail"]], "foreign": foreign}))
"""


def test_a_clean_process_predicts_the_same(churn: dict[str, Any], tmp_path: Path) -> None:
    folder = export(churn["run_dir"], tmp_path)
    rows, path = customers(40, seed=5).drop(columns="left"), tmp_path / "new.csv"
    rows.to_csv(path, index=False)
    studio.predict(churn["run_dir"], str(path), str(tmp_path / "out.csv"))
    here = pd.read_csv(tmp_path / "out.csv")
    done = subprocess.run(
        [sys.executable, "-I", "-c", IN_A_CLEAN_PROCESS, str(folder)],
        input=rows.to_json(orient="records", double_precision=15),
        capture_output=True, text=True, cwd=tmp_path, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    there = json.loads(done.stdout)
    assert [row["p_yes"] for row in there["found"]] == pytest.approx(here["p_yes"].tolist(), abs=1e-12)
    assert there["served"] == there["found"]
    assert there["refused"] == [422, "the rows has none of the model's columns; it needs visits, plan, noise."]
    assert there["foreign"] == []
    assert there["warnings"] == []


def test_it_holds_what_is_needed_and_nothing_of_the_user(churn: dict[str, Any], tmp_path: Path) -> None:
    folder = export(churn["run_dir"], tmp_path)
    assert {path.name for path in folder.iterdir()} == {
        "model_left", "pyproject.toml", "requirements.txt", "README.md", "serve.py", "Dockerfile",
    }  # fmt: skip
    whole = [path for path in folder.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in whole) < 1_000_000
    assert not any(path.suffix in (".csv", ".pkl", ".png") for path in whole)
    assert "customers.csv" not in "".join(path.read_text() for path in whole)
    needs = {line.partition("==")[0] for line in (folder / "requirements.txt").read_text().splitlines()}
    assert {"lightgbm", "numpy", "pandas", "pyarrow", "pydantic"} <= needs
    assert not needs & {"freelancex", "matplotlib", "optuna", "shap", "catboost"}
