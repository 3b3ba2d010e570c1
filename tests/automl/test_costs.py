"""What mistakes cost, from a sentence: the cheaper choice, found without the rows that judge it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from automl import costs, studio
from automl.costs import Costs, Decision
from tests.automl.conftest import QUICK, customers

SAID = "predict left; missing a churner costs 100, a call costs 5"
LABELS = np.array([0.0, 0.0, 0.0, 1.0])


@pytest.mark.parametrize(
    ("words", "classes", "expected"),
    [
        (SAID, ("no", "yes"), Costs(100, 5, True, "yes")),
        ("missing fraud costs $1,500.50, a false alarm costs $20", ("ok", "fraud"), Costs(1500.5, 20, False, "fraud")),
        ("overlooking one costs us about 300; each check costs 12", ("good", "bad"), Costs(300, 12, True, "bad")),
        ("failing to spot a stayed costs 50, an offer costs 10", ("left", "stayed"), Costs(50, 10, True, "stayed")),
        ("a call costs 5", ("no", "yes"), None),
        ("missing one costs 5, a call costs 100", ("no", "yes"), None),
        ("predict whether they leave", ("no", "yes"), None),
    ],
    ids=["call", "false alarm", "inspection", "named class", "one cost alone", "never worth it", "no costs"],
)  # fmt: skip
def test_costs_are_read_from_a_sentence(words: str, classes: tuple[str, str], expected: Costs | None) -> None:
    assert costs.read(words, classes, LABELS) == expected


def test_the_threshold_follows_from_the_costs() -> None:
    assert Costs(100, 5, True, "yes").threshold == 0.05
    assert Costs(100, 5, False, "yes").threshold == pytest.approx(5 / 105)


def test_chances_that_are_true_keep_the_threshold_of_the_costs() -> None:
    random = np.random.default_rng(0)
    chance = random.random(4_000) ** 3
    labels = (random.random(4_000) < chance).astype(float)
    found = costs.decide(Costs(100, 10, True, "yes"), ("no", "yes"), labels, np.column_stack([1 - chance, chance]))
    assert found == Decision(1, 0.1)


def test_chances_that_mislead_are_cut_where_it_costs_least() -> None:
    random = np.random.default_rng(0)
    labels = (random.random(4_000) < 0.2).astype(float)
    chance = np.where(labels == 1, 0.05, 0.02) + random.normal(0, 0.002, 4_000)
    stated = Costs(100, 10, True, "yes")
    found = costs.decide(stated, ("no", "yes"), labels, np.column_stack([1 - chance, chance]))
    assert 0.02 < found.threshold < 0.05
    assert costs.compared(stated, found, labels, np.column_stack([1 - chance, chance]))["caught"] > 0.95


@pytest.fixture(scope="module")
def priced(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """One run whose mistakes have a price."""
    folder = tmp_path_factory.mktemp("priced")
    customers(500).to_csv(folder / "customers.csv", index=False)
    return studio.run(
        str(folder / "customers.csv"), target="left", hint=SAID, budget=900, out=str(folder / "run"), models=QUICK
    )


def test_a_run_says_what_its_mistakes_cost_beside_acting_always_and_never(priced: dict[str, Any]) -> None:
    spent = priced["costs"]["per_1000"]
    assert spent["always"] == pytest.approx(5_000)
    assert spent["model"] < min(spent["never"], spent["likelier"])
    assert "missing a 'yes' 100, each action 5" in Path(priced["files"]["report"]).read_text(encoding="utf-8")


def test_its_predictions_follow_the_threshold(priced: dict[str, Any], tmp_path: Path) -> None:
    judged = pd.read_csv(priced["files"]["predictions"])
    assert ((judged["p_yes"] >= priced["costs"]["threshold"]) == (judged["prediction"] == "yes")).all()
    customers(60, seed=9).drop(columns="left").to_csv(tmp_path / "new.csv", index=False)
    studio.predict(priced["run_dir"], str(tmp_path / "new.csv"), str(tmp_path / "out.csv"))
    fresh = pd.read_csv(tmp_path / "out.csv")
    assert ((fresh["p_yes"] >= priced["costs"]["threshold"]) == (fresh["prediction"] == "yes")).all()
