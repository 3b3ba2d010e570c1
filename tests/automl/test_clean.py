"""Cleaning: every change is listed with its count."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from automl.clean import Clean, clean
from automl.clean_steps import STEPS, leaving, unwanted
from automl.errors import DataError
from automl.ingest import read_table
from automl.profile import profile

Write = Callable[..., Path]


def cleaned(path: Path, **options: Any) -> Clean:
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


SENTENCE = "the parcel with the blue {} came a week too late and the box was open, said the man at the door on monday"


def test_texts_that_say_almost_the_same_are_told_and_kept(written: Write) -> None:
    told = [SENTENCE.format("vase"), "we would like to have our money back before the end of this month please"]
    table = cleaned(written("note,n\n" + "\n".join(f'"{text}",{n}' for n, text in enumerate([*told, told[0] + "."]))))
    assert table.near == {"note": [(0, 2)]}
    assert len(table.frame) == 3
    assert any("row 3 as row 1" in warning for warning in table.warnings)


def test_numbers_far_from_the_others_are_counted_and_kept(written: Write) -> None:
    table = cleaned(written("a\n" + "\n".join(map(str, [*range(40), 5000, -4000]))))
    assert table.outliers == {"a": 2}
    assert len(table.frame) == 42


@pytest.mark.parametrize(
    ("said", "steps"),
    [
        ("predict price, but do not merge spellings", {"spellings"}),
        ("keep duplicates and leave the units", {"duplicates", "units"}),
        ("train, but do not flag near duplicates", {"near"}),
        ("I have no units left, keep the date column and leave out the amounts", set()),
        ("don't turn yes and no into numbers; predict the date", {"booleans"}),
        ("predict the duplicates per unit", set()),
    ],
)
def test_one_sentence_turns_steps_off(said: str, steps: set[str]) -> None:
    assert unwanted(said) == steps


def test_what_is_turned_off_is_left_as_it_was(written: Write) -> None:
    content = (
        "c,w,d,b,m\n" + "Red,1 kg,2025-01-01,yes,null\nred,2 kg,2025-01-02,no,x\n" * 2 + "Red,3 g,2025-01-03,no,y\n"
    )
    changed, left = cleaned(written(content)), cleaned(written(content), without=STEPS)
    assert {name: kind.kind for name, kind in changed.types.items()} == {
        "c": "category", "w": "number", "d": "date", "b": "boolean", "m": "category"
    }  # fmt: skip
    assert {kind.kind for kind in left.types.values()} == {"category"}
    assert left.changes == ()
    assert left.frame["c"].tolist() == ["Red", "red", "Red", "red", "Red"]


@pytest.mark.parametrize("step", STEPS)
def test_a_step_that_is_named_is_the_one_turned_off(step: str) -> None:
    assert unwanted(leaving("predict price", [step])) == {step}
