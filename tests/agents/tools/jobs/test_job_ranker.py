"""An order is learned only from enough outcomes, and used only when it beats the stated weights on jobs held out."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from agents.tools.jobs.job_ranker import ENOUGH, FEATURES, enough, features_of, gains_of, learn, learned_scores
from agents.tools.jobs.matching import match
from integrations.job_boards.post import JobPost

Rows = list[dict[str, float | None]]


def outcomes(count: int, *, hidden: bool, seed: int = 3) -> tuple[Rows, list[int]]:
    """Jobs and how they went: by a thing the fit hardly counts when `hidden`, else by the fit itself."""
    random_ = np.random.default_rng(seed)
    rows: Rows = []
    gains: list[int] = []
    for _ in range(count):
        row: dict[str, float | None] = {name: float(random_.random()) for name in FEATURES}
        row["fit"] = 100 * (0.8 * (row["Skills"] or 0) + 0.2 * (row["Pay"] or 0))
        cause = (row["Competition"] or 0) if hidden else row["fit"] / 100
        gains.append(2 if cause + 0.1 * random_.standard_normal() > 0.5 else 0)
        if random_.random() < 0.3:
            row["Client"] = None
        rows.append(row)
    return rows, gains


def test_what_the_weights_miss_is_learned_and_used() -> None:
    found = learn(*outcomes(120, hidden=True))
    assert found["use"]
    assert "so the learned order is used" in found["why"]
    matches = [
        match(JobPost(id=str(many), board="a", title="Work", proposals=many), {}, date(2026, 11, 21))
        for many in (60, 2, 15)
    ]
    scores = learned_scores(found["model"], matches)
    assert scores.index(max(scores)) == 1 and scores.index(min(scores)) == 0


@pytest.mark.parametrize("seed", [1, 2])
def test_what_the_weights_already_know_is_not_learned_again(seed: int) -> None:
    found = learn(*outcomes(120, hidden=False, seed=seed))
    assert (found["use"], found["model"]) == (False, "")
    assert "so the weights stay" in found["why"]


def test_chance_is_not_taken_for_knowledge() -> None:
    rows, gains = outcomes(80, hidden=True)
    shuffled = list(np.random.default_rng(5).permutation(gains))
    assert not learn(rows, shuffled)["use"]


def test_enough_means_many_and_of_both_kinds() -> None:
    assert not enough({str(number): number % 2 for number in range(ENOUGH - 1)})
    assert not enough(dict.fromkeys(map(str, range(ENOUGH)), 1))
    assert enough({str(number): number % 2 for number in range(ENOUGH)})


def test_how_a_job_went_is_told_by_the_last_word_on_it() -> None:
    told = [("a", "applied"), ("a", "won"), ("b", "applied"), ("b", "lost"), ("c", "liked"), ("d", "disliked")]
    assert gains_of(told) == {"a": 2, "b": 0, "c": 1, "d": 0}


def test_the_features_are_the_parts_of_the_fit() -> None:
    found = match(JobPost(id="1", board="a", title="Work", proposals=3), {}, date(2026, 11, 21))
    features = features_of(found)
    assert set(FEATURES) | {"fit"} == set(features)
    assert (features["Competition"], features["Pay"]) == (1.0, None)
