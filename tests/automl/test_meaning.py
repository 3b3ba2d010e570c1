"""What texts mean: read where texts make most of a table, kept where it helps, and needed from then on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from automl import delivery, explaining, studio
from automl.clean import clean
from automl.errors import DataError
from automl.ingest import read_table
from automl.manifest import load_manifest
from automl.meaning import named, worthwhile
from automl.studio import EMBEDDER

ANIMALS = "cat dog horse sheep goat rabbit hamster parrot eagle salmon tiger lion wolf fox bear otter whale".split()
MACHINES = "car lorry train tram bicycle tractor crane drill lathe printer rocket ferry airliner mixer".split()
PLACES = "river market church station garden corner bridge school".split()


def sightings(rows: int = 160) -> pd.DataFrame:
    """Sentences on animals and machines, each named too seldom to be learned as a word alone."""
    random = np.random.default_rng(4)
    animal = random.random(rows) < 0.5
    texts = [
        f"Yesterday I saw a {random.choice(ANIMALS if one else MACHINES)} by the {random.choice(PLACES)} again, no {n}"
        for n, one in enumerate(animal)
    ]
    return pd.DataFrame({"seen": texts, "kind": np.where(animal, "animal", "machine")})


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("meaning")
    sightings().to_csv(folder / "seen.csv", index=False)
    return studio.run(
        str(folder / "seen.csv"), target="kind", budget=900, out=str(folder / "run"), models=["Linear"],
        embedder=EMBEDDER,
    )  # fmt: skip


def test_what_texts_mean_is_read_where_it_helps(run: dict[str, Any], tmp_path: Path) -> None:
    data = load_manifest(run["run_dir"]).config["asked"]["data"]
    refused = studio.run(
        data, target="kind", budget=900, out=str(tmp_path), models=["Linear"], hint="do not read meanings",
        embedder=EMBEDDER,
    )  # fmt: skip
    assert load_manifest(refused["run_dir"]).config["recipe"]["meanings"] is False
    assert run["metrics"]["log_loss"] < refused["metrics"]["log_loss"]


def test_it_comes_out_the_same_again(run: dict[str, Any]) -> None:
    assert studio.reproduce(run["run_dir"], embedder=EMBEDDER)["same"]
    with pytest.raises(DataError, match="needs the embedding model"):
        studio.reproduce(run["run_dir"])


def test_words_never_seen_are_understood(run: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "new.csv").write_text("seen\nI met a kitten near the bridge\nA motorcycle was parked near the school\n")
    found = studio.predict(run["run_dir"], str(tmp_path / "new.csv"), str(tmp_path / "out.csv"), embedder=EMBEDDER)
    assert found["head"] == ["animal", "machine"]
    with pytest.raises(DataError, match="needs the embedding model"):
        studio.predict(run["run_dir"], str(tmp_path / "new.csv"), str(tmp_path / "out.csv"))


def test_it_is_explained_by_the_clients_column(run: dict[str, Any], tmp_path: Path) -> None:
    found = explaining.explain(run["run_dir"], 40, str(tmp_path), embedder=EMBEDDER)
    assert found["drivers"][0]["column"] == "seen"


def test_a_package_says_why_it_cannot_be(run: dict[str, Any], tmp_path: Path) -> None:
    with pytest.raises(DataError, match="train it again with the words: do not read meanings"):
        delivery.package(run["run_dir"], str(tmp_path))


def test_vectors_are_made_only_where_texts_make_most_and_time_allows(tmp_path: Path) -> None:
    sightings().assign(code=["x" * 200] * 160).to_csv(tmp_path / "few.csv", index=False)
    sightings().to_csv(tmp_path / "most.csv", index=False)
    few, most = (clean(read_table(tmp_path / name)) for name in ("few.csv", "most.csv"))
    assert (worthwhile(few, "kind", 1e6), worthwhile(most, "kind", 0.1)) == ([], [])
    assert len(worthwhile(most, "kind", 1e6)) == 160
    assert named("") is None
