"""The model's delivery by chat: the report, predictions for a new file, the package; for its owner only."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from typing import Any

import pytest

from agents.deps import Deps
from agents.spec import AgentError, Finding, Given
from agents.specialists import automl, explain
from agents.specialists.model_delivery import AGENT, DeliveryTask, read
from memory.files import FileRef
from memory.stores import Stores


@pytest.fixture
async def model(table_deps: Deps, diamonds_file: FileRef) -> Finding:
    text = "predict price in 1 second"
    return await automl.run(automl.ModelTask(seconds=1), Given(text, text, (diamonds_file,)), table_deps)


async def delivered(deps: Deps, text: str, *files: FileRef) -> Finding:
    return await AGENT.run(DeliveryTask(**read(text)), Given(text=text, message=text, files=files), deps)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("give me the report on the model as PDF", {"act": "report", "formats": ["pdf"]}),
        ("model report for my client as Word and html", {"act": "report", "formats": ["docx", "html"]}),
        ("write up the model for the client", {"act": "report"}),
        ("export the model with docker", {"act": "package"}),
        ("use the model on the attached rows", {"act": "predict"}),
    ],
)
def test_what_is_wanted_is_read_from_the_words(text: str, wanted: dict[str, Any]) -> None:
    assert read(text) == wanted


async def test_report_predictions_and_package(
    table_deps: Deps, model: Finding, stores: Stores, diamonds_file: FileRef
) -> None:
    report = await delivered(table_deps, "give me the report on the model as PDF")
    assert [artifact.name for artifact in report.artifacts] == ["report.pdf"]
    assert (await stores.files.read(report.artifacts[0])).startswith(b"%PDF")

    rows = b"carat,cut,color,clarity,depth,table,x,y,z\n0.9,Ideal,D,IF,61,55,6.2,6.2,3.8\n"
    new = await stores.files.put(rows, "new.csv", user="mara", thread="t1")
    predicted = await delivered(table_deps, "use the model on the attached file", new)
    assert "Here are 1 predictions of price" in predicted.text
    written = (await stores.files.read(predicted.artifacts[0])).decode()
    assert written.splitlines()[0].endswith("prediction,low,high")

    package = await delivered(table_deps, "export the model")
    with zipfile.ZipFile(io.BytesIO(await stores.files.read(package.artifacts[0]))) as packed:
        assert {"model_price/serve.py", "model_price/Dockerfile"} <= set(packed.namelist())

    asked = Given(text="why row 17", message="why row 17")
    why = await explain.run(explain.ExplainTask(**explain.read("why row 17")), asked, table_deps)
    assert why.text.startswith("For row 17, the model says")
    assert why.sources[0].place == "row 17"


async def test_without_a_model_or_rows_it_says_what_to_do(table_deps: Deps, model: Finding) -> None:
    with pytest.raises(AgentError, match="attach a table with the model's columns"):
        await delivered(table_deps, "use the model on new data")
    with pytest.raises(AgentError, match="no trained model"):
        await delivered(replace(table_deps, user="someone"), "export the model")


async def test_versions_are_compared_listed_and_named(table_deps: Deps, model: Finding, diamonds_file: FileRef) -> None:
    text = "predict price in 1 second without the column carat"
    again = await automl.run(
        automl.ModelTask(seconds=1, ignore=["carat"]), Given(text, text, (diamonds_file,)), table_deps
    )
    assert "This is version 2 of the model for price. Version 1 reached R²" in again.text
    named = await delivered(table_deps, "call version 1 champion")
    assert "is called champion now" in named.text
    listed = await delivered(table_deps, "which models do I have?")
    assert "| price | 1 (champion) | diamonds.csv | R²" in listed.text
    assert (await delivered(table_deps, "report on the champion as html")).data["run_id"] == model.records[0].id
    with pytest.raises(AgentError, match="no version 7 of that model; there are 1, 2"):
        await delivered(table_deps, "report on version 7 of the model")
