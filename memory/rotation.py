"""Exchanging keys: the master key, which rewraps the others, and the data keys, which rewrites what they sealed.

Former master keys stay beside the new one for backups that lie elsewhere; those here are wrapped anew. Former keys of
rows are destroyed once nothing is sealed by them any more; those of files, checkpoints and kept web pages stay until
these are gone. Keys that texts are looked up by, and that of the trail, stay as they are: what they made cannot be made
anew one by one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import anyio
from sqlalchemy import Connection, LargeBinary, delete, func, inspect, tuple_, type_coerce
from sqlalchemy.orm.attributes import flag_modified
from sqlmodel import select

from config.settings import Settings
from memory.backups import rewrap
from memory.sealed import Sealed, SealedRow
from memory.stores import Stores
from privacy.keys.keepers import keep_master
from privacy.keys.master import Master
from privacy.keys.ring import ID_BYTES, VERSION, KeyName
from privacy.keys.table import DataKeyRow

RENEWED = ("record", "file", "checkpoint", "cache")
BATCH = 500
KEY_AT = (len(VERSION) + 1, ID_BYTES)
"""Where what is sealed names its key, and how long that name is: from 1, in bytes."""
_T = DataKeyRow.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Rotated:
    """What an exchange of keys came to: data keys renewed or rewrapped, rows and files rewritten."""

    keys: int
    rows: int = 0
    files: int = 0


async def counts(stores: Stores) -> dict[str, int]:
    """How many data keys there are of each kind, former ones included."""
    async with stores.database.read() as session:
        found = await session.exec(select(_T.c.kind, func.count()).group_by(_T.c.kind).order_by(_T.c.kind))
        return {row[0]: row[1] for row in found}


async def rotate_master(stores: Stores, settings: Settings) -> Rotated:
    """Make a new master key and wrap every data key with it. Raises NoMaster, OSError or a database error.

    The new one is kept before anything is wrapped with it, so that no crash can part a key from what it opens.
    """
    master = Master((*stores.keys.master.keys, *Master.fresh().keys))
    await anyio.to_thread.run_sync(keep_master, settings, master)
    stores.keys.master = master
    done: list[int] = []
    await stores.database.change(lambda connection: done.append(stores.keys.rewrap(connection, master)))
    await anyio.to_thread.run_sync(rewrap, settings, master)
    return Rotated(keys=done[0])


async def rotate_data(stores: Stores) -> Rotated:
    """Make new data keys, and rewrite every row and file with them. Raises OSError or a database error.

    Cut short, it leaves everything readable; the next time does all of it.
    """
    renewed: list[KeyName] = []
    await stores.database.change(lambda connection: renewed.extend(_renew(stores, connection)))
    rows = 0
    for kind in _tables(SealedRow):
        rows += await _rewrite(stores, kind)
    files = await stores.files.reseal()
    await stores.database.change(_drop_former)
    return Rotated(len(renewed), rows, files)


def _renew(stores: Stores, connection: Connection) -> Iterator[KeyName]:
    query = select(_T.c.user, _T.c.kind, _T.c.client).where(_T.c.kind.in_(RENEWED)).distinct()
    for row in connection.execute(query).all():
        name = KeyName(row.user, row.kind, row.client)
        stores.keys.renew(connection, name)
        yield name


async def _rewrite(stores: Stores, kind: type[SealedRow]) -> int:
    """Write every row of a table again, in batches of a transaction each."""
    mapper: Any = inspect(kind)
    sealed = [one.key for one in mapper.column_attrs if isinstance(one.columns[0].type, Sealed)]
    order, count, after = list(mapper.primary_key), 0, list[Any]()
    while True:
        async with stores.database.write() as session:
            rows = list(await session.exec(select(kind).where(*after).order_by(*order).limit(BATCH)))
            for row in rows:
                for name in sealed:
                    flag_modified(row, name)
        count += len(rows)
        if rows:  # by key and not by number: others add and remove rows meanwhile
            after = [tuple_(*order) > tuple_(*mapper.primary_key_from_instance(rows[-1]))]
        if len(rows) < BATCH:
            return count


def _tables(base: type[SealedRow]) -> Iterator[type[SealedRow]]:
    for kind in base.__subclasses__():
        if hasattr(kind, "__table__"):
            yield kind
        yield from _tables(kind)


def _drop_former(connection: Connection) -> None:
    """Destroy the former keys of records, but those that still seal one: another process may have been writing."""
    used = {
        bytes(row[0])
        for kind in _tables(SealedRow)
        for column in inspect(kind).local_table.c
        if isinstance(column.type, Sealed)
        for row in connection.execute(select(func.substr(type_coerce(column, LargeBinary), *KEY_AT)).distinct())
        if row[0] is not None
    }
    former = select(_T.c.id).where(_T.c.kind == "record", _T.c.retired_at.is_not(None))
    gone = [one for one in connection.execute(former).scalars() if bytes(one) not in used]
    connection.execute(delete(_T).where(_T.c.id.in_(gone)))
