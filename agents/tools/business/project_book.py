"""The projects that run: which they are, how one is going, and by when it is to be done.

"the shop for Acme is due on 15 December" ──▶ the project meant ──▶ its deadline ──▶ briefing, calendar, alert
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from agents.deps import Deps
from agents.spec import AgentError, Choice, Finding, Record, Which
from agents.tools.billing.invoice_text import cell
from agents.tools.business.time_book import open_book, text_of, worth
from agents.tools.pricing.estimate import kind_of
from agents.tools.text.markdown import plain
from config.dates import day_text, find_dates
from memory.business.clients import key_of
from memory.business.projects import Project

NAME = "pipeline"
SHOWN = 30
HOW = "Say for example “new project: online shop for Acme, 40 hours, due 15 December”."
_COMMON = frozenset(
    "the a an my our of for to by on at in is are due deadline project projects projekt proyecto projet progetto "
    "projeto when how going doing move moved set change changed until has have what with and no remove it der die das "
    "ist am bis zum el la le il al".split()
)


async def new(title: str, name: str | None, hours: Decimal | None, rate: str, said: str, deps: Deps) -> Finding:
    """Keep a project that no quote led to. Raises AgentError."""
    if not title:
        raise AgentError(f"Which project? {HOW}")
    client = await deps.stores.clients.save(deps.user, name) if name else None
    project = Project(user=deps.user, title=title[:1].upper() + title[1:], kind=kind_of(title), rate=rate)
    project.client, project.estimated_hours = client.id if client else None, hours
    project.started_on, project.due_on = deps.today, day_to_come(said, deps.today)
    kept = await deps.stores.projects.save(project)
    parts = [f"for **{plain(client.name)}**"] if client else []
    parts += [f"{hours} h estimated"] if hours else []
    parts += [f"due {_day(kept.due_on)}"] if kept.due_on else []
    text = f"New project: **{plain(kept.title)}**{', ' if parts else ''}{', '.join(parts)}."
    offers = (f"Start the timer for {kept.title[:60]}", "my projects", "undo that")
    return Finding(NAME, True, text, data={"project": kept.id}, records=(_record(kept),), offers=offers)


async def set_deadline(named: str, said: str, cleared: bool, deps: Deps) -> Finding:
    """Say by when a project is to be done, or that it has no such day. Raises AgentError."""
    project = await meant(named, deps)
    day = None if cleared else deadline_in(said, deps.today)
    if day is None and not cleared:
        raise AgentError(f"By which day? Say for example “{plain(project.title)} is due on 15 December”.")
    before, project.due_on = project.due_on, day
    kept = await deps.stores.projects.save(project)
    if kept.due_on is None:
        text = f"**{plain(kept.title)}** has no deadline any more."
    else:
        moved = f", instead of {_day(before)}" if before and before != kept.due_on else ""
        late = " That day is past." if kept.due_on < deps.today else ""
        text = f"**{plain(kept.title)}** is due {_day(kept.due_on)}{moved}.{late} I tell you three days before."
    data = {"project": kept.id, "due": kept.due_on and kept.due_on.isoformat()}
    return Finding(NAME, True, text, data=data, records=(_record(kept),), offers=("my projects", "undo that"))


async def running(deps: Deps) -> Finding:
    """The open projects, those that are due first."""
    found = await deps.stores.projects.all(deps.user, state="open")
    if not found:
        text = f"No project is running. {HOW}"
        return Finding(NAME, True, text, data={"projects": []})
    found.sort(key=lambda one: (one.due_on or date.max, one.title))
    book = await open_book(deps)
    rows = ["| Project | Client | Due | Hours | Estimated |", "|---|---|---|--:|--:|"]
    for one in found[:SHOWN]:
        minutes = sum(entry.minutes or 0 for entry in await deps.stores.time.all(deps.user, project=one.id))
        client = book.clients.get(one.client or "")
        hours = "" if one.estimated_hours is None else f"{one.estimated_hours:f} h"
        due = _due(one.due_on, deps.today)
        rows.append(
            f"| {cell(one.title)} | {cell(client.name) if client else ''} | {due} | {text_of(minutes)} | {hours} |"
        )
    text = f"{len(found)} {'project is' if len(found) == 1 else 'projects are'} running.\n\n" + "\n".join(rows)
    records = tuple(map(_record, found[:SHOWN]))
    return Finding(NAME, True, text, data={"projects": [one.id for one in found]}, records=records)


async def going(named: str, deps: Deps) -> Finding:
    """How one project is going: hours against the estimate, what is not billed, and its deadline. Raises AgentError."""
    project = await meant(named, deps)
    book = await open_book(deps)
    entries = await deps.stores.time.all(deps.user, project=project.id)
    minutes = sum(entry.minutes or 0 for entry in entries)
    lines = [f"- Hours: {text_of(minutes)}"]
    if project.estimated_hours:
        share = Decimal(minutes) / 60 / project.estimated_hours
        lines[0] += f" of {project.estimated_hours:f} h estimated ({share:.0%})"
    unbilled = [entry for entry in entries if entry.invoice is None and entry.minutes]
    if unbilled:
        amounts = await worth(unbilled, book, deps)
        value = f", worth {' and '.join(one.text() for one in amounts)}" if amounts else ""
        lines.append(f"- Not billed yet: {text_of(sum(one.minutes or 0 for one in unbilled))}{value}")
    lines.append(f"- Deadline: {_due(project.due_on, deps.today) or 'none is set'}")
    client = book.clients.get(project.client or "")
    whose = f" for **{plain(client.name)}**" if client else ""
    text = f"**{plain(project.title)}**{whose} is {'running' if project.state == 'open' else project.state}.\n\n"
    data = {"project": project.id, "minutes": minutes, "due": project.due_on and project.due_on.isoformat()}
    offers = (f"Start the timer for {project.title[:60]}", f"The {project.title[:60]} project is done")
    return Finding(NAME, True, text + "\n".join(lines), data=data, records=(_record(project),), offers=offers)


async def meant(words: str, deps: Deps) -> Project:
    """The project that words name by its title or client, the only open one where they name none. Raises AgentError."""
    projects = await deps.stores.projects.all(deps.user)
    book = await open_book(deps)
    open_ones = [one for one in projects if one.state == "open"]
    said = _telling(words)

    def shared(one: Project) -> int:
        client = book.clients.get(one.client or "")
        return len(said & (_telling(one.title) | _telling(client.name if client else "")))

    best = max((shared(one) for one in projects), default=0)
    fitting = [one for one in (*open_ones, *projects) if best and shared(one) == best]
    if not fitting and len(open_ones) == 1:
        fitting = open_ones
    if not fitting:
        if not open_ones:
            raise AgentError(f"Which project? None is running. {HOW}")
        raise Which("Which project?", [Choice(plain(one.title), {"named": one.title}) for one in open_ones[:9]])
    return fitting[0]


def deadline_in(text: str, today: date) -> date | None:
    """The last day a text names; None when it names none."""
    return next((one.date for one in reversed(find_dates(text, today)) if one.date), None)


def day_to_come(text: str, today: date) -> date | None:
    """The last day a text names, if it is one to come."""
    day = deadline_in(text, today)
    return day if day and day > today else None


def _telling(text: str) -> set[str]:
    return {word for word in key_of(text).split() if word not in _COMMON and not word[0].isdigit()}


def _day(day: date | None) -> str:
    return f"on {day_text(day, '%A, %-d %B %Y')}" if day else "on no day"


def _due(day: date | None, today: date) -> str:
    if day is None:
        return ""
    late = (today - day).days
    told = f"{late} {'day' if late == 1 else 'days'} late" if late > 0 else {0: "today", -1: "tomorrow"}.get(late, "")
    return f"{day_text(day, '%-d %b %Y')}" + (f", {told}" if told else "")


def _record(project: Project) -> Record:
    return Record("project", project.id, project.title[:80])
