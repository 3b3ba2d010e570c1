"""What the day holds, from the records on this computer: late things first, then today's, then this week's."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from agents.deps import Deps
from agents.spec import Record
from agents.tools.billing.invoice_text import joined, sums_by_currency
from agents.tools.business.time_book import open_book, text_of, worth
from agents.tools.jobs.matching import match
from agents.tools.remembering.recalled import last_said, quote, where
from agents.tools.text.markdown import plain
from integrations.job_boards.post import JobPost
from memory.jobs import JobLead

WEEK = timedelta(days=7)
MOST = 5
"""Lines of one section."""
GOOD_FIT, MOST_JOBS, MOST_CLIENTS = 35, 3, 3
AWAY = timedelta(hours=1)
"""After so long without a message, the next one begins a new visit."""


@dataclass(frozen=True)
class Item:
    """One line: `day` it is due, what it says, and a message that deals with it."""

    day: date
    text: str
    offer: str = ""
    record: Record | None = None

    @property
    def line(self) -> str:
        return f"- {self.text}" + (f" *“{plain(self.offer)}”*" if self.offer else "")


async def dated(deps: Deps) -> list[Item]:
    """Everything with a day up to a week from now, the most urgent first."""
    until = deps.today + WEEK
    found = [*await _reminders(deps, until), *await _follow_ups(deps, until), *await _invoices(deps, until)]
    found += await _projects(deps, until)
    for lead in await deps.stores.jobs.with_status(deps.user, "found", "matched"):
        closes = JobPost.model_validate(lead.post).closes
        if closes and deps.today <= closes <= until:
            text = f"Applications for {plain(lead.title)} close {_when(closes, deps.today)}."
            found.append(Item(closes, text, "", Record("job", lead.id, lead.title)))
    return sorted(found, key=lambda item: item.day)


async def money(deps: Deps) -> list[str]:
    """What is expected, and what still waits to be sent or billed."""
    sent = await deps.stores.invoices.all(deps.user, states=("sent",))
    drafts = await deps.stores.invoices.all(deps.user, states=("draft",))
    lines = []
    if sent:
        soon = [one for one in sent if deps.today <= one.due_on <= deps.today + WEEK]
        within = f", of which {joined(sums_by_currency(soon))} within a week" if soon else ""
        lines.append(f"- Expected: {joined(sums_by_currency(sent))}{within}. *“list unpaid invoices”*")
    if drafts:
        count = f"{len(drafts)} {'draft' if len(drafts) == 1 else 'drafts'}"
        lines.append(f"- Not sent yet: {count} over {joined(sums_by_currency(drafts))}. *“list draft invoices”*")
    entries = await deps.stores.time.all(deps.user, unbilled=True)
    if entries:
        amounts = await worth(entries, await open_book(deps), deps)
        value = f", worth {joined(amounts)}" if amounts else ""
        minutes = sum(entry.minutes or 0 for entry in entries)
        lines.append(f"- Unbilled: {text_of(minutes)}{value}. *“invoice my unbilled hours”*")
    return lines


async def timer(deps: Deps) -> list[str]:
    """The running timer."""
    entry = await deps.stores.time.running(deps.user)
    if entry is None:
        return []
    book = await open_book(deps)
    return [
        f"- The timer runs: {text_of(entry.ran(datetime.now(UTC)))} for {plain(book.client(entry))}. *“stop the timer”*"
    ]


async def waiting(deps: Deps) -> list[str]:
    """What waits for the user's approval."""
    entries = await deps.stores.effects.waiting(user=deps.user)
    lines = [f"- {plain(str(entry.shown.get('title', entry.effect)))}" for entry in entries[:MOST]]
    return [*lines, "- *“what waits for my approval?”*"] if lines else []


async def said_before(items: Sequence[Item], deps: Deps) -> list[str]:
    """What the user last said or noted about the clients they are to get back to, with where it stands."""
    lines = []
    for record in [one.record for one in items if one.record and one.record.kind == "client"][:MOST_CLIENTS]:
        if hit := await last_said(record.label, record.id, deps):
            lines.append(f"- {plain(record.label)}: “{plain(quote(record.label, hit.text))}” ({plain(where(hit))})")
    return lines


async def new_jobs(deps: Deps, since: datetime) -> tuple[list[str], list[Record]]:
    """The jobs found since then that fit best."""
    rows = [
        row
        for row in await deps.stores.jobs.recent(deps.user, 60)
        if row.status in ("found", "matched") and aware(row.found_at) >= since and row.board != "pasted"
    ]
    profile = await deps.stores.profiles.load(deps.user)
    fits = await asyncio.to_thread(_fits, rows, profile, deps.today)
    best = sorted(((fit, row) for fit, row in fits if fit >= GOOD_FIT), key=lambda pair: -pair[0])[:MOST_JOBS]
    lines = [
        f"- {plain(row.title)}{f' at {plain(row.company)}' if row.company else ''}, fit {fit}" for fit, row in best
    ]
    if lines:
        lines.append("- *“write a proposal for the first one”*")
    return lines, [Record("job", row.id, row.title) for _, row in best]


async def last_visit(deps: Deps) -> datetime:
    """When the user was last here before this visit; a day ago for somebody who never was."""
    times = [aware(at) for at in await deps.stores.turns.times(deps.user, 300)]
    later = datetime.now(UTC)
    for at in times:
        if later - at >= AWAY:
            return at
        later = at
    return datetime.now(UTC) - timedelta(days=1)


def aware(at: datetime) -> datetime:
    """A time from the database, which is in UTC, with its zone."""
    return at if at.tzinfo else at.replace(tzinfo=UTC)


async def _reminders(deps: Deps, until: date) -> list[Item]:
    found = []
    for row in await deps.stores.reminders.open(deps.user):
        day = row.local().date()
        if day <= until:
            at = "" if row.whole_day else f", {row.local():%H:%M}"
            text = f"{plain(row.text)}, {_when(day, deps.today)}{at}."
            found.append(Item(day, text, f"done with {row.text}", Record("reminder", row.id, row.text[:80])))
    return found


async def _follow_ups(deps: Deps, until: date) -> list[Item]:
    names = {client.id: client.name for client in await deps.stores.clients.all(deps.user)}
    return [
        Item(
            row.due,
            f"Get back to {plain(names[row.client])}{f' about {plain(row.text)}' if row.text else ''}, "
            f"{_when(row.due, deps.today)}.",
            f"I got back to {names[row.client]}",
            Record("client", row.client, names[row.client]),
        )
        for row in await deps.stores.contacts.open(deps.user, until=until)
    ]


async def _invoices(deps: Deps, until: date) -> list[Item]:
    sent = await deps.stores.invoices.all(deps.user, states=("sent",))
    found = []
    for one in sent:
        if one.due_on <= until:
            whose = f" for {plain(one.client_name)}" if one.client_name else ""
            state = "is" if one.due_on < deps.today else "falls due"
            text = (
                f"Invoice {one.number}{whose} over {one.totals.total.text()} {state} {_when(one.due_on, deps.today)}."
            )
            offer = f"mark invoice {one.number} paid"
            found.append(Item(one.due_on, text, offer, Record("invoice", one.id, one.number)))
    return found


async def _projects(deps: Deps, until: date) -> list[Item]:
    found = []
    for one in await deps.stores.projects.all(deps.user, state="open"):
        if one.due_on and one.due_on <= until:
            state = "is" if one.due_on < deps.today else "is due"
            text = f"The project {plain(one.title)} {state} {_when(one.due_on, deps.today)}."
            offer = f"how is the project “{one.title}” going?"
            found.append(Item(one.due_on, text, offer, Record("project", one.id, one.title[:80])))
    return found


def _when(day: date, today: date) -> str:
    late = (today - day).days
    if late > 0:
        return f"{late} {'day' if late == 1 else 'days'} late"
    return {0: "today", -1: "tomorrow"}.get(late, f"on {day:%A}")


def _fits(rows: Sequence[JobLead], profile: dict[str, object], today: date) -> list[tuple[int, JobLead]]:
    return [
        (row.fit if row.fit is not None else match(JobPost.model_validate(row.post), profile, today).fit, row)
        for row in rows
    ]
