"""The command line: the verbs and the JSON that others rely on."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest

from automl.__main__ import main
from config.paths import ROOT

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


def test_a_run_is_done_again_and_compared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data, run = tmp_path / "customers.csv", tmp_path / "run"
    customers(150).to_csv(data, index=False)
    assert main(["run", str(data), "--target", "left", "--budget", "1", "--out", str(run)]) == 0
    assert main(["reproduce", str(run)]) == 0
    assert "came out the same: roc_auc" in capsys.readouterr().out
    customers(151).to_csv(data, index=False)
    assert main(["reproduce", str(run)]) == 1
    assert "is not the file this model was trained on" in capsys.readouterr().err


def test_an_interrupt_keeps_the_best_so_far(tmp_path: Path) -> None:
    data, run = tmp_path / "customers.csv", tmp_path / "run"
    customers(150).to_csv(data, index=False)
    command = [sys.executable, "-m", "automl", "run", str(data), "--budget", "600", "--out", str(run), "--json"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    while not (run / "manifest.json").is_file():
        assert process.poll() is None
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    told, _ = process.communicate(timeout=120)
    assert process.returncode == 0
    assert json.loads(told)["score"] > 0.5


def test_a_failure_is_one_line_and_a_code(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", str(tmp_path / "none.csv"), "--out", str(tmp_path / "run")]) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.count("\n") == 1
    assert "There is no file none.csv" in told.err


def test_a_folder_without_a_run_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", str(tmp_path)]) == 1
    assert "holds no run" in capsys.readouterr().err
