"""The AutoML agent: a sentence and a file become a model, told in words a client understands."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from agents.deps import Deps, JobError
from agents.spec import AgentError, Finding, Given
from agents.specialists.automl import AGENT, ModelTask
from agents.tools.tables.model_runs import open_run
from agents.tools.tables.model_words import model_words
from agents.tools.tables.row_groups import group_count
from automl.manifest import load_manifest
from memory.files import FileRef
from memory.stores import Stores


async def train(deps: Deps, text: str, *files: FileRef, **task: Any) -> Finding:
    given = Given(text=text, message=text, files=files)
    finding = await AGENT.run(ModelTask(**model_words(text), **task), given, deps)
    assert isinstance(finding, Finding)
    return finding


async def test_one_sentence_makes_a_model(
    table_deps: Deps, diamonds_file: FileRef, steps: list[tuple[str, float | None]]
) -> None:
    finding = await train(table_deps, "Train a model to predict the price from this file", diamonds_file)
    assert finding.ok
    assert finding.data["target"] == "price"
    assert finding.data["score"] > 0.9
    assert "**A model for `price`**" in finding.text
    assert "always guessing the mean" in finding.text
    assert "| Model | R²" in finding.text
    assert {artifact.name for artifact in finding.artifacts} == {"predictions.csv", "report.md"}
    run, dataset = finding.records
    assert (run.kind, run.label) == ("model_run", "model for price")
    kept = await open_run(run.id, table_deps)
    assert kept is not None and (kept[1] / "manifest.json").is_file()
    assert list(table_deps.settings.paths.runs.iterdir()) == []
    assert (dataset.kind, dataset.id) == ("dataset", diamonds_file.id)
    assert any("Training" in text for text, _ in steps)


async def test_a_sentence_forecasts_what_comes(table_deps: Deps, stores: Stores) -> None:
    months = [f"{2018 + number // 12}-{number % 12 + 1:02}" for number in range(60)]
    values = [100 + number + (30 if number % 12 in (5, 6) else 0) for number in range(60)]
    table = "month,orders\n" + "\n".join(f"{one},{two}" for one, two in zip(months, values, strict=True))
    file = await stores.files.put(table.encode(), "orders.csv", user="mara", thread="t1")
    finding = await train(table_deps, "forecast orders for the next 3 months", file)
    assert finding.data["task"] == "series"
    assert "**A forecast of `orders`** for the 3 months after 2022-12-01" in finding.text
    assert {artifact.name for artifact in finding.artifacts} == {"forecast.csv", "predictions.csv", "report.md"}
    assert "Explain the model" not in finding.offers


async def test_it_can_be_trained_again_without_a_column(table_deps: Deps, diamonds_file: FileRef) -> None:
    await train(table_deps, "predict price in 1 second", diamonds_file)
    finding = await train(table_deps, "train again without the column carat, in 1 second")
    assert finding.data["target"] == "price"
    assert {"column": "carat", "why": "was to be ignored"} in finding.data["dropped"]


async def test_stopped_it_lets_go_and_keeps_the_best_model_so_far(table_deps: Deps, diamonds_file: FileRef) -> None:
    begun, loop = asyncio.Event(), asyncio.get_running_loop()

    def told(text: str, part: float | None = None) -> None:
        if text.startswith("Training"):
            loop.call_soon_threadsafe(begun.set)

    deps = replace(table_deps, progress=told)
    turn = asyncio.create_task(train(deps, "predict price in 10 minutes", diamonds_file))
    await asyncio.wait_for(begun.wait(), 60)
    training = next(task for task in asyncio.all_tasks() if getattr(task.get_coro(), "__name__", "") == "_trained")
    turn.cancel()
    with pytest.raises(asyncio.CancelledError):
        await turn
    await asyncio.wait_for(training, 60)
    kept = await open_run(None, table_deps)
    assert kept is not None
    manifest = load_manifest(kept[1])
    assert manifest.results["stopped"] == "it was asked to stop"
    assert manifest.results["leaderboard"][0]["chosen"]


async def test_what_it_made_itself_is_not_taken_for_the_table(table_deps: Deps, diamonds_file: FileRef) -> None:
    await train(table_deps, "predict price in 1 second", diamonds_file)
    finding = await train(table_deps, "predict carat in 1 second")
    assert finding.sources[0].title == "diamonds.csv"


async def test_without_a_table_it_asks_for_one(table_deps: Deps) -> None:
    with pytest.raises(AgentError, match="attach a CSV or Excel file"):
        await train(table_deps, "build a model to predict churn")


async def test_an_unknown_target_is_answered_with_the_columns(table_deps: Deps, diamonds_file: FileRef) -> None:
    with pytest.raises(JobError, match=r"No column is called 'weather'.*'price'"):
        await train(table_deps, "predict weather", diamonds_file)


async def test_another_kind_of_file_is_refused(table_deps: Deps, stores: Stores, tmp_path: Path) -> None:
    file = await stores.files.put(b"%PDF", "brief.pdf", user="mara", thread="t1")
    with pytest.raises(AgentError, match=r"cannot read brief\.pdf as a table"):
        await train(table_deps, "predict churn", file)


@pytest.mark.parametrize(
    ("sentence", "target"),
    [
        ("train a model to predict price from this file", "price"),
        ("predict churn with the attached CSV", "churn"),
        ("fit a model, target is default_payment", "default_payment"),
        ("predict 'Total Sales' please", "Total Sales"),
        ("predict whether a customer will churn using the excel file", "churn"),
        ("predict the price of these diamonds and explain the model", "price of these diamonds"),
        ("a model for churn", "churn"),
        ("classify the rows by species", "species"),
        ("what drives price? train a model", "price"),
        ("run automl on diamonds.csv", None),
        ("build a model for my client", None),
        ("train a model on this table", None),
    ],
)
def test_the_target_is_read_from_the_sentence(sentence: str, target: str | None) -> None:
    assert model_words(sentence).get("target") == target


def test_wishes_are_read_from_the_sentence() -> None:
    said = model_words("predict price as a regression, ignore x, y and z in 2 minutes")
    assert said == {"target": "price", "kind": "regression", "ignore": ["x", "y", "z"], "seconds": 120.0}


@pytest.mark.parametrize(
    "sentence",
    [
        "train a model to predict price from this file",
        "predict churn with the attached CSV",
        "run automl on diamonds.csv",
        "classify the rows by species",
        "train again without the column carat",
        "I need a model that tells which customers will leave",
    ],
)
def test_plain_requests_speak_for_it(sentence: str) -> None:
    assert any(re.search(cue, sentence, re.IGNORECASE) for cue in AGENT.cues)


@pytest.mark.parametrize(
    ("sentence", "kind", "count"),
    [
        ("segment my customers into three groups", "clustering", 3),
        ("cluster this table", "clustering", 0),
        ("make 4 segments", "clustering", 4),
        ("find anomalies in this table", "anomaly", 0),
    ],
)
def test_a_table_without_a_target_is_understood(sentence: str, kind: str, count: int) -> None:
    assert (model_words(sentence)["kind"], group_count(sentence)) == (kind, count)
    assert "kind" not in model_words("predict the cluster of each row")


async def test_rows_are_sorted_into_groups(table_deps: Deps, diamonds_file: FileRef) -> None:
    finding = await train(table_deps, "cluster the rows of this table into two groups", diamonds_file)
    assert "fall into **2 groups**, as you asked" in finding.text
    assert finding.artifacts[0].name == "diamonds groups.csv"
