"""Forecasts: a table of dates and values becomes coming rows, honestly judged from origins in its own past."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from automl import delivery, explaining, studio
from automl.__main__ import main
from automl.clean import Clean, clean
from automl.errors import DataError
from automl.ingest import read_table
from automl.series.forecasting import forecast
from automl.series.horizon import horizon, said
from automl.series.panel import grid, moment_column, panel

LONG = 900.0
Written = Callable[..., Path]


def monthly(years: int = 8, noise: float = 0.03, seed: int = 0) -> pd.DataFrame:
    """Passengers who grow by the month and swell in summer, ever more."""
    random, count = np.random.default_rng(seed), np.arange(12 * years)
    values = np.exp(4.8 + 0.01 * count + 0.2 * np.sin(2 * np.pi * count / 12) + random.normal(0, noise, len(count)))
    months = pd.date_range("2015-01-01", periods=len(count), freq="MS").strftime("%Y-%m")
    return pd.DataFrame({"month": months, "passengers": values.round(1)})


def shops(days: int = 120, seed: int = 1) -> pd.DataFrame:
    """Three shops with busy Saturdays, one growing, their rows mixed up."""
    random, frames = np.random.default_rng(seed), []
    dates = pd.date_range("2024-01-01", periods=days)
    for name, level, rise in (("north", 100, 0.5), ("south", 300, 0.0), ("west", 50, 0.1)):
        values = level * (1 + 0.5 * (dates.day_of_week == 5)) + rise * np.arange(days) + random.normal(0, 4, days)
        frames.append(pd.DataFrame({"date": dates.strftime("%d.%m.%Y"), "shop": name, "revenue": values.round(2)}))
    return pd.concat(frames).sample(frac=1, random_state=0)


def cleaned(path: Path) -> Clean:
    return clean(read_table(str(path), path.name), drop_duplicates=False)


@pytest.fixture(scope="module")
def air(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """One finished forecast of a year."""
    folder = tmp_path_factory.mktemp("air")
    monthly().to_csv(folder / "air.csv", index=False)
    hint = "forecast passengers for the next 12 months"
    return studio.run(str(folder / "air.csv"), target="passengers", hint=hint, budget=LONG, out=str(folder / "run"))


def test_a_growing_season_is_forecast_better_than_by_repeating_it(air: dict[str, Any]) -> None:
    assert (air["task"], air["metric"]) == ("series", "skill")
    assert air["series"] | {"last": ""} == {
        "time": "month", "keys": [], "step": "month", "count": 1, "horizon": 12, "season": 12, "origins": 5,
        "share": 0.9, "last": "", "logged": True,
    }  # fmt: skip
    assert air["score"] > 0.4
    assert air["interval"][0] > 0
    assert air["baseline"]["skill"] == 0
    assert 0.7 <= air["metrics"]["coverage"] <= 1


def test_the_seasonal_naive_forecast_is_always_shown(air: dict[str, Any]) -> None:
    *_, last = air["leaderboard"]
    assert (last["model"], last["baseline"], last["score"]) == ("Seasonal naive", True, 0.0)
    assert [entry["chosen"] for entry in air["leaderboard"]].count(True) == 1


def test_its_report_says_how_far_off_it_was_and_what_repeating_would_be(air: dict[str, Any]) -> None:
    report = Path(air["files"]["report"]).read_text(encoding="utf-8")
    assert "**A forecast of `passengers`** for the 12 months after 2022-12-01" in report
    assert "repeating the last 12 months was off by" in report
    assert "of that error is saved" in report
    assert "intervals held" in report


def test_it_keeps_the_coming_rows_and_those_it_was_judged_on(air: dict[str, Any]) -> None:
    coming = pd.read_csv(air["files"]["forecast"])
    assert coming["month"].tolist() == [f"2023-{month:02}-01" for month in range(1, 13)]
    assert (coming["low"] < coming["prediction"]).all() and (coming["prediction"] < coming["high"]).all()
    truth = np.exp(4.8 + 0.01 * np.arange(96, 108) + 0.2 * np.sin(2 * np.pi * np.arange(96, 108) / 12))
    assert float(np.abs(coming["prediction"] / truth - 1).mean()) < 0.08
    judged = pd.read_csv(air["files"]["predictions"])
    assert len(judged) == 5 * 12
    assert (pd.to_datetime(judged["origin"]) < pd.to_datetime(judged["month"])).all()


def test_it_forecasts_what_follows_a_newer_history(air: dict[str, Any], written: Written, tmp_path: Path) -> None:
    newer = written(monthly(9), "newer.csv")
    told = studio.predict(air["run_dir"], str(newer), str(tmp_path / "out.csv"))
    coming = pd.read_csv(tmp_path / "out.csv")
    assert told["rows"] == 12
    assert coming["month"].iloc[0] == "2024-01-01"


def test_it_comes_out_the_same_again(air: dict[str, Any]) -> None:
    assert studio.reproduce(air["run_dir"])["same"]


def test_it_says_in_a_sentence_that_it_has_no_columns_to_explain(air: dict[str, Any]) -> None:
    with pytest.raises(DataError, match="forecasts a series from its own past"):
        explaining.explain(air["run_dir"])


def test_its_report_draws_what_came_and_what_is_forecast(air: dict[str, Any], tmp_path: Path) -> None:
    files = delivery.deliver(air["run_dir"], str(tmp_path), ["html", "charts"])["files"]
    page = Path(files["html"]).read_text()
    assert page.count("data:image/png;base64") == 1
    assert "of that error is saved" in page
    drawn = Path(files["charts"]).read_text().split('id="charts">')[1].split("</script>")[0]
    assert all(f'"name": "{name}"' in drawn for name in ("history", "forecast", "nine of ten lie here"))


SERVED = """
import csv, json, sys
sys.path.insert(0, sys.argv[1])
import serve
from fastapi.testclient import TestClient
service = TestClient(serve.app)
rows = list(csv.DictReader(sys.stdin))
said = service.post("/forecast", json={"history": rows}).json()["forecast"]
refused = service.post("/forecast", json={"history": rows[:2]}).status_code
foreign = [name for name in sys.modules if name.split(".")[0] in ("automl", "config")]
print(json.dumps([said, refused, foreign]))
"""


def test_its_package_forecasts_the_same_in_a_clean_process(air: dict[str, Any], tmp_path: Path) -> None:
    folder = Path(delivery.package(air["run_dir"], str(tmp_path))["folder"])
    history = Path(json.loads((Path(air["run_dir"]) / "manifest.json").read_text())["config"]["asked"]["data"])
    command = [sys.executable, "-I", "-c", SERVED, str(folder)]
    with history.open() as file:
        done = subprocess.run(command, stdin=file, capture_output=True, text=True, timeout=120, check=True)
    said, refused, foreign = json.loads(done.stdout)
    here = pd.read_csv(air["files"]["forecast"])
    assert [float(row["prediction"]) for row in said] == pytest.approx(here["prediction"].tolist())
    assert (refused, foreign) == (422, [])


def test_a_history_without_its_columns_is_refused(air: dict[str, Any], written: Written, tmp_path: Path) -> None:
    other = written("a,b\n1,2\n3,4\n", "other.csv")
    with pytest.raises(DataError, match="no column 'month', 'passengers'"):
        studio.predict(air["run_dir"], str(other), str(tmp_path / "out.csv"))


def test_several_series_are_told_apart_by_their_key(written: Written) -> None:
    table = cleaned(written(shops()))
    found = forecast(table, "revenue", "the next 2 weeks", [], LONG, 0, lambda text: None, lambda: False)
    assert found.figures["series"]["keys"] == ["shop"]
    assert found.figures["score"] > 0.1
    assert len(found.coming) == 3 * 14
    saturdays = found.coming[pd.to_datetime(found.coming["date"]).dt.day_of_week == 5]
    assert saturdays.groupby("shop")["prediction"].mean().round(-1).to_dict()["south"] == pytest.approx(450, abs=20)


def test_noise_without_a_pattern_is_said_to_be_no_better_than_repeating(written: Written) -> None:
    steps = np.random.default_rng(5).normal(size=60)
    frame = pd.DataFrame({"year": range(1960, 2020), "value": (100 + 9 * steps.cumsum()).round(2)})
    told = studio.run(str(written(frame)), task="series", budget=LONG, out=str(written("", "x").parent / "run"))
    report = Path(told["files"]["report"]).read_text(encoding="utf-8")
    assert ("no better than that" in report or "may be luck" in report) == (told["interval"][0] <= 0)
    assert told["interval"][0] < 0.35


def test_nothing_after_an_origin_changes_what_is_said_at_it(written: Written) -> None:
    frame = monthly(6)
    other = frame.assign(passengers=frame["passengers"].where(frame.index < 66, 9_999.0))
    rows = []
    for name, part in (("one.csv", frame), ("two.csv", other)):
        found = forecast(cleaned(written(part, name)), "passengers", "horizon 6", [], LONG, 0, print, lambda: False)
        judged = found.judged
        rows.append(judged[judged["origin"] < "2020-06-30"][["prediction", "low", "high"]])
    assert len(rows[0]) > 0
    pd.testing.assert_frame_equal(rows[0], rows[1])


@pytest.mark.parametrize(
    ("words", "step", "steps"),
    [
        ("forecast the next 4 weeks", "D", 28),
        ("next quarter please", "MS", 3),
        ("for the coming two months", "W", 9),
        ("12 steps: horizon 12", "h", 12),
        ("prognose für die nächsten 3 monate", "MS", 3),
        ("three weeks ahead", "W", 3),
        ("forecast sales", "D", None),
    ],
)
def test_the_horizon_is_read_from_the_sentence(words: str, step: str, steps: int | None) -> None:
    assert said(words, step) == steps


def test_without_words_the_horizon_is_what_the_history_bears() -> None:
    assert horizon("", "D", 60)[0] == 10
    assert horizon("", "D", 1_000)[0] == 28
    with pytest.raises(DataError, match="too few to forecast 12 months; ask for at most 8 months"):
        horizon("next year", "MS", 24)


@pytest.mark.parametrize("step", ["h", "D", "B", "W", "MS", "QS", "YS"])
def test_the_step_is_found_from_the_dates(step: str, written: Written) -> None:
    alias = {"W": "W-WED"}.get(step, step)
    moments = pd.date_range("2020-01-01", periods=40, freq=alias)
    frame = pd.DataFrame({"at": moments.strftime("%Y-%m-%d %H:%M"), "load": np.arange(40) % 7 + 1.5})
    table = cleaned(written(frame))
    made = grid(table, "load", None, [])
    assert (made.step, moment_column(table, "load")) == (step, "at")
    assert np.allclose(panel(table.frame, made).values[0], frame["load"])


def test_rows_of_one_day_are_added_up_and_gaps_are_said(written: Written) -> None:
    days = pd.date_range("2024-01-01", periods=70).delete([5, 6]).repeat(2)
    frame = pd.DataFrame({"date": days.strftime("%Y-%m-%d"), "sales": np.tile([3.0, 4.5], 68)})
    found = forecast(cleaned(written(frame)), "sales", "", [], LONG, 0, lambda text: None, lambda: False)
    assert found.coming["prediction"].round(3).unique().tolist() == [7.5]
    assert any("added up" in note for note in found.warnings)
    assert any(note.startswith("2 of 70 days have no value") for note in found.warnings)


def test_the_command_line_forecasts_from_a_sentence(
    written: Written, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, out = written(monthly(5)), tmp_path / "run"
    hint = ["--hint", "forecast passengers for the next quarter", "--budget", "900"]
    assert main(["run", str(data), "--out", str(out), "--json", *hint]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["task"], told["metric"]) == ("series", "skill")
    assert main(["predict", str(out), str(data), "--out", str(tmp_path / "next.csv")]) == 0
    assert len(pd.read_csv(tmp_path / "next.csv")) == 3


def test_a_history_too_short_is_refused_in_a_sentence(written: Written) -> None:
    frame = pd.DataFrame({"month": ["2024-01", "2024-02", "2024-03", "2024-04"], "sales": [1, 2, 3, 5]})
    with pytest.raises(DataError, match="Only 4 months are there"):
        forecast(cleaned(written(frame)), "sales", "", [], LONG, 0, lambda text: None, lambda: False)
