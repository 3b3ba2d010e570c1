"""What is raced: a dozen good settings in order of promise, and the space around them for long budgets."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from automl.errors import DataError
from automl.inputs import inputs_count
from automl.tasks import NUMBERS

if TYPE_CHECKING:
    from automl.tasks import Task

Array = npt.NDArray[np.float64]

NAMES = {
    "boosting": "LightGBM",
    "lines": "LightGBM",
    "paired": "LightGBM in pairs",
    "ordered": "CatBoost",
    "xgboosting": "XGBoost",
    "forest": "Forest",
    "network": "Neural network",
    "linear": "Linear",
    "neighbours": "Neighbours",
}
LINEAR_CELLS = 1_500_000
"""Rows × inputs × classes that a linear model fits in about a second."""
MANY_INPUTS = 60
"""Inputs from which a linear model needs a firmer hand."""
WIDE = 100
"""Columns from which each tree is shown fewer of them, which takes less time and errs more apart."""
STUMPS, FEW_ROWS = "LightGBM, stumps", 1_000
"""Trees of one or two questions, and the rows from which they are too plain to be tried."""
LEAST_ROWS = 400
"""Rows below which a network learns the rows by heart."""
SHORT = 4.0
"""Seconds below which only what is loaded quickly is tried."""
QUICK = ("LightGBM", "LightGBM, small trees", "Linear")
RARE = 0.15
"""The share of a class below which counting it more is tried too."""
MONOTONE = ("boosting", "lines", "xgboosting")
"""Families that can be held to rise or fall with a column."""
SKEWED = 2.0
"""A non-negative target more skewed than this is also learned as its logarithm."""


@dataclass(frozen=True)
class Candidate:
    """One entry of the race; `logged` learns log(1 + target)."""

    name: str
    family: str
    settings: dict[str, Any] = field(default_factory=dict)
    logged: bool = False


@dataclass(frozen=True)
class Size:
    """How much there is to learn from, and the seconds there are."""

    task: Task
    rows: int
    columns: int
    inputs: int
    outputs: int
    budget: float

    @property
    def rate(self) -> float:
        """The learning rate that lets trees converge in the time there is: from 0.03 for small tables to 0.25."""
        work = self.rows * self.columns * self.outputs**0.7 / self.budget
        return float(np.clip(0.05 * (work / 2_000) ** 0.37, 0.03, 0.25))


def size_of(task: Task, outputs: int, matrix: Array, categorical: dict[int, int], budget: float) -> Size:
    """The size of what is to be learned; two classes are one output."""
    outputs = 1 if task == "binary" else outputs
    rows, columns = matrix.shape
    return Size(task, rows, columns, inputs_count(matrix, categorical), outputs, budget)


def portfolio(size: Size, labels: Array) -> list[Candidate]:
    """The settings worth trying on a table of this size, best promise first."""
    rate, wide = size.rate, {"max_features": 1.0 if size.task == "regression" else "sqrt"}
    share = min(1.0, (WIDE / size.columns) ** 0.5)
    trees = {
        "num_leaves": 31,
        "feature_fraction": 0.9 * share,
        "bagging_fraction": 0.9,
        "lambda_l2": 1.0,
        "learning_rate": rate,
    }
    level = {"max_depth": 6, "subsample": 0.85, "colsample_bytree": 0.8 * share, "eta": rate, "lambda": 1.0}
    symmetric = {"depth": 6, "learning_rate": float(np.clip(1.3 * rate, 0.04, 0.3)), "l2_leaf_reg": 3.0}
    if size.task == "quantile":
        return [one for one in _quantiles(trees, level, symmetric, rate) if _fits(one, size)]
    found = [
        Candidate("LightGBM", "boosting", trees),
        Candidate("CatBoost", "ordered", symmetric),
        Candidate("Extra trees", "forest", {"extra": True, "min_samples_leaf": 1} | wide),
        Candidate("Linear", "linear", {"C": 0.3 if size.inputs < MANY_INPUTS else 0.03}),
        Candidate(
            "LightGBM, small trees", "boosting", _with(trees, num_leaves=8, lambda_l2=5.0, learning_rate=1.5 * rate)
        ),
        Candidate(STUMPS, "boosting", _with(trees, num_leaves=3, lambda_l2=5.0, learning_rate=1.5 * rate)),
        Candidate("Neural network", "network", {}),
        Candidate("XGBoost", "xgboosting", level),
        Candidate(
            "LightGBM, few columns a tree", "boosting", _with(trees, num_leaves=63, feature_fraction=0.5 * share)
        ),
        Candidate("LightGBM, columns in pairs", "paired", trees),
        Candidate("Random forest", "forest", {"min_samples_leaf": 2} | wide | _third(size)),
        Candidate("LightGBM, random splits", "boosting", _with(trees, extra_trees=True, learning_rate=1.5 * rate)),
        Candidate("Linear, held back", "linear", {"C": 0.003}),
        Candidate("Linear in pieces", "linear", {"C": 0.1, "pieces": 10}),
        Candidate("CatBoost, deep", "ordered", _with(symmetric, depth=8, l2_leaf_reg=6.0, random_strength=2.0)),
        Candidate("Neighbours", "neighbours", {"count": 12}),
        Candidate(
            "Neural network, wide", "network", {"widths": (256, 256), "dropout": 0.3, "rate": 0.001, "pieces": 24}
        ),
    ]
    rare = float(min(labels.mean(), 1 - labels.mean())) if size.task == "binary" else 0.5
    if rare < RARE:
        heavy = round(float(((1 - labels.mean()) / max(labels.mean(), 1e-9)) ** 0.5), 3)
        found.insert(
            2, Candidate("LightGBM, rare class counted more", "boosting", _with(trees, scale_pos_weight=heavy))
        )
    found = [candidate for candidate in found if _fits(candidate, size)]
    if size.task == "regression" and labels.min() >= 0 and _skew(labels) > SKEWED:
        logged = [Candidate(f"{one.name}, logarithm", one.family, one.settings, True) for one in found[:3]]
        found = [*found[:3], *logged, *found[3:]]
    return found


def _quantiles(trees: dict[str, Any], level: dict[str, Any], symmetric: dict[str, Any], rate: float) -> list[Candidate]:
    """Quantiles need smoother models than means do: fewer leaves, more rows in each."""
    own = {key: value for key, value in symmetric.items() if key != "l2_leaf_reg"}
    return [
        Candidate("LightGBM", "lines", _with(trees, num_leaves=15)),
        Candidate("LightGBM, small trees", "lines", _with(trees, num_leaves=6, learning_rate=1.5 * rate)),
        Candidate("Linear", "linear", {}),
        Candidate("CatBoost", "ordered", own),
        Candidate("XGBoost", "xgboosting", _with(level, max_depth=5, min_child_weight=5.0)),
        Candidate("LightGBM, large leaves", "lines", _with(trees, num_leaves=31, min_data_in_leaf=60)),
        Candidate("Linear in pieces", "linear", {"pieces": 10}),
    ]


def named(candidates: list[Candidate], names: list[str]) -> list[Candidate]:
    """Those of these names or families. Raises DataError when there is none."""
    wanted = {name.casefold() for name in names}
    found = [one for one in candidates if {one.name.casefold(), NAMES[one.family].casefold()} & wanted]
    if not found:
        listed = ", ".join(sorted({NAMES[one.family] for one in candidates}))
        raise DataError(f"There is no model called {', '.join(names)} for this table; choose among {listed}.")
    return found


def _with(settings: dict[str, Any], **changed: Any) -> dict[str, Any]:
    return settings | changed


def _third(size: Size) -> dict[str, Any]:
    return {"max_features": 0.4} if size.task == "regression" else {}


def _skew(labels: Array) -> float:
    spread = float(labels.std())
    return float((((labels - labels.mean()) / spread) ** 3).mean()) if spread else 0.0


def _fits(candidate: Candidate, size: Size) -> bool:
    """Whether a candidate can be fitted in a fair share of the time."""
    if size.budget < SHORT and candidate.name not in QUICK:
        return False
    cells = size.rows * size.inputs
    if candidate.name == "Linear, held back" and (size.task in NUMBERS or size.inputs < MANY_INPUTS):
        return False  # ridge regression finds its own penalty
    if candidate.name == STUMPS:
        return size.rows < FEW_ROWS
    if candidate.family == "paired":
        return 2 <= size.columns <= MANY_INPUTS and cells <= 400_000 * size.budget
    if candidate.family == "linear":
        pieces = 1 + candidate.settings.get("pieces", 0)
        return bool(cells * pieces * size.outputs <= LINEAR_CELLS * size.budget / 4 and size.inputs * pieces <= 3_000)
    if candidate.family == "network":
        return size.rows >= LEAST_ROWS and size.inputs <= 1_500 and cells <= 400_000 * size.budget
    if candidate.family == "neighbours":
        return bool(size.inputs <= 300 and size.rows * cells <= 4e8 * size.budget)
    return True


def suggestion(trial: Any, size: Size, families: list[str]) -> Candidate:
    """A configuration sampled by an Optuna trial."""
    family = trial.suggest_categorical("family", families)
    rate = size.rate
    if family in ("boosting", "lines", "paired"):
        settings = {
            "num_leaves": trial.suggest_int("leaves", 6, 160, log=True),
            "feature_fraction": trial.suggest_float("columns", 0.35, 1.0),
            "bagging_fraction": trial.suggest_float("rows", 0.6, 1.0),
            "lambda_l2": trial.suggest_float("l2", 1e-2, 30.0, log=True),
            "min_data_in_leaf": trial.suggest_int("leaf", 2, 60, log=True),
            "extra_trees": trial.suggest_categorical("random", [False, True]),
            "learning_rate": rate * trial.suggest_float("pace", 0.6, 1.6, log=True),
        }
    elif family == "ordered":
        settings = {
            "depth": trial.suggest_int("depth", 4, 9),
            "learning_rate": min(0.3, rate * trial.suggest_float("cat_pace", 0.7, 2.0, log=True)),
            "l2_leaf_reg": trial.suggest_float("cat_l2", 0.5, 15.0, log=True),
            "random_strength": trial.suggest_float("noise", 0.3, 3.0, log=True),
            "max_ctr_complexity": trial.suggest_int("together", 1, 2),
        }
    elif family == "xgboosting":
        settings = {
            "max_depth": trial.suggest_int("xgb_depth", 3, 10),
            "min_child_weight": trial.suggest_float("child", 0.5, 20.0, log=True),
            "subsample": trial.suggest_float("xgb_rows", 0.6, 1.0),
            "colsample_bytree": trial.suggest_float("xgb_columns", 0.4, 1.0),
            "lambda": trial.suggest_float("xgb_l2", 0.1, 20.0, log=True),
            "eta": rate * trial.suggest_float("xgb_pace", 0.6, 1.6, log=True),
        }
    elif family == "network":
        width = trial.suggest_categorical("width", [64, 128, 256])
        settings = {
            "widths": (width,) * trial.suggest_int("layers", 1, 3),
            "dropout": trial.suggest_float("dropout", 0.0, 0.4),
            "rate": trial.suggest_float("net_pace", 5e-4, 5e-3, log=True),
            "penalty": trial.suggest_float("net_l2", 1e-3, 0.2, log=True),
            "pieces": trial.suggest_categorical("pieces", [0, 8, 16, 32]),
        }
    elif family == "forest":
        settings = {
            "extra": trial.suggest_categorical("extra", [True, False]),
            "max_features": trial.suggest_float("share", 0.2, 1.0),
            "min_samples_leaf": trial.suggest_int("least", 1, 10, log=True),
        }
    elif family == "linear":
        settings = {
            "C": trial.suggest_float("C", 1e-3, 10.0, log=True),
            "pieces": trial.suggest_categorical("linear_pieces", [0, 4, 16]),
        }
    else:
        settings = {"count": trial.suggest_int("count", 3, 60, log=True)}
    return Candidate(f"{NAMES[family]}, found {trial.number + 1}", family, settings)
