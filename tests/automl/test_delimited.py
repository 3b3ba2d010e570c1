"""Delimited text: read by Arrow where that is sure, by Python where it is not, and either way the same."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from automl import delimited
from automl.delimited import Delimited

CELL = st.text(alphabet="ab1,;\" \n\té\u00a0\u2003\x1c'", max_size=6)
LINE = st.text(alphabet='ab1, "\u00a0', max_size=12)


def read(text: str, small: int, cut: int = 10**9) -> tuple[list[str], list[tuple[str, ...]], list[tuple[int, str]]]:
    source = Delimited(blocks(text.encode(), cut), "file", small)
    rows = [row for part in source.rows() for row in zip(*(column.to_pylist() for column in part.columns), strict=True)]
    return source.columns, rows, source.aside.lines


def blocks(data: bytes, size: int) -> Iterator[bytes]:
    """Cut after the first line end at or beyond each `size` bytes."""
    while data:
        cut = data.find(b"\n", size) + 1 or len(data)
        yield data[:cut]
        data = data[cut:]


def written(rows: list[list[str]], **options: int) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n", **options).writerows([["first", "second", "third"], *rows])  # type: ignore[arg-type]
    return out.getvalue()


@settings(deadline=None, max_examples=50)
@given(st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=1, max_size=8), st.sampled_from([0, 1]), st.booleans())
def test_what_a_program_wrote_reads_the_same_either_way(rows: list[list[str]], quoting: int, whole: bool) -> None:
    text = written(rows, quoting=quoting)
    assert read(text, 0, 10**9 if whole else 5) == read(text, 10**9)


@settings(deadline=None, max_examples=50)
@given(st.lists(LINE, min_size=1, max_size=8))
@example(['5" pipe,1,2', '6" pipe,1,2'])
@example(['"open,1,2', "1,2,3"])
@example(["1,2,3", "1,2,3,,", "1,2,3,4"])
@example([", ,", "", "  ", "1,2,3"])
@example(['"a"b,1,2', 'x,"y" ,z'])
def test_what_nobody_meant_reads_the_same_either_way(lines: list[str]) -> None:
    text = "\n".join(["first,second,third", "1,2,3", "1,2,3", *lines])
    assert read(text, 0) == read(text, 10**9)


@pytest.mark.parametrize("small", [0, 10**9])
def test_lines_aside_have_their_numbers_across_blocks(small: int) -> None:
    lines = [f"{n},x,y" for n in range(40)]
    lines[10], lines[30] = "short", "a,b,c,d"
    columns, rows, aside = read("\n".join(["first,second,third", *lines]), small, 50)
    assert columns == ["first", "second", "third"]
    assert len(rows) == 38
    assert aside == [(12, "short"), (32, "a,b,c,d")]


def test_regular_text_is_not_left_to_the_slow_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Delimited, "_exact", None)
    text = 'first,second,third\n1,"a ""quoted"" word, and\na second line",x\nlonger than three,1,2,3\n2, é,\n'
    rows = [("1", 'a "quoted" word, and\na second line', "x"), ("2", "é", "")]
    assert read(text.replace("longer than three,1,2,3\n", ""), 0)[1] == rows
    plain = "first,second,third\n1,2,3\nlonger than three,1,2,3\n4,5,6\n"
    assert read(plain, 0)[1:] == ([("1", "2", "3"), ("4", "5", "6")], [(3, "longer than three,1,2,3")])


def test_the_end_mark_is_no_row() -> None:
    assert delimited.END not in str(read("first,second,third\n1,2,3\n", 10**9))
