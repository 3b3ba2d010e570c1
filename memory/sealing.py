"""Seals what an earlier version kept in plain, in the transaction of the migration, and then empties the free pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, LargeBinary, Table, inspect, text
from sqlmodel import SQLModel

from memory.blind_search import blind, tokens
from memory.database import Database, new_id
from memory.sealed import Sealed, SealedRow, key_name, place_of
from privacy.keys.ring import ring_of

BLIND = {"clients": "key", "job_leads": "source", "told_jobs": "job", "job_asks": "job"}
"""Columns that were plain and now stand for a text, to be looked up by it."""
PLAIN_BEFORE = 1
"""What SQLite's `user_version` is while the file may hold text of before in its free pages."""
UNVACUUMED = "dead rows may hold text of before"
"""How PostgreSQL is told so, of a table."""
_BLINDED = re.compile("[0-9a-f]{32}")
_TO_OWNER = """UPDATE {table} SET "user" = COALESCE((SELECT t."user" FROM threads t WHERE t.id = {table}.thread), '')
WHERE "user" = ''"""
_TO_CLIENT = (
    "UPDATE changes SET client = record WHERE kind = 'client'",
    "UPDATE changes SET client = COALESCE((SELECT c.client FROM contacts c WHERE c.id = record), '') "
    "WHERE kind = 'contact'",
)


def seal_everything(connection: Connection) -> None:
    """Add the columns that sealing needs, and seal every row that is plain."""
    if connection.dialect.name == "sqlite":
        _drop_search(connection)
    kinds = {kind.__tablename__: kind for kind in _kinds(SealedRow)}
    names = [name for name in inspect(connection).get_table_names() if name in {*kinds, *BLIND}]
    plain = {name: _columns(connection, SQLModel.metadata.tables[name]) for name in names}
    for name in ("steps", "elements", "feedback", "effects"):
        connection.execute(text(_TO_OWNER.format(table=name)))
    for statement in _TO_CLIENT:
        connection.execute(text(statement))
    for name in names:
        _seal_rows(connection, SQLModel.metadata.tables[name], kinds.get(name, SealedRow), plain[name])
    connection.execute(text("DROP INDEX IF EXISTS ix_facts"))
    connection.execute(text('CREATE INDEX ix_facts ON facts ("user")'))


def add_columns(connection: Connection, table: Table) -> None:
    """Add the columns a table lacks, with their default where they have a plain one, else empty."""
    there = {column["name"] for column in inspect(connection).get_columns(table.name)}
    for column in table.columns:
        if column.name not in there:
            usual: Any = column.default
            value = usual.arg if usual is not None and usual.is_scalar else ""
            rest = "" if column.nullable else f" NOT NULL DEFAULT '{value}'"
            kind = column.type.compile(connection.dialect)
            connection.execute(text(f'ALTER TABLE {table.name} ADD COLUMN "{column.name}" {kind}{rest}'))


async def scrub(database: Database) -> None:
    """Rewrite the file and empty its log where a migration has sealed what lay in them, also one cut short before."""
    if database.engine.dialect.name == "postgresql":
        await _vacuum(database)
        return
    async with database.read() as session:
        due = (await (await session.connection()).execute(text("PRAGMA user_version"))).scalar()
    if due == PLAIN_BEFORE:
        await database.outside("VACUUM", "PRAGMA user_version = 0", "PRAGMA wal_checkpoint(TRUNCATE)")


async def _vacuum(database: Database) -> None:
    """Write the tables anew whose dead rows are of before; PostgreSQL keeps those until then."""
    async with database.engine.connect() as opened:
        outside = await opened.execution_options(isolation_level="AUTOCOMMIT")
        due = "SELECT relname FROM pg_class WHERE relkind = 'r' AND obj_description(oid, 'pg_class') = :mark"
        for name in (await outside.execute(text(due), {"mark": UNVACUUMED})).scalars().all():
            await outside.execute(text(f'VACUUM FULL "{name}"'))
            await outside.execute(text(f'COMMENT ON TABLE "{name}" IS NULL'))


def _kinds(base: type[Any]) -> Iterator[type[SealedRow]]:
    for kind in base.__subclasses__():
        yield kind
        yield from _kinds(kind)


def _drop_search(connection: Connection) -> None:
    for name in ("steps", "passages"):
        for event in ("added", "removed", "changed"):
            connection.execute(text(f"DROP TRIGGER IF EXISTS {name}_{event}"))
        connection.execute(text(f"DROP TABLE IF EXISTS {name}_search"))


def _columns(connection: Connection, table: Table) -> list[str]:
    """Add the columns a table lacks, make those to be sealed able to hold bytes, and return which may hold text."""
    there = {column["name"]: column for column in inspect(connection).get_columns(table.name)}
    add_columns(connection, table)
    sealed = [column.name for column in table.columns if isinstance(column.type, Sealed)]
    if connection.dialect.name == "sqlite":
        return sealed  # any column takes bytes, and each value says itself whether it is plain
    plain = [name for name in sealed if name not in there or not isinstance(there[name]["type"], LargeBinary)]
    for name in plain:
        to_bytes = f"TYPE BYTEA USING convert_to(\"{name}\"::text, 'UTF8')"
        connection.execute(text(f'ALTER TABLE {table.name} ALTER COLUMN "{name}" DROP DEFAULT'))
        connection.execute(text(f'ALTER TABLE {table.name} ALTER COLUMN "{name}" {to_bytes}'))
    return plain


def _seal_rows(connection: Connection, table: Table, kind: type[SealedRow], plain: list[str]) -> None:
    key_columns = [column.name for column in table.primary_key]
    changes: list[dict[str, Any]] = []
    for found in connection.execute(text(f"SELECT * FROM {table.name}")).mappings().all():
        row = dict(found)
        where = {f"key_{name}": row[name] for name in key_columns}
        said = {name: _said(row[name]) for name in plain if _is_plain(connection, row[name])}
        if not said and not (table.name == "told_jobs" and not _BLINDED.fullmatch(row["job"])):
            continue
        if table.name in BLIND and all(name in said or row[name] is None for name in plain):
            row[BLIND[table.name]] = blind(connection, row["user"], table.name, row[BLIND[table.name]])
        if table.name == "passages":
            row["id"] = new_id()
        for name, words in kind.__words__.items():
            if words.of in said:
                row[name] = tokens(connection, row["user"], table.name, words.split(said[words.of].decode()))
        for name, value in said.items():
            place = place_of(table.columns[name], row)
            row[name] = ring_of(connection).seal(value, key_name(kind, row), place, connection)
        changes.append(row | where)
    if changes:
        if connection.dialect.name == "sqlite":
            connection.execute(text(f"PRAGMA user_version = {PLAIN_BEFORE}"))
        else:
            connection.execute(text(f"COMMENT ON TABLE {table.name} IS '{UNVACUUMED}'"))
        sets = ", ".join(f'"{column.name}" = :{column.name}' for column in table.columns)
        wanted = " AND ".join(f'"{name}" = :key_{name}' for name in key_columns)
        connection.execute(text(f"UPDATE {table.name} SET {sets} WHERE {wanted}"), changes)


def _is_plain(connection: Connection, value: Any) -> bool:
    return value is not None and (connection.dialect.name != "sqlite" or not isinstance(value, bytes))


def _said(value: Any) -> bytes:
    return bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
