"""What is done with records: each kind through its store, by the rules that hold in the chat, too.

A kind that is not named here is a plain row of a `Book`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from chainlit_app.api.records import money
from chainlit_app.api.records import people_and_work as people
from chainlit_app.api.records.kinds import REFERENCES, Kind
from chainlit_app.api.records.plain import Fields, add, set_, step, wrong
from memory.business.book import Book, Refused
from memory.business.removal import remove
from memory.stores import Stores

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
        return await _MAKE.get(kind.path, add)(self, kind, fields)

    async def change(self, kind: Kind, row: Any, fields: Fields) -> Any:
        """Set fields of a record. Raises the same."""
        await self._own(fields)
        return await _CHANGE.get(kind.path, set_)(self, kind, row, fields) if fields else row

    async def move(self, kind: Kind, row: Any, state: str) -> Any:
        """Bring a record into a state. Raises the same."""
        return await _MOVE.get(kind.path, step)(self, kind, row, state)

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
                raise wrong(f"#/{name}", f"There is no such {name}.")


_MAKE: Mapping[str, Callable[[Doing, Kind, Fields], Awaitable[Any]]] = {
    "clients": people.make_client,
    "contacts": people.make_contact,
    "projects": people.make_project,
    "time": people.make_time,
    "expenses": money.make_expense,
    "payments": money.make_payment,
    "goals": money.make_goal,
    "reminders": people.make_reminder,
    "recurring": money.make_recurring,
}
_CHANGE: Mapping[str, Callable[[Doing, Kind, Any, Fields], Awaitable[Any]]] = {
    "clients": people.change_client,
    "projects": people.change_project,
    "time": people.change_time,
    "expenses": money.change_expense,
    "goals": money.change_goal,
    "reminders": people.move_reminder,
    "recurring": money.change_recurring,
}
_MOVE: Mapping[str, Callable[[Doing, Kind, Any, str], Awaitable[Any]]] = {
    "projects": people.move_project,
    "time": people.stop_timer,
    "payments": money.reverse_payment,
    "reminders": people.finish_reminder,
}
