"""Dashboards and reports by chat: which one is asked for, what it says in words, its pictures and its PDF."""

from __future__ import annotations

import re
from dataclasses import asdict
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import anyio

from agents.deps import Deps
from agents.spec import AgentError, Artifact, Finding
from config.dates import day_text
from memory.files import FileRef
from memory.overview.monthly import report
from memory.overview.overview import BUSINESS
from memory.overview.shapes import View
from memory.overview.words import month_of

NAME = "briefing"
SECONDS = 120
FIGURES = 6
_VIEWS = {
    "money": r"\b(?:money|income|revenue|earnings?|cash(?: ?flow)?|finance\w*|invoices?|payments?)\b",
    "time": r"\b(?:time|hours?|timesheet)\b",
    "jobs": r"\bjobs?\b|\bmarket pay\b",
    "pipeline": r"\b(?:pipeline|leads?|proposals?|sales|funnel)\b",
    "session": r"\bsession\b",
    "agents": r"\bagents?\b",
    "system": r"\b(?:system|machine|cpu|memory|disk|gpu)\b",
    "privacy": r"\b(?:privacy|left (?:this|my) (?:machine|computer)|consents?)\b",
}
DASHBOARD = r"\bdash ?boards?\b|\bcockpit\b|\btablero de control\b|\btableau de bord\b|\bpainel\b|\bcruscotto\b"
PICTURES = r"\b(?:charts?|graphs?|plots?|pictures?|diagrams?)\b"
REPORT = (
    r"\b(?:monthly|month(?:'s)?|annual|yearly|business|end[- ]of[- ](?:month|year)) (?:business )?report\b"
    r"|\breport (?:for|of|on) (?:the )?(?:last |this |past )?"
    r"(?:month|year|january|february|march|april|may|june|july|august|september|october|november|december|20\d\d)\b"
    r"|\b(?:monats|jahres)bericht\b|\brapport (?:mensuel|annuel)\b"
    r"|\b(?:informe|relatório|resoconto) (?:mens\w+|anual\w*)\b"
)
_MONTHS = {
    name: number
    for names in (
        "january february march april may june july august september october november december",
        "januar februar märz april mai juni juli august september oktober november dezember",
    )
    for number, name in enumerate(names.split(), start=1)
}


def read_view(clause: str) -> dict[str, Any] | None:
    """What a sentence asks for: a dashboard with its view, a report with its month, or None."""
    if re.search(REPORT, clause, re.I):
        return {"kind": "report", "month": _month(clause)}
    if re.search(DASHBOARD, clause, re.I):
        view = next((name for name, cue in _VIEWS.items() if re.search(cue, clause, re.I)), "money")
        return {"kind": "dashboard", "view": view, "pictures": bool(re.search(PICTURES, clause, re.I))}
    return None


def _month(clause: str) -> str:
    """The month or year named, as far as the words say: ``10``, ``2026-10``, ``2026``, ``last``, ``this year``."""
    words, year = clause.casefold(), re.search(r"\b(20\d\d)\b", clause)
    number = next((number for name, number in _MONTHS.items() if re.search(rf"\b{name}\b", words)), 0)
    if number:
        return f"{year[1]}-{number:02d}" if year else f"{number:02d}"
    if year:
        return year[1]
    if re.search(r"\b(?:annual|yearly|year|jahresbericht|annuel)\b", words):
        return "last year" if "last" in words else "this year"
    return "this" if re.search(r"\bthis month\b|\bdiesen monat\b", words) else "last"


def month_meant(said: str, today: date) -> str:
    """The month (``2026-10``) or year (``2026``) that words mean on a day; a month without a year lies in the past."""
    if re.fullmatch(r"\d\d", said):
        year = today.year if int(said) <= today.month else today.year - 1
        return f"{year}-{said}"
    match said:
        case "this":
            return month_of(today)
        case "this year":
            return str(today.year)
        case "last year":
            return str(today.year - 1)
        case "last" | "":
            return month_of(today.replace(day=1) - timedelta(days=1))
        case _:
            return said


async def show(view: str, deps: Deps, *, pictures: bool = False) -> Finding:
    """Say the main figures of a view; the chat opens the view itself beside it."""
    if view not in BUSINESS:
        return Finding(NAME, True, "Your dashboard opens beside the chat, and as a page at /dashboard.",
                       data={"dashboard": view})  # fmt: skip
    said = await deps.stores.overview.business(view, deps.user, deps.today)
    data = {"dashboard": view, "figures": {tile.label: tile.value for tile in said.tiles}}
    if said.empty:
        return Finding(NAME, True, said.empty, data=data, offers=said.asks)
    artifacts = await _pictures(said, deps) if pictures else ()
    note = "\n\nAll of it opens beside the chat, and as a page at /dashboard."
    return Finding(NAME, True, said.sentence + "\n\n" + _lines(said) + note, data=data, artifacts=artifacts)


async def write_report(said: str, deps: Deps) -> Finding:
    """Write the report on a month or year as a PDF. Raises AgentError when the books say nothing of it."""
    month = month_meant(said, deps.today)
    view = report(await deps.stores.overview.books(deps.user), month, deps.today)
    if view.empty:
        raise AgentError(f"{view.empty} Name another month, such as “monthly report for October”.")
    deps.progress("Drawing the report", None)
    async with anyio.TemporaryDirectory() as folder:
        path = str(Path(folder) / f"{view.title}.pdf")
        made = f"FreelanceX, {day_text(deps.today)}"
        await deps.jobs.run(
            "agents.tools.today.report_pdf:write", {"view": asdict(view), "path": path, "made": made}, seconds=SECONDS
        )
        file = await _keep(path, deps)
    artifact = Artifact(file.id, file.name, file.mime, caption=view.title)
    data = {"month": month, "figures": {tile.label: tile.value for tile in view.tiles}}
    return Finding(NAME, True, f"{view.sentence}\n\n{_lines(view)}", data=data, artifacts=(artifact,))


def _lines(view: View) -> str:
    return "\n".join(
        f"- {tile.label}: **{tile.value}**{f' ({tile.note})' if tile.note else ''}" for tile in view.tiles[:FIGURES]
    )


async def _pictures(view: View, deps: Deps) -> tuple[Artifact, ...]:
    charts = [asdict(chart) for chart in view.charts]
    async with anyio.TemporaryDirectory() as folder:
        found = await deps.jobs.run(
            "agents.tools.today.chart_pictures:draw_all", {"charts": charts, "folder": str(folder)}, seconds=SECONDS
        )
        files = [await _keep(path, deps) for path in found["paths"]]
    return tuple(
        Artifact(file.id, file.name, file.mime, caption=f"{chart.title}. {chart.sentence}")
        for file, chart in zip(files, view.charts, strict=True)
    )


async def _keep(path: str, deps: Deps) -> FileRef:
    return await deps.stores.files.put(Path(path), Path(path).name, user=deps.user, thread=deps.thread, made_by=NAME)
