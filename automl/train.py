"""The race: good settings first, on inner folds, within a time budget; then a blend of those that help each other.

    fold 0: the whole portfolio → promoted: those a greedy blend would use, then others while there is time
    folds 1, 2, …: the promoted, as long as time lasts → more settings, sampled near what did well
                   (of few rows: the folds once more, split anew, for those that may count)
    → weights on the rows each was not fitted on → calibration → every member fitted again on all rows

The holdout is not seen by any of this: fold models only say what they predict for it, and those predictions are judged.
The model that is kept has then learned from all rows. Fits run in threads, since the libraries let go of Python's lock,
or on a cluster (see `automl.cluster`).
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from automl import curve, ensemble, estimators
from automl.blend import Blend, Member
from automl.cluster import Place, place
from automl.errors import NO_ROOM, DataError, lacks_memory
from automl.features import Preparation
from automl.field import Field
from automl.folds import FEW, Folds
from automl.news import News, Progress
from automl.portfolio import MONOTONE, Candidate, named, portfolio, size_of, suggestion
from automl.problem import Problem
from automl.refit import LONGER, refitted
from automl.shelf import Shelf
from automl.standings import Entry, standings
from automl.trials import Attempt, Clock, Trial, attempt, recipe

Array = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]

FIRST_LOOK = 0.45
"""The share of the time after which no further member of the portfolio is begun."""
LEAST_S = 0.7
"""Seconds that are trained in any case, however long it took to load the libraries."""
FAIR = 0.12
"""The share of all threads' time that one candidate may take on the first fold."""
ROOM = 0.6
"""The share of the time left, after the first fold, that the promoted may take on the others."""
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
        self.pool, self.where, self.workers = pool, where, where.workers
        self.folds = Folds(problem, holdout, seed)
        self.field = Field(problem, self.folds, seed)
        self.news = News(progress, self.clock, self.field)
        first = self.folds[0]
        categorical = first.preparation.categorical
        self.size = size_of(problem.task, problem.outputs, first.matrix, categorical, _round(budget))
        self.share = (len(problem.rows) + len(holdout)) / max(1, len(first.labels))
        self.why = TRIED

    def run(self, models: list[str]) -> Trained:
        self._first_look(models)
        self._further_folds()
        if not models:
            self._search()
        task, labels, chosen, refit = self.problem.task, self.field.labels(), *self._chosen()
        summed = self.field.summed(chosen)
        slope, shift = ensemble.calibration(task, summed, labels, self.problem.levels, len(self.problem.rows))
        held = sum((w * trial.holdout() for trial, w in chosen), np.zeros(1))
        final, held = (ensemble.pooled(task, slope * scores + np.array(shift)) for scores in (summed, held))
        points = self._curve(chosen)
        board = standings(self.problem, self.folds, self.field.trials, chosen, final, self.field.done)
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
        self.news.tell("Seeing whether more rows would help")
        late = self.clock.late(spare)
        return curve.curve(self.problem, self.folds[0], quick, self.pool, late, self.seed)

    def _chosen(self) -> tuple[list[tuple[Trial, float]], bool]:
        """The members with their weights, strongest first, and whether there is time to fit them on all rows.

        Where there is time for some only, these are chosen alone, unless that would cost too much.
        """
        best = self.field.blended(self.field.full())
        room, few = self.clock.left() * self.workers, list[Trial]()
        if self._refit_s([trial for trial, _ in best]) <= self.clock.left():
            return best, True
        for trial, _ in best:
            cost = LONGER * self.share * trial.seconds
            if cost <= min(room, self.clock.left()):
                few.append(trial)
                room -= cost
        if few:
            fewer = self.field.blended(few)
            if self.field.loss(fewer) <= SACRIFICE * self.field.loss(best):
                return fewer, True
        return best, False

    def _first_look(self, models: list[str]) -> None:
        candidates = portfolio(self.size, self.folds[0].labels)
        if self.problem.monotone:
            candidates = [one for one in candidates if one.family in MONOTONE]
        candidates = named(candidates, models) if models else candidates
        total = self.clock.left()
        until = time.monotonic() + FIRST_LOOK * total
        found = self._wave(candidates, 0, max(0.3, FAIR * total * self.workers), until)
        self.field.trials = [Trial(one, [found_]) for one, found_ in zip(candidates, found, strict=True) if found_]
        if not self.field.trials:
            raise DataError(NO_ROOM)
        if len(self.field.trials) < len(candidates):
            self.why = TIME_UP

    def _further_folds(self) -> None:
        promoted = self.field.promoted(ROOM * self.clock.left() * self.workers)
        while self.field.done < len(self.folds):
            needed = self._together([trial.seconds for trial in promoted])
            if self.clock.left() < 1.1 * needed + self._refit_s(promoted):
                self.why = TIME_UP
                return
            # A fit that a busy machine slows down is cut off only where it would cost others their time.
            cap = max(1.5 * max(trial.seconds for trial in promoted) + 0.5, FAIR * self.clock.left())
            self._extend(promoted, self.field.done, cap)
            promoted = [trial for trial in promoted if len(trial.attempts) > self.field.done]
            self.field.done += 1
            if self.field.done == self.folds.first:  # a further turn is for those that may count
                promoted = [trial for trial, _ in self.field.blended(promoted)]

    def _search(self) -> None:
        """Sample settings of the families that did well, until nothing helps any more or the time is up."""
        if len(self.problem.rows) < FEW:
            return  # chance would choose among them
        used = self.field.blended(self.field.full())
        families = sorted({trial.candidate.family for trial, _ in used})
        logged = any(trial.candidate.logged for trial, weight in used if weight > 0.2)
        pace = float(np.mean([trial.seconds for trial, _ in used]))
        if self.clock.left() < self._round_s(pace):
            return
        import optuna

        optuna.logging.set_verbosity(optuna.logging.WARNING)
        study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=self.seed, n_startup_trials=8))
        best, idle = self.field.loss(used), 0
        while idle < PATIENCE and self.clock.left() > self._round_s(pace):
            asked = [study.ask() for _ in range(self.workers)]
            sampled = [replace(suggestion(one, self.size, families), logged=logged) for one in asked]
            alone, fresh = min(self.field.first_loss(trial.attempts[0]) for trial in self.field.full()), []
            for one, candidate, found in zip(
                asked, sampled, self._wave(sampled, 0, 3 * pace + 0.5, self.clock.end), strict=True
            ):
                if found is None:
                    continue
                study.tell(one, self.field.first_loss(found))
                if self.field.first_loss(found) < WORSE * alone:
                    fresh.append(Trial(candidate, [found]))
            for number in range(1, self.field.done):
                self._extend([trial for trial in fresh if len(trial.attempts) == number], number, 3 * pace + 0.5)
            self.field.trials += fresh
            now = self.field.loss(self.field.blended(self.field.full()))
            idle = 0 if now < best * (1 - WORTH) else idle + self.workers
            best = min(best, now)
        self.why = NO_BETTER if idle >= PATIENCE else TIME_UP

    # One wave of fits.

    def _extend(self, trials: list[Trial], number: int, cap: float) -> None:
        if not trials:
            return
        known = [trial.rounds for trial in trials] if number >= self.folds.first else []
        found = self._wave([trial.candidate for trial in trials], number, cap, self.clock.end, known)
        for trial, one in zip(trials, found, strict=True):
            if one:
                trial.attempts.append(one)

    def _wave(
        self, candidates: list[Candidate], number: int, cap: float, until: float, known: Sequence[int] = ()
    ) -> list[Attempt | None]:
        """Attempts on one fold, in order; none for those that would begin after `until`, but the first.

        With `known` rounds, one a candidate, the rows to check are not watched.
        """
        fold = self.folds[number]

        def fitted(candidate: Candidate, rounds: int | None, first: bool) -> Attempt | None:
            if self.shelf and (before := self.shelf.get(candidate, number)):
                return before
            if not first and (time.monotonic() > until or self.clock.asked()):
                return None
            estimators.warm(candidate.family)
            if first:
                self.clock.grant(LEAST_S)
            try:
                late, blind = self.clock.late(cap), bool(known)
                done = attempt(self.problem, candidate, fold, late, self.seed, rounds, self.where.fit, blind)
            except Exception as error:  # each library has an error of its own for too little memory
                if not lacks_memory(error):
                    raise
                return None
            if self.shelf:
                self.shelf.put(candidate, number, done)
            return done

        rounds: list[int | None] = [*known] or [None] * len(candidates)
        each = enumerate(zip(candidates, rounds, strict=True))
        futures = [self.pool.submit(fitted, one, wanted, place == 0) for place, (one, wanted) in each]
        found = []
        for candidate, future in zip(candidates, futures, strict=True):
            self.news.tell(f"Training {candidate.name}")
            found.append(done := future.result())
            if done and number == 0:
                self.news.note(candidate, done)
        return found

    # What the stages ask.

    def _round_s(self, pace: float) -> float:
        """Seconds that a round of sampling needs, and the last fits after it."""
        chosen = [trial for trial, _ in self.field.blended(self.field.full())]
        quick = curve.COST * min((trial.seconds for trial in chosen), default=0.0)
        return 1.5 * pace * self.field.done + self._refit_s(chosen) + quick + 0.3

    def _refit_s(self, trials: list[Trial]) -> float:
        return LONGER * self.share * self._together([trial.seconds for trial in trials])

    def _together(self, seconds: list[float]) -> float:
        """How long these take on all threads, about."""
        return max(sum(seconds) / self.workers, max(seconds, default=0.0))

    # The end.

    def _kept(self, chosen: list[tuple[Trial, float]], refit: bool) -> tuple[tuple[Member, ...], Preparation, bool]:
        """The members fitted again on all rows; those of the first fold where the time is too short for that."""
        if refit:
            self.news.tell("Fitting on all rows")
            rows = np.sort(np.concatenate([self.problem.rows, self.holdout]))
            self.folds.forget()
            members, preparation = refitted(
                self.problem, rows, chosen, self.share, self.clock, self.pool, self.seed, self.where.fit
            )
            if members:
                return members, preparation, True
        kept = [Member(trial.attempts[0].model, weight, trial.candidate.logged) for trial, weight in chosen]
        return tuple(kept), self.folds[0].preparation, False
