"""Tables without a target: groups that are there are found and told; rows like no other come first."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from automl import grouping
from automl.errors import DataError

Write = Callable[..., Path]


def three_kinds(rows: int = 240) -> pd.DataFrame:
    random = np.random.default_rng(3)
    kind = np.repeat([0, 1, 2], rows // 3)
    return pd.DataFrame(
        {
            "visits": np.array([2, 20, 21])[kind] + random.normal(0, 1, rows),
            "spent": np.array([10, 12, 90])[kind] + random.normal(0, 3, rows),
            "plan": np.where(kind == 2, "pro", "basic"),
        }
    )


def test_the_groups_that_are_there_are_found_and_told_in_words(written: Write, tmp_path: Path) -> None:
    result = grouping.groups(str(written(three_kinds())), str(tmp_path / "out.csv"))
    assert result["count"] == 3
    assert sorted(one["size"] for one in result["groups"]) == [80, 80, 80]
    rich = next(one for one in result["groups"] if "high spent" in one["words"])
    assert "plan 'pro' (100%; 33% over all)" in rich["words"]
    assert "which part best (silhouette" in result["text"]
    out = pd.read_csv(tmp_path / "out.csv")
    assert out.groupby("group")["plan"].nunique().min() == 1
    assert len(out) == 240


def test_the_number_asked_for_is_kept(written: Write, tmp_path: Path) -> None:
    result = grouping.groups(str(written(three_kinds())), str(tmp_path / "out.csv"), count=2)
    assert result["count"] == 2
    assert "**2 groups**, as you asked" in result["text"]


def test_noise_is_not_sold_as_groups(written: Write, tmp_path: Path) -> None:
    frame = pd.DataFrame(np.random.default_rng(0).normal(size=(300, 8)), columns=list("abcdefgh"))
    assert "The groups hardly differ" in grouping.groups(str(written(frame)), str(tmp_path / "out.csv"))["text"]


def test_a_column_that_goes_with_no_other_does_not_split_the_groups(written: Write, tmp_path: Path) -> None:
    frame = three_kinds().assign(country=np.random.default_rng(5).choice(["DE", "FR", "US"], 240))
    assert grouping.groups(str(written(frame)), str(tmp_path / "out.csv"))["count"] == 3


def test_a_level_that_nobody_else_has_stands_out(written: Write, tmp_path: Path) -> None:
    frame = three_kinds().assign(plan=lambda f: f["plan"].where(f.index != 41, "gold"), id=range(240))
    result = grouping.oddities(str(written(frame)), str(tmp_path / "out.csv"))
    assert result["odd"][0]["line"] == 42
    assert result["odd"][0]["words"].startswith("plan is 'gold', as for 0.4%")
    assert not any("id is" in one["words"] for one in result["odd"])


def test_the_row_like_no_other_comes_first_with_what_is_odd(written: Write, tmp_path: Path) -> None:
    frame = three_kinds().assign(visits=lambda f: f["visits"].where(f.index != 41, 500))
    result = grouping.oddities(str(written(frame)), str(tmp_path / "out.csv"))
    assert result["odd"][0]["line"] == 42
    assert "visits is 500" in result["odd"][0]["words"]
    assert pd.read_csv(tmp_path / "out.csv")["oddness"].idxmax() == 41


@pytest.mark.parametrize(
    ("content", "told"),
    [("a\n" + "1\n" * 40, "No column says anything"), ("a,b\n1,2\n3,4\n", "at least 30 are needed")],
)
def test_a_table_that_cannot_be_grouped_is_refused(written: Write, tmp_path: Path, content: str, told: str) -> None:
    with pytest.raises(DataError, match=told):
        grouping.groups(str(written(content)), str(tmp_path / "out.csv"))
