"""Detection: the target the user means, and the kind of task, with reasons."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from automl.clean import clean
from automl.detect import detect, find_target
from automl.errors import DataError
from automl.ingest import read_table

Write = Callable[..., Path]
COLUMNS = ["CustomerID", "Age", "Churn", "monthly_charges", "price_usd", "x"]


@pytest.mark.parametrize(
    ("named", "column"),
    [
        ("Churn", "Churn"),
        ("churn", "Churn"),
        ("the churn column", "Churn"),
        ("customers churned", "Churn"),
        ("monthly charges", "monthly_charges"),
        ("monthly charge", "monthly_charges"),
        ("price", "price_usd"),
        ("customer id", "CustomerID"),
        ("x", "x"),
    ],
)
def test_the_named_column_is_found(named: str, column: str) -> None:
    assert find_target(COLUMNS, named)[0] == column


def test_a_column_mentioned_in_the_message_is_found() -> None:
    column, why, _ = find_target(COLUMNS, None, "please build a model for churn, thanks")
    assert column == "Churn"
    assert "mentions" in why


def test_an_unknown_target_names_the_columns() -> None:
    with pytest.raises(DataError, match=r"No column is called 'weather'.*'Churn'"):
        find_target(COLUMNS, "weather")


def test_without_a_name_the_usual_target_is_taken_less_surely() -> None:
    column, _, sure = find_target(["a", "price", "b"], None)
    assert column == "price"
    assert sure < 0.9


@pytest.mark.parametrize(
    ("values", "task"),
    [
        (["yes", "no"] * 30, "binary"),
        (["0", "1"] * 30, "binary"),
        (["a", "b", "c"] * 30, "multiclass"),
        (["1", "2", "3"] * 30, "multiclass"),
        ([str(n * 1.5) for n in range(60)], "regression"),
        ([str(n) for n in range(60)], "regression"),
    ],
)
def test_the_task_follows_from_the_values(written: Write, values: list[str], task: str) -> None:
    table = clean(read_table(written("n,t\n" + "\n".join(f"{i},{v}" for i, v in enumerate(values)))))
    assert detect(table, "t").task == task


def test_the_user_can_overrule(written: Write) -> None:
    table = clean(read_table(written("n,t\n" + "\n".join(f"{i},{i % 3}" for i in range(90)))))
    assert detect(table, "t").task == "multiclass"
    assert detect(table, "t", task="regression").task == "regression"


@pytest.mark.parametrize(
    ("values", "task", "sentence"),
    [
        (["a"] * 30, None, "one value only"),
        ([f"name {n}" for n in range(30)], None, "too many"),
        ([f"2025-01-{n:02d}" for n in range(1, 29)], None, "dates"),
        (["a", "b"] * 15, "regression", "words, not numbers"),
    ],
)
def test_what_cannot_be_predicted_is_said(written: Write, values: list[str], task: str | None, sentence: str) -> None:
    table = clean(read_table(written("n,t\n" + "\n".join(f"{i},{v}" for i, v in enumerate(values)))))
    with pytest.raises(DataError, match=sentence):
        detect(table, "t", task=task)


def test_classes_that_texts_may_tell_are_called_text_classification(written: Write) -> None:
    lines = "\n".join(f"the {n} boxes arrived number {n} and late,{'bug' if n % 2 else 'praise'}" for n in range(40))
    found = detect(clean(read_table(written(f"note,kind\n{lines}\n"))), "kind")
    assert found.task == "binary"
    assert "the words in 'note' may tell (text classification)" in found.reasons[1]


def test_quantiles_asked_for_in_words_are_the_task(written: Write) -> None:
    table = clean(read_table(written("size,days\n" + "\n".join(f"{n},{n * 1.5}" for n in range(60)) + "\n")))
    found = detect(table, "days", "the 90th percentile of days")
    assert (found.task, found.levels) == ("quantile", (0.9,))
    assert detect(table, "days", "predict days").task == "regression"
