"""Models that speak together: the good ones loudest, chances that come true, explanations that add up."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from automl import blend, ensemble, estimators
from automl.blend import Blend, Member
from automl.estimators import Lesson
from automl.tasks import Task

RANDOM = np.random.default_rng(3)
MATRIX = RANDOM.normal(size=(400, 4))
SCORE = MATRIX[:, 0] + 0.5 * MATRIX[:, 1]
LABELS: dict[Task, np.ndarray] = {
    "regression": SCORE,
    "binary": (SCORE > 0).astype(float),
    "multiclass": np.digitize(SCORE, [-0.7, 0.7]).astype(float),
}
CLASSES: dict[Task, int] = {"regression": 0, "binary": 2, "multiclass": 3}
TASKS: list[Task] = ["regression", "binary", "multiclass"]


def test_two_models_that_err_apart_are_both_used_and_a_bad_one_is_not() -> None:
    errors = RANDOM.normal(size=(3, 400))
    members = [SCORE[:, None] + errors[0][:, None], SCORE[:, None] + errors[1][:, None], 9 * errors[2][:, None]]
    found = ensemble.weights("regression", members, SCORE)
    assert found.sum() == pytest.approx(1)
    assert found[0] > 0.3
    assert found[1] > 0.3
    assert found[2] == 0


def test_of_few_rows_those_that_may_be_as_good_share_part_of_the_weight() -> None:
    truth, random = np.zeros(60), np.random.default_rng(0)
    shared, own = random.normal(size=60), random.normal(size=(3, 60))
    members = [(shared + size * part)[:, None] for size, part in zip((0.1, 0.35, 2), own, strict=True)]
    few = ensemble.weights("regression", members, truth, distinct=60)
    alone = ensemble.weights("regression", members, truth)
    assert few[0] > few[1] > alone[1]
    assert few[2] == alone[2] == 0


@pytest.mark.parametrize("task", ["binary", "multiclass"])
def test_calibration_takes_back_what_is_said_too_surely(task: Task) -> None:
    classes = CLASSES[task]
    honest = RANDOM.dirichlet(np.ones(classes), 4000)
    labels = np.array([RANDOM.choice(classes, p=chances) for chances in honest], dtype=float)
    slope, shift = ensemble.calibration(task, 3 * np.log(honest), labels)
    assert slope == pytest.approx(1 / 3, abs=0.05)
    assert shift == pytest.approx([0.0] * classes, abs=0.15)


def blended(task: Task) -> Blend:
    lesson = Lesson(task, CLASSES[task], MATRIX, LABELS[task], {}, rounds=30)
    members = [
        Member(estimators.fit(family, {}, lesson), weight) for family, weight in (("boosting", 0.5), ("forest", 0.3))
    ]
    members.append(Member(estimators.fit("linear", {}, lesson), 0.2))
    return Blend(task, CLASSES[task], tuple(members), 1.2, (0.0, 0.3) if task == "binary" else (0.0,))


@pytest.mark.parametrize("task", TASKS)
def test_a_blend_survives_its_files(task: Task, tmp_path: Path) -> None:
    whole = blended(task)
    *parts, named = whole.save(tmp_path)
    assert named.name == blend.FILE
    assert all(path.is_file() for path in parts)
    restored = blend.load(tmp_path, task, CLASSES[task])
    assert restored.predict(MATRIX) == pytest.approx(whole.predict(MATRIX))


@pytest.mark.parametrize("task", TASKS)
def test_contributions_add_up_to_what_the_blend_says(task: Task) -> None:
    whole = blended(task)
    values, base = whole.contributions(MATRIX[:50], [0, 1, 2, 2])
    assert values.shape[:2] == (50, 3)
    scores, predicted = values.sum(axis=1) + base, whole.predict(MATRIX[:50])
    if task == "regression":
        predicted_again = scores
    elif task == "binary":
        predicted_again, predicted = 1 / (1 + np.exp(-scores)), predicted[:, 1]
    else:
        powers = np.exp(scores)
        predicted_again = powers / powers.sum(axis=1, keepdims=True)
    assert predicted_again == pytest.approx(predicted, rel=1e-3, abs=1e-3)
    assert np.abs(values[:, 0]).mean() > 3 * np.abs(values[:, 2]).mean()


def test_a_model_of_logarithms_speaks_in_the_unit_of_the_target() -> None:
    amounts = np.exp(SCORE)
    lesson = Lesson("regression", 0, MATRIX, np.log1p(amounts), {}, rounds=60)
    member = Member(estimators.fit("boosting", {}, lesson), 1.0, logged=True)
    whole = Blend("regression", 0, (member,))
    assert np.corrcoef(whole.predict(MATRIX), amounts)[0, 1] > 0.95
    values, base = whole.contributions(MATRIX[:30], [0, 1, 2, 3])
    assert values.sum(axis=1) + base == pytest.approx(whole.predict(MATRIX[:30]))
