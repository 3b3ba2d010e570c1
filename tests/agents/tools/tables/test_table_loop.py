"""What one query cannot answer is broken into simple ones by a model; every figure is computed from the table."""

from __future__ import annotations

import json
from dataclasses import replace

import pandas as pd
import pytest

from agents.deps import Deps
from agents.spec import Finding, Given
from agents.specialists.data_analyst import AGENT, AnalysisTask
from agents.tools.tables.table_loop import beyond
from config.paths import SAMPLES
from integrations.models.backend import Gone
from memory.files import FileRef
from tests.graph.scripted import Scripted

HARD = "would I rather buy ideal or fair stones for the money"
FRAME = pd.read_csv(SAMPLES / "diamonds.csv")


def use(question: str) -> str:
    return json.dumps({"tool": "ask_table", "arguments": {"question": question}})


async def ask(deps: Deps, model: Scripted | None, text: str, file: FileRef) -> Finding:
    given = Given(text=text, message=text, files=(file,))
    finding: Finding = await AGENT.run(AnalysisTask(question=text), given, replace(deps, model=model))
    return finding


@pytest.fixture
def open_question(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agents.specialists.data_analyst.beyond", lambda question, query: True)


async def test_a_hard_question_is_answered_from_computed_results(
    table_deps: Deps, diamonds_file: FileRef, open_question: None
) -> None:
    mean = FRAME.groupby("cut")["price"].mean()
    answer = f"Fair costs {mean['Fair']:,.2f} on average, Ideal {mean['Ideal']:,.2f}."
    model = Scripted(use("average price by cut"), json.dumps({"answer": answer}))
    finding = await ask(table_deps, model, HARD, diamonds_file)
    assert finding.text.startswith(f"{answer}\n\nWhat I asked the table for that:\n\n*average price by cut*")
    assert "| Fair | 4,665.79 |" in finding.text and finding.data["by_model"]
    assert "4,665.79" in model.asked[1][-1].content


async def test_a_figure_that_was_not_computed_is_marked(
    table_deps: Deps, diamonds_file: FileRef, open_question: None
) -> None:
    model = Scripted(use("average price by cut"), json.dumps({"answer": "Fair costs 9,999.11 more."}))
    finding = await ask(table_deps, model, HARD, diamonds_file)
    assert "not in the results: 9,999.11" in finding.text


@pytest.mark.parametrize(
    "answers",
    [
        (Gone("It is gone."),),
        ("no JSON",),
        (json.dumps({"answer": "I just know it is Ideal."}),),
        (use("average price by cut"), use("average price by cut")),
    ],
)
async def test_without_a_sound_answer_the_own_one_stands(
    table_deps: Deps, diamonds_file: FileRef, open_question: None, answers: tuple[str | Exception, ...]
) -> None:
    own = await ask(table_deps, None, HARD, diamonds_file)
    finding = await ask(table_deps, Scripted(*answers), HARD, diamonds_file)
    assert finding.text == own.text and not finding.data["by_model"]


async def test_a_question_that_was_read_in_full_asks_no_model(table_deps: Deps, diamonds_file: FileRef) -> None:
    model = Scripted("x")
    assert "4,665.79" in (await ask(table_deps, model, "average price by cut", diamonds_file)).text
    assert model.asked == []


def test_a_question_is_beyond_one_query_when_part_of_it_was_not_read() -> None:
    assert beyond("average price over 5 stars", {"action": "aggregate", "unread": "over 5 stars"})
    assert beyond("which one would you buy", {"action": "describe", "unread": ""})
    assert not beyond("describe the table", {"action": "describe", "unread": ""})
    assert not beyond("average price", {"action": "aggregate", "unread": ""})
