"""The books as a whole: undo the last change, import and export tables, a sample business to look around in."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime
from typing import Any, Literal

from pydantic import BaseModel

from agents.deps import Deps
from agents.spec import AgentError, AgentSpec, Artifact, Finding, Given
from agents.tools.billing.invoice_requests import read_number
from agents.tools.business.exporting import as_zip, calendar_of, tables
from agents.tools.business.importing import NAME, carry_out, propose, with_columns
from agents.tools.text.markdown import plain
from config.dates import day_text
from memory.business.changes import recent
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
_HISTORY = re.compile(r"\bhistory\b|\bwhat (?:has |was |did i |have i )?changed?\b|\bverlauf\b|\bhistorial\b", re.I)
SHOWN = 15
_KINDS = (
    ("payments", r"\b(?:bank|statement|payments?|kontoauszug|account movements?|transactions?)\b"),
    ("hours", r"\b(?:hours|time ?sheets?|time entries|tracked time|toggl|kimai|harvest|stunden)\b"),
    ("clients", r"\b(?:clients?|customers?|contacts?|kunden|invoice ?ninja)\b"),
)


class RecordsTask(BaseModel):
    """What to do with the books; `kind` is what a table holds, where the user says so."""

    action: Literal["undo", "history", "import", "export", "fill", "remove"] = "undo"
    number: str | None = None
    kind: Literal["", "hours", "clients", "payments"] = ""


def read(clause: str) -> dict[str, Any]:
    """Which of these is asked for."""
    if _SAMPLE.search(clause) and not _IMPORT.search(clause):
        return {"action": "remove" if _REMOVE.search(clause) else "fill"}
    if _HISTORY.search(clause):
        number = read_number(clause, "show")
        return {"action": "history", **({"number": number} if number else {})}
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
        case "history":
            return await _history(task.number, deps)
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


async def _history(number: str | None, deps: Deps) -> Finding:
    """What was changed last, of one invoice or of everything."""
    invoice = await deps.stores.invoices.find(number, user=deps.user) if number else None
    if number and invoice is None:
        raise AgentError(f"There is no invoice {number}; say “list my invoices” to see their numbers.")
    found = await recent(deps.stores.database, deps.user, SHOWN, invoice.id if invoice else "")
    if not found:
        return Finding(NAME, True, "Nothing was changed in your records yet.", data={"changes": []})
    lines = []
    for one in found:
        fields = [
            f"{name} {plain(str(value), 40)}" for name, value in one.after.items() if isinstance(value, str) and value
        ]
        told = f": {', '.join(fields[:3])}" if fields else ""
        lines.append(f"- {day_text(one.at, '%-d %b %Y, %H:%M')} UTC, {one.kind} {one.action}{told}")
    text = f"The last changes of {f'invoice **{number}**' if number else 'your records'}:\n\n" + "\n".join(lines)
    return Finding(NAME, True, text, data={"changes": [one.id for one in found]}, offers=("undo that",))


async def _export(deps: Deps) -> Finding:
    found = await tables(deps.stores, deps.user)
    sent = await deps.stores.invoices.all(deps.user, states=("sent",))
    projects = await deps.stores.projects.all(deps.user, state="open")
    calendar = calendar_of(sent, projects, datetime.now(UTC))
    name = f"business-{deps.today.isoformat()}.zip"
    packed = as_zip(found, calendar)
    file = await deps.stores.files.put(packed, name, user=deps.user, thread=deps.thread, made_by=NAME)
    counts = ", ".join(f"{len(rows) - 1} {title.removesuffix('.csv')}" for title, rows in found.items())
    text = f"Your business as CSV, with what falls due as a calendar: {counts}."
    return Finding(NAME, True, text, data={"file": file.id}, artifacts=(Artifact(file.id, file.name, file.mime),))


AGENT = AgentSpec(
    name=NAME,
    title="Records",
    description="Undoes your last change, imports and exports tables, and makes a sample business.",
    examples=(
        "undo that",
        "undo the last change",
        "show the history of invoice 2026-0003",
        "what did I change last in my records?",
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
        r"\bhistory of (?:invoice|my (?:records|books|changes))|\bwhat did i change\b|\bchange history\b",
        r"\b(?:sample|demo) (?:business|data|records|books)\b|\bmuster(?:firma|unternehmen|daten)\b",
        r"\bimport\w*\b|\bbank statement\b|\bkontoauszug\b",
        r"\bexport\b[^.?!]{0,40}\b(?:csv|business|hours|invoices|clients|books|records)\b",
    ),
    effects={"import": carry_out},
    edits={"import": with_columns},
    takes=("dataset",),
    writes=True,
)
