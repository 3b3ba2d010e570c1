"""Typed sources: the same table comes out, whatever kept it."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest
from pyarrow import parquet

from automl import typed
from automl.ingest import read_table
from automl.tables import cell

COLUMNS: dict[str, list[Any]] = {
    "whole": [1, -2, None, 2**60],
    "half": [0.5, None, 3.0, 1e-7],
    "yes": [True, None, False, True],
    "word": [" left ", "", None, "größer\t"],
    "day": [date(2024, 2, 29), None, date(1999, 1, 1), date(2024, 1, 2)],
    "moment": [datetime(2024, 1, 1), datetime(2024, 1, 1, 12, 30), None, datetime(2024, 1, 1, 0, 0, 1, 250_000)],
    "list": [[1, 2], None, [], [3]],
    "price": [Decimal("1.50"), None, Decimal("0.25"), Decimal("10.00")],
}


@pytest.mark.parametrize("name", list(COLUMNS))
def test_a_column_is_written_as_its_values_are_one_by_one(name: str) -> None:
    values = COLUMNS[name]
    wanted = [cell(value).strip() for value in values]
    for found in (typed.written(values).to_pylist(), typed.texts(pa.chunked_array([values])).to_pylist()):
        if name == "half":  # 1e-7 may be written as 1e-07
            assert [float(one or 0) for one in found] == [float(one or 0) for one in wanted]
        else:
            assert found == wanted


def test_parquet_sqlite_and_json_lines_hold_the_same_table(tmp_path: Path) -> None:
    names = ("whole", "half", "word")
    frame = pd.DataFrame({"whole": [1, 2, 3], "half": [0.5, 1.5, None], "word": ["a", None, " b "]})
    records = [dict(zip(names, row, strict=True)) for row in zip(*(frame[name] for name in names), strict=True)]
    records = [{key: value for key, value in one.items() if not pd.isna(value)} for one in records]
    (tmp_path / "a.jsonl").write_text("\n".join(json.dumps(one) for one in records))
    frame.set_index(pd.Index([7, 8, 9], name="line")).to_parquet(tmp_path / "b.parquet")
    with closing(sqlite3.connect(tmp_path / "c.sqlite")) as base:
        frame.to_sql("rows", base, index=False)
    wanted = {"whole": ["1", "2", "3"], "half": ["0.5", "1.5", ""], "word": ["a", "", "b"]}
    for file in ("a.jsonl", "b.parquet", "c.sqlite"):
        found = read_table(tmp_path / file).frame
        assert {name: found[name].tolist() for name in found} == wanted, file


def test_categories_and_an_index_of_several_columns_are_read(tmp_path: Path) -> None:
    frame = pd.DataFrame({"kind": pd.Categorical(["x", None, "y"]), "size": pd.array([1, None, 3], "Int64")})
    frame.index = pd.MultiIndex.from_tuples([(1, 2), (3, 4), (5, 6)], names=["a", "b"])
    frame.to_parquet(tmp_path / "a.parquet")
    assert read_table(tmp_path / "a.parquet").frame.to_dict("list") == {"kind": ["x", "", "y"], "size": ["1", "", "3"]}
    parquet.write_table(pa.table({"n": [1]}), tmp_path / "b.parquet")
    assert read_table(tmp_path / "b.parquet").frame.to_dict("list") == {"n": ["1"]}


def test_half_a_letter_does_not_stop_a_table() -> None:
    assert typed.written(["a\ud800", "b"]).to_pylist() == ["a?", "b"]
