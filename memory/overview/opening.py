"""Reads many rows with only the columns that are wanted, and opens what is sealed in them off the event loop.

rows as stored ──▶ known before? ──yes──▶ the same bytes say the same
                        └──no──▶ opened in a thread, which lets the loop breathe

Objects are for working with a few rows; a view of ten thousand would wait for their making.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

import anyio
from sqlalchemy import ColumnElement, Table, select
from sqlmodel import SQLModel

from memory.database import Database
from memory.sealed import Ciphertext, Sealed, place_of
from privacy.keys.ring import HEAD, KeyRing, Shredded, ring_of

_READ: dict[str, Callable[[bytes], Any]] = {
    "text": bytes.decode,
    "json": json.loads,
    "decimal": lambda value: Decimal(value.decode()),
}


class Opening:
    """Reads rows; remembers what was opened for as long as it is read again and again."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: dict[str, dict[bytes, Any]] = {}

    async def rows(
        self, kind: type[SQLModel], columns: Iterable[str], *where: ColumnElement[bool], keep: str = ""
    ) -> list[dict[str, Any]]:
        """The rows of a table with these columns, what is sealed opened; a value whose key was destroyed is None.

        With `keep`, what was opened is remembered under that name until the next such call. Raises Tampered.
        """
        table: Table = kind.__table__  # type: ignore[attr-defined]
        wanted = {*columns, *(column.name for column in table.primary_key)}
        wanted |= {"id"} & set(table.columns.keys())
        query = select(*(column for column in table.c if column.name in wanted)).where(*where)
        sealed = {name: table.c[name] for name in wanted if isinstance(table.c[name].type, Sealed)}
        async with self._database.read() as session:
            connection = await session.connection()
            result, keys = await connection.execute(query), ring_of(connection.sync_connection)  # type: ignore[arg-type]
            found, unknown = await anyio.to_thread.run_sync(_fetched, result, sealed, keys)
            for one in unknown:  # made by another process since, or destroyed
                await connection.run_sync(lambda plain, one=one: _learn(keys, one, plain))  # type: ignore[misc]
        if sealed and found:
            known = self._known.get(keep, {})
            fresh = await anyio.to_thread.run_sync(_open_all, keys, found, sealed, known)
            if keep:
                self._known[keep] = fresh
        return found

    def forget(self) -> None:
        """Forget what was opened."""
        self._known.clear()


def _fetched(result: Any, sealed: Iterable[str], keys: KeyRing) -> tuple[list[dict[str, Any]], set[bytes]]:
    """The rows of a result, and the ids of keys in them that are not known here."""
    rows = [dict(row) for row in result.mappings()]
    used = {row[name].data[1:HEAD] for row in rows for name in sealed if isinstance(row[name], Ciphertext)}
    return rows, {one for one in used if not keys.has(one)}


def _learn(keys: KeyRing, one: bytes, connection: Any) -> None:
    try:
        keys.key(one, connection)
    except Shredded:
        return  # what it sealed reads as None


def _open_all(
    keys: KeyRing, rows: list[dict[str, Any]], sealed: dict[str, Any], known: dict[bytes, Any]
) -> dict[bytes, Any]:
    """Open the sealed values of rows in place, and return what each stored value says."""
    fresh: dict[bytes, Any] = {}
    for name, column in sealed.items():
        read = _READ[column.type.form]
        for row in rows:
            if not isinstance(value := row[name], Ciphertext):
                continue
            if value.data in known:
                said = known[value.data]
            else:
                try:
                    said = read(keys.open(value.data, place_of(column, row)))
                except Shredded:
                    said = None
            fresh[value.data] = row[name] = said
    return fresh
