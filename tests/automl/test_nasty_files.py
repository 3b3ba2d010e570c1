"""Files as clients send them: each gives a model that predicts, or one clear sentence; none a traceback."""

from __future__ import annotations

import gzip
import io
import json
import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest

from automl import studio
from automl.errors import DataError

ROWS = [f"{n * 7 % 61},{n % 7},{'a' if n % 3 else 'b'}" for n in range(60)]
PLAIN = "\n".join(["a,b,y", *ROWS])


def lines(header: str, row: Callable[[int], str], count: int = 60) -> str:
    return "\n".join([header, *(row(n) for n in range(count))])


def workbook(*rows: list[object], merge: str = "") -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    if merge:
        book.active.merge_cells(merge)
    book.save(out)
    return out.getvalue()


def archive(**files: str | bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(name.replace("__", "."), content)
    return out.getvalue()


def database(rows: int) -> bytes:
    with closing(sqlite3.connect(":memory:")) as base:
        base.execute('create table "odd ""name""" (a, b, y)')
        base.executemany('insert into "odd ""name""" values (?, ?, ?)', [(n % 9, b"\xff", n % 2) for n in range(rows)])
        base.commit()
        return base.serialize()


def parquet() -> bytes:
    frame = pd.DataFrame({"a": range(60), "when": pd.date_range("2025-01-01", periods=60), "y": [None, 1.5] * 30})
    out = io.BytesIO()
    frame.assign(y=frame["a"] * 2.0).to_parquet(out, engine="pyarrow")
    return out.getvalue()


FILES: dict[str, str | bytes | Callable[[], bytes | str]] = {
    "empty.csv": "",
    "blank lines only.csv": "\n \n\n",
    "header only.csv": "a,b,y\n",
    "three rows.csv": "a,b,y\n1,2,3\n4,5,6\n7,8,9\n",
    "one column.csv": lines("y", str),
    "one value in all cells.csv": lines("a,b,y", lambda n: "1,1,1"),
    "constant target.csv": lines("a,y", lambda n: f"{n},1"),
    "target all missing.csv": lines("a,y", lambda n: f"{n},"),
    "all missing.csv": lines("a,b,y", lambda n: "NA,,null"),
    "many empty columns.csv": lines("a,b,c,y", lambda n: f"{n * 7 % 61},,,{n * 3 % 17}"),
    "no header.csv": "\n".join(ROWS),
    "same headers.csv": "\n".join(["a,a,a", *ROWS]),
    "empty headers.csv": "\n".join([",,", *ROWS]),
    "headers that differ by case.csv": "\n".join(["a,A,y", *ROWS]),
    "line breaks in names.csv": lines('"a\nb","y"', lambda n: f"{n * 7 % 61},{n * 2 % 13}"),
    "odd names.csv": lines('"[a]{b}:,""c""",y', lambda n: f"{n * 7 % 61},{n * 3 % 17}"),
    "emoji.csv": lines("😀,y", lambda n: f"{n % 9},{'ja' if n % 2 else 'nein'}"),
    "names of the answer.csv": lines("prediction,p_1,y", lambda n: f"{n},{n % 5},{n % 2}"),
    "infinite values.csv": "\n".join([PLAIN, "inf,1,a", "-inf,2,b", "1e999,3,a"]),
    "huge integers.csv": lines("a,y", lambda n: f"{10**30 * (n % 9)},{n % 2}"),
    "huge target.csv": lines("a,y", lambda n: f"{n * 7 % 61},{n * 10.0**300}"),
    "bad lines.csv": "\n".join([PLAIN, "1,2", "1,2,3,4", "x"]),
    "every line of another width.csv": lines("a,b", lambda n: ",".join("1" * (n + 1))),
    "quote that never ends.csv": PLAIN + '\n"1,2,a\n' + "\n".join(ROWS),
    "one class is rare.csv": "\n".join([PLAIN, "1,1,rare"]),
    "mixed words and numbers.csv": lines("a,y", lambda n: f"{'x' if n % 2 else n},{n}"),
    "formulas.csv": lines("a,y", lambda n: f"=SUM(A{n % 5}),{n * 1.5}"),
    "a level of every row.csv": lines("a,y", lambda n: f"name{n},{n % 5}"),
    "a class of every row.csv": lines("a,y", lambda n: f"{n},name{n}"),
    "dates to predict.csv": lines("a,y", lambda n: f"{n},2025-01-{n % 28 + 1:02}"),
    "dates as numbers.csv": lines("when,y", lambda n: f"{20250101 + n % 28},{n % 13}"),
    "dates in mixed formats.csv": lines("when,y", lambda n: f"{f'2025-01-{n % 28 + 1:02}' if n % 2 else n},{n}"),
    "ten thousand columns.csv": lambda: lines(
        ",".join(f"c{n}" for n in range(10_000)),
        lambda n: ",".join(map(str, (n * np.arange(10_000) % 97).tolist())),
        30,
    ),
    "mixed encodings.csv": b"a,b,y\n"
    + b"".join(
        (f"ü,{n % 5},Köln\n" if n % 4 else f"ß,{n % 7},Kiel\n").encode("utf-8" if n % 5 else "cp1252")
        for n in range(60)
    ),
    "utf-16 without a mark.csv": PLAIN.encode("utf-16-le"),
    "null bytes.csv": PLAIN.encode() + b"\0\0\n",
    "old line ends.csv": PLAIN.replace("\n", "\r"),
    "picture.csv": b"\x89PNG\r\n\x1a\n\0\0\0",
    "page.csv": "<!doctype html><html><body><p>Not found</p></body></html>",
    "one very long cell.csv": PLAIN + "\n1,2," + "x" * 200_000,
    "merged headers.xlsx": lambda: workbook(
        ["2024", None, "y"], ["q1", "q2", ""], *([n, n % 5, n * 2] for n in range(60)), merge="A1:B1"
    ),
    "formulas without values.xlsx": lambda: workbook(["a", "b", "y"], *(["=1+1", n % 3, n] for n in range(60))),
    "cover sheet only.xlsx": lambda: workbook(["Report"]),
    "broken.xlsx": b"PK\x03\x04broken",
    "broken.xls": b"\xd0\xcf\x11\xe0old",
    "nested.json": json.dumps(
        {"meta": {"n": 1}, "rows": [{"a": {"b": n % 7, "c": [1]}, "y": n % 3} for n in range(60)]}
    ),
    "columns.json": json.dumps({"a": [n % 9 for n in range(60)], "y": [n % 4 * 1.5 for n in range(60)]}),
    "too deep.json": "[" * 100_000,
    "scalars.json": "[1, 2, 3]",
    "broken lines.jsonl": lines("", lambda n: json.dumps({"a": n % 9, "y": n % 2}) if n % 9 else "{nonsense"),
    "table.parquet": parquet,
    "broken.parquet": b"PAR1broken",
    "base.sqlite": lambda: database(60),
    "no rows.sqlite": lambda: database(0),
    "broken.sqlite": b"SQLite format 3\0broken",
    "packed.zip": lambda: archive(readme__txt="x", table__csv=PLAIN),
    "no table.zip": lambda: archive(picture__png=b"x"),
    "zip in a zip.zip": lambda: archive(a__csv=archive(b__csv=archive(c__csv=PLAIN))),
    "packed.csv.gz": lambda: gzip.compress(PLAIN.encode()),
    "broken.csv.gz": lambda: gzip.compress(PLAIN.encode())[:40],
}
REFUSED = {
    "empty.csv", "blank lines only.csv", "header only.csv", "three rows.csv", "one column.csv",
    "one value in all cells.csv", "constant target.csv", "target all missing.csv", "all missing.csv",
    "every line of another width.csv", "a class of every row.csv", "dates to predict.csv", "null bytes.csv",
    "huge target.csv", "a level of every row.csv", "picture.csv", "page.csv", "cover sheet only.xlsx",
    "broken.xlsx", "broken.xls", "too deep.json", "scalars.json", "broken.parquet", "no rows.sqlite",
    "broken.sqlite", "no table.zip", "broken.csv.gz",
}  # fmt: skip
"""Those from which nothing can be learned; every other gives a model."""


@pytest.mark.parametrize("name", FILES)
def test_a_nasty_file_gives_a_model_or_one_clear_sentence(name: str, tmp_path: Path) -> None:
    made = FILES[name]
    content = made() if callable(made) else made
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    models = ["LightGBM" if name == "ten thousand columns.csv" else "Linear"]
    try:
        result = studio.run(str(path), budget=3, models=models, out=str(tmp_path / "run"))
    except DataError as error:
        assert name in REFUSED, error
        assert 20 < len(str(error)) < 400
        assert "\n" not in str(error)
        assert str(error).endswith(".")
        return
    assert name not in REFUSED
    assert np.isfinite(result["score"])
    predicted = studio.predict(result["run_dir"], str(path), str(tmp_path / "out.csv"))
    assert predicted["rows"] >= result["rows"]["train"]


@pytest.mark.parametrize(
    ("new", "told"),
    [
        ("a,b\n1,2\n", ""),
        ("b,extra,a,y\n1,x,2,a\n", "extra"),
        ("A;B\n1,5;2\n", ""),
        ("b\n1\n", "Missing columns were taken as unknown: a."),
        ("a,b\nmany,few\n", "do not read as they did"),
        ("a,b\n=1+1,2\n", ""),
        ("x,z\n1,2\n", "none of the model's columns"),
        ("a,b\n", "no rows"),
        ("", "is empty"),
    ],
)
def test_new_rows_get_predictions_or_one_clear_sentence(new: str, told: str, tmp_path: Path) -> None:
    data, fresh = tmp_path / "table.csv", tmp_path / "new.csv"
    data.write_text(PLAIN)
    fresh.write_text(new)
    run = studio.run(str(data), target="y", budget=3, models=["Linear"], out=str(tmp_path / "run"))
    try:
        result = studio.predict(run["run_dir"], str(fresh), str(tmp_path / "out.csv"))
    except DataError as error:
        assert told
        assert told in str(error)
    else:
        assert told in " ".join(result["warnings"])
        assert pd.read_csv(tmp_path / "out.csv")["prediction"].notna().all()
