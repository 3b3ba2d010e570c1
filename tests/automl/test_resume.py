"""A training that was cut off goes on where it was, and comes out as if it had not been."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from automl import studio
from automl.__main__ import main
from automl.errors import DataError
from tests.automl.conftest import customers

MODELS = "LightGBM, small trees|Linear"
ROOT = Path(__file__).parent.parent.parent
KILLED = """
import sys
from automl import studio
studio.run(sys.argv[1], target="left", budget=900, out=sys.argv[2], models=sys.argv[3].split("|"), keep_trials=True)
"""


def test_killed_in_the_middle_it_goes_on_and_gives_the_same_model(tmp_path: Path) -> None:
    data, cut, whole = tmp_path / "customers.csv", tmp_path / "cut", tmp_path / "whole"
    customers(250).to_csv(data, index=False)
    process = subprocess.Popen([sys.executable, "-c", KILLED, str(data), str(cut), MODELS], cwd=ROOT)
    deadline = time.monotonic() + 120
    while len(list(cut.glob("trials/*/*/scores.npz"))) < 3 and process.poll() is None:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    os.kill(process.pid, signal.SIGKILL)
    assert process.wait(30) == -signal.SIGKILL
    assert json.loads((cut / "manifest.json").read_text())["status"] == "running"
    kept = {path: path.stat().st_mtime_ns for path in cut.glob("trials/*/*/scores.npz")}
    seen: list[bool] = []

    def look(text: str, part: float | None) -> None:
        seen.append(all(path.exists() and path.stat().st_mtime_ns == made for path, made in kept.items()))

    again = studio.resume(str(cut), progress=lambda text, part=None: look(text, part) if text != "Done" else None)
    assert len(kept) >= 3
    assert all(seen)
    straight = studio.run(str(data), target="left", budget=900, out=str(whole), models=MODELS.split("|"))
    assert again["metrics"] == straight["metrics"]
    assert [one["model"] for one in again["leaderboard"]] == [one["model"] for one in straight["leaderboard"]]
    assert not (cut / "trials").exists()
    assert studio.reproduce(str(cut))["same"]


def test_a_run_that_is_done_is_not_gone_on_with(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data, out = tmp_path / "customers.csv", tmp_path / "run"
    customers(120).to_csv(data, index=False)
    assert main(["run", str(data), "--target", "left", "--budget", "2", "--out", str(out), "--models", "Linear"]) == 0
    with pytest.raises(DataError, match="is done"):
        studio.resume(str(out))
    assert main(["resume", str(tmp_path / "nothing")]) == 1
    assert "holds no run" in capsys.readouterr().err


def test_the_same_seed_gives_the_same_model(tmp_path: Path) -> None:
    data = tmp_path / "customers.csv"
    customers(200).to_csv(data, index=False)
    found = [
        studio.run(
            str(data), target="left", budget=900, seed=seed, out=str(tmp_path / name), models=["LightGBM, small trees"]
        )
        for name, seed in (("one", 5), ("two", 5), ("three", 6))
    ]
    assert found[0]["metrics"] == found[1]["metrics"]
    assert found[0]["metrics"] != found[2]["metrics"]
