"""What a client gets: the report in three formats, one row explained, intervals, and a word about drift."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pdfplumber
import pytest
from docx import Document

from automl import delivery, explaining, studio
from automl.drift import drifted
from automl.errors import DataError
from automl.reach import reach

from .conftest import customers

Write = Callable[..., Path]


def test_the_report_says_the_same_in_every_format(diamonds: dict[str, Any], tmp_path: Path) -> None:
    files = delivery.deliver(diamonds["run_dir"], str(tmp_path))["files"]
    page = Path(files["html"]).read_text()
    with pdfplumber.open(files["pdf"]) as document:
        paper = " ".join(" ".join((sheet.extract_text() or "").split()) for sheet in document.pages)
        pictures = sum(len(sheet.images) for sheet in document.pages)
    word = Document(files["docx"])
    words = "\n".join(paragraph.text for paragraph in word.paragraphs)
    score = f"R² {diamonds['score']:.3f}"
    for text in (page, paper, words):
        assert score in text
        assert "How good it is" in text
        assert "Where '" in text
        assert "**" not in text
    assert page.count("data:image/png;base64") == pictures == len(word.inline_shapes) == 5
    assert "prefers-color-scheme:dark" in page
    assert "http" not in page.replace("http-equiv", "")


def test_names_of_columns_cannot_break_the_report(written: Write, tmp_path: Path) -> None:
    name = '<script>alert(1)</script> **a** & "b"'
    frame = customers(80).rename(columns={"visits": name})
    models = ["Linear"]
    run = studio.run(str(written(frame)), target="left", budget=3, models=models, out=str(tmp_path / "run"))
    files = delivery.deliver(run["run_dir"], str(tmp_path / "out"))["files"]
    assert "<script>" not in Path(files["html"]).read_text()


def test_a_row_is_explained_by_parts_that_add_up(diamonds: dict[str, Any], tmp_path: Path) -> None:
    found = explaining.explain_one(diamonds["run_dir"], 17, out=str(tmp_path))
    assert found["usual"] + sum(step["effect"] for step in found["steps"]) == pytest.approx(found["final"])
    assert found["text"].startswith("For row 17, the model says")
    assert "**y** is" in found["text"]
    assert Path(found["waterfall"]).read_bytes().startswith(b"\x89PNG")
    with pytest.raises(DataError, match="has 2,000 rows; ask for one from 1 to 2,000"):
        explaining.explain_one(diamonds["run_dir"], 2001, out=str(tmp_path))


def test_the_parts_of_a_chance_end_at_the_chance_that_is_predicted(
    churn: dict[str, Any], written: Write, tmp_path: Path
) -> None:
    path = written(customers(9, seed=4))
    studio.predict(churn["run_dir"], str(path), str(tmp_path / "out.csv"))
    found = explaining.explain_one(churn["run_dir"], 3, str(path), out=str(tmp_path))
    assert found["label"] == "yes"
    assert found["final"] == pytest.approx(pd.read_csv(tmp_path / "out.csv")["p_yes"][2], abs=1e-6)
    assert "points" in found["text"]


def test_intervals_hold_for_about_nine_rows_of_ten() -> None:
    random = np.random.default_rng(0)
    predicted = random.uniform(0, 100, 4_000)
    truth = predicted + random.normal(0, 1 + predicted / 10)
    span = reach(truth[:1_000], predicted[:1_000])
    low, high = span.around(predicted[1_000:])
    assert 0.88 < ((low <= truth[1_000:]) & (truth[1_000:] <= high)).mean() < 0.93
    width = high - low
    assert width[predicted[1_000:] > 90].mean() > 3 * width[predicted[1_000:] < 10].mean()


def test_predicted_numbers_come_with_their_interval(diamonds: dict[str, Any], tmp_path: Path) -> None:
    held = pd.read_csv(diamonds["files"]["predictions"])
    assert (held["low"] < held["prediction"]).all()
    assert 0.85 < ((held["low"] <= held["price"]) & (held["price"] <= held["high"])).mean() <= 0.95
    studio.predict(diamonds["run_dir"], diamonds["files"]["predictions"], str(tmp_path / "out.csv"))
    assert {"low", "high"} <= set(pd.read_csv(tmp_path / "out.csv").columns)


def test_new_rows_that_look_different_are_told(churn: dict[str, Any], written: Write, tmp_path: Path) -> None:
    same, other = customers(200, seed=7), customers(200, seed=7).assign(visits=lambda f: f["visits"] + 40, plan="gold")
    quiet = studio.predict(churn["run_dir"], str(written(same)), str(tmp_path / "out.csv"))
    told = studio.predict(churn["run_dir"], str(written(other)), str(tmp_path / "out.csv"))
    assert quiet["warnings"] == []
    assert any("'visits' looks different" in line and "its median is" in line for line in told["warnings"])
    assert any("100% of its values are new, such as 'gold'" in line for line in told["warnings"])


def test_few_rows_say_nothing_about_drift() -> None:
    frame = pd.DataFrame({"a": np.arange(100.0)})
    assert drifted(frame, frame.tail(20)) == []
    assert len(drifted(frame, frame.tail(50))) == 1
