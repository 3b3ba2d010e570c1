"""Says why a trained model predicts what it does, in words and three pictures."""

from __future__ import annotations

import asyncio
import re
from concurrent.futures import Future
from pathlib import Path
from typing import Annotated, Any

import anyio
from pydantic import BaseModel

from agents.deps import Deps
from agents.spec import AgentError, AgentSpec, Artifact, Finding, Given, Record, Slot, Source
from agents.tools.documents.citations import plain
from agents.tools.tables.model_registry import meant
from agents.tools.tables.model_runs import open_run, trained_on
from automl.explaining import FIRST, FIRST_ROWS, FIRST_TOLD
from automl.studio import EMBEDDER

SECONDS = 300.0
ORDINALS = ("first", "second", "third", "fourth", "fifth")
ROW = re.compile(
    r"\b(?:row|line|record|zeile|ligne|fila|linha|riga|number|(?:customer|client|guest|user|patient|order|case|house|"
    r"student|member|kunde|gast|fall|cliente?|cas|caso|ospite|commande|pedido)(?: (?:no\.?|number|nr\.?))?)\s*"
    r"(?:no\.?|number|nr\.?|#)?\s*(?P<number>\d{1,7})\b|(?<!\w)#(?P<hash>\d{1,7})\b"
    rf"|\b(?:the\s+)?(?:(?P<ordinal>{'|'.join(ORDINALS)})|(?P<nth>\d{{1,7}})(?:st|nd|rd|th))\s+(?:row|line|record)\b",
    re.IGNORECASE,
)
NO_MODEL = "There is no trained model to explain yet; attach a CSV or Excel file and say which column to predict."


class ExplainTask(BaseModel):
    """Which model to explain; with none, the newest one. `rows` is how many rows to look at, `row` the only one."""

    model_run: Annotated[str | None, Slot("record:model_run")] = None
    rows: int = 1_000
    row: int | None = None


def read(clause: str) -> dict[str, Any]:
    """How many rows the user wants looked at, or which one, if they say."""
    one = ROW.search(clause)
    if one:
        word = (one["ordinal"] or "").lower()
        return {
            "row": ORDINALS.index(word) + 1 if word in ORDINALS else int(one["number"] or one["hash"] or one["nth"])
        }
    match = re.search(r"\b(\d[\d,]*)\s+(?:rows|samples|points|records)\b", clause, re.IGNORECASE)
    count = int(match[1].replace(",", "")) if match else 0
    return {"rows": min(count, 2_000)} if count else {}


async def run(task: ExplainTask, given: Given, deps: Deps) -> Finding:
    """Explain a run. Raises AgentError and JobError."""
    found = await open_run(task.model_run or await meant(given.text, deps) or _from_before(given), deps)
    if found is None:
        raise AgentError(NO_MODEL)
    run_id, folder = found[0].id, found[1]
    if task.row is not None:
        return await _one(task.row, run_id, folder, given, deps)
    async with anyio.TemporaryDirectory() as drawn:
        arguments = {"run_dir": str(folder), "rows": task.rows, "out": drawn, "embedder": EMBEDDER}
        shown: list[Future[None]] = []
        loop = asyncio.get_running_loop()

        def progress(text: str, part: float | None = None) -> None:
            deps.progress(text, part)
            if text == FIRST_TOLD:
                shown.append(asyncio.run_coroutine_threadsafe(_first(Path(drawn) / FIRST, deps), loop))

        try:
            result = await deps.jobs.run("automl.explaining:explain", arguments, progress=progress, seconds=SECONDS)
        finally:
            await asyncio.gather(*map(asyncio.wrap_future, shown))
        artifacts = []
        for key, caption in CAPTIONS.items():
            path = Path(result[key])
            stored = await deps.stores.files.put(path, path.name, user=deps.user, thread=deps.thread, made_by="explain")
            artifacts.append(Artifact(stored.id, stored.name, stored.mime, caption))
    target = plain(result["target"])
    return Finding(
        agent="explain",
        ok=True,
        text=f"**What moves the prediction of {target}**, seen on {result['rows']:,} rows.\n\n{result['text']}",
        data={"run_id": run_id, "target": result["target"], "drivers": result["drivers"], "rows": result["rows"]},
        records=(Record("model_run", run_id, f"model for {result['target']}"),),
        sources=(Source(f"model for {result['target']}", f"{result['rows']:,} rows"),),
        artifacts=tuple(artifacts),
        trust="outside",
        offers=_offers(result),
    )


async def _first(path: Path, deps: Deps) -> None:
    """Show a picture of the first rows while the others are looked at."""
    kept = await deps.stores.files.put(path, "first look.png", user=deps.user, thread=deps.thread, made_by="explain")
    deps.show(Artifact(kept.id, kept.name, kept.mime, f"A first look, at {FIRST_ROWS} rows; all of them follow"))


async def _one(row: int, run_id: str, folder: Path, given: Given, deps: Deps) -> Finding:
    """Why one row of the table gets its prediction."""
    table = await trained_on(folder, given, deps)
    async with anyio.TemporaryDirectory() as drawn:
        arguments = {
            "run_dir": str(folder),
            "row": row,
            "data": await deps.lay(table),
            "name": table.name,
            "out": drawn,
            "embedder": EMBEDDER,
        }
        result = await deps.jobs.run(
            "automl.explaining:explain_one", arguments, progress=deps.progress, seconds=SECONDS
        )
        picture = Path(result["waterfall"])
        kept = await deps.stores.files.put(picture, picture.name, user=deps.user, thread=deps.thread, made_by="explain")
    return Finding(
        agent="explain",
        ok=True,
        text=result["text"],
        data={"run_id": run_id, "target": result["target"], "row": row, "steps": result["steps"]},
        records=(Record("model_run", run_id, f"model for {result['target']}"),),
        sources=(Source(table.name, f"row {row:,}"),),
        artifacts=(Artifact(kept.id, kept.name, kept.mime, f"From what is usual to the prediction for row {row:,}"),),
        trust="outside",
        offers=("Explain the model", "Give me the report on the model as PDF"),
    )


def _from_before(given: Given) -> str | None:
    runs = [r.id for finding in given.findings.values() for r in finding.records if r.kind == "model_run"]
    return runs[-1] if runs else None


def _offers(result: dict[str, Any]) -> tuple[str, ...]:
    strongest = [f"Train again without the column {driver['column']}" for driver in result["drivers"][:1]]
    return (f"Show the distribution of {result['target']}", *strongest)


CAPTIONS = {
    "beeswarm": "Each dot is a row: how far each column moved its prediction, and whether its value was low or high",
    "importance": "How much each column moves a prediction on average",
    "dependence": "How the effect of the strongest column goes with its value",
}

AGENT = AgentSpec(
    name="explain",
    title="Explain",
    description="Explains a trained model with SHAP: which columns move its predictions, and which way, in pictures.",
    examples=(
        "explain the model",
        "explain it",
        "explain the predictions with SHAP",
        "why does the model predict that?",
        "which columns matter most?",
        "what are the most important features",
        "show me the feature importance",
        "what drives the predictions?",
        "show the beeswarm plot",
        "how does the model decide?",
        "make a SHAP beeswarm so my client understands the model",
        "what influences the price most according to the model",
        "give me an explanation of the result in plain words",
        "tell me why it predicts these values",
        "which variables have the biggest effect?",
        "erkläre das Modell",
        "what were the most important columns in that model",
        "how did it come to that prediction",
        "why does the model say that",
        "what matters most in it",
        "what's behind these predictions",
        "which factors push the price up",
        "make me a picture of what drives it",
        "explain the model to my client",
        "I don't understand the model, what is it looking at",
        "show me why",
        "warum sagt das Modell das voraus",
    ),
    cues=(
        r"\bshap\b|\bbee ?swarm\b",
        r"\bexplain(?:s|ing)?\b[^.?!]{0,30}"
        r"\b(?:model|predictions?|forecast|result|results|features?|it|that|run)\b(?! clause)",
        r"\bexplanation\b(?! of (?:the )?(?:clause|contract))",
        r"\b(?:feature|variable|column)s? importances?\b",
        r"\bimportan(?:t|ce of)(?: the)? (?:features?|columns?|variables?|factors?)\b",
        r"\bwhich (?:columns?|features?|variables?|factors?)\b[^.?!]{0,20}"
        r"\b(?:matter|count|important|drive|influence|effect|affect)",
        r"\bwhy (?:does |did |is )?(?:the model|it) (?:predict|say|think|decide)",
        r"\bhow (?:does|did) (?:the|this|that|my) model (?:work|decide|predict|come)",
        r"\b(?:according to|in|of) (?:the|this|that|my) model\b",
        r"\bwhat (?:matters|counts|drives|influences|moves|affects)\b[^.?!]{0,30}\b(?:model|predictions?)\b",
        r"\bwhat (?:drives|moves|influences) (?:the |its )?(?:model|predictions?)\b",
        r"\berklär\w*\b[^.?!]{0,20}\bmodell\b",
        r"\bmost import\w+\b",
        r"\bhow (?:does|did|do) (?:it|the model|they|this) (?:come|arrive|get|decide|reach|work)\b[^.?!]{0,30}",
        r"\bwhy (?:do|does|did|is|are)?\s*(?:the|this|that|these|those|its?)?\s*(?:model|predictions?|forecasts?)\b",
        r"\b(?:why|explain|waterfall|what (?:pushed|tipped|made|moved))\b[^.?!]{0,40}\b(?:row|record)\s*#?\d+",
        r"\bwhat(?:'s| is| are)? (?:driving|behind|pushing|moving|influencing)\b|\bwhat (?:matters|counts|drives)\b",
        r"\b(?:model|prediction)s?\b[^.?!]{0,30}"
        r"\b(?:in plain (?:words|english)|for my client|to my client|understand)\b",
    ),
    task=ExplainTask,
    run=run,
    read=read,
    makes=(),
    takes=("model_run",),
)
