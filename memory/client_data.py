"""Everything that concerns one client: the records that belong to it, and whatever names it.

    client ─┬─ records that refer to it, and what refers to those
            └─ its names, addresses and people ──▶ turns, messages, facts, documents, files that hold one of them

A record that belongs to another client stays with that one, whatever it says; so does the user's own profile.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from anyio import to_thread
from sqlalchemy import Table, inspect
from sqlmodel import SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from memory.business.clients import Client, key_of
from memory.business.contacts import Contact
from memory.file_kinds import TEXTS
from memory.files import Files, StoredFile
from memory.ownership import owned, tables
from privacy.personal import pattern_of

LEFT = {
    "profile",
    "threads",
    "trail",
    "data_keys",
    "consents",
    "consent_changes",
    "agent_runs",
    "job_rankers",
    "chunks",
    "samples",
}
"""Tables in which nothing is looked for: the user's own, and what names nobody."""
OVERLAP = 500
"""Characters that are looked at again with the next piece of a file: a name may stand across both."""
_ID = re.compile(r"[0-9a-f]{32}")


@dataclass
class ClientData:
    """The rows that concern a client, by table, and the ids of turns and files among them.

    `threads` are conversations whose name says the client's, `names` by what it was looked for.
    """

    client: Client
    names: frozenset[str]
    rows: dict[str, dict[tuple[Any, ...], Any]] = field(default_factory=dict)
    threads: list[Any] = field(default_factory=list)

    @property
    def turns(self) -> set[str]:
        return {key[0] for key in self.rows.get("turns", {})}

    @property
    def files(self) -> set[str]:
        return {key[0] for key in self.rows.get("files", {})}

    @property
    def counts(self) -> dict[str, int]:
        """How many rows by table, only those with some."""
        return {name: len(rows) for name, rows in self.rows.items() if rows}


async def client_data(session: AsyncSession, user: str, client: Client, files: Files) -> ClientData:
    """Find it all, as objects of the session.

    Into files it looks where they are plain text or were read as documents. Raises Tampered, Shredded or OSError.
    """
    people = await session.exec(select(Contact).where(col(Contact.client) == client.id))
    found = ClientData(client, _names(client, list(people)))
    pattern = pattern_of(found.names)
    everything: dict[str, list[Any]] = {}
    for table in tables():
        everything[table.name] = [] if table.name in LEFT else await _all(session, table, user)
        found.rows[table.name] = {}
        for row in everything[table.name]:
            if _belongs(table, row, found) or (
                pattern and not _of_another(table, row, client.id) and pattern.search(_words(row))
            ):
                found.rows[table.name][_key(row)] = row
    for row in everything["files"]:
        if pattern and _key(row) not in found.rows["files"] and await to_thread.run_sync(_holds, files, row, pattern):
            found.rows["files"][_key(row)] = row
    _follow(everything, found)
    for row in await _all(session, SQLModel.metadata.tables["threads"], user):
        if pattern and pattern.search(row.name):
            found.threads.append(row)
    return found


def _names(client: Client, people: list[Contact]) -> frozenset[str]:
    said = [client.name, key_of(client.name), client.email, client.phone, client.tax_id]
    for one in people:
        said += [one.name, one.email, one.phone]
    return frozenset(name for name in said if len(name or "") >= 3)


async def _all(session: AsyncSession, table: Table, user: str) -> list[Any]:
    kind = next(mapper.class_ for mapper in SQLModel._sa_registry.mappers if mapper.local_table is table)
    return list(await session.exec(select(kind).where(owned(table, user))))


def _holds(files: Files, file: StoredFile, pattern: re.Pattern[str]) -> bool:
    """Whether a plain text file says one of the names."""
    if not (file.mime.startswith("text/") or file.mime in TEXTS) or not (files.folder / file.id).is_dir():
        return False
    before = ""
    for piece in files.pieces(file.id):
        text = before + piece.decode("utf-8", "ignore")
        if pattern.search(text):
            return True
        before = text[-OVERLAP:]
    return False


def _belongs(table: Table, row: Any, found: ClientData) -> bool:
    if table.name == "clients":
        return bool(row.id == found.client.id)
    if table.name in ("client_reads", "restrictions"):
        return bool(row.client == found.client.id)
    for key in table.foreign_keys:
        value = getattr(row, key.parent.name)
        if value is not None and (value,) in found.rows.get(key.column.table.name, {}):
            return True
    return False


def _of_another(table: Table, row: Any, client: str) -> bool:
    if table.name == "clients":
        return True
    refers = any(key.column.table.name == "clients" for key in table.foreign_keys)
    return refers and getattr(row, "client", None) not in (None, client)


def _follow(everything: dict[str, list[Any]], found: ClientData) -> None:
    """Add what hangs on the rows found without a key that says so: the rest of a turn, a document, a history."""

    def add(name: str, rows: Iterator[Any]) -> None:
        found.rows[name].update((_key(row), row) for row in rows)

    rows = found.rows
    begun = {str(row.id).partition(".")[0] for row in rows["steps"].values()}
    asked = {row.id for row in rows["steps"].values()} | {row.turn for row in rows["effects"].values()}
    add("turns", (row for row in everything["turns"] if {row.id, row.message} & (begun | asked)))
    turns, messages = found.turns, {row.message for row in rows["turns"].values()}
    add("effects", (row for row in everything["effects"] if row.turn in turns))
    steps = (row for row in everything["steps"] if row.id in messages or str(row.id).partition(".")[0] in turns)
    add("steps", steps)
    shown = {row.id for row in rows["steps"].values()}
    add("elements", (row for row in everything["elements"] if row.step in shown))
    add("feedback", (row for row in everything["feedback"] if row.step in shown))
    documents = {row.id for row in rows["documents"].values()} | {row.document for row in rows["passages"].values()}
    used = {row.file for row in rows["elements"].values()}
    for row in rows["turns"].values():
        used |= {*row.files, *_ID.findall(json.dumps(row.findings))}
    add("files", (row for row in everything["files"] if row.id in documents | used))
    files = found.files
    add("documents", (row for row in everything["documents"] if row.id in documents | files))
    add("passages", (row for row in everything["passages"] if row.document in documents | files))
    gone = {str(part) for name, held in rows.items() if name != "turns" for key in held for part in key}
    add("changes", (row for row in everything["changes"] if row.record in gone))


def _key(row: Any) -> tuple[Any, ...]:
    return tuple(inspect(row).mapper.primary_key_from_instance(row))


def _words(row: Any) -> str:
    """All a row says, as one text."""
    values = (getattr(row, attribute.key) for attribute in inspect(row).mapper.column_attrs)
    return "\n".join(
        value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        for value in values
        if isinstance(value, str | list | dict)
    )
