"""Guards: columns that would make a model look better than it is are found, and honest ones are kept."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from automl import suspects
from automl.clean import Clean, clean
from automl.detect import detect
from automl.ingest import read_table
from automl.problem import Posed, pose

Write = Callable[..., Path]
RANDOM = np.random.default_rng(0)
ROWS = 120


def table(**columns: Any) -> pd.DataFrame:
    base = {"size": RANDOM.normal(50, 10, ROWS).round(2), "colour": RANDOM.choice(["red", "blue"], ROWS)}
    return pd.DataFrame(base | columns)


def posed(path: Path, target: str, ignore: tuple[str, ...] = ()) -> Posed:
    cleaned = read(path)
    return pose(cleaned, detect(cleaned, target), list(ignore), 0)


def read(path: Path) -> Clean:
    return clean(read_table(path))


def left_out(path: Path, target: str) -> set[str]:
    return {item.column for item in posed(path, target).dropped}


def test_ids_that_rise_with_the_rows_are_left_out(written: Write) -> None:
    frame = table(order=range(1000, 1000 + ROWS), price=RANDOM.normal(5, 1, ROWS) + np.arange(ROWS))
    assert left_out(written(frame), "price") == {"order"}


def test_named_ids_are_left_out_in_any_order(written: Write) -> None:
    frame = table(customer_id=RANDOM.permutation(ROWS) * 7, price=RANDOM.normal(5, 1, ROWS))
    assert left_out(written(frame), "price") == {"customer_id"}


def test_codes_that_differ_in_every_row_are_left_out(written: Write) -> None:
    frame = table(code=[f"A-{n:04x}" for n in range(ROWS)], price=RANDOM.normal(5, 1, ROWS))
    assert left_out(written(frame), "price") == {"code"}


def test_whole_numbers_that_describe_a_row_are_kept(written: Write) -> None:
    frame = table(area=RANDOM.permutation(ROWS * 3)[:ROWS] + 40, price=RANDOM.normal(5, 1, ROWS))
    assert left_out(written(frame), "price") == set()


def test_a_constant_column_is_left_out(written: Write) -> None:
    frame = table(country="DE", price=RANDOM.normal(5, 1, ROWS))
    assert left_out(written(frame), "price") == {"country"}


def test_a_column_computed_from_the_target_is_left_out(written: Write) -> None:
    price = RANDOM.normal(500, 100, ROWS).round(2)
    assert left_out(written(table(price=price, price_with_tax=(price * 1.19).round(2))), "price") == {"price_with_tax"}


def test_the_same_label_under_another_name_is_left_out(written: Write) -> None:
    label = RANDOM.choice(["good", "bad", "so-so"], ROWS)
    codes = pd.Series(label).map({"good": 1, "bad": 2, "so-so": 3})
    assert left_out(written(table(label=label, label_code=codes)), "label") == {"label_code"}


def test_a_strong_honest_column_is_kept(written: Write) -> None:
    size = RANDOM.normal(50, 10, ROWS)
    frame = pd.DataFrame({"size": size, "price": size * 3 + RANDOM.normal(0, 3, ROWS)})
    assert left_out(written(frame), "price") == set()


def test_a_column_that_almost_gives_the_answer_is_kept_with_a_question(written: Write) -> None:
    size = RANDOM.normal(50, 10, ROWS)
    frame = pd.DataFrame({"size": size, "price": size * 3 + RANDOM.normal(0, 0.8, ROWS)})
    found = posed(written(frame), "price")
    assert found.problem.columns == ["size"]
    assert any("almost gives 'price' away" in warning for warning in found.warnings)


def test_rows_of_one_person_stay_on_one_side(written: Write) -> None:
    people = np.repeat(np.arange(ROWS // 4), 4)
    found = posed(written(table(patient_id=people, price=RANDOM.normal(5, 1, ROWS))), "price")
    assert not set(people[found.problem.rows]) & set(people[found.holdout])
    assert "patient_id" not in found.problem.columns


def test_a_record_over_time_is_judged_on_its_end(written: Write) -> None:
    days = pd.date_range("2025-01-01", periods=ROWS).strftime("%Y-%m-%d")
    found = posed(written(table(day=days, sales=RANDOM.normal(5, 1, ROWS))), "sales")
    assert found.problem.ordered
    assert found.holdout.min() > found.problem.rows.max()


def test_the_user_can_leave_columns_out(written: Write) -> None:
    path = written(table(price=RANDOM.normal(5, 1, ROWS)))
    found = posed(path, "price", ignore=("Size", "weather"))
    assert found.problem.columns == ["colour"]
    assert any("weather" in warning for warning in found.warnings)


@pytest.mark.parametrize("name", ["client", "group", "team"])
def test_an_ordinary_category_is_no_group(written: Write, name: str) -> None:
    cleaned = read(written(table(**{name: RANDOM.choice(list("abcdefghijklm"), ROWS), "price": range(ROWS)})))
    assert suspects.group_column(cleaned, "price") is None


def test_a_number_that_one_cut_parts_by_the_label_is_warned_of(written: Write) -> None:
    label = RANDOM.choice(["stays", "goes"], ROWS)
    frame = table(refund=np.where(label == "goes", 90.0, 10.0) + RANDOM.normal(0, 3, ROWS), left=label)
    assert any("'refund' alone almost gives 'left' away" in note for note in posed(written(frame), "left").warnings)


def test_a_value_that_is_only_there_after_the_fact_is_warned_of(written: Write) -> None:
    label = RANDOM.choice(["stays", "goes"], ROWS)
    days = pd.date_range("2024-01-01", periods=ROWS).strftime("%Y-%m-%d")
    frame = table(closed_on=np.where(label == "goes", days, ""), left=label)
    assert any("'closed_on' alone almost gives" in note for note in posed(written(frame), "left").warnings)


def test_honest_numbers_are_not_warned_of(written: Write) -> None:
    label = RANDOM.choice(["stays", "goes"], ROWS)
    frame = table(visits=np.where(label == "goes", 3.0, 6.0) + RANDOM.normal(0, 2, ROWS), left=label)
    assert not any("alone almost gives" in note for note in posed(written(frame), "left").warnings)


def test_rows_alike_but_for_their_id_stay_on_one_side(written: Write) -> None:
    half = table(left=RANDOM.choice(["stays", "goes"], ROWS))
    frame = pd.concat([half, half]).assign(order_no=[f"o-{number:04}" for number in range(2 * ROWS)])
    found = posed(written(frame.sample(frac=1, random_state=0)), "left")
    told = found.problem.table.frame[["size", "colour", "left"]].astype(str).agg("|".join, axis=1).to_numpy()
    assert not set(told[found.problem.rows]) & set(told[found.holdout])
