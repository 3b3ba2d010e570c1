"""A row of a user in every table there is, so that no table is left out of what a test says of all of them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, Column, Table
from sqlmodel import SQLModel

from memory.business.columns import Exact
from memory.ownership import tables
from memory.sealed import Sealed
from memory.stores import Stores

GUARDS = {"data_keys", "trail"}
"""Tables that fill themselves while others are written."""
AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


def kinds() -> dict[str, Any]:
    """The class of each table by its name."""
    return {mapper.local_table.name: mapper.class_ for mapper in SQLModel._sa_registry.mappers}  # type: ignore[attr-defined]


async def write_everything(stores: Stores, user: str, mark: str) -> None:
    """Write one row of this user into each table; every text of it begins with the mark."""
    made: dict[str, dict[str, Any]] = {}
    for table in tables():
        if table.name in GUARDS:
            continue
        values = {column.name: _value(table, column, user, mark, made) for column in table.columns}
        made[table.name] = values = {name: value for name, value in values.items() if value is not _LEFT}
        async with stores.database.write() as session:
            row = kinds()[table.name](**values)
            session.add(row)
            await session.flush()
            made[table.name] |= {column.name: getattr(row, column.name) for column in table.primary_key}


_LEFT = object()
"""Stands for a value that the database gives."""


def _value(table: Table, column: Column[Any], user: str, mark: str, made: dict[str, dict[str, Any]]) -> Any:
    for key in column.foreign_keys:
        if key.column.table is not table:
            return made[key.column.table.name][key.column.name]
    if column.name == "user":
        return user
    if column.name == "thread" or (table.name, column.name) == ("threads", "id"):
        return f"{mark} thread"
    said = f"{mark} {table.name} {column.name}"
    if isinstance(column.type, Sealed):
        return {"text": said, "json": {"said": said}, "decimal": Decimal("80.1")}[column.type.form]
    if isinstance(column.type, Exact):
        return Decimal("2.5")
    if isinstance(column.type, JSON):
        return [said]
    kind = getattr(column.type, "impl_instance", column.type).python_type
    if kind is int and column.primary_key and len(table.primary_key) == 1:
        return _LEFT
    return {str: said, int: 3, bool: True, float: 1.5, datetime: AT, date: AT.date(), bytes: said.encode()}[kind]
