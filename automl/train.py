"""The race: good settings first, on inner folds, within a time budget; then a blend of those that help each other.

    fold 0: the whole portfolio → promoted: those a greedy blend would use, then others while there is time
    folds 1, 2, …: the promoted, as long as time lasts → more settings, sampled near what did well
    → weights on the rows each was not fitted on → calibration → every member fitted again on all rows

The holdout is not seen by any of this: fold models only say what they predict for it, and those predictions are judged.
The model that is kept has then learned from all rows. Fits run in threads, since the libraries let go of Python's lock,
or on a cluster (see `automl.cluster`).
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from automl import curve, ensemble, estimators, metrics
from automl.blend import Blend, Member
from automl.cluster import Place, place
from automl.features import Preparation
from automl.folds import Folds
from automl.portfolio import MONOTONE, Candidate, named, portfolio, size_of, suggestion
from automl.problem import Problem
from automl.refit import LONGER, refitted
from automl.shelf import Shelf
from automl.standings import Entry, standings
from automl.trials import Attempt, Clock, Trial, attempt, recipe

Array = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]
Progress = Callable[[str, float | None], None]

FIRST_LOOK = 0.45
"""The share of the time after which no further member of the portfolio is begun."""
LEAST_S = 0.7
"""Seconds that are trained in any case, however long it took to load the libraries."""
FAIR = 0.12
"""The share of all threads' time that one candidate may take on the first fold."""
ROOM = 0.6
"""The share of the time left, after the first fold, that the promoted may take on the others."""
HOPELESS = 1.5
"""A candidate this many times worse than the best on the first fold, and of no use to a blend, is not promoted."""
WORSE = 1.04
"""A sampled setting this many times worse than the best on the first fold is not tried on the others."""
WORTH = 1e-4
"""Sampling that lowers the loss by less than this share has not helped."""
PATIENCE = 12
"""Sampled settings in a row that may help nothing before sampling ends."""
COUNTS = 0.3
"""A member of at least this part of the strongest weight may stand for all in a learning curve."""
SACRIFICE = 1.03
"""How many times worse a blend may be whose members there is time to fit on all rows."""
TRIED, TIME_UP, NO_BETTER = "every candidate was tried", "the time was up", "nothing improved any more"
ASKED = "it was asked to stop"


@dataclass(frozen=True)
class Trained:
    """The blend, its preparation, its predictions for the holdout while it had not seen it, and the whole field.

    `on_all` says whether the members were fitted again on all rows, or time was up before; `recipe` is what `replay`
    needs. `checked` are predictions for the rows of the inner checks by models that had not seen them, with their
    labels; `curve` says what fewer rows would have given (see `automl.curve`).
    """

    blend: Blend
    preparation: Preparation
    holdout: Array
    leaderboard: list[Entry]
    stopped: str
    on_all: bool
    recipe: dict[str, Any]
    checked: tuple[Array, Array]
    curve: list[dict[str, Any]]


def race(
    problem: Problem,
    holdout: Rows,
    budget: float,
    seed: int,
    progress: Progress,
    stopped: Callable[[], bool] = lambda: False,
    models: list[str] | None = None,
    planned: float = 0.0,
    kept: Path | None = None,
) -> Trained:
    """Run the candidates until time is up or nothing improves, and fit those that help each other on all rows.

    With `models`, those named are raced and no other settings are sampled. Settings are made for the `planned` seconds,
    by default the budget's. What is fitted is kept in the folder `kept`, and what lies there is not fitted again.
    """
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1), place() as where, ThreadPoolExecutor(where.workers) as pool:
        shelf = Shelf(kept, problem.task, problem.outputs) if kept else None
        # What was spent before a crash counts, but what is left to do gets some seconds in any case.
        clock = Clock(max(budget - shelf.spent() / where.workers, LEAST_S) if shelf else budget, stopped)
        return _Race(problem, holdout, clock, planned or budget, seed, progress, pool, where, shelf).run(models or [])


def _round(budget: float) -> float:
    """The nearest power of two, so that settings do not hang on how long the file took to read."""
    return float(2 ** round(math.log2(max(budget, 0.5))))


class _Race:
    def __init__(
        self,
        problem: Problem,
        holdout: Rows,
        clock: Clock,
        budget: float,
        seed: int,
        progress: Progress,
        pool: Executor,
        where: Place,
        shelf: Shelf | None,
    ) -> None:
        self.shelf = shelf
        self.problem, self.holdout, self.clock, self.seed = problem, holdout, clock, seed
        self.progress, self.pool, self.where = progress, pool, where
        self.workers = where.workers
        self.tried, self.best = 0, ""
        self._lowest = math.inf
        self.folds = Folds(problem, holdout, seed)
        first = self.folds[0]
        categorical = first.preparation.categorical
        self.size = size_of(problem.task, problem.outputs, first.matrix, categorical, _round(budget))
        self.share = (len(problem.rows) + len(holdout)) / max(1, len(first.labels))
        self.trials: list[Trial] = []
        self.done = 1
        self.why = TRIED

    def run(self, models: list[str]) -> Trained:
        self._first_look(models)
        self._further_folds()
        if not models:
            self._search()
        task, labels, chosen, refit = self.problem.task, self.folds.labels(self.done), *self._chosen()
        summed = sum((w * trial.check() for trial, w in chosen), np.zeros(1))
        slope, shift = ensemble.calibration(task, summed, labels, self.problem.levels)
        held = sum((w * trial.holdout() for trial, w in chosen), np.zeros(1))
        final, held = (ensemble.pooled(task, slope * scores + np.array(shift)) for scores in (summed, held))
        points = self._curve(chosen)
        board = standings(self.problem, self.folds, self.trials, chosen, final, self.done)
        members, preparation, on_all = self._kept(chosen, refit)
        blend = Blend(task, len(self.problem.classes) or len(self.problem.levels), members, slope, tuple(shift))
        why = ASKED if self.clock.asked() else self.why
        found = recipe(chosen, slope, shift)
        return Trained(blend, preparation, held, board, why, on_all, found, (final, labels), points)

    def _curve(self, chosen: list[tuple[Trial, float]]) -> list[dict[str, Any]]:
        """The learning curve of the quickest of the members that count, where there is time for it."""
        quick = min((trial for trial, weight in chosen if weight >= COUNTS * chosen[0][1]), key=lambda one: one.seconds)
        spare = self.clock.left() - self._refit_s([trial for trial, _ in chosen])
        if spare < curve.COST * quick.seconds + 0.1:
            return []
        self._tell("Seeing whether more rows would help")
        late = self.clock.late(spare)
        return curve.curve(self.problem, self.folds[0], quick, self.pool, late, self.seed)

    def _chosen(self) -> tuple[list[tuple[Trial, float]], bool]:
        """The members with their weights, strongest first, and whether there is time to fit them on all rows.

        Where there is time for some only, these are chosen alone, unless that would cost too much.
        """
        best = self._blended(self._full())
        room, few = self.clock.left() * self.workers, list[Trial]()
        if self._refit_s([trial for trial, _ in best]) <= self.clock.left():
            return best, True
        for trial, _ in best:
            cost = LONGER * self.share * trial.seconds
            if cost <= min(room, self.clock.left()):
                few.append(trial)
                room -= cost
        if few:
            fewer = self._blended(few)
            if self._loss(fewer) <= SACRIFICE * self._loss(best):
                return fewer, True
        return best, False

    def _blended(self, trials: list[Trial]) -> list[tuple[Trial, float]]:
        weighed = zip(trials, self._weights(trials), strict=True)
        return sorted([(trial, float(w)) for trial, w in weighed if w > 0], key=lambda pair: -pair[1])

    def _first_look(self, models: list[str]) -> None:
        candidates = portfolio(self.size, self.folds[0].labels)
        if self.problem.monotone:
            candidates = [one for one in candidates if one.family in MONOTONE]
        candidates = named(candidates, models) if models else candidates
        total = self.clock.left()
        until = time.monotonic() + FIRST_LOOK * total
        found = self._wave(candidates, 0, max(0.3, FAIR * total * self.workers), until)
        self.trials = [Trial(one, [found_]) for one, found_ in zip(candidates, found, strict=True) if found_]
        if len(self.trials) < len(candidates):
            self.why = TIME_UP

    def _further_folds(self) -> None:
        promoted = self._promoted()
        while self.done < len(self.folds):
            needed = self._together([trial.seconds for trial in promoted])
            if self.clock.left() < 1.1 * needed + self._refit_s(promoted):
                self.why = TIME_UP
                return
            # A fit that a busy machine slows down is cut off only where it would cost others their time.
            cap = max(1.5 * max(trial.seconds for trial in promoted) + 0.5, FAIR * self.clock.left())
            self._extend(promoted, self.done, cap)
            promoted = [trial for trial in promoted if len(trial.attempts) > self.done]
            self.done += 1

    def _promoted(self) -> list[Trial]:
        """Those that a blend on the first fold would use, then the others by loss while there is time for them."""
        weights = self._weights(self.trials)
        losses = [self._first_loss(trial.attempts[0]) for trial in self.trials]
        room, promoted = ROOM * self.clock.left() * self.workers, list[Trial]()
        for number in sorted(range(len(self.trials)), key=lambda n: (-weights[n], losses[n])):
            trial = self.trials[number]
            cost = trial.seconds * (len(self.folds) - 1)
            hopeless = weights[number] == 0 and losses[number] > HOPELESS * min(losses)
            if weights[number] > 0 or (cost <= room and not hopeless):
                promoted.append(trial)
                room -= cost
        return promoted

    def _search(self) -> None:
        """Sample settings of the families that did well, until nothing helps any more or the time is up."""
        used = self._blended(self._full())
        families = sorted({trial.candidate.family for trial, _ in used})
        logged = any(trial.candidate.logged for trial, weight in used if weight > 0.2)
        pace = float(np.mean([trial.seconds for trial, _ in used]))
        if self.clock.left() < self._round_s(pace):
            return
        import optuna

        optuna.logging.set_verbosity(optuna.logging.WARNING)
        study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=self.seed, n_startup_trials=8))
        best, idle = self._loss(used), 0
        while idle < PATIENCE and self.clock.left() > self._round_s(pace):
            asked = [study.ask() for _ in range(self.workers)]
            sampled = [replace(suggestion(one, self.size, families), logged=logged) for one in asked]
            alone, fresh = min(self._first_loss(trial.attempts[0]) for trial in self._full()), []
            for one, candidate, found in zip(
                asked, sampled, self._wave(sampled, 0, 3 * pace + 0.5, self.clock.end), strict=True
            ):
                if found is None:
                    continue
                study.tell(one, self._first_loss(found))
                if self._first_loss(found) < WORSE * alone:
                    fresh.append(Trial(candidate, [found]))
            for number in range(1, self.done):
                self._extend([trial for trial in fresh if len(trial.attempts) == number], number, 3 * pace + 0.5)
            self.trials += fresh
            now = self._loss(self._blended(self._full()))
            idle = 0 if now < best * (1 - WORTH) else idle + self.workers
            best = min(best, now)
        self.why = NO_BETTER if idle >= PATIENCE else TIME_UP

    # One wave of fits.

    def _extend(self, trials: list[Trial], number: int, cap: float) -> None:
        found = self._wave([trial.candidate for trial in trials], number, cap, self.clock.end) if trials else []
        for trial, one in zip(trials, found, strict=True):
            if one:
                trial.attempts.append(one)

    def _wave(self, candidates: list[Candidate], number: int, cap: float, until: float) -> list[Attempt | None]:
        """Attempts on one fold, in order; none for those that would begin after `until`, but the first."""
        fold = self.folds[number]

        def fitted(candidate: Candidate, first: bool) -> Attempt | None:
            if self.shelf and (before := self.shelf.get(candidate, number)):
                return before
            if not first and (time.monotonic() > until or self.clock.asked()):
                return None
            estimators.warm(candidate.family)
            if first:
                self.clock.grant(LEAST_S)
            done = attempt(self.problem, candidate, fold, self.clock.late(cap), self.seed, fit=self.where.fit)
            if self.shelf:
                self.shelf.put(candidate, number, done)
            return done

        futures = [self.pool.submit(fitted, one, place == 0) for place, one in enumerate(candidates)]
        found = []
        for candidate, future in zip(candidates, futures, strict=True):
            self._tell(f"Training {candidate.name}")
            found.append(done := future.result())
            if done and number == 0:
                self._note(candidate, done)
        return found

    def _note(self, candidate: Candidate, done: Attempt) -> None:
        """Count a candidate, and remember how the best one does on the first fold."""
        self.tried += 1
        if (loss := self._first_loss(done)) < self._lowest:
            task = self.problem.task
            metric = metrics.PRIMARY[task]
            score = metrics.evaluate(
                task, self.folds.labels(1), ensemble.pooled(task, done.check), self.problem.levels
            )[metric]
            self._lowest, self.best = (
                loss,
                f"best so far {metrics.TOLD.get(metric, metric)} {score:.3f} by {candidate.name}",
            )

    def _tell(self, text: str) -> None:
        """Say the stage, how many were tried, the best so far and the seconds left."""
        tried = f"{self.tried} tried, {self.best}" if self.best else ""
        left = f"{max(0, math.ceil(self.clock.left()))} s left"
        self.progress(" · ".join(filter(None, (text, tried, left))), 0.12 + 0.75 * self.clock.passed())

    # What the stages ask.

    def _full(self) -> list[Trial]:
        return [trial for trial in self.trials if len(trial.attempts) == self.done]

    def _round_s(self, pace: float) -> float:
        """Seconds that a round of sampling needs, and the last fits after it."""
        chosen = [trial for trial, _ in self._blended(self._full())]
        quick = curve.COST * min((trial.seconds for trial in chosen), default=0.0)
        return 1.5 * pace * self.done + self._refit_s(chosen) + quick + 0.3

    def _refit_s(self, trials: list[Trial]) -> float:
        return LONGER * self.share * self._together([trial.seconds for trial in trials])

    def _together(self, seconds: list[float]) -> float:
        """How long these take on all threads, about."""
        return max(sum(seconds) / self.workers, max(seconds, default=0.0))

    def _weights(self, trials: list[Trial]) -> Array:
        members = [trial.check(self.done) for trial in trials]
        return ensemble.weights(
            self.problem.task, members, self.folds.labels(self.done), self.seed, self.problem.levels
        )

    def _first_loss(self, found: Attempt) -> float:
        return ensemble.loss(self.problem.task, found.check, self.folds.labels(1), self.problem.levels)

    def _loss(self, members: list[tuple[Trial, float]]) -> float:
        summed = sum((w * trial.check(self.done) for trial, w in members), np.zeros(1))
        return ensemble.loss(self.problem.task, summed, self.folds.labels(self.done), self.problem.levels)

    # The end.

    def _kept(self, chosen: list[tuple[Trial, float]], refit: bool) -> tuple[tuple[Member, ...], Preparation, bool]:
        """The members fitted again on all rows; those of the first fold where the time is too short for that."""
        if refit:
            self._tell("Fitting on all rows")
            rows = np.sort(np.concatenate([self.problem.rows, self.holdout]))
            members, preparation = refitted(
                self.problem, rows, chosen, self.share, self.clock, self.pool, self.seed, self.where.fit
            )
            if members:
                return members, preparation, True
        kept = [Member(trial.attempts[0].model, weight, trial.candidate.logged) for trial, weight in chosen]
        return tuple(kept), self.folds[0].preparation, False
