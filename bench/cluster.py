"""How trials speed up on a Dask cluster: the same fits with one worker process and with two, in one run."""

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

FITS, ROWS, COLUMNS, ROUNDS = 8, 6_000, 20, 100
SETTINGS = {"num_leaves": 31, "learning_rate": 0.05}


def run() -> dict[str, Any]:
    """Seconds of the same fits by the number of worker processes, and how many times faster two are.

    `cpu_one_s` and `cpu_two_s` are processor seconds of client and workers together: where they are the same, a second
    worker costs nothing but itself, whatever else the machine is doing.
    """
    (one, cpu_one), (two, cpu_two) = _seconds(1), _seconds(2)
    return {
        "fits": FITS, "one_s": round(one, 2), "two_s": round(two, 2), "speedup": round(one / two, 2),
        "cpu_one_s": round(cpu_one, 2), "cpu_two_s": round(cpu_two, 2), "load": round(os.getloadavg()[0], 1),
    }  # fmt: skip


def _seconds(workers: int) -> tuple[float, float]:
    from distributed import LocalCluster

    from automl.cluster import Cluster, place
    from automl.estimators import Lesson

    random = np.random.default_rng(0)
    matrix = random.normal(size=(ROWS, COLUMNS))
    labels = matrix @ random.normal(size=COLUMNS)

    def fitted(where: Cluster, seed: int) -> Any:
        return where.fit("boosting", SETTINGS, Lesson("regression", 0, matrix, labels, {}, rounds=ROUNDS, seed=seed))

    with LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None, host="127.0.0.1") as own:
        os.environ["FREELANCEX_DASK_SCHEDULER"] = own.scheduler_address
        try:
            with place() as where, ThreadPoolExecutor(workers) as pool:
                assert isinstance(where, Cluster)
                list(pool.map(lambda seed: fitted(where, seed), range(workers)))  # imports what fits need
                start, cpu = time.monotonic(), _cpu(where.client)
                list(pool.map(lambda seed: fitted(where, seed), range(FITS)))
                return time.monotonic() - start, _cpu(where.client) - cpu
        finally:
            del os.environ["FREELANCEX_DASK_SCHEDULER"]


def _cpu(client: Any) -> float:
    """Processor seconds of this process and of all workers so far."""
    own: dict[str, float] = client.run(time.process_time)
    return time.process_time() + sum(own.values())


def show(result: dict[str, Any]) -> None:
    """Print how much faster two processes are."""
    print(f"{result['fits']} fits: one worker {result['one_s']} s, two {result['two_s']} s", end=": ")
    print(f"{result['speedup']} times faster, at a load of {result['load']}")
    print(f"processor time: {result['cpu_one_s']} s with one, {result['cpu_two_s']} s with two")
