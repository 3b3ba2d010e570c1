"""The books as a whole: undo the last change, import and export tables, a sample business to look around in."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime
from typing import Any, Literal

from pydantic import BaseModel

from agents.deps import Deps
from agents.spec import AgentSpec, Artifact, Finding, Given
from agents.tools.exporting import as_zip, calendar_of, tables
from agents.tools.importing import NAME, carry_out, propose
from agents.tools.markdown import plain
from memory.business.sample import fill, remove
from memory.business.undo import undo

_SAMPLE = re.compile(
    r"\b(?:sample|demo|example|muster|beispiel)[ -]?(?:business|data|records|books|daten|\w*firma)?\b", re.I
)
_REMOVE = re.compile(r"\b(?:remove|delete|clear|take (?:it |\w+ )*away|get rid|entfern\w*|lösch\w*|wipe)\b", re.I)
_IMPORT = re.compile(
    r"\b(?:import|take in|load|read in|migrate|importier\w*|importa\w*|importe\w*|bank statement|kontoauszug)\b",
    re.I,
)
_EXPORT = re.compile(r"\b(?:export\w*|download|hand out|exportier\w*)\b", re.I)
_KINDS = (
    ("payments", r"\b(?:bank|statement|payments?|kontoauszug|account movements?|transactions?)\b"),
    ("hours", r"\b(?:hours|time ?sheets?|time entries|tracked time|toggl|kimai|harvest|stunden)\b"),
    ("clients", r"\b(?:clients?|customers?|contacts?|kunden|invoice ?ninja)\b"),
)


class RecordsTask(BaseModel):
    """What to do with the books; `kind` is what a table holds, where the user says so."""

    action: Literal["undo", "import", "export", "fill", "remove"] = "undo"
    kind: Literal["", "hours", "clients", "payments"] = ""


def read(clause: str) -> dict[str, Any]:
    """Which of these is asked for."""
    if _SAMPLE.search(clause) and not _IMPORT.search(clause):
        return {"action": "remove" if _REMOVE.search(clause) else "fill"}
    kind = next((name for name, cue in _KINDS if re.search(cue, clause, re.IGNORECASE)), "")
    if _EXPORT.search(clause):
        return {"action": "export"}
    if _IMPORT.search(clause):
        return {"action": "import", "kind": kind}
    return {"action": "undo"}


async def run(task: RecordsTask, given: Given, deps: Deps) -> Finding:
    """Do it. Raises Mendable."""
    match task.action:
        case "import":
            return await propose(task.kind, given, deps)
        case "export":
            return await _export(deps)
        case "fill":
            counts = await fill(deps.stores, deps.user, deps.today)
            text = (
                f"A sample business is in your books: {counts['clients']} clients, {counts['leads']} leads, "
                f"{counts['projects']} projects, {counts['time_entries']} time entries, {counts['invoices']} invoices "
                "of the last year. Look around, and say “remove the sample business” when you are done."
            )
            return Finding(NAME, True, text, data=counts, offers=("what is my win rate?", "remove the sample business"))
        case "remove":
            gone = await remove(deps.stores, deps.user)
            text = (
                f"The sample business is gone: {gone} rows." if gone else "There is no sample business in your books."
            )
            return Finding(NAME, True, text, data={"removed": gone})
    return await _undo(deps)


async def _undo(deps: Deps) -> Finding:
    done = await undo(deps.stores.database, deps.user)
    lines = []
    for kind, many in Counter(one.kind for one in done).items():
        some = [one for one in done if one.kind == kind]
        if many > 3:
            lines.append(f"- {many} × {kind}")
            continue
        for one in some:
            how = "stays, because other records name it" if one.kept else f"“{one.action}” is taken back"
            lines.append(f"- {kind} {plain(one.name)}: {how}")
    text = "Taken back:\n\n" + "\n".join(lines)
    return Finding(NAME, True, text, data={"undone": [[one.kind, one.record] for one in done]}, offers=("undo that",))


async def _export(deps: Deps) -> Finding:
    found = await tables(deps.stores, deps.user)
    calendar = calendar_of(await deps.stores.invoices.all(deps.user, states=("sent",)), datetime.now(UTC))
    name = f"business-{deps.today.isoformat()}.zip"
    packed = as_zip(found, calendar)
    file = await deps.stores.files.put(packed, name, user=deps.user, thread=deps.thread, made_by=NAME)
    counts = ", ".join(f"{len(rows) - 1} {title.removesuffix('.csv')}" for title, rows in found.items())
    text = f"Your business as CSV, with open invoices as a calendar: {counts}."
    return Finding(NAME, True, text, data={"file": file.id}, artifacts=(Artifact(file.id, file.name, file.mime),))


AGENT = AgentSpec(
    name=NAME,
    title="Records",
    description="Undoes your last change, imports and exports tables, and makes a sample business.",
    examples=(
        "undo that",
        "undo the last change",
        "take that back",
        "revert what you just did",
        "import this bank statement",
        "import my time sheet from Toggl",
        "import these clients",
        "load my Kimai hours",
        "export my business as CSV",
        "export my hours and invoices",
        "fill in a sample business",
        "show me the app with sample data",
        "remove the sample business",
        "mach das rückgängig",
        "importiere diesen Kontoauszug",
        "fülle ein Musterunternehmen ein",
        "deshaz eso",
        "annule la dernière modification",
    ),
    task=RecordsTask,
    run=run,
    read=read,
    cues=(
        r"^\W*(?:please )?(?:undo|revert)\b|\bundo (?:that|it|this|the last)\b",
        r"\btake (?:that|it) back\b|\brückgängig\b",
        r"\b(?:sample|demo) (?:business|data|records|books)\b|\bmuster(?:firma|unternehmen|daten)\b",
        r"\bimport\w*\b|\bbank statement\b|\bkontoauszug\b",
        r"\bexport\b[^.?!]{0,40}\b(?:csv|business|hours|invoices|clients|books|records)\b",
    ),
    effects={"import": carry_out},
    takes=("dataset",),
    writes=True,
)
