"""What has been fitted so far, on disk, so that a training that was cut off goes on instead of starting again."""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import asdict
from pathlib import Path

import numpy as np

from automl import estimators
from automl.portfolio import Candidate
from automl.tasks import Task
from automl.trials import Attempt


class Shelf:
    """Attempts by candidate and fold, in the run's folder; each is there whole or not at all."""

    def __init__(self, folder: Path, task: Task, classes: int) -> None:
        self._folder, self._task, self._classes = folder, task, classes
        folder.mkdir(parents=True, exist_ok=True)

    def get(self, candidate: Candidate, fold: int) -> Attempt | None:
        """What this candidate did on this fold before, if it did."""
        place = self._place(candidate, fold)
        if not place.is_dir():
            return None
        try:
            with np.load(place / "scores.npz", allow_pickle=False) as stored:
                check, holdout, seconds = stored["check"], stored["holdout"], float(stored["seconds"])
            model = estimators.load(candidate.family, place, self._task, self._classes)
        except (OSError, ValueError, KeyError):  # damaged when the machine went down: it is fitted again
            shutil.rmtree(place)
            return None
        return Attempt(model, check, holdout, seconds)

    def put(self, candidate: Candidate, fold: int, attempt: Attempt) -> None:
        """Keep it."""
        place = self._place(candidate, fold)
        fresh = place.with_suffix(".new")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir()
        attempt.model.save(fresh)
        np.savez(fresh / "scores.npz", check=attempt.check, holdout=attempt.holdout, seconds=attempt.seconds)
        fresh.replace(place)

    def spent(self) -> float:
        """Seconds that went into what is here, on all threads together."""
        total = 0.0
        for path in self._folder.glob("*/scores.npz"):
            if path.parent.suffix != ".new":
                with np.load(path, allow_pickle=False) as stored:
                    total += float(stored["seconds"])
        return total

    def _place(self, candidate: Candidate, fold: int) -> Path:
        text = json.dumps(asdict(candidate), sort_keys=True, default=str)
        return self._folder / f"{hashlib.sha256(text.encode()).hexdigest()[:16]}-{fold}"
