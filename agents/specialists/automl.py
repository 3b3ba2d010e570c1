"""Trains a model on the client's table and says honestly how good it is."""

from __future__ import annotations

import asyncio
import logging
import re
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel

from agents.deps import Deps
from agents.spec import AgentSpec, Artifact, Finding, Given, Record, Slot, Source
from agents.tools.tables.model_registry import register
from agents.tools.tables.model_runs import keep_run, new_run, open_run
from agents.tools.tables.model_words import model_words
from agents.tools.tables.row_groups import JOBS, row_groups
from agents.tools.tables.table_files import ASK, needs_table, table_file
from automl.manifest import load_manifest
from automl.report import report
from automl.studio import EMBEDDER, STOP
from memory.files import FileRef

log = logging.getLogger("freelancex.automl")

GRACE_S = 300.0
"""Seconds beyond the budget for reading, cleaning and judging, before the job counts as stuck."""

LAST_S = 10.0
"""Seconds that a stopped training has to end by itself and keep what it has, before its process is ended."""


class ModelTask(BaseModel):
    """What to learn from which table. `target` and `ignore` are columns as the user named them."""

    data: Annotated[str | None, Slot("file:table", ASK)] = None
    dataset: Annotated[str | None, Slot("record:dataset")] = None
    target: str | None = None
    ignore: list[str] = []
    kind: str | None = None
    seconds: float | None = None


async def run(task: ModelTask, given: Given, deps: Deps) -> Finding:
    """Train within the budget. Raises AgentError and JobError.

    Stopped, it lets go at once; the training hears of it too, ends early, and keeps the best model it has by then.
    """
    file = await table_file(task.data or task.dataset, given, deps)
    said = model_words(given.message)
    kind = task.kind or said.get("kind")
    if kind in JOBS:
        return await row_groups(kind, file, given.text, task.ignore or said.get("ignore", []), deps)
    budget = task.seconds or said.get("seconds") or deps.settings.automl_budget_s
    folder = new_run(deps)
    arguments: dict[str, Any] = {
        "data": await deps.lay(file),
        "name": file.name,
        "target": task.target or said.get("target") or await _again(given.text, deps),
        "task": kind,
        "ignore": task.ignore or said.get("ignore", []),
        "hint": given.text,
        "budget": budget,
        "out": str(folder),
        "owner": deps.user,
        "embedder": EMBEDDER,
    }
    deps.progress(f"Starting with {file.name}; if you stop me, I keep the best model so far", 0.0)
    training = asyncio.ensure_future(_trained(file, arguments, folder, deps))
    try:
        return await asyncio.shield(training)
    except asyncio.CancelledError:
        training.add_done_callback(_ended)
        asyncio.get_running_loop().call_later(LAST_S, training.cancel)
        await asyncio.to_thread(_stop, folder)
        raise


async def _trained(file: FileRef, arguments: dict[str, Any], folder: Path, deps: Deps) -> Finding:
    def progress(text: str, part: float | None = None) -> None:
        if not (folder / STOP).exists():  # the turn that showed it is over
            deps.progress(text, part)

    try:
        seconds = arguments["budget"] + GRACE_S
        result = await deps.jobs.run("automl.studio:run", arguments, progress=progress, seconds=seconds)
        artifacts = []
        for key, caption in ((key, CAPTIONS[key]) for key in CAPTIONS if key in result["files"]):
            path = Path(result["files"][key])
            stored = await deps.stores.files.put(path, path.name, user=deps.user, thread=deps.thread, made_by="automl")
            artifacts.append(Artifact(stored.id, stored.name, stored.mime, caption))
        source = (await asyncio.to_thread(load_manifest, folder)).source
        kept = await keep_run(folder, deps)
        compared = await register(kept, file, source.sha256 if source else "", result, deps)
        run_id = kept.id
    finally:
        await asyncio.to_thread(deps.stores.files.desk.wipe, folder.name)
    return Finding(
        agent="automl",
        ok=True,
        text="\n\n".join(filter(None, (report(result), compared))),
        data={key: result[key] for key in KEPT if key in result} | {"run_id": run_id},
        records=(
            Record("model_run", run_id, f"model for {result['target']}"),
            Record("dataset", file.id, file.name),
        ),
        sources=(Source(file.name, f"{result['rows']['read']:,} rows"),),
        artifacts=tuple(artifacts),
        trust="outside",
        offers=(
            *(("Explain the model", "Give me the report on the model as PDF") if result["task"] != "series" else ()),
            f"Show the distribution of {result['target']}",
            f"Describe {file.name}",
        ),
    )


def _stop(folder: Path) -> None:
    with suppress(FileNotFoundError):  # it ended just now
        (folder / STOP).touch()


def _ended(training: asyncio.Future[Finding]) -> None:
    """Note how a training ended that nobody waits for any more."""
    if not training.cancelled() and (error := training.exception()):
        log.info("a training that was stopped kept nothing: %s", type(error).__name__)


async def _again(clause: str, deps: Deps) -> str | None:
    """The target of the newest model, when the user wants it trained again."""
    if not re.search(r"\bagain\b|\bretrain\b|\bonce more\b|\bnochmal\b", clause, re.IGNORECASE):
        return None
    before = await open_run(None, deps)
    return str(load_manifest(before[1]).config["target"]) if before else None


CAPTIONS = {
    "forecast": "What is forecast to come, with intervals",
    "predictions": "The rows held out, with what the model predicted for them",
    "report": "The report on the model",
}
KEPT = (
    "target",
    "task",
    "metric",
    "score",
    "interval",
    "metrics",
    "baseline",
    "leaderboard",
    "rows",
    "dropped",
    "timings",
    "warnings",
    "series",
    "costs",
    "curve",
)

AGENT = AgentSpec(
    name="automl",
    title="AutoML",
    description=(
        "Trains a prediction model on a CSV or Excel table: cleans it, finds the task, compares models and says how "
        "good the best one is on rows it has not seen."
    ),
    examples=(
        "train a model to predict price from this file",
        "predict churn with the attached CSV",
        "build me a machine learning model for the price column",
        "can you make a prediction model from my client's spreadsheet?",
        "run automl on diamonds.csv",
        "fit a classifier that tells which customers will leave",
        "my client wants to forecast sales from this data",
        "what drives price? train a model on the attached table",
        "build a model from this csv and explain it",
        "create a regression model for salary using the excel file",
        "classify the rows by species",
        "try some models on this dataset and tell me which is best",
        "model the target column survived, ignore the passenger id",
        "how well can price be predicted from the other columns?",
        "train again without the column carat",
        "make a predictive model, target is default_payment",
        "use machine learning to estimate house prices from the data I uploaded",
        "erstelle ein Modell, das den Preis vorhersagt",
        "can you build something that guesses whether an invoice gets paid late? column is paid_late",
        "which customers will cancel next month, make a classifier for it",
        "retrain it with quantity as the target",
        "predict who churns",
        "can you forecast demand from this",
        "forecast sales for the next 4 weeks",
        "I want to know which leads will convert, train on this file",
        "fit a model for salary",
        "use this to estimate delivery time",
        "a model for revenue",
        "how accurately can we predict returns",
        "segment my customers into groups",
        "cluster the rows of this table",
        "which customers belong together? find clusters",
        "find anomalies in this table",
    ),
    cues=(
        r"\b(?:train|fit|build|create|make|develop|learn|need|want|get|try|compare)\b[^.?!]{0,40}"
        r"\b(?:model|classifier|regressor|predictor)s?\b",
        r"\b(?:predict|forecast)(?:s|ing|ed|ive|ion|ions)?\b(?!\s+(?:text|my rate))",
        r"\bauto[- ]?ml\b|/automl\b",
        r"\b(?:cluster|segment)(?:s|ing|ation)?\b[^.?!]{0,30}\b(?:customers|clients|rows|table|data|file|csv)\b",
        r"\banomal(?:y|ies)\b|\b(?:odd|unusual) rows\b",
        r"\bmachine[- ]learning\b|\blightgbm\b|\bgradient boosting\b",
        r"\b(?:regression|classification)\b",
        r"\bclassify\b",
        r"\b(?:re)?train(?: (?:it|the model|a model|one))?(?: again| once more)\b|\bretrain\b",
        r"\b(?:target|dependent) (?:column|variable)\b|\btarget(?: is|:|=)",
        r"\bmodel (?:for|of|on) (?!a (?:client|invoice|contract))",
        r"\b(?:trainiere|modell)\b|\bvorhersag\w*",
        r"\b(?:guess|tell|know|work out|figure out|estimate|anticipate|score)(?:s|es|ing)?\b"
        r"[^.?!]{0,30}\b(?:whether|if|which|who|how likely)\b",
        r"\bwhich (?:customers|clients|users|members|employees|people|patients|leads|orders|accounts|subscribers)\b"
        r"[^.?!]{0,20}\b(?:will|are going to|might|are likely)\b",
        r"\bclassif(?:y|ier|er|ication|ying)\b",
        r"\bretrain\b|\bas the target\b|\btarget[:=]?\s+\w+",
    ),
    task=ModelTask,
    run=run,
    needs=needs_table,
    read=model_words,
    makes=("model_run", "dataset"),
    takes=("table", "dataset"),
    writes=True,
)
