"""Cleaning: every change is listed with its count."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from automl.clean import Clean, clean
from automl.errors import DataError
from automl.ingest import read_table
from automl.profile import profile

Write = Callable[..., Path]


def cleaned(path: Path, **options: bool) -> Clean:
    return clean(read_table(path), **options)


def counts(table: Clean) -> dict[tuple[str, str], int]:
    return {(change.column, change.what): change.count for change in table.changes}


def test_spellings_that_differ_by_case_are_one_level(written: Write) -> None:
    table = cleaned(written("c,n\nRed,1\nred,2\nRed,3\nblue,4\n"))
    assert list(table.frame["c"]) == ["Red", "Red", "Red", "blue"]
    assert counts(table)["c", "spellings that differ only by case or spaces were merged"] == 1


def test_repeated_rows_are_dropped_and_counted(written: Write) -> None:
    rows = [f"{n},{n * 2}" for n in range(20)]
    table = cleaned(written("\n".join(["a,b", *rows, rows[3]])))
    assert len(table.frame) == 20
    assert counts(table)["", "rows that repeat another row were dropped"] == 1


def test_a_table_of_few_categories_keeps_its_repetitions(written: Write) -> None:
    table = cleaned(written("a,b\n" + "x,1\ny,2\n" * 20))
    assert len(table.frame) == 40
    assert any("kept" in warning for warning in table.warnings)


def test_an_analyst_sees_every_row(written: Write) -> None:
    rows = [f"{n},{n * 2}" for n in range(20)]
    assert len(cleaned(written("\n".join(["a,b", *rows, rows[3]])), drop_duplicates=False).frame) == 21


def test_amounts_and_missing_words_are_counted(written: Write) -> None:
    table = cleaned(written("price,x\n5 €,1\nn/a,2\n7 €,3\n"))
    assert counts(table)["price", "amounts in EUR became numbers"] == 2
    assert counts(table)["", "words for nothing (NA, null, -, …) became missing values"] == 1


def test_a_table_without_values_is_refused(written: Write) -> None:
    with pytest.raises(DataError, match="holds no values"):
        cleaned(written("a,b\nNA,\n-,null\n"))


def test_the_profile_gives_figures_and_quality(written: Write) -> None:
    table = cleaned(written("a,b,c\n1,2,x\n2,4,y\n3,6,x\n4,,x\n"))
    described = profile(table)
    a, b, c = described["columns"]
    assert (a["min"], a["median"], a["max"]) == (1, 2.5, 4)
    assert b["missing"] == 1
    assert c["top"][0] == {"value": "x", "rows": 3}
    assert described["correlations"] == [{"a": "a", "b": "b", "r": 1.0}]
    # Three of four rows are complete, eleven of twelve values present.
    assert described["quality"]["score"] == pytest.approx(100 * (0.4 * 0.75 + 0.6 * 11 / 12), abs=0.05)
