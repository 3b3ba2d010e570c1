"""What is done with records: each kind through its store, by the rules that hold in the chat, too.

A kind that is not named here is a plain row of a `Book`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from fastapi import HTTPException

from chainlit_app.api.records.kinds import REFERENCES, Kind
from memory.business.book import Book, Refused
from memory.business.clients import Client
from memory.business.expenses import Expense
from memory.business.goals import GoalState
from memory.business.invoice import InvoiceRow
from memory.business.leads import LeadState
from memory.business.payments import PaymentState
from memory.business.projects import Project
from memory.business.proposals import ProposalState
from memory.business.recurring import RecurringInvoice, RecurringState, as_text
from memory.business.reminders import Reminder
from memory.business.removal import remove
from memory.business.time_entries import TimeEntry
from memory.business.totals import Line
from memory.database import now
from memory.money import Money
from memory.stores import Stores

Fields = dict[str, Any]
GONE = "There is no such record."


@dataclass(frozen=True)
class Doing:
    """Whose records are worked with, in which stores, on which day."""

    stores: Stores
    user: str
    today: date

    async def make(self, kind: Kind, fields: Fields) -> Any:
        """Make a record. Raises Mendable, InvoiceError, TimeError."""
        await self._own(fields)
        return await _MAKE.get(kind.path, _add)(self, kind, fields)

    async def change(self, kind: Kind, row: Any, fields: Fields) -> Any:
        """Set fields of a record. Raises the same."""
        await self._own(fields)
        return await _CHANGE.get(kind.path, _set)(self, kind, row, fields) if fields else row

    async def move(self, kind: Kind, row: Any, state: str) -> Any:
        """Bring a record into a state. Raises the same."""
        return await _MOVE.get(kind.path, _step)(self, kind, row, state)

    async def remove(self, kind: Kind, row: Any) -> None:
        """Take a record out of the books; undo brings it back. Raises the same."""
        if kind.path == "time":
            await self.stores.time.remove(row.id, user=self.user)
        elif kind.path == "expenses":
            if not await self.stores.expenses.remove(row.id, user=self.user):
                raise Refused("This expense is on an invoice that stands; void that invoice to remove it.")
        else:
            await remove(self.stores.database, kind.table, kind.name, row.id, self.user)

    def book(self, kind: Kind) -> Book[Any]:
        """The book that a kind is kept in."""
        kept = getattr(self.stores, kind.path, None)
        return kept if isinstance(kept, Book) else Book(self.stores.database, kind.table, kind.name)

    async def _own(self, fields: Fields) -> None:
        for name, table in REFERENCES.items():
            if fields.get(name) and await self.stores.database.own(table, fields[name], user=self.user) is None:
                raise _wrong(f"#/{name}", f"There is no such {name}.")


async def _add(doing: Doing, kind: Kind, fields: Fields) -> Any:
    return await doing.book(kind).add(kind.table(user=doing.user, **fields))


async def _set(doing: Doing, kind: Kind, row: Any, fields: Fields) -> Any:
    return await doing.book(kind).change(row.id, user=doing.user, **fields)


async def _step(doing: Doing, kind: Kind, row: Any, state: str) -> Any:
    fields = {name: now() for name in _STAMPS.get((kind.path, state), ())}
    return await doing.book(kind).move(row.id, _STATES[kind.path](state), user=doing.user, **fields)


_STATES: Mapping[str, type[StrEnum]] = {
    "leads": LeadState,
    "proposals": ProposalState,
    "payments": PaymentState,
    "goals": GoalState,
    "recurring": RecurringState,
}
_STAMPS: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("leads", "proposed"): ("answered_at",),
    ("leads", "won"): ("closed_at",),
    ("leads", "lost"): ("closed_at",),
    ("leads", "dropped"): ("closed_at",),
    ("proposals", "sent"): ("sent_at",),
    ("proposals", "accepted"): ("answered_at",),
    ("proposals", "declined"): ("answered_at",),
}


async def _client(doing: Doing, kind: Kind, fields: Fields) -> Client:
    name = fields.pop("name")
    if await doing.stores.clients.find(doing.user, name):
        raise Refused(f"There is a client called {name} already.")
    return await _saved(doing, name, fields)


async def _saved(doing: Doing, name: str, fields: Fields) -> Client:
    try:
        return await doing.stores.clients.save(doing.user, name, **fields)
    except ValueError:
        raise _wrong("#/name", "A client needs a name with letters or digits.") from None


async def _change_client(doing: Doing, kind: Kind, row: Client, fields: Fields) -> Client:
    name = fields.pop("name", row.name)
    try:
        return await doing.stores.clients.change(row.id, user=doing.user, name=name, **fields)
    except ValueError:
        raise _wrong("#/name", "A client needs a name with letters or digits.") from None


async def _contact(doing: Doing, kind: Kind, fields: Fields) -> Any:
    return await doing.stores.contacts.person(doing.user, fields.pop("client"), fields.pop("name"), **fields)


async def _project(doing: Doing, kind: Kind, fields: Fields) -> Project:
    return await doing.stores.projects.save(Project(user=doing.user, **fields))


async def _change_project(doing: Doing, kind: Kind, row: Project, fields: Fields) -> Project:
    for name, value in fields.items():
        setattr(row, name, value)
    return await doing.stores.projects.save(row)


async def _move_project(doing: Doing, kind: Kind, row: Project, state: str) -> Project:
    fields: Fields = {"state": state, "ended_on": (row.ended_on or doing.today) if state == "done" else None}
    return await _change_project(doing, kind, row, fields)


async def _time(doing: Doing, kind: Kind, fields: Fields) -> TimeEntry:
    fields["day"] = fields["day"] or doing.today
    entry = TimeEntry(user=doing.user, **fields)
    if entry.minutes is None:
        entry.started_at = now()
        await doing.stores.time.start(entry)
        return entry
    return await doing.stores.time.log(entry)


async def _change_time(doing: Doing, kind: Kind, row: TimeEntry, fields: Fields) -> TimeEntry:
    for name in ("minutes", "day"):
        if fields.get(name, 1) is None:
            raise _wrong(f"#/{name}", "Leave it out to keep it; to stop a timer, ask for the state “stopped”.")
    return await doing.stores.time.change(row.id, user=doing.user, **fields)


async def _stop(doing: Doing, kind: Kind, row: TimeEntry, state: str) -> TimeEntry:
    if row.minutes is not None:
        raise Refused("This timer does not run.")
    return await doing.stores.time.stop(doing.user, now()) or row


async def _expense(doing: Doing, kind: Kind, fields: Fields) -> Expense:
    fields["day"] = fields["day"] or doing.today
    await _receipt(doing, fields)
    return await doing.stores.expenses.save(Expense(user=doing.user, **fields))


async def _change_expense(doing: Doing, kind: Kind, row: Expense, fields: Fields) -> Expense:
    if fields.get("day", 1) is None:
        raise _wrong("#/day", "An expense needs a day.")
    await _receipt(doing, fields)
    billed = await doing.stores.invoices.get(row.invoice, user=doing.user) if row.invoice else None
    if billed and billed.state != "void":
        raise Refused(f"This expense is on invoice {billed.number}; void that invoice to change it.")
    changed: Expense = await _set(doing, kind, row, fields)
    return changed


async def _receipt(doing: Doing, fields: Fields) -> None:
    if fields.get("receipt") and await doing.stores.files.get(fields["receipt"], user=doing.user) is None:
        raise _wrong("#/receipt", "There is no such file: upload it first.")


async def _payment(doing: Doing, kind: Kind, fields: Fields) -> Any:
    row = await doing.stores.database.own(InvoiceRow, fields["invoice"], user=doing.user)
    if row is None:
        raise _wrong("#/invoice", "There is no such invoice.")
    before = await doing.stores.invoices.get(row.id, user=doing.user)
    known = {one.id for one in before.payments} if before else set()
    money = Money(fields["amount"], row.currency) if fields["amount"] is not None else None
    on, reference = fields["received_on"] or doing.today, fields["reference"]
    paid = await doing.stores.invoices.pay(row.id, money, user=doing.user, on=on, reference=reference)
    return next(one for one in paid.payments if one.id not in known)


async def _reverse(doing: Doing, kind: Kind, row: Any, state: str) -> Any:
    """Let a payment count no more. The invoice it paid in full is open again, with all its payments reversed."""
    invoice = await doing.stores.invoices.get(row.invoice, user=doing.user) if row.invoice else None
    if invoice is None or invoice.state != "paid":
        return await _step(doing, kind, row, state)
    if row.state == state:
        raise Refused("That payment is reversed, so it cannot become reversed.")
    await doing.stores.invoices.move(invoice.id, "sent", user=doing.user, on=doing.today)
    return await doing.stores.payments.get(row.id, user=doing.user)


async def _goal(doing: Doing, kind: Kind, fields: Fields) -> Any:
    fields["measure"] = str(fields["measure"])
    if fields["until"] < fields["since"]:
        raise _wrong("#/until", "A goal cannot end before it begins.")
    return await _add(doing, kind, fields)


async def _change_goal(doing: Doing, kind: Kind, row: Any, fields: Fields) -> Any:
    if "measure" in fields:
        fields["measure"] = str(fields["measure"])
    if fields.get("until", row.until) < fields.get("since", row.since):
        raise _wrong("#/until", "A goal cannot end before it begins.")
    return await _set(doing, kind, row, fields)


async def _reminder(doing: Doing, kind: Kind, fields: Fields) -> Reminder:
    try:
        ZoneInfo(fields["zone"])
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise _wrong("#/zone", "That is no time zone; write one as in Europe/Berlin.") from None
    at = time.fromisoformat(fields["at"]) if fields["at"] else None
    try:
        return await doing.stores.reminders.add(doing.user, fields["text"], fields["day"], at, fields["zone"])
    except OverflowError:
        raise _wrong("#/day", "That day lies outside the calendar.") from None


async def _move_reminder(doing: Doing, kind: Kind, row: Reminder, fields: Fields) -> Reminder:
    at = fields["at"] if "at" in fields else None if row.whole_day else f"{row.local():%H:%M}"
    day = fields.get("day") or row.local().date()
    moved = await doing.stores.reminders.move(row.id, day, time.fromisoformat(at) if at else None)
    return moved or row


async def _done(doing: Doing, kind: Kind, row: Reminder, state: str) -> Reminder:
    await doing.stores.reminders.done(row.id, now())
    return await doing.stores.reminders.get(row.id, user=doing.user) or row


async def _recurring(doing: Doing, kind: Kind, fields: Fields) -> RecurringInvoice:
    fields["lines"] = _lines(fields["lines"])
    row: RecurringInvoice = await _add(doing, kind, {**fields, "day": fields["next_on"].day})
    return row


async def _change_recurring(doing: Doing, kind: Kind, row: Any, fields: Fields) -> Any:
    if "lines" in fields:
        fields["lines"] = _lines(fields["lines"])
    if "next_on" in fields:
        fields["day"] = fields["next_on"].day
    return await _set(doing, kind, row, fields)


def _lines(lines: list[Fields]) -> list[list[str]]:
    return as_text([Line(**{**line, "vat": Decimal(line["vat"])}) for line in lines])


def _wrong(pointer: str, detail: str) -> HTTPException:
    return HTTPException(422, f"{pointer}: {detail}")


_MAKE: Mapping[str, Callable[[Doing, Kind, Fields], Awaitable[Any]]] = {
    "clients": _client,
    "contacts": _contact,
    "projects": _project,
    "time": _time,
    "expenses": _expense,
    "payments": _payment,
    "goals": _goal,
    "reminders": _reminder,
    "recurring": _recurring,
}
_CHANGE: Mapping[str, Callable[[Doing, Kind, Any, Fields], Awaitable[Any]]] = {
    "clients": _change_client,
    "projects": _change_project,
    "time": _change_time,
    "expenses": _change_expense,
    "goals": _change_goal,
    "reminders": _move_reminder,
    "recurring": _change_recurring,
}
_MOVE: Mapping[str, Callable[[Doing, Kind, Any, str], Awaitable[Any]]] = {
    "projects": _move_project,
    "time": _stop,
    "payments": _reverse,
    "reminders": _done,
}
