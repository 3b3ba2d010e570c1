"""The studio: from a file to a judged, stored and explained model, honestly."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from automl import explaining, studio
from automl.errors import DataError
from automl.manifest import load_manifest
from config.paths import SAMPLES

from .conftest import QUICK, customers, irises

Write = Callable[..., Path]


def test_a_real_table_is_learned_far_better_than_guessing(diamonds: dict[str, Any]) -> None:
    assert (diamonds["task"], diamonds["metric"], diamonds["target"]) == ("regression", "r2", "price")
    assert diamonds["score"] > 0.95
    assert diamonds["interval"][0] < diamonds["score"] < diamonds["interval"][1]
    assert diamonds["metrics"]["mae"] < 0.2 * diamonds["baseline"]["mae"]
    assert [entry["chosen"] for entry in diamonds["leaderboard"]].count(True) == 1
    assert diamonds["leaderboard"][-1]["baseline"]


def test_the_result_travels_as_json(diamonds: dict[str, Any]) -> None:
    assert json.loads(json.dumps(diamonds, allow_nan=False)) == diamonds


def test_the_holdout_predictions_give_the_reported_score(diamonds: dict[str, Any]) -> None:
    held = pd.read_csv(diamonds["files"]["predictions"])
    error = held["prediction"] - held["price"]
    assert len(held) == diamonds["rows"]["holdout"]
    assert np.sqrt((error**2).mean()) == pytest.approx(diamonds["metrics"]["rmse"])


def test_the_manifest_tells_what_went_in_and_came_out(diamonds: dict[str, Any]) -> None:
    manifest = load_manifest(diamonds["run_dir"])
    assert manifest.status == "done"
    assert manifest.source is not None
    assert manifest.source.rows == 2000
    assert manifest.config["owner"] == "mara"
    assert manifest.results["score"] == diamonds["score"]
    assert {"model", "preparation", "predictions", "report", "sample"} <= set(manifest.artifacts)
    assert manifest.timings["total"] > 0


def test_nothing_in_a_run_is_pickled(diamonds: dict[str, Any]) -> None:
    kinds = {path.suffix for path in Path(diamonds["run_dir"]).rglob("*") if path.is_file()}
    assert kinds <= {".json", ".txt", ".csv", ".md", ".parquet", ".png", ".npz", ".cbm", ".ubj"}


def test_the_model_that_is_kept_has_learned_from_the_rows_held_out_too(
    diamonds: dict[str, Any], tmp_path: Path
) -> None:
    assert diamonds["learned_from"] == "all rows"
    out = tmp_path / "out.csv"
    studio.predict(diamonds["run_dir"], diamonds["files"]["predictions"], str(out))
    again = pd.read_csv(out)
    blind, seen = ((again[name] - again["price"]).abs().mean() for name in ("prediction_given", "prediction"))
    assert seen < blind


def test_classes_come_back_as_they_were_written(churn: dict[str, Any], written: Write, tmp_path: Path) -> None:
    assert churn["task"] == "binary"
    assert churn["score"] > 0.85
    path, out = written(customers(50, seed=9).drop(columns="left")), tmp_path / "out.csv"
    result = studio.predict(churn["run_dir"], str(path), str(out))
    predicted = pd.read_csv(out)
    assert result["rows"] == len(predicted) == 50
    assert set(predicted["prediction"]) == {"yes", "no"}
    assert (predicted["p_yes"] + predicted["p_no"]).to_numpy() == pytest.approx(1)
    assert ((predicted["p_yes"] > 0.5) == (predicted["prediction"] == "yes")).all()


@pytest.mark.parametrize("labels", [["0", "1"], ["0.0", "1.0"], ["False", "True"]])
def test_labels_keep_their_meaning_however_they_are_written(written: Write, labels: list[str]) -> None:
    frame = customers(150).assign(left=lambda f: f["left"].map({"no": labels[0], "yes": labels[1]}))
    result = studio.run(
        str(written(frame)), target="left", budget=900, models=QUICK, out=str(written("", "x").parent / "run")
    )
    assert [label.lower() for label in result["classes"]] in (["0", "1"], ["false", "true"])
    assert result["task"] == "binary"


def test_several_classes(written: Write, tmp_path: Path) -> None:
    result = studio.run(str(written(irises())), target="kind", budget=900, models=QUICK, out=str(tmp_path / "run"))
    assert (result["task"], result["metric"]) == ("multiclass", "accuracy")
    assert result["score"] > 0.75
    explained = explaining.explain(result["run_dir"])
    assert explained["drivers"][0]["column"] == "length"


def test_odd_new_rows_still_get_a_prediction(churn: dict[str, Any], written: Write, tmp_path: Path) -> None:
    path = written("Visits;PLAN;extra\n1,5;platinum;x\nmany;;y\n;basic;z\n", "odd.csv")
    result = studio.predict(churn["run_dir"], str(path), str(tmp_path / "out.csv"))
    assert result["rows"] == 3
    assert any("noise" in warning for warning in result["warnings"])


def test_a_file_without_the_columns_is_refused(churn: dict[str, Any], written: Write, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="none of the model's columns; it needs visits"):
        studio.predict(churn["run_dir"], str(written("a,b\n1,2\n")), str(tmp_path / "out.csv"))


def test_a_changed_model_file_is_not_loaded(written: Write, tmp_path: Path) -> None:
    path = written(customers(120))
    result = studio.run(str(path), target="left", budget=2, out=str(tmp_path / "run"))
    model = Path(result["files"]["model"])
    model.write_text(model.read_text() + " ")
    with pytest.raises(DataError, match="was changed"):
        studio.predict(result["run_dir"], str(path), str(tmp_path / "out.csv"))


def test_a_run_comes_out_the_same_when_it_is_done_again(diamonds: dict[str, Any]) -> None:
    found = studio.reproduce(diamonds["run_dir"])
    assert found["same"], found
    assert found["again"] == pytest.approx(diamonds["metrics"])


def test_a_run_is_not_done_again_from_another_file(churn: dict[str, Any], written: Write) -> None:
    with pytest.raises(DataError, match="is not the file this model was trained on"):
        studio.reproduce(churn["run_dir"], str(written(customers(60))))


def test_a_run_that_is_stopped_keeps_the_best_so_far(written: Write, tmp_path: Path) -> None:
    folder, seen = tmp_path / "run", []

    def stop(text: str, part: float | None) -> None:
        seen.append(text)
        if len(seen) == 4:
            (folder / studio.STOP).touch()

    result = studio.run(str(written(customers(150))), target="left", budget=600, out=str(folder), progress=stop)
    assert result["stopped"] == "it was asked to stop"
    assert result["timings"]["total"] < 120
    studio.predict(result["run_dir"], str(written(customers(9), "new.csv")), str(tmp_path / "out.csv"))


def test_the_same_seed_gives_the_same_model(written: Write, tmp_path: Path) -> None:
    path, found = written(customers(150)), []
    for name in ("a", "b"):
        found.append(studio.run(str(path), target="left", budget=900, models=QUICK, out=str(tmp_path / name)))
    assert found[0]["metrics"] == found[1]["metrics"]
    assert [one["loss"] for one in found[0]["leaderboard"]] == [one["loss"] for one in found[1]["leaderboard"]]


def test_a_model_that_is_not_there_is_named(written: Write, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no model called Oracle for this table; choose among CatBoost, Forest"):
        studio.run(str(written(customers(150))), target="left", models=["Oracle"], out=str(tmp_path / "run"))


def test_pure_noise_is_called_noise(written: Write, tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    frame = pd.DataFrame({"a": random.normal(size=200), "b": random.normal(size=200), "y": random.normal(size=200)})
    result = studio.run(str(written(frame)), target="y", budget=900, models=QUICK, out=str(tmp_path / "run"))
    assert result["score"] < 0.15
    assert "hardly better than guessing" in Path(result["files"]["report"]).read_text()


def test_progress_goes_from_start_to_done(written: Write, tmp_path: Path) -> None:
    seen: list[tuple[str, float | None]] = []
    studio.run(
        str(written(customers(100))),
        target="left",
        budget=2,
        out=str(tmp_path / "run"),
        progress=lambda text, part: seen.append((text, part)),
    )
    parts = [part for _, part in seen if part is not None]
    assert parts == sorted(parts)
    assert seen[-1] == ("Done", 1.0)


def test_a_failed_run_says_why(written: Write, tmp_path: Path) -> None:
    with pytest.raises(DataError):
        studio.run(str(written("a,b\n1,2\n")), out=str(tmp_path / "run"))
    stored = json.loads((tmp_path / "run" / "manifest.json").read_text())
    assert stored["status"] == "failed"
    with pytest.raises(DataError, match="did not finish"):
        explaining.explain(str(tmp_path / "run"))


def test_an_explanation_has_pictures_and_words(diamonds: dict[str, Any], tmp_path: Path) -> None:
    explained = explaining.explain(diamonds["run_dir"], rows=200, out=str(tmp_path))
    assert explained["rows"] == 200
    for key in ("beeswarm", "importance"):
        assert Path(explained[key]).read_bytes().startswith(b"\x89PNG")
    assert explained["drivers"][0]["column"] in {"carat", "x", "y", "z"}
    assert explained["drivers"][0]["direction"] == "up"
    clarity = next(driver for driver in explained["drivers"] if driver["column"] == "clarity")
    assert "'IF'" in clarity["words"]
    assert sum(driver["share"] for driver in explained["drivers"]) <= 1.0001
    assert "**carat**" in explained["text"]


def test_the_direction_is_told_for_classes(churn: dict[str, Any], tmp_path: Path) -> None:
    explained = explaining.explain(churn["run_dir"], out=str(tmp_path))
    visits = explained["drivers"][0]
    assert (visits["column"], visits["direction"]) == ("visits", "down")
    assert "the chance of 'yes'" in visits["words"]


def test_the_sample_is_found_by_its_target_alone(tmp_path: Path) -> None:
    result = studio.run(
        str(SAMPLES / "diamonds.csv"),
        hint="Which price will it fetch?",
        ignore=["x", "y", "z"],
        budget=1,
        out=str(tmp_path / "run"),
    )
    assert result["target"] == "price"
    assert not {"x", "y", "z"} & set(result["columns"])
