"""Reading: whatever a client sends becomes rows of text, and what does not fit is told, not lost."""

from __future__ import annotations

import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from automl.errors import DataError
from automl.ingest import read_table
from automl.tables import column_names

Write = Callable[..., Path]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(written: Write, delimiter: str) -> None:
    table = read_table(written(f"a{delimiter}b\n1{delimiter}2\n3{delimiter}4\n"))
    assert table.delimiter == delimiter
    assert table.frame.to_dict("list") == {"a": ["1", "3"], "b": ["2", "4"]}


def test_decimal_commas_do_not_pass_for_delimiters(written: Write) -> None:
    table = read_table(written("name;price;weight\nx;1,5;2,5\ny;2,5;3,5\n"))
    assert table.delimiter == ";"
    assert table.decimal_comma
    assert list(table.frame["price"]) == ["1,5", "2,5"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_the_encoding_is_found(written: Write, encoding: str) -> None:
    table = read_table(written("city,size\nKöln,1\nMünchen,2\n".encode(encoding)))
    assert list(table.frame["city"]) == ["Köln", "München"]
    assert list(table.frame.columns) == ["city", "size"]


def test_quoted_line_breaks_stay_in_their_cell(written: Write) -> None:
    table = read_table(written('note,n\n"two\nlines",1\nplain,2\n'))
    assert list(table.frame["note"]) == ["two\nlines", "plain"]


def test_lines_that_do_not_fit_are_kept_aside_with_their_number(written: Write) -> None:
    table = read_table(written("a,b\n1,2\n3,4,5\n6,7\n8\n"))
    assert list(table.frame["a"]) == ["1", "6"]
    assert table.aside_count == 2
    assert table.aside == ((3, "3,4,5"), (5, "8"))


def test_a_title_above_the_header_is_no_header(written: Write) -> None:
    table = read_table(written("Report of May\n\na,b\n1,2\n3,4\n"))
    assert list(table.frame.columns) == ["a", "b"]
    assert table.aside_count == 1


def test_a_file_of_numbers_alone_gets_numbered_columns(written: Write) -> None:
    table = read_table(written("1,2\n3,4\n5,6\n"))
    assert list(table.frame.columns) == ["column_1", "column_2"]
    assert len(table.frame) == 3


def test_names_are_told_apart() -> None:
    assert column_names(["a", " a ", "", "a", "b  c"]) == ["a", "a_2", "column_3", "a_3", "b c"]


def test_a_workbook_gives_its_fullest_sheet_as_text(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["cover"])
    sheet = book.create_sheet("data")
    sheet.append(["My table"])
    sheet.append(["when", "sold", "open"])
    for day in range(1, 4):
        sheet.append([date(2025, 1, day), day * 1.0, True])
    book.save(tmp_path / "book.xlsx")
    table = read_table(tmp_path / "book.xlsx")
    assert table.sheet == "data"
    assert table.frame.iloc[0].to_dict() == {"when": "2025-01-01", "sold": "1", "open": "True"}
    assert any("2 sheets" in note for note in table.notes)


def test_json_lines_are_flattened(written: Write) -> None:
    table = read_table(written('{"a": 1, "b": {"c": "x"}}\n{"a": 2}\nnonsense\n', "rows.jsonl"))
    assert list(table.frame.columns) == ["a", "b.c"]
    assert list(table.frame["a"]) == ["1", "2"]
    assert table.aside_count == 1


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "empty.csv"),
        (b"\n\n", "blank.csv"),
        (b"a,b\n", "header.csv"),
        (b"\x89PNG\x00\x00", "picture.csv"),
        (b"PK\x03\x04broken", "broken.xlsx"),
        (b"\xd0\xcf\x11\xe0old", "old.xls"),
        (b"[]", "empty.json"),
    ],
)
def test_what_is_no_table_is_said_in_one_sentence(written: Write, content: bytes, name: str) -> None:
    with pytest.raises(DataError, match=name) as raised:
        read_table(written(content, name))
    assert "\n" not in str(raised.value)


def test_a_header_of_two_rows_becomes_one(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (["2024", None, "2025", None], ["q1", "q2", "q1", "q2"], [1, 2, 3, 4]):
        book.active.append(row)
    book.active.merge_cells("A1:B1")
    book.active.merge_cells("C1:D1")
    book.save(tmp_path / "book.xlsx")
    assert list(read_table(tmp_path / "book.xlsx").frame.columns) == ["2024 q1", "2024 q2", "2025 q1", "2025 q2"]


def test_a_list_inside_json_is_found_and_flattened(written: Write) -> None:
    table = read_table(written('{"page": 1, "rows": [{"a": {"b": 1}}, {"a": {"b": 2}}]}', "rows.json"))
    assert table.frame.to_dict("list") == {"a.b": ["1", "2"]}
    assert table.notes == ["The list 'rows' was read."]


def test_lines_of_another_encoding_are_read_as_such(written: Write) -> None:
    content = "city,n\nKöln,1\nMünchen,2\nZürich,3\n".encode() + "Düren,4\n".encode("cp1252")
    assert list(read_table(written(content)).frame["city"]) == ["Köln", "München", "Zürich", "Düren"]


def test_the_table_in_an_archive_is_read_and_named(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "packed.zip", "w") as packed:
        packed.writestr("read me.txt", "hello")
        packed.writestr("folder/data.csv", "a,b\n1,2\n3,4\n5,6\n")
    table = read_table(tmp_path / "packed.zip")
    assert table.frame["a"].tolist() == ["1", "3", "5"]
    assert table.source == "packed.zip"
    assert "'data.csv' was read from packed.zip." in table.notes


def test_parquet_and_sqlite_keep_what_cells_say(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {"a": [1, 2], "when": pd.to_datetime(["2025-01-01 00:00", "2025-01-02 10:00"]), "w": ["x", None]}
    )
    frame.to_parquet(tmp_path / "t.parquet", engine="pyarrow")
    with closing(sqlite3.connect(tmp_path / "t.sqlite")) as base:
        base.execute("create table small (a)")
        base.execute("create table big (a, w)")
        base.executemany("insert into big values (?, ?)", [(1, "x"), (2, None)])
        base.commit()
    parquet, base_table = read_table(tmp_path / "t.parquet"), read_table(tmp_path / "t.sqlite")
    assert parquet.frame.to_dict("list") == {
        "a": ["1", "2"],
        "when": ["2025-01-01", "2025-01-02 10:00:00"],
        "w": ["x", ""],
    }
    assert base_table.frame.to_dict("list") == {"a": ["1", "2"], "w": ["x", ""]}
    assert base_table.sheet == "big"
