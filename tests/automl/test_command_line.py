"""The command line: the verbs and the JSON that others rely on."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from automl.__main__ import main

from .conftest import customers


def test_run_predict_and_explain(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data, run, out = tmp_path / "customers.csv", tmp_path / "run", tmp_path / "out.csv"
    customers(150).to_csv(data, index=False)
    assert main(["run", str(data), "--target", "left", "--budget", "3", "--out", str(run), "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert list(printed) == ["run_dir", "task", "metric", "score", "leaderboard", "timings", "warnings"]
    assert (printed["run_dir"], printed["task"], printed["metric"]) == (str(run), "binary", "roc_auc")

    assert main(["predict", str(run), str(data), "--out", str(out)]) == 0
    assert {"prediction", "p_yes", "p_no"} <= set(pd.read_csv(out).columns)
    capsys.readouterr()

    assert main(["explain", str(run), "--rows", "50"]) == 0
    assert "visits" in capsys.readouterr().out
    assert (run / "beeswarm.png").is_file()


def test_a_failure_is_one_line_and_a_code(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", str(tmp_path / "none.csv"), "--out", str(tmp_path / "run")]) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.count("\n") == 1
    assert "There is no file none.csv" in told.err


def test_a_folder_without_a_run_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", str(tmp_path)]) == 1
    assert "holds no run" in capsys.readouterr().err
