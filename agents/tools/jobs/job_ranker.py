"""Learns an order of jobs from what became of earlier ones, and keeps it only if it beats the stated weights.

    outcomes ──▶ gain of each job ──▶ 5 folds: LambdaMART on four, pairs in right order on the fifth ──▶ bootstrap
                                                                            └── no better than the weights: not used

Runs as a job in another process. LambdaMART: Burges, From RankNet to LambdaRank to LambdaMART (2010).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from agents.tools.jobs.matching import Match

FEATURES = ("Skills", "Pay", "Place", "Recency", "Competition", "Client", "taste", "warnings")
ENOUGH = 50
"""Jobs with an outcome that are needed to learn, among them `EACH` that went well and `EACH` that did not."""
EACH = 10
AGAIN = 10
"""New outcomes after which it is learned anew."""
FOLDS, ROUNDS, RESAMPLES, SEED = 5, 80, 1_000, 7
SURE = 5.0
"""Percentile of the bootstrapped gain over the weights that must lie above zero."""
_PARAMETERS = {
    "objective": "lambdarank", "num_leaves": 7, "min_data_in_leaf": 5, "learning_rate": 0.08, "lambda_l2": 1.0,
    "num_threads": 1, "deterministic": True, "seed": SEED, "verbosity": -1, "force_row_wise": True,
}  # fmt: skip


def features_of(match: Match) -> dict[str, float | None]:
    """What is known of a job when an outcome is told: the score of each part, taste, warnings and fit."""
    parts = {part.name: part.score for part in match.parts}
    serious = sum(warning.serious for warning in match.warnings)
    return {**parts, "taste": float(match.taste), "warnings": float(serious), "fit": float(match.fit)}


def gains_of(outcomes: Sequence[tuple[str, str]]) -> dict[str, int]:
    """How well each job went, from (job, kind) pairs: 2 won, 1 applied for or liked, 0 lost or turned down."""
    told: dict[str, set[str]] = {}
    for job, kind in outcomes:
        told.setdefault(job, set()).add(kind)
    return {job: 2 if "won" in kinds else 0 if kinds & {"lost", "disliked"} else 1 for job, kinds in told.items()}


def enough(gains: Mapping[str, int]) -> bool:
    """Whether there are enough outcomes of both kinds to learn from."""
    well = sum(gain > 0 for gain in gains.values())
    return len(gains) >= ENOUGH and min(well, len(gains) - well) >= EACH


def learn(rows: Sequence[Mapping[str, float | None]], gains: Sequence[int]) -> dict[str, Any]:
    """Learn from jobs, each its features with its fit, and their gains.

    Returns ``{"use", "why", "model"}``: a model only if it orders held-out jobs better than their fit does, surely.
    """
    import numpy as np

    table = _table(rows)
    gain = np.array(gains)
    fit = np.array([float(row.get("fit") or 0.0) for row in rows])
    learned = np.zeros(len(rows))
    fold = _folds(gain)
    for number in range(FOLDS):
        learned[fold == number] = _train(table[fold != number], gain[fold != number]).predict(table[fold == number])
    counts = np.ones(len(rows))
    ours, theirs = _in_order(learned, gain, fold, counts), _in_order(fit, gain, fold, counts)
    random_ = np.random.default_rng(SEED)
    better = []
    for _ in range(RESAMPLES):
        drawn = np.bincount(random_.integers(0, len(rows), len(rows)), minlength=len(rows)).astype(float)
        better.append(_in_order(learned, gain, fold, drawn) - _in_order(fit, gain, fold, drawn))
    use = bool(np.percentile(better, SURE) > 0)
    why = (
        f"on {len(rows)} jobs held out in turn, the learned order puts {ours:.0%} of pairs right and the weights "
        f"{theirs:.0%}, so {'the learned order is used' if use else 'the weights stay'}"
    )
    return {"use": use, "why": why, "model": _train(table, gain).model_to_string() if use else ""}


def learned_scores(model: str, matches: Sequence[Match]) -> list[float]:
    """How high a learned model puts each of several jobs, from 0 to 1 by rank."""
    import numpy as np
    from lightgbm import Booster

    if not matches:
        return []
    scores = Booster(model_str=model).predict(_table([features_of(match) for match in matches]))
    ranks = np.argsort(np.argsort(scores, kind="stable"), kind="stable")
    return [float(rank) / max(1, len(matches) - 1) for rank in ranks]


def _table(rows: Sequence[Mapping[str, float | None]]) -> NDArray[np.float64]:
    import numpy as np

    return np.array(
        [[np.nan if row.get(name) is None else row[name] for name in FEATURES] for row in rows], dtype=float
    )


def _train(table: NDArray[np.float64], gain: NDArray[np.int64]) -> Any:
    import lightgbm

    data = lightgbm.Dataset(table, gain, group=[len(gain)], feature_name=list(FEATURES), free_raw_data=False)
    return lightgbm.train(_PARAMETERS, data, ROUNDS)


def _folds(gain: NDArray[np.int64]) -> NDArray[np.int64]:
    """A fold for each job, so that every fold has its share of each gain."""
    import numpy as np

    order = np.lexsort((np.random.default_rng(SEED).random(len(gain)), gain))
    fold = np.empty(len(gain), dtype=int)
    fold[order] = np.arange(len(gain)) % FOLDS
    return fold


def _in_order(
    scores: NDArray[np.float64], gain: NDArray[np.int64], fold: NDArray[np.int64], counts: NDArray[np.float64]
) -> float:
    """The share of pairs of one fold that scores order as gains do, a tie counting half; `counts` weigh each job."""
    right = pairs = 0.0
    for number in range(FOLDS):
        rows = fold == number
        better = (gain[rows][:, None] > gain[rows]) * counts[rows][:, None] * counts[rows]
        ahead = (scores[rows][:, None] > scores[rows]) + 0.5 * (scores[rows][:, None] == scores[rows])
        right, pairs = right + float((better * ahead).sum()), pairs + float(better.sum())
    return right / pairs if pairs else 0.5
