"""Training on a Dask cluster: the same trials, the same result."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from distributed import LocalCluster

from automl import studio
from automl.cluster import Cluster, place
from automl.errors import DataError
from automl.estimators import Lesson

from .conftest import QUICK, customers


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    """A cluster of two processes on this machine."""
    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, host="127.0.0.1"
    ) as own:
        yield own.scheduler_address


def test_a_cluster_finds_the_same_model(
    scheduler: str, churn: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FREELANCEX_DASK_SCHEDULER", scheduler)
    data = tmp_path / "customers.csv"
    customers().to_csv(data, index=False)
    far = studio.run(str(data), target="left", budget=900, out=str(tmp_path / "run"), models=QUICK)
    assert far["metrics"] == churn["metrics"]
    assert [entry["loss"] for entry in far["leaderboard"]] == [entry["loss"] for entry in churn["leaderboard"]]


def test_a_fit_far_away_stops_when_it_is_late(scheduler: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FREELANCEX_DASK_SCHEDULER", scheduler)
    random, enough = np.random.default_rng(0), threading.Event()
    matrix = random.normal(size=(3_000, 20))
    lesson = Lesson("regression", 0, matrix, matrix @ random.normal(size=20), {}, rounds=1_000_000, late=enough.is_set)
    with place() as where:
        assert isinstance(where, Cluster)
        assert where.workers == 2
        threading.Timer(1.0, enough.set).start()
        model = where.fit("boosting", {"num_leaves": 7}, lesson)
    assert enough.is_set()
    assert 0 < model.rounds < 1_000_000


def test_a_scheduler_that_is_away_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("automl.cluster.CONNECT_S", 0.2)
    monkeypatch.setenv("FREELANCEX_DASK_SCHEDULER", "tcp://127.0.0.1:9")
    with pytest.raises(DataError, match="does not answer"), place():
        pass
