"""Where models are fitted: in this process, or on the Dask cluster that the settings name.

    race ─ threads, one a fit ─→ here:     estimators.fit
                              └→ cluster:  matrices scattered once ─→ a worker fits ─→ the model comes back

A cluster runs the very same fits with the same seeds, one thread each, so what comes out is the same. Its workers need
FreelanceX installed; what they are sent and send back is pickled, as Dask does, so the cluster must be one's own.
"""

from __future__ import annotations

import os
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from automl import estimators
from automl.errors import DataError
from automl.estimators import Array, Estimator, Lesson

LOOK_S = 0.3
"""Seconds between two looks at whether somebody asked to stop."""
CONNECT_S = 10.0
GONE = "The Dask cluster went away while it trained; start it again, then train again."


@dataclass
class Here:
    """Fits in this process, `workers` at a time."""

    workers: int

    def fit(self, family: str, settings: dict[str, Any], lesson: Lesson) -> Estimator:
        """See `automl.estimators.fit`."""
        return estimators.fit(family, settings, lesson)


@dataclass
class Cluster:
    """Fits on a Dask cluster, one for each of its threads."""

    client: Any
    workers: int
    _sent: dict[int, tuple[Array, Any]] = field(default_factory=dict)

    def fit(self, family: str, settings: dict[str, Any], lesson: Lesson) -> Estimator:
        """See `automl.estimators.fit`; matrices travel once. Raises DataError when the cluster goes away."""
        from distributed import Event

        stop = Event(f"automl-{uuid.uuid4().hex}", client=self.client)
        told = replace(lesson, matrix=lesson.labels[:0], check=None, late=_never)
        check = (self._far(lesson.check[0]), lesson.check[1]) if lesson.check else ()
        matrix = self._far(lesson.matrix)
        try:
            future = self.client.submit(_fitted, family, settings, told, stop.name, matrix, *check, pure=False)
            return self._awaited(future, stop, lesson.late)
        except OSError as error:
            raise DataError(GONE) from error

    def _awaited(self, future: Any, stop: Any, late: Callable[[], bool]) -> Estimator:
        from distributed import CancelledError

        told, done = False, threading.Event()
        future.add_done_callback(lambda _: done.set())
        # Asking for the result with a timeout, again and again, fails in Dask itself on a busy machine.
        while not done.wait(LOOK_S):
            if not told and late():
                stop.set()
                told = True
        try:
            found: Estimator = future.result()
        except CancelledError as error:
            raise DataError(GONE) from error
        if told:
            stop.clear()  # the scheduler forgets it
        return found

    def _far(self, matrix: Array) -> Any:
        """The matrix on the cluster, where it stays until the race is over."""
        if id(matrix) not in self._sent:
            self._sent[id(matrix)] = (matrix, self.client.scatter(matrix, broadcast=True, hash=False))
        return self._sent[id(matrix)][1]


Place = Here | Cluster


@contextmanager
def place() -> Iterator[Place]:
    """Where to fit by the settings: on the cluster that FREELANCEX_DASK_SCHEDULER names, else here.

    Raises:
        DataError: The cluster does not answer, or Dask is not installed.
    """
    from config.settings import Settings

    address = Settings().dask_scheduler
    if address is None:
        yield Here(workers())
        return
    try:
        from distributed import Client
    except ImportError as error:
        raise DataError("Dask is not installed; add it with: pip install 'freelancex[dask]'.") from error
    try:
        client = Client(address, timeout=CONNECT_S, set_as_default=False)
    except OSError as error:
        raise DataError(f"The Dask scheduler at {address} does not answer; start it, or unset its address.") from error
    with client:
        threads = sum(client.nthreads().values())
        if not threads:
            raise DataError(f"The Dask cluster at {address} has no workers; start some.")
        yield Cluster(client, threads)


def workers() -> int:
    """How many fits run at a time here, one thread each."""
    return min(8, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)


def _fitted(family: str, settings: dict[str, Any], told: Lesson, stop: str, matrix: Array, *check: Array) -> Estimator:
    """What a worker of the cluster does."""
    from distributed import Event, get_client
    from threadpoolctl import threadpool_limits

    event, looked, seen = Event(stop, client=get_client()), time.monotonic(), False

    def late() -> bool:
        nonlocal looked, seen
        if not seen and time.monotonic() - looked > LOOK_S:
            seen, looked = event.is_set(), time.monotonic()
        return seen

    with threadpool_limits(1):  # as in the race: sums in another order differ in their last digits
        lesson = replace(told, matrix=matrix, check=(check[0], check[1]) if check else None, late=late)
        return estimators.fit(family, settings, lesson)


def _never() -> bool:
    return False
