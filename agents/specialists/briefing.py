"""The briefing: one page of what is due, what money is coming, what is new and what waits, most urgent first."""

from __future__ import annotations

import re
from typing import Any, Literal

from pydantic import BaseModel

from agents.deps import Deps
from agents.spec import AgentSpec, Finding, Given, Record
from agents.tools.today import briefing_page
from agents.tools.today.briefing_outside import outside
from agents.tools.today.briefing_page import MOST, WEEK, Item, aware
from agents.tools.today.dashboards import DASHBOARD, REPORT, read_view, show, write_report
from config.dates import day_text
from memory.database import now

NAME = "briefing"
_MISSED = re.compile(
    r"\b(?:miss(?:ed)?|catch me up|catch up|while i was|since (?:i|my|last|yesterday)|what(?:'s| is|"
    r" has)? happened"
    r"|what(?:'s| is) new|verpasst|perdido|manqué|raté|perso|perdi)\b",
    re.I,
)


class BriefingTask(BaseModel):
    """The whole page, only what happened since the user was last here, a dashboard, or the report on a month."""

    kind: Literal["day", "missed", "dashboard", "report"] = "day"
    view: str = "money"
    pictures: bool = False
    month: str = ""


def read(clause: str) -> dict[str, Any]:
    """Which of them is asked for."""
    if shown := read_view(clause):
        return shown
    return {"kind": "missed" if _MISSED.search(clause) else "day"}


async def run(task: BriefingTask, given: Given, deps: Deps) -> Finding:
    """Write the page. What is outside is asked only where a standing permission covers it."""
    match task.kind:
        case "dashboard":
            return await show(task.view, deps, pictures=task.pictures)
        case "report":
            return await write_report(task.month, deps)
        case "missed":
            return await _missed(deps)
        case _:
            return await _day(deps)


async def _day(deps: Deps) -> Finding:
    items = await briefing_page.dated(deps)
    due = [item for item in items if item.day <= deps.today]
    week = [item for item in items if item.day > deps.today]
    jobs, records = await briefing_page.new_jobs(deps, now() - WEEK)
    sections = [
        ("Now", _lines(due)),
        ("Running", await briefing_page.timer(deps)),
        ("Waits for your word", await briefing_page.waiting(deps)),
        ("This week", _lines(week)),
        ("Last said", await briefing_page.said_before([*due, *week], deps)),
        ("Money", await briefing_page.money(deps)),
        ("New jobs that fit", jobs),
    ]
    deps.progress("Looking at what is allowed outside", None)
    around = await outside(deps, NAME)
    sections += [(one.title, list(one.lines)) for one in around]
    left_out = [f"{one.title.lower()} ({one.left_out})" for one in around if one.left_out]
    count, day = len(due), day_text(deps.today, "%A, %-d %B")
    needs = f"{count} {'thing needs' if count == 1 else 'things need'} you now"
    text = f"**{day}**: {needs}." if due else f"**{day}**: nothing is pressing."
    text += _shown(sections)
    if not any(lines for _, lines in sections):
        text += (
            "\n\nYour records are empty so far. Say “remind me on Friday to call the bank”, “start the timer "
            "for Acme”, “create an invoice …” or “find Python jobs”, and this page fills."
        )
    if left_out:
        text += f"\n\nLeft out: {'; '.join(left_out)}."
    data = {
        "due": count,
        "week": len(week),
        "jobs": len(records),
        "left_out": [one.title for one in around if one.left_out],
    }
    outside_words = any(one.lines for one in around) or bool(jobs)
    return _finding(text, data, [*due, *week], records, trusted=not outside_words)


async def _missed(deps: Deps) -> Finding:
    since = await briefing_page.last_visit(deps)
    jobs, records = await briefing_page.new_jobs(deps, since)
    first = since.astimezone().date()
    items = [item for item in await briefing_page.dated(deps) if first <= item.day <= deps.today]
    told = [row for row in await deps.stores.reminders.open(deps.user) if row.told_at and aware(row.told_at) >= since]
    sections = [
        ("Came due", _lines(items)),
        ("Waits for your word", await briefing_page.waiting(deps)),
        ("New jobs that fit", jobs),
    ]
    text = f"Since you were last here, on {day_text(since.astimezone(), '%A, %-d %B at %H:%M')}:"
    if any(lines for _, lines in sections):
        text += _shown(sections)
    else:
        text += " nothing came due, nothing waits for you, and no new job fits."
    data = {"since": since.isoformat(), "due": len(items), "told": len(told), "jobs": len(records)}
    return _finding(text, data, items, records, trusted=not jobs)


def _shown(sections: list[tuple[str, list[str]]]) -> str:
    return "".join(f"\n\n**{title}**\n" + "\n".join(lines) for title, lines in sections if lines)


def _lines(items: list[Item]) -> list[str]:
    lines = [item.line for item in items[:MOST]]
    return [*lines, f"- and {len(items) - MOST} more"] if len(items) > MOST else lines


def _finding(text: str, data: dict[str, Any], items: list[Item], jobs: list[Record], *, trusted: bool) -> Finding:
    records = [item.record for item in items[:MOST] if item.record]
    offers = [item.offer for item in items if item.offer][:3]
    return Finding(
        NAME,
        ok=True,
        text=text,
        data=data,
        records=(*jobs, *records),
        trust="own" if trusted else "outside",
        offers=tuple(offers),
    )


AGENT = AgentSpec(
    name=NAME,
    title="Briefing",
    description="One page for the morning: what is due, money, new jobs, approvals; dashboards and monthly reports.",
    examples=(
        "Morning briefing",
        "Give me my briefing",
        "What's on my plate today?",
        "Catch me up",
        "What did I miss?",
        "What should I do today?",
        "What needs my attention?",
        "How does my day look?",
        "What's urgent?",
        "Daily overview please",
        "What is due this week?",
        "Brief me",
        "Show my dashboard",
        "Open the money dashboard",
        "Monthly report for October",
        "Was steht heute an?",
        "¿Qué tengo pendiente hoy?",
        "Qu'est-ce que j'ai manqué ?",
        "Cosa devo fare oggi?",
        "O que tenho para hoje?",
    ),
    task=BriefingTask,
    run=run,
    read=read,
    cues=(
        rf"^(?:(?!\b(?:build|create|develop|price|client|job)\b).)*(?:{DASHBOARD})",
        REPORT,
        r"\bbriefing\b|\bbrief me\b|\bmorning (?:report|overview|summary|update)\b|\bdaily (?:overview|"
        r"summary|report)\b",
        r"\bcatch me up\b|\bwhat (?:did|have) i miss(?:ed)?\b|\bwhat(?:'s| has)? happened (?:while|since)\b",
        r"\bwhat(?:'s| is) (?:going on|happening|up|the plan|on)\b[^.?!]{0,12}\b(?:today|"
        r"this morning)\b(?!.*\bcalendar\b)",
        r"\b(?:anything|something|what) happen(?:ed|s)?\b[^.?!]{0,12}\b(?:while i|since|yesterday|overnight)\b",
        r"\bneed to know\b[^.?!]{0,12}\b(?:today|this morning)\b|\bwas (?:liegt|"
        r"steht)\b[^.?!]{0,12}\ban\b(?!.*kalender)",
        r"\b(?:on|off) my plate\b|\bneeds? my attention\b|\bwhat(?:'s| is) (?:most )?(?:urgent|pressing)\b",
        r"\bwhat (?:should|must|do) i (?:have to |need to )?(?:do|work on|tackle|get done) (?:today|"
        r"this (?:week|morning)|first|next)\b",
        r"\bhow (?:does|is) my (?:day|week) (?:look|going)|\bmy day today\b|\bstart (?:of )?my day\b",
        r"\b(?:was steht (?:heute|diese woche) an|was habe ich verpasst|tagesüberblick|qué tengo pendiente|"
        r"qué me perdí|"
        r"résumé du jour|qu'ai-je (?:manqué|raté)|cosa mi sono perso|o que perdi|resumen del día)\b",
    ),
)
