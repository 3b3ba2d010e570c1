"""Whether more rows would help, told from fewer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from automl import curve


def test_a_run_tells_what_fewer_rows_would_have_given(diamonds: dict[str, Any]) -> None:
    points = diamonds["curve"]
    assert len(points) == 4
    assert [round(point["rows"] / points[-1]["rows"], 2) for point in points] == [0.12, 0.25, 0.5, 1.0]
    assert points[0]["error"] > points[-1]["error"]
    assert "rows learned from" in Path(diamonds["files"]["report"]).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("errors", "words"),
    [
        ([8.0, 4.0, 2.0, 1.0], "**More rows would help**: twice as many would lower the typical error by about 50%."),
        ([2.0, 1.5, 1.01, 1.0], "More rows like these would hardly help"),
        ([1.0, 1.0, 1.2, 1.3], "More rows like these would hardly help"),
    ],
    ids=["steep", "flat", "rising"],
)
def test_the_curve_is_told_in_a_sentence(errors: list[float], words: str) -> None:
    points = [{"rows": 100 * 2**number, "error": error} for number, error in enumerate(errors)]
    assert curve.in_words(points, "regression").startswith(words)


def test_without_a_curve_nothing_is_said() -> None:
    assert curve.in_words([], "binary") == ""
