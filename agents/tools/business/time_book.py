"""The user's working hours: what an entry is for, lists and sums, and what the unbilled ones come to.

Entries are kept to the minute. On an invoice the minutes of one project, or of one note, are added first and then
written as hours with two decimals, rounded half up once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from agents.deps import Deps
from agents.tools.billing.invoice_book import named_client
from agents.tools.pricing.quote import hourly
from agents.tools.text.markdown import plain
from config.dates import day_text
from memory.business.clients import Client, key_of
from memory.business.projects import Project
from memory.business.time_entries import TimeEntry
from memory.business.totals import Line
from memory.money import Money

SHOWN = 40


@dataclass(frozen=True)
class Whose:
    """For whom and what time is spent: known or just named; `note` is what is left of the words."""

    client: Client | None = None
    project: Project | None = None
    note: str = ""

    @property
    def words(self) -> str:
        parts = [f" for **{plain(self.client.name)}**" if self.client else ""]
        if self.project:
            parts.append(f", project **{plain(self.project.title)}**")
        if self.note:
            parts.append(f": {plain(self.note)}")
        return "".join(parts)


@dataclass(frozen=True)
class Book:
    """Clients and projects by id, to name what entries are for."""

    clients: dict[str, Client] = field(default_factory=dict)
    projects: dict[str, Project] = field(default_factory=dict)

    def client(self, entry: TimeEntry) -> str:
        found = self.clients.get(entry.client or "")
        return found.name if found else "no client"

    def work(self, entry: TimeEntry) -> str:
        project = self.projects.get(entry.project or "")
        return entry.note or (project.title if project else "")


async def open_book(deps: Deps) -> Book:
    """The clients and projects of the user."""
    clients = {one.id: one for one in await deps.stores.clients.all(deps.user)}
    return Book(clients, {one.id: one for one in await deps.stores.projects.all(deps.user)})


async def whose(name: str | None, note: str | None, text: str, deps: Deps, *, make: bool = True) -> Whose:
    """The project or client that is meant; with `make`, a capitalised name nobody knows becomes a client."""
    projects = await deps.stores.projects.all(deps.user, state="open")
    words = f" {key_of(text)} "
    project = next((one for one in projects if f" {key_of(one.title)} " in words), None)
    known = await named_client(text, deps) or name
    client = await deps.stores.clients.find(deps.user, known) if known else None
    named = bool(name) and not (project and key_of(name or "") in key_of(project.title))
    if client is None and project and project.client:
        client = await deps.stores.clients.get(project.client, user=deps.user)
    elif client is None and named and name:
        if make and name[:1].isupper():
            client = await deps.stores.clients.save(deps.user, name)
        else:
            note = note or name
    if project is None and client:
        own = [one for one in projects if one.client == client.id]
        project = own[0] if len(own) == 1 else None
    if project and note and key_of(note) == key_of(project.title):
        note = ""
    return Whose(client, project, note or "")


def text_of(minutes: int) -> str:
    """``3:30 h``."""
    return f"{minutes // 60}:{minutes % 60:02d} h"


def hours_of(minutes: int) -> Decimal:
    """Minutes as hours with two decimals, half up."""
    return (Decimal(minutes) / 60).quantize(Decimal("0.01"), ROUND_HALF_UP)


def table(entries: Sequence[TimeEntry], book: Book, at: datetime) -> str:
    """The entries by day, in markdown; the newest when there are many."""
    rows = ["| Day | Client | Work | Time |", "|---|---|---|---|"]
    for entry in entries[-SHOWN:]:
        running = "" if entry.minutes is not None else " (running)"
        rows.append(
            f"| {day_text(entry.day, '%a %-d %b')} | {plain(book.client(entry))} | {plain(book.work(entry), 60)} "
            f"| {text_of(entry.ran(at))}{running} |"
        )
    return "\n".join(rows)


def by_client(entries: Sequence[TimeEntry], book: Book, at: datetime) -> dict[str, int]:
    """Minutes by client, most first."""
    sums: dict[str, int] = {}
    for entry in entries:
        sums[book.client(entry)] = sums.get(book.client(entry), 0) + entry.ran(at)
    return dict(sorted(sums.items(), key=lambda pair: -pair[1]))


async def rate_of(entry: TimeEntry, book: Book, said: str | None, deps: Deps) -> Money | None:
    """The rate named now, else the project's, the client's, the profile's."""
    project, client = book.projects.get(entry.project or ""), book.clients.get(entry.client or "")
    own = str((await deps.stores.profiles.load(deps.user)).get("rate") or "")
    own = own if not own or "/" in own else f"{own}/h"
    for text in (said, project.rate if project else "", _per_hour(client.rate if client else ""), own):
        if text and (found := hourly(text)):
            return found
    return None


async def worth(entries: Sequence[TimeEntry], book: Book, deps: Deps, said: str | None = None) -> list[Money]:
    """What entries come to by currency, leaving out those without a rate."""
    sums: dict[str, Money] = {}
    for line, rate in await lines_of(entries, book, deps, said):
        if rate:
            amount = (rate * line.quantity).rounded()
            sums[rate.currency] = sums[rate.currency] + amount if rate.currency in sums else amount
    return list(sums.values())


async def lines_of(
    entries: Sequence[TimeEntry], book: Book, deps: Deps, said: str | None = None, vat: Decimal = Decimal(0)
) -> list[tuple[Line, Money | None]]:
    """One line for each project or note, and rate, in the order of the days; without a rate its price is 0."""
    groups: dict[tuple[str, Money | None], list[TimeEntry]] = {}
    for entry in entries:
        project = book.projects.get(entry.project or "")
        what = project.title if project else entry.note or "Professional services"
        groups.setdefault((what, await rate_of(entry, book, said, deps)), []).append(entry)
    return [
        (
            Line(
                f"{what}, {_days(group)}",
                hours_of(sum(entry.minutes or 0 for entry in group)),
                "h",
                rate.amount if rate else Decimal(0),
                vat,
            ),
            rate,
        )
        for (what, rate), group in groups.items()
    ]


def week_of(today: date) -> tuple[date, date]:
    """Monday to Sunday."""
    monday = today - timedelta(days=today.weekday())
    return monday, monday + timedelta(days=6)


def _days(group: Sequence[TimeEntry]) -> str:
    first, last = min(one.day for one in group), max(one.day for one in group)
    return (
        f"{day_text(first, '%-d %b %Y')}"
        if first == last
        else f"{day_text(first, '%-d %b')} to {day_text(last, '%-d %b %Y')}"
    )


def _per_hour(rate: str) -> str:
    return f"{rate}/h" if rate and "/" not in rate else rate
