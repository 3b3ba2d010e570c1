"""Describes tables and answers questions about them, with figures that were computed and a chart where one helps."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import anyio
from pydantic import BaseModel

from agents.deps import Deps
from agents.spec import AgentSpec, Artifact, Finding, Given, Record, Slot, Source
from agents.tools.tables.table_files import ASK, needs_table, table_file
from agents.tools.tables.table_loop import analysed, beyond

NAME = "data_analyst"
SECONDS = 300.0


class AnalysisTask(BaseModel):
    """What to find out about which table."""

    data: Annotated[str | None, Slot("file:table", ASK)] = None
    dataset: Annotated[str | None, Slot("record:dataset")] = None
    question: Annotated[str, Slot("text")] = ""


async def run(task: AnalysisTask, given: Given, deps: Deps) -> Finding:
    """Answer one question. Raises AgentError and JobError."""
    file = await table_file(task.data or task.dataset, given, deps)
    question = (task.question or given.text).replace(file.name, " ")
    async with anyio.TemporaryDirectory() as drawn:

        async def ask(words: str) -> dict[str, Any]:
            arguments = {"path": await deps.lay(file), "name": file.name, "question": words, "folder": drawn}
            job = "agents.tools.tables.table_answer:answer"
            found: dict[str, Any] = await deps.jobs.run(job, arguments, progress=deps.progress, seconds=SECONDS)
            return found

        result = await ask(question)
        told = await analysed(question, ask, deps) if beyond(question, result["query"]) else ""
        artifacts: tuple[Artifact, ...] = ()
        made = {"chart": result["caption"], "page": f"All about {file.name} on one page"}
        for path, caption in ((Path(result[key]), words) for key, words in made.items() if result[key] and not told):
            kept = await deps.stores.files.put(
                path, path.name, user=deps.user, thread=deps.thread, made_by="data_analyst"
            )
            artifacts += (Artifact(kept.id, kept.name, kept.mime, caption),)
    return Finding(
        agent=NAME,
        ok=True,
        text=told or result["text"],
        data={**result["data"], "query": result["query"], "by_model": bool(told)},
        records=(Record("dataset", file.id, file.name),),
        sources=(Source(file.name, f"{result['rows']:,} rows"),),
        artifacts=artifacts,
        trust="outside",
        offers=("Show the correlations", "Train a model on this table"),
    )


_TABLE = r"(?:csv|excel|spreadsheet|table|dataset|data ?set|data|tsv|xlsx?|columns?|rows?)"

AGENT = AgentSpec(
    name=NAME,
    title="Data analyst",
    description=(
        "Describes a CSV or Excel table and answers questions about it: averages by group, counts, top rows, "
        "distributions, correlations, missing values and duplicates, with charts."
    ),
    examples=(
        "describe this CSV",
        "what is in the attached spreadsheet?",
        "average price by cut",
        "how many rows have cut = Ideal",
        "top 5 by price",
        "show the distribution of price",
        "which columns have missing values?",
        "are there duplicates in the data",
        "what correlates with price?",
        "plot carat against price",
        "total revenue per month from the excel file",
        "give me an overview of the dataset",
        "analyse the attached data and show me a chart",
        "how many customers are there per country?",
        "what is the median salary for women",
        "show me the first 10 rows",
        "what columns does the table have",
        "make a histogram of age",
        "number of orders above 500 by region",
        "beschreibe die Tabelle",
        "have a look at this and tell me if anything odd jumps out",
        "what's in this file",
        "how many customers per country",
        "avg revenue per region",
        "which month was best",
        "show me sales over time",
        "any missing data?",
        "clean this up and tell me what you see",
        "best selling products",
        "give me the numbers by category",
        "what does the data look like",
        "compare sales between stores",
        "outliers in the amount column?",
    ),
    cues=(
        rf"\b(?:describe|analy[sz]e|summar[iy][sz]e|profile|explore|inspect|look at|overview of|summary of|"
        rf"statistics (?:of|for|on))\b[^.?!]{{0,40}}\b{_TABLE}\b",
        r"\b(?:average|mean|median|total|sum|minimum|maximum|highest|lowest|number|count)\b[^.?!]{0,40}"
        r"\b(?:by|per|for each|grouped by)\b",
        r"\bhow many\b[^.?!]{0,30}\b(?:rows?|columns?|records|entries|values|duplicates|have|"
        r"are there (?:per|by|with|where))\b",
        r"\b(?:top|bottom|first|last) \d+ (?:\w+ )?(?:rows?|by|most|highest|with)\b|\b(?:top|bottom) \d+\b",
        r"\b(?:distribution|histogram|box ?plot|scatter ?plot|bar chart|pie chart|heat ?map)\b",
        r"\bcorrelat\w*\b",
        r"\b(?:missing|null|empty|duplicated?) (?:values?|rows?|cells?|entries|data)\b|\bduplicates\b",
        rf"\b(?:plot|chart|graph|visuali[sz]e)\b[^.?!]{{0,40}}\b(?:{_TABLE}|by|over|against|versus|vs|of)\b",
        rf"\bwhat(?:'s| is| are)\b[^.?!]{{0,20}}\bin (?:the|this|my) (?:attached |uploaded )?(?:file|{_TABLE})\b",
        rf"\bwhat (?:does|do) (?:the|this|my) (?:\w+ )?{_TABLE} look like\b",
        r"\b(?:what|which|list the|show the) columns\b(?! matter)",
        r"\bgroup(?:ed)? by\b",
        r"\bwhat(?:'s| is| was) the (?:average|mean|median|total|minimum|maximum|highest|lowest|largest|smallest)\b",
        r"\bbeschreib\w*\b[^.?!]{0,30}\btabelle\b|\bdurchschnitt\w*\b[^.?!]{0,30}\b(?:nach|pro|je)\b",
    ),
    task=AnalysisTask,
    run=run,
    needs=needs_table,
    makes=("dataset",),
    takes=("table", "dataset"),
)
