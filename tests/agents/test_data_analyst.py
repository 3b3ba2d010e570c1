"""The data analyst: answers are computed from the table, checked here against pandas."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd
import pytest

from agents.deps import Deps, JobError
from agents.spec import AgentError, Artifact, Finding, Given
from agents.specialists.data_analyst import AGENT, AnalysisTask
from agents.tools.tables.table_query import Filter, parse
from config.paths import SAMPLES
from memory.files import FileRef
from memory.stores import Stores

FRAME = pd.read_csv(SAMPLES / "diamonds.csv")
KINDS = {name: "category" if name in ("cut", "color", "clarity") else "number" for name in FRAME}
LEVELS = {name: list(FRAME[name].unique()) for name in ("cut", "color", "clarity")}


async def ask(deps: Deps, text: str, *files: FileRef, **task: Any) -> Finding:
    given = Given(text=text, message=text, files=files)
    finding = await AGENT.run(AnalysisTask(question=text, **task), given, deps)
    assert isinstance(finding, Finding)
    return finding


async def is_png(artifact: Artifact, deps: Deps) -> bool:
    return (await deps.stores.files.read(artifact)).startswith(b"\x89PNG")


async def test_a_table_is_described_with_a_picture_and_a_page(table_deps: Deps, diamonds_file: FileRef) -> None:
    finding = await ask(table_deps, "describe the attached CSV", diamonds_file)
    assert "2,000 rows and 10 columns" in finding.text
    assert "| carat | number |" in finding.text
    assert "| 1.52 | Fair | H | VS2 |" in finding.text
    assert finding.data["quality"]["score"] == 100
    picture, page = finding.artifacts
    assert await is_png(picture, table_deps)
    assert (page.name, page.mime) == ("diamonds in figures.html", "text/html")
    assert b"carat" in await table_deps.stores.files.read(page)
    assert finding.trust == "outside"
    assert [(record.kind, record.id) for record in finding.records] == [("dataset", diamonds_file.id)]


async def test_average_by_group(table_deps: Deps, diamonds_file: FileRef) -> None:
    finding = await ask(table_deps, "average price by cut", diamonds_file)
    assert finding.data["groups"] == pytest.approx(FRAME.groupby("cut")["price"].mean().to_dict())
    assert "| Fair | 4,665.79 |" in finding.text
    assert finding.artifacts[0].mime == "image/png"


@pytest.mark.parametrize(
    ("question", "count"),
    [
        ("how many rows have cut = Ideal", (FRAME["cut"] == "Ideal").sum()),
        ("how many ideal diamonds are there", (FRAME["cut"] == "Ideal").sum()),
        ("how many rows have price above 5k", (FRAME["price"] > 5000).sum()),
        ("how many diamonds cost more than 5,000", (FRAME["price"] > 5000).sum()),
        ("number of rows with carat between 1 and 2", FRAME["carat"].between(1, 2).sum()),
        ("how many premium diamonds with color E", ((FRAME["cut"] == "Premium") & (FRAME["color"] == "E")).sum()),
        ("how many rows where cut is not Ideal", (FRAME["cut"] != "Ideal").sum()),
        ("how many rows does it have", len(FRAME)),
    ],
)
async def test_counting(table_deps: Deps, diamonds_file: FileRef, question: str, count: int) -> None:
    assert (await ask(table_deps, question, diamonds_file)).data["count"] == count


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("what is the median price of ideal diamonds", FRAME[FRAME["cut"] == "Ideal"]["price"].median()),
        ("highest carat", FRAME["carat"].max()),
        ("total price", FRAME["price"].sum()),
        ("average price of diamonds over 2 carat", FRAME[FRAME["carat"] > 2]["price"].mean()),
    ],
)
async def test_one_figure(table_deps: Deps, diamonds_file: FileRef, question: str, value: float) -> None:
    (found,) = (await ask(table_deps, question, diamonds_file)).data["values"].values()
    assert found == pytest.approx(value)


async def test_the_top_rows(table_deps: Deps, diamonds_file: FileRef) -> None:
    finding = await ask(table_deps, "top 5 by price", diamonds_file)
    assert finding.data["values"] == FRAME["price"].nlargest(5).tolist()
    assert (await ask(table_deps, "3 cheapest diamonds")).data["values"] == FRAME["price"].nsmallest(3).tolist()


async def test_a_distribution_has_a_chart(table_deps: Deps, diamonds_file: FileRef) -> None:
    finding = await ask(table_deps, "show the distribution of price", diamonds_file)
    assert finding.data["median"] == FRAME["price"].median()
    assert finding.artifacts[0].caption == "Distribution of price"


async def test_correlations(table_deps: Deps, diamonds_file: FileRef) -> None:
    finding = await ask(table_deps, "plot carat against price", diamonds_file)
    assert finding.data["r"] == pytest.approx(FRAME["carat"].corr(FRAME["price"]))
    pairs = (await ask(table_deps, "what correlates with price?")).data["pairs"]
    assert {pairs[0]["a"], pairs[0]["b"]} == {"carat", "price"}


async def test_missing_values_and_duplicates(table_deps: Deps, stores: Stores) -> None:
    content = b"name,size\nA,1\nB,\nA,1\nC,n/a\n"
    file = await stores.files.put(content, "gaps.csv", user="mara", thread="t1")
    assert (await ask(table_deps, "which columns have missing values?", file)).data["missing"] == {"size": 2}
    assert (await ask(table_deps, "are there duplicates?", file)).data["duplicates"] == 1


async def test_a_condition_that_fits_no_column_is_admitted(table_deps: Deps, diamonds_file: FileRef) -> None:
    finding = await ask(table_deps, "how many above 7", diamonds_file)
    assert "could not tell which column “above 7” is about" in finding.text


async def test_words_in_the_table_cannot_act(table_deps: Deps, stores: Stores) -> None:
    content = b"name,size\n![x](http://evil.example/p.png),1\n<script>alert(1)</script>|,2\n"
    file = await stores.files.put(content, "bad.csv", user="mara", thread="t1")
    text = (await ask(table_deps, "show me the first 5 rows", file)).text
    assert "![x](" not in text
    assert "\\<script>" in text
    assert "\\|" in text


async def test_without_a_table_it_asks_for_one(table_deps: Deps) -> None:
    with pytest.raises(AgentError, match="attach a CSV or Excel file"):
        await ask(table_deps, "describe the data")


async def test_another_users_file_is_not_opened(table_deps: Deps, stores: Stores) -> None:
    file = await stores.files.put(b"a,b\n1,2\n", "secret.csv", user="someone", thread="t1")
    with pytest.raises(AgentError):
        await ask(table_deps, "describe it", data=file.id)


async def test_a_broken_file_is_named(table_deps: Deps, stores: Stores) -> None:
    file = await stores.files.put(b"\x00\x01\x02", "broken.csv", user="mara", thread="t1")
    with pytest.raises(JobError, match=r"broken\.csv"):
        await ask(table_deps, "describe it", file)


async def test_the_newest_table_of_the_conversation_is_used(table_deps: Deps, diamonds_file: FileRef) -> None:
    assert (await ask(table_deps, "how many rows does it have")).data["count"] == 2000


def test_a_question_is_read_into_a_query() -> None:
    query = parse("average price of Very Good diamonds with carat above 1 by color", KINDS, LEVELS)
    assert (query.action, query.how, query.columns, query.by) == ("aggregate", "mean", ("price",), ("color",))
    assert set(query.filters) == {Filter("carat", ">", 1.0), Filter("cut", "=", "Very Good")}


def test_names_are_found_in_any_dress() -> None:
    kinds = {"unitPrice": "number", "order_id": "number", "country": "category"}
    assert parse("mean unit price per country", kinds, {}).columns == ("unitPrice",)
    assert parse("distribution of order ids", kinds, {}).columns == ("order_id",)
    assert parse("count by country", kinds, {}).by == ("country",)


@pytest.mark.parametrize(
    "sentence",
    [
        "describe this CSV",
        "average price by cut",
        "how many rows have cut = Ideal",
        "top 5 by price",
        "show the distribution of price",
        "which columns have missing values?",
        "plot carat against price",
        "what is the median salary for women",
    ],
)
def test_plain_requests_speak_for_it(sentence: str) -> None:
    assert any(re.search(cue, sentence, re.IGNORECASE) for cue in AGENT.cues)
