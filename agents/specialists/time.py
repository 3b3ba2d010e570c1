"""Time: a timer that survives a restart, hours logged by a sentence, reports, and unbilled hours made an invoice.

start ─▶ running ─▶ stop ─▶ entry ─▶ unbilled ─▶ invoice draft        voiding the invoice makes its hours unbilled
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel

from agents.deps import Deps
from agents.spec import AgentError, AgentSpec, Finding, Given, Slot
from agents.tools.billing.invoice_requests import days_of
from agents.tools.business import time_book, timer
from agents.tools.business.time_billing import bill
from agents.tools.business.time_removal import last_entry, removal, remove
from agents.tools.business.time_words import read_time, worked_on
from agents.tools.pricing.outcome import learn
from agents.tools.text.markdown import plain
from config.dates import day_text
from memory.business.clients import key_of
from memory.business.invoice import InvoiceError
from memory.business.time_entries import TimeEntry, TimeError

NAME = "time"
DAY = 24 * 60
"""Minutes; what took longer is a project, no entry."""
_BILLS = re.compile(
    r"\b(?:in rechnung|rechne\b.{0,40}\bab|berechne|factura|facture|fattura|fatura)\b"
    r"(?=.*\b(?:stunden|horas|heures|ore)\b)"
    r"|\b(?:stunden|horas|heures|ore)\b.{0,30}\b(?:in rechnung|ab(?:rechnen)?)\b(?!.*\?)",
    re.IGNORECASE,
)
"""Words that bill hours, beside the English ones."""
_TOOK = re.compile(r"\btook\b|\bin the end\b|\bin total\b|\bgedauert\b|\binsgesamt\b", re.IGNORECASE)


class Stint(BaseModel):
    """One more length of time of the same sentence."""

    minutes: int
    name: str | None = None
    note: str | None = None
    when: str = ""
    said: str = ""


class TimeTask(BaseModel):
    """What to do with the timer or with hours."""

    action: Literal["start", "stop", "status", "log", "fix", "remove", "list", "bill", "done"] = "list"
    minutes: int | None = None
    hours: Annotated[Decimal | None, Slot("hours", "How long did you work, for example 2.5 hours?")] = None
    begins: int | None = None
    name: str | None = None
    note: str | None = None
    when: str = ""
    period: str | None = None
    unbilled: bool = False
    expenses: bool = False
    rate: str | None = None
    said: str = ""
    more: list[Stint] = []


def needs(filled: dict[str, Any]) -> list[str]:
    """Logging and correcting need a length."""
    return ["hours"] if filled.get("action") in ("log", "fix") and not filled.get("minutes") else []


async def run(task: TimeTask, given: Given, deps: Deps) -> Finding:
    """Do one thing with the user's hours. Raises AgentError."""
    if task.action == "list" and _BILLS.search(given.text):  # in the user's own language, which a gloss may blur
        task = task.model_copy(update={"action": "bill"})
    actions: dict[str, Callable[[TimeTask, Given, Deps], Awaitable[Finding]]] = {
        "start": timer.start,
        "stop": timer.stop,
        "status": timer.status,
        "log": _log,
        "fix": _fix,
        "remove": removal,
        "bill": bill,
        "done": _done,
    }
    try:
        return await actions.get(task.action, _list)(task, given, deps)
    except (TimeError, InvoiceError) as error:
        raise AgentError(str(error)) from error


async def _log(task: TimeTask, given: Given, deps: Deps) -> Finding:
    if not task.more and _minutes(task) > DAY and _TOOK.search(given.text):
        return await learn(task.name, Decimal(_minutes(task)) / 60, None, given, deps)
    first = Stint(minutes=_minutes(task), name=task.name, note=task.note, when=task.when, said=task.said)
    stints = [first, *task.more]
    logged = []
    for stint in stints:
        whose = await time_book.whose(stint.name, stint.note, stint.said or given.text, deps)
        day = worked_on(stint.when, deps.today)
        begins = task.begins if stint is first else None
        entry = TimeEntry(
            user=deps.user,
            client=whose.client.id if whose.client else None,
            project=whose.project.id if whose.project else None,
            note=whose.note,
            day=day,
            started_at=None if begins is None else _moment(day, begins),
            minutes=stint.minutes,
        )
        await deps.stores.time.log(entry)
        logged.append((entry, whose))
    lines = [_line(one, of, deps.today) for one, of in logged]
    text = (
        f"Logged {lines[0]}." if len(lines) == 1 else "Logged:\n\n" + "\n".join(f"- {line}" for line in lines) + "\n\n"
    )
    for client in {of.client.id: of.client for _, of in logged if of.client}.values():
        open_ones = await deps.stores.time.all(deps.user, client=client.id, unbilled=True)
        left = sum(one.minutes or 0 for one in open_ones)
        text += f" Unbilled for {plain(client.name)}: {time_book.text_of(left)}."
    if not all(of.client for _, of in logged):
        text += " No client is named; say “for Acme” next time, or “delete the last entry” and log it again."
    entry = logged[0][0]
    data = {"entry": entry.id, "minutes": entry.minutes, "entries": [one.id for one, _ in logged]}
    return Finding(NAME, True, text.replace("\n\n ", "\n\n"), data=data, offers=("Hours this week",))


def _line(entry: TimeEntry, whose: time_book.Whose, today: date) -> str:
    length, day = time_book.text_of(entry.minutes or 0), day_text(entry.day, "%A, %-d %B")
    if whose.client is None:
        return f"**{length}** today{whose.words}" if entry.day == today else f"**{length}** on {day}{whose.words}"
    name = plain(whose.client.name)
    rest = whose.words.removeprefix(f" for **{name}**")
    return (
        f"**{length}** today for **{name}**{rest}"
        if entry.day == today
        else f"**{length}** on {day} for **{name}**{rest}"
    )


def _moment(day: date, minute: int) -> datetime:
    return (datetime(day.year, day.month, day.day) + timedelta(minutes=minute)).astimezone(UTC)


async def _fix(task: TimeTask, given: Given, deps: Deps) -> Finding:
    entry = await last_entry(deps)
    if entry.minutes is None:
        entry = await deps.stores.time.stop(deps.user, datetime.now(UTC)) or entry
    changed = await deps.stores.time.change(entry.id, user=deps.user, minutes=_minutes(task))
    book = await time_book.open_book(deps)
    text = (
        f"Changed: {plain(book.client(changed))} on {day_text(changed.day, '%A, %-d %B')} is now "
        f"**{time_book.text_of(changed.minutes or 0)}** instead of {time_book.text_of(entry.minutes or 0)}."
    )
    return Finding(NAME, True, text, data={"entry": changed.id, "minutes": changed.minutes})


async def _list(task: TimeTask, given: Given, deps: Deps) -> Finding:
    whose = await time_book.whose(task.name, None, given.text, deps, make=False)
    since, until = days_of(task.period, deps.today) if task.period else (None, None)
    if not task.period and not task.unbilled and not whose.client:
        since, until = time_book.week_of(deps.today)
    entries = await deps.stores.time.all(
        deps.user,
        since=since,
        until=until,
        client=whose.client.id if whose.client else None,
        project=whose.project.id if whose.project and not whose.client else None,
        unbilled=task.unbilled,
    )
    for_whom = f" for {plain(whose.client.name)}" if whose.client else ""
    span = f" {task.period}" if task.period else "" if since is None else " this week"
    kind = "unbilled hours" if task.unbilled else "hours"
    if not entries:
        text = f"No {kind}{for_whom}{span}. Say “start the timer for Acme”, or “log 3h for Acme yesterday”."
        return Finding(NAME, True, text, data={"minutes": 0, "entries": []})
    now, book = datetime.now(UTC), await time_book.open_book(deps)
    sums = time_book.by_client(entries, book, now)
    text = f"**{time_book.text_of(sum(sums.values()))}** of {kind}{for_whom}{span}"
    if len(sums) > 1:
        text += ": " + ", ".join(f"{plain(name)} {time_book.text_of(minutes)}" for name, minutes in sums.items())
    if task.unbilled and (amounts := await time_book.worth(entries, book, deps)):
        text += f", worth {' and '.join(amount.text() for amount in amounts)} before tax"
    text += f".\n\n{time_book.table(entries, book, now)}"
    data = {"minutes": sum(sums.values()), "by_client": sums, "entries": [entry.id for entry in entries]}
    unbilled = [name for name in sums if name != "no client"] if task.unbilled else []
    return Finding(
        NAME, True, text, data=data, offers=tuple(f"Invoice my unbilled hours for {n}" for n in unbilled[:2])
    )


async def _done(task: TimeTask, given: Given, deps: Deps) -> Finding:
    projects = await deps.stores.projects.all(deps.user, state="open")
    words = set(key_of(f"{task.name or ''}").split())
    client = await time_book.whose(None, None, given.text, deps, make=False)
    fitting = [one for one in projects if words & set(key_of(one.title).split())] or [
        one for one in projects if client.client and one.client == client.client.id
    ]
    if not fitting:
        raise AgentError(
            "I know no such open project; a quote that was accepted becomes one: “they accepted the quote”."
        )
    project = fitting[0]
    entries = await deps.stores.time.all(deps.user, project=project.id)
    minutes = sum(entry.minutes or 0 for entry in entries)
    project.state, project.ended_on = "done", deps.today
    await deps.stores.projects.save(project)
    text = f"**{plain(project.title)}** is done, with {time_book.text_of(minutes)} logged"
    if project.estimated_hours and minutes:
        share = (Decimal(minutes) / 60 / project.estimated_hours).quantize(Decimal("0.01"))
        text += f" of {project.estimated_hours} h estimated, {share} times. My next quotes learn from that"
    return Finding(NAME, True, f"{text}.", data={"project": project.id, "minutes": minutes})


def _minutes(task: TimeTask) -> int:
    return task.minutes or round((task.hours or Decimal(0)) * 60)


AGENT = AgentSpec(
    name=NAME,
    title="Time",
    description="Runs a timer, logs hours, reports them, and turns unbilled hours into an invoice.",
    examples=(
        "Start the timer for ACME",
        "Stop the timer",
        "Log 3h for ACME yesterday on the API",
        "I worked from 9 to 12:30 for Bolt",
        "How many hours did I work this week?",
        "Show my unbilled hours",
        "Invoice my unbilled hours for ACME",
        "Switch the timer to Zeta",
        "Is the timer running?",
        "Delete the last time entry",
        "Make the last entry 2.5 hours",
        "Hours for ACME last month",
        "Log 90 minutes for Studio Nord on Monday",
        "Turn my unbilled time into an invoice",
        "The ACME shop project is done",
        "Starte den Timer für ACME",
        "Wie viele Stunden habe ich diese Woche gearbeitet?",
        "Registra 2 horas para ACME",
        "Démarre le chrono pour ACME",
        "Quante ore ho lavorato questa settimana?",
    ),
    task=TimeTask,
    run=run,
    read=read_time,
    effects={"remove": remove},
    needs=needs,
    cues=(
        r"\b(?:start|stop|pause|resume|switch|restart|end)\b[^.?!]{0,25}\b(?:timer|clock|tracking|"
        r"stopwatch)\b|\btimer\b",
        r"\bunbilled\b|\buninvoiced\b|\btime ?sheets?\b|\btime entr(?:y|ies)\b",
        r"\b(?:log|track|book|record|add|enter)\b[^.?!]{0,20}\b\d[\d.,:]*\s*-?(?:h|hours?|hrs?|"
        r"min(?:ute)?s?)\b",
        r"\b(?:i )?(?:worked|spent|did)\b[^.?!]{0,15}\b\d[\d.,:]*\s*(?:h|hours?|min(?:ute)?s?)\b|"
        r"\bworked (?:from|between) \d",
        r"\b(?:how many|my|show|list|the)\b[^.?!]{0,15}\bhours\b[^.?!]{0,30}\b(?:week|month|today|"
        r"yesterday|year|work\w*|for)\b",
        r"\b(?:invoice|bill|charge)\b[^.?!]{0,30}\b(?:unbilled|my|logged|tracked|open) (?:\w+ )?(?:hours|"
        r"time)\b",
        r"\bclock (?:me )?(?:in|out)\b|\b(?:last|that) (?:time )?entry\b",
        r"^\W*\d[\d.,:]*\s*(?:h|hours?|min(?:ute)?s?)\b[^.?!]{0,6}\b(?:for|on|at)\b",
        r"\bproject (?:is |are )?(?:done|finished|completed?|delivered)\b",
        r"\b(?:chrono(?:m[eè]tre)?|cron[oó]metro|temporizador|zeiterfassung|stoppuhr)\b",
    ),
    surely=(r"(?i:^\W*(?:the|my|our)\b[^?]{0,60}\bproject is (?:done|finished|completed?|delivered|over)\b)",),
    makes=("invoice",),
    writes=True,
)
