"""The explain agent: why a model predicts what it does, in words and pictures, for its owner only."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from agents.deps import Deps
from agents.spec import AgentError, Artifact, Finding, Given
from agents.specialists import automl
from agents.specialists.explain import AGENT, ExplainTask, read
from memory.files import FileRef


async def explain(deps: Deps, text: str = "explain the model", **task: Any) -> Finding:
    before = task.pop("findings", {})
    finding = await AGENT.run(ExplainTask(**task), Given(text=text, message=text, findings=before), deps)
    assert isinstance(finding, Finding)
    return finding


async def is_png(artifact: Artifact, deps: Deps) -> bool:
    return (await deps.stores.files.read(artifact)).startswith(b"\x89PNG")


@pytest.fixture
async def model(table_deps: Deps, diamonds_file: FileRef) -> Finding:
    text = "predict price in 1 second"
    return await automl.run(automl.ModelTask(seconds=1), Given(text, text, (diamonds_file,)), table_deps)


async def test_the_model_of_the_step_before_is_explained(table_deps: Deps, model: Finding) -> None:
    finding = await explain(table_deps, findings={"s1": model}, rows=300)
    assert finding.data["run_id"] == model.records[0].id
    assert "**What moves the prediction of price**, seen on 300 rows" in finding.text
    assert "higher values raise 'price'" in finding.text
    assert [artifact.name for artifact in finding.artifacts] == ["beeswarm.png", "importance.png", "dependence.png"]
    assert [await is_png(artifact, table_deps) for artifact in finding.artifacts] == [True, True, True]


async def test_a_first_picture_is_shown_while_the_other_rows_are_looked_at(table_deps: Deps, model: Finding) -> None:
    shown: list[Artifact] = []
    finding = await explain(replace(table_deps, show=shown.append), findings={"s1": model}, rows=700)
    assert [one.caption for one in shown] == ["A first look, at 300 rows; all of them follow"]
    assert await is_png(shown[0], table_deps)
    assert len(finding.artifacts) == 3


async def test_the_newest_model_is_explained_later(table_deps: Deps, model: Finding) -> None:
    assert (await explain(table_deps, rows=50)).data["run_id"] == model.records[0].id
    assert (await explain(table_deps, model_run=model.records[0].id, rows=50)).ok


async def test_it_offers_to_train_without_the_strongest_column(table_deps: Deps, model: Finding) -> None:
    finding = await explain(table_deps, rows=50)
    assert f"Train again without the column {finding.data['drivers'][0]['column']}" in finding.offers


async def test_another_user_has_no_model(table_deps: Deps, model: Finding) -> None:
    other = replace(table_deps, user="someone")
    with pytest.raises(AgentError, match="no trained model"):
        await explain(other)
    with pytest.raises(AgentError, match="no longer here"):
        await explain(other, model_run=model.records[0].id)


async def test_without_a_model_it_says_how_to_get_one(table_deps: Deps) -> None:
    with pytest.raises(AgentError, match="attach a CSV or Excel file"):
        await explain(table_deps)


@pytest.mark.parametrize("run_id", ["../../etc", "20250101-000000-abcdef", "0" * 32])
async def test_an_id_cannot_leave_the_folder_of_runs(table_deps: Deps, run_id: str) -> None:
    with pytest.raises(AgentError):
        await explain(table_deps, model_run=run_id)


def test_the_number_of_rows_is_read() -> None:
    assert read("explain it on 500 rows") == {"rows": 500}
    assert read("explain it") == {}


@pytest.mark.parametrize(
    "sentence",
    [
        "explain the model",
        "show the beeswarm plot",
        "which columns matter most?",
        "why does the model predict that?",
        "what drives the predictions?",
        "feature importance please",
    ],
)
def test_plain_requests_speak_for_it(sentence: str) -> None:
    assert any(re.search(cue, sentence, re.IGNORECASE) for cue in AGENT.cues)


@pytest.mark.parametrize(
    ("words", "row"),
    [("why row 17?", 17), ("explain the third row", 3), ("what pushed record #4 up", 4), ("the 21st row", 21)],
)
def test_one_row_is_understood(words: str, row: int) -> None:
    assert read(words) == {"row": row}
