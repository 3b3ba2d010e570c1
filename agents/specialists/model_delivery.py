"""Hands a trained model over: the report for the client, predictions for new rows, or the model as a package."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any, Literal

import anyio
from pydantic import BaseModel

from agents.deps import Deps
from agents.spec import AgentError, AgentSpec, Artifact, Finding, Given, Record, Slot, Source
from agents.tools.documents.citations import plain
from agents.tools.tables.model_registry import CALL, listed, meant
from agents.tools.tables.model_runs import open_run
from automl.studio import EMBEDDER
from memory.files import FileRef

NAME = "model_delivery"
SECONDS = 600.0
NO_MODEL = "There is no trained model yet; attach a CSV or Excel file and say which column to predict."
NEW_ROWS = "Which rows shall I predict? Please attach a table with the model's columns."

Act = Literal["report", "predict", "package", "list", "name"]
ACTS: tuple[tuple[Act, str], ...] = (
    ("list", r"\b(?:which|what|list|show|all)\b[^.?!]{0,25}\b(?:models|versions)\b|\bmodelle\b"),
    ("name", CALL.pattern),
    ("package", r"\b(?:package|docker\w*|api|deploy\w*|export\w*|hand over|fastapi|zip|exportier\w*|paket)\b"),
    ("report", r"\b(?:report|pdf|word|docx|html|write[- ]?up|bericht|rapport|informe|relat[óo]rio)\b"),
    (
        "predict",
        r"\b(?:predict\w*|score|scoring|apply|use|run|new (?:rows|data|file|customers)|vorhersag\w*|anwend\w*)\b",
    ),
)
FORMATS = {
    "pdf": r"\bpdf\b",
    "docx": r"\b(?:docx?|word)\b",
    "html": r"\b(?:html|web ?page|browser)\b",
    "charts": r"\b(?:interactive|charts?|plots?)\b",
}


class DeliveryTask(BaseModel):
    """What to hand over of which model; with none, the newest one. `formats` are those of the report."""

    model_run: Annotated[str | None, Slot("record:model_run")] = None
    act: Act = "report"
    formats: list[str] = []


def read(clause: str) -> dict[str, Any]:
    """What is wanted, and the report's formats."""
    act = next((act for act, pattern in ACTS if re.search(pattern, clause, re.IGNORECASE)), "report")
    formats = [name for name, pattern in FORMATS.items() if re.search(pattern, clause, re.IGNORECASE)]
    return {"act": act} | ({"formats": formats} if act == "report" and formats else {})


async def run(task: DeliveryTask, given: Given, deps: Deps) -> Finding:
    """Make the files. Raises AgentError and JobError."""
    before = [r.id for finding in given.findings.values() for r in finding.records if r.kind == "model_run"]
    wanted = task.model_run or await meant(given.text, deps) or (before[-1] if before else None)
    if task.act == "list":
        return await _list(deps)
    found = await open_run(wanted, deps)
    if found is None:
        raise AgentError(NO_MODEL)
    if task.act == "name" and (called := CALL.search(given.text)):
        await deps.stores.models.name(deps.user, found[0].id, called["name"])
        text = f"That model is called {plain(called['name'])} now; say that name, and I use it."
        return Finding(agent=NAME, ok=True, text=text, records=(Record("model_run", found[0].id, called["name"]),))
    sent = [file for file in given.files if file.kind == "table"]
    if task.act == "predict" and not sent:
        raise AgentError(NEW_ROWS)
    async with anyio.TemporaryDirectory() as drawn:
        job, arguments = await _job(task, sent, str(found[1]), drawn, deps)
        result = await deps.jobs.run(job, arguments, progress=deps.progress, seconds=SECONDS)
        artifacts = []
        for path in _paths(task.act, result):
            name = path.name if task.act != "predict" else f"predictions for {Path(sent[0].name).stem}.csv"
            kept = await deps.stores.files.put(path, name, user=deps.user, thread=deps.thread, made_by=NAME)
            artifacts.append(Artifact(kept.id, kept.name, kept.mime, ""))
    return Finding(
        agent=NAME,
        ok=True,
        text=_text(task.act, result),
        data={"act": task.act, "target": result["target"], "run_id": found[0].id},
        records=(Record("model_run", found[0].id, f"model for {result['target']}"),),
        sources=(Source(f"model for {result['target']}"),),
        artifacts=tuple(artifacts),
        trust="outside",
        offers=tuple(offer for act, offer in OFFERS.items() if act != task.act),
    )


async def _list(deps: Deps) -> Finding:
    rows = await deps.stores.models.of(deps.user)
    if not rows:
        raise AgentError(NO_MODEL)
    records = tuple(Record("model_run", row.id, f"model for {row.target}, version {row.version}") for row in rows)
    offers = ("Explain the model", OFFERS["report"])
    return Finding(agent=NAME, ok=True, text=listed(rows), records=records, trust="outside", offers=offers)


async def _job(
    task: DeliveryTask, sent: list[FileRef], run_dir: str, drawn: str, deps: Deps
) -> tuple[str, dict[str, Any]]:
    said = {"embedder": EMBEDDER}
    if task.act == "report":
        return "automl.delivery:deliver", {"run_dir": run_dir, "out": drawn, "formats": task.formats or ["pdf"]} | said
    if task.act == "package":
        return "automl.delivery:package", {"run_dir": run_dir, "out": drawn}
    out = str(Path(drawn) / "predictions.csv")
    return "automl.studio:predict", {
        "run_dir": run_dir,
        "data": await deps.lay(sent[0]),
        "out": out,
        "name": sent[0].name,
        **said,
    }


def _paths(act: Act, result: dict[str, Any]) -> list[Path]:
    if act == "report":
        return [Path(path) for path in result["files"].values()]
    return [Path(result["zip"] if act == "package" else result["out"])]


def _text(act: Act, result: dict[str, Any]) -> str:
    target = plain(result["target"])
    if act == "report":
        names = " and ".join(name.upper() for name in result["files"] if name != "charts")
        if not names:
            return (
                f"Here are the charts of the model for {target} as one page; open it and hover over them, or zoom in."
            )
        return f"Here is the report on the model for {target} as {names}, with pictures, ready for your client."
    if act == "package":
        return (
            f"Here is the model for {target} as a Python package, {result['name']}. It needs no FreelanceX: it has its "
            "own code, a web service (serve.py) and a Dockerfile; README.md says how to use it."
        )
    first = ", ".join(plain(f"{value:,.6g}" if isinstance(value, float) else str(value)) for value in result["head"])
    lines = [f"Here are {result['rows']:,} predictions of {target}; the first are {first}."]
    if result["warnings"]:
        lines += ["", "**Please note**", *(f"- {plain(line)}" for line in result["warnings"])]
    return "\n".join(lines)


OFFERS = {
    "report": "Give me the report on the model as PDF",
    "package": "Export the model as a Python package",
}

AGENT = AgentSpec(
    name=NAME,
    title="Model delivery",
    description=(
        "Hands a trained model over: a report for the client as PDF, Word or HTML, predictions for the rows of a new "
        "file, or the model as a Python package with a web service."
    ),
    examples=(
        "give me the report on the model as PDF",
        "export the model as a Python package",
        "predict the rows of this new file with the model",
        "write the model report for my client as word document",
        "use the trained model on the attached file",
        "apply the model to these new customers",
        "score this list with the model we trained",
        "I need a PDF about the model for my client",
        "package the model with docker",
        "how can my client's developer use the model? give me the code",
        "make an API out of the model",
        "which models do I have?",
        "list the versions of the model",
        "call this model champion",
        "model report as html",
    ),
    cues=(
        r"\b(?:report|pdf|write[- ]?up|word document)\b[^.?!]{0,30}\b(?:on|about|of|for) (?:the|this|my|our) model\b",
        r"\b(?:the|this|that|my|our) model(?:'s)?\b[^.?!]{0,20}\b(?:report|as (?:an? )?(?:pdf|word|html))\b",
        r"\bmodel report\b",
        r"\b(?:list|show|which|what)\b[^.?!]{0,20}\b(?:trained models|my models|models do i have)\b",
        r"\bversions of (?:the|my) model\b",
        r"\b(?:call|name|tag|label) (?:this|the|that|my) model\b",
        r"\b(?:export|package|pack|deploy|dockeri[sz]e|ship|download|hand over)\b[^.?!]{0,30}\bmodel\b",
        r"\b(?:apply|use|run)\b[^.?!]{0,15}\b(?:the|this|my|our) (?:trained )?model\b[^.?!]{0,20}\b(?:on|to|for)\b",
        r"\b(?:predict|score)\b[^.?!]{0,40}\bwith (?:the|this|that|my|our) (?:trained |same )?model\b",
        r"\bmodell?(?:s)?\b[^.?!]{0,20}\b(?:exportier|anwenden|bericht)\w*|\bbericht\b[^.?!]{0,20}\bmodell\b",
    ),
    task=DeliveryTask,
    run=run,
    read=read,
    takes=("model_run", "table"),
    makes=("model_run",),
    writes=True,
)
