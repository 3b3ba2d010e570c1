"""Kinds: texts become what they mean, in any of the usual ways of writing."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from automl.kinds import blank_missing, convert, infer


def column(*texts: str) -> pd.Series:
    return blank_missing(pd.Series(texts, dtype="str"))


@pytest.mark.parametrize(
    ("texts", "numbers"),
    [
        (["1", "2.5", "-3"], [1, 2.5, -3]),
        (["1,234.50", "2,000", "3"], [1234.5, 2000, 3]),
        (["1.234,50", "2,5", "3"], [1234.5, 2.5, 3]),
        (["€ 1.200,00", "15,50 €", "7 €"], [1200, 15.5, 7]),
        (["$1,200", "USD 15.50", "(7.00)"], [1200, 15.5, -7]),
        (["12 %", "3.5%", "0%"], [12, 3.5, 0]),
        (["1 000", "2 500,5", "3"], [1000, 2500.5, 3]),
        (["1e3", "2E-2", "5"], [1000, 0.02, 5]),
    ],
)
def test_numbers_are_read_as_they_are_written(texts: list[str], numbers: list[float]) -> None:
    values = column(*texts)
    kind = infer(values)
    assert kind.kind == "number"
    assert list(convert(values, "number")) == pytest.approx(numbers)


def test_the_unit_is_kept() -> None:
    assert infer(column("5 €", "6 €")).unit == "EUR"
    assert infer(column("5%", "6%")).unit == "%"


def test_a_comma_is_a_decimal_where_the_file_says_so() -> None:
    values = column("1,234", "5,678")
    assert list(convert(values, "number")) == [1234, 5678]
    assert list(convert(values, "number", decimal_comma=True)) == [1.234, 5.678]


@given(st.lists(st.floats(-1e9, 1e9), min_size=3, max_size=20))
def test_a_number_survives_being_written(numbers: list[float]) -> None:
    assert list(convert(column(*map(repr, numbers)), "number")) == pytest.approx(numbers)


def test_codes_with_leading_zeros_stay_as_they_are() -> None:
    assert infer(column("01067", "10115", "80331")).kind == "category"


@pytest.mark.parametrize("words", [("yes", "no"), ("TRUE", "False"), ("Y", "n"), ("ja", "nein")])
def test_words_for_yes_and_no_are_booleans(words: tuple[str, str]) -> None:
    values = column(*words, *words)
    assert infer(values).kind == "boolean"
    assert list(convert(values, "boolean")) == [1, 0, 1, 0]


def test_a_boolean_is_also_read_from_ones_and_zeros() -> None:
    assert list(convert(column("1", "0", "yes"), "boolean")) == [1, 0, 1]


@pytest.mark.parametrize(
    "texts",
    [
        ["2025-01-31", "2025-02-01"],
        ["31.01.2025", "01.02.2025"],
        ["31/01/2025", "01/02/2025"],
        ["01/31/2025", "02/01/2025"],
        ["31 Jan 2025", "01 Feb 2025"],
        ["2025-01-31T10:00:00Z", "2025-02-01T10:00:00Z"],
    ],
)
def test_dates_are_read_with_their_own_order(texts: list[str]) -> None:
    values = column(*texts)
    kind = infer(values)
    assert kind.kind == "date"
    assert [found.date() for found in convert(values, "date", kind.format)] == [date(2025, 1, 31), date(2025, 2, 1)]


def test_dates_that_could_be_either_say_so() -> None:
    assert infer(column("01/02/2025", "03/04/2025")).ambiguous
    assert not infer(column("01/02/2025", "31/04/2025", "31/01/2025")).ambiguous


def test_words_for_nothing_are_missing() -> None:
    assert column("NA", "null", "-", "", "x").isna().sum() == 4
    assert infer(column("NA", "")).kind == "empty"


def test_a_few_spoilt_values_do_not_change_the_kind() -> None:
    kind = infer(column(*[str(n) for n in range(40)], "unknown"))
    assert (kind.kind, kind.spoilt) == ("number", 1)


def test_sentences_are_text_and_words_are_categories() -> None:
    assert infer(column("red", "blue", "red")).kind == "category"
    assert infer(column(*[f"the parcel number {n} came late" for n in range(5)])).kind == "text"


@pytest.mark.parametrize(
    ("texts", "unit", "numbers"),
    [
        (["5 kg", "800 g", "1.5kg"], "kg", [5, 0.8, 1.5]),
        (["12 cm", "1 m", "2,5 m"], "m", [0.12, 1, 2.5]),
        (["90 min", "2 h", "1 day"], "h", [1.5, 2, 24]),
        (["1,200 km", "10 km", "3 mi"], "m", [1_200_000, 10_000, 4828.032]),
    ],
)
def test_measures_come_to_one_unit(texts: list[str], unit: str, numbers: list[float]) -> None:
    values = column(*texts)
    kind = infer(values)
    assert (kind.kind, kind.unit) == ("number", unit)
    assert list(convert(values, "number")) == pytest.approx(numbers)


def test_letters_after_numbers_are_not_always_units() -> None:
    assert infer(column("5 A", "6 B", "7 C")).kind == "category"


def test_dates_may_be_written_in_several_ways() -> None:
    values = column("31.01.2025", "01.02.2025", "2025-02-03", "4 Mar 2025", "05/03/2025", "06.03.2025")
    kind = infer(values)
    assert (kind.kind, kind.format, kind.mixed, kind.spoilt) == ("date", "%d.%m.%Y", 3, 0)
    days = [found.date().isoformat() for found in convert(values, "date", kind.format)]
    assert days == ["2025-01-31", "2025-02-01", "2025-02-03", "2025-03-04", "2025-03-05", "2025-03-06"]


def test_the_order_of_day_and_month_is_kept_within_a_column() -> None:
    values = column("01/31/2025", "02/28/2025", "03/04/2025", "2025-03-05")
    assert list(convert(values, "date", infer(values).format).dt.month) == [1, 2, 3, 3]
