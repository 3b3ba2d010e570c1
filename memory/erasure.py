"""Erases a user or one client, and makes sure the bytes are gone: keys, rows, indexes, files, runs, checkpoints, logs.

    keys destroyed, rows gone (one transaction) ──▶ files, runs, checkpoints, caches ──▶ free space, vectors ──▶ ledger

SQLite keeps deleted text in three more places, and each is dealt with: free pages (`secure_delete` and VACUUM), the
full-text indexes (rebuilt), and the write-ahead log (truncated).
"""

from __future__ import annotations

import re
import shutil
import sqlite3
import time
from collections.abc import Awaitable, Callable
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import anyio
from sqlalchemy import delete, func, select, text

from config.paths import Paths
from config.settings import Settings
from memory.business.clients import Client
from memory.client_data import ClientData, client_data
from memory.database import BUSY_TIMEOUT_MS, Database
from memory.files import StoredFile
from memory.ledger import Erasure, Ledger
from memory.ownership import owned, runs_of, tables
from memory.recall.indexing import sweep
from memory.recall.vectors import drop, vectors_of
from memory.restoring import replaced
from memory.stores import Stores
from memory.trail_check import Heads
from memory.turns import Turn

Checkpoints = Callable[[list[str]], Awaitable[None]]
LOG_FILES = "freelancex.jsonl*"
STORED_WITHIN_S = 3600
"""Seconds after which a file without a row was abandoned, and is not being stored by somebody else."""
BESIDE = {"data_keys", "trail", "chunks"}
"""Tables that only guard the others, or help to find them; they go with them, but nobody would count them as kept."""


@dataclass(frozen=True)
class Holdings:
    """What is kept of a user: rows by table (only those with some), files with their bytes, and AutoML runs."""

    rows: dict[str, int]
    files: int
    file_bytes: int
    runs: int

    @property
    def total(self) -> int:
        return sum(self.rows.values())


async def holdings(stores: Stores, settings: Settings, user: str) -> Holdings:
    """Count everything that `erase` would remove."""
    rows: dict[str, int] = {}
    async with stores.database.read() as session:
        connection = await session.connection()
        for table in tables():
            if table.name in BESIDE:
                continue
            query = select(func.count()).select_from(table).where(owned(table, user))
            if count := (await connection.execute(query)).scalar_one():
                rows[table.name] = count
        size = await connection.execute(select(func.sum(StoredFile.size)).where(StoredFile.user == user))  # type: ignore[arg-type]
    runs = await anyio.to_thread.run_sync(runs_of, settings.paths.runs, user)
    return Holdings(rows, rows.get("files", 0), size.scalar_one() or 0, len(runs))


async def alone(stores: Stores, user: str) -> bool:
    """Whether no other user has anything here."""
    async with stores.database.read() as session:
        connection = await session.connection()
        for table in tables():
            if "user" in table.columns:
                others = select(table.columns["user"]).where(table.columns["user"].not_in([user, ""])).limit(1)
                if (await connection.execute(others)).first():
                    return False
    return True


async def erase(
    stores: Stores,
    settings: Settings,
    user: str,
    checkpoints: Checkpoints | None = None,
) -> Holdings:
    """Remove everything of a user and return what there was.

    `checkpoints` removes the checkpoints of turns by id where they are not in this installation's file. Logs hold no
    words of a user and belong to nobody, so they go when the user is the only one. Raises OSError or a database error;
    then some of it may be left, and erasing again finishes it.
    """
    had = await holdings(stores, settings, user)
    single = await alone(stores, user)
    await Heads.open(settings).end(stores.database, user)
    turns, files = await _delete_rows(stores, user)
    stores.overview.forget()
    stores.turns.let_go()
    await anyio.to_thread.run_sync(_remove, [stores.files.folder / file for file in files])
    left = await anyio.to_thread.run_sync(_within, stores.files.folder, 0.0 if single else STORED_WITHIN_S)
    known = await _known_files(stores.database)
    await anyio.to_thread.run_sync(_remove, [path for path in left if path.name not in known])
    await anyio.to_thread.run_sync(_remove, runs_of(settings.paths.runs, user))
    await _forget_checkpoints(stores, settings, turns, checkpoints)
    await _scrub(stores.database)
    await anyio.to_thread.run_sync(drop, vectors_of(settings.paths), user)
    await anyio.to_thread.run_sync(_delete_cached, settings.paths, user)
    stores.database.live.forget(user)
    if single:
        await anyio.to_thread.run_sync(_empty_logs, settings.paths.logs)
        await anyio.to_thread.run_sync(lambda: _remove(_within(settings.paths.cache)))
    return had


async def erase_client(
    stores: Stores, settings: Settings, user: str, client: str, checkpoints: Checkpoints | None = None
) -> Holdings | None:
    """Remove one client, by id, and all that concerns it; None when this user has no such client.

    Raises OSError or a database error; then some of it may be left, and erasing again finishes it.
    """
    async with stores.database.write() as session:
        row = await session.get(Client, client)
        if row is None or row.user != user:
            return None
        found = await client_data(session, user, row, stores.files)
        had = _held(found)
        for thread in found.threads:
            thread.name, thread.tags = "", []
            session.add(thread)
        for table in reversed(tables()):
            for one in found.rows.get(table.name, {}).values():
                await session.delete(one)
            await session.flush()
        await sweep(session)
        await (await session.connection()).run_sync(stores.keys.shred, user, client)
    stores.overview.forget()
    stores.turns.let_go()
    turns = sorted(found.turns)
    runs = await anyio.to_thread.run_sync(_runs_with, runs_of(settings.paths.runs, user), found.names | found.files)
    gone = [stores.files.folder / file for file in found.files]
    await anyio.to_thread.run_sync(_remove, [path for path in [*gone, *runs] if path.exists()])
    await _forget_checkpoints(stores, settings, turns, checkpoints)
    await _scrub(stores.database)
    await anyio.to_thread.run_sync(drop, vectors_of(settings.paths), user)
    await anyio.to_thread.run_sync(_delete_cached, settings.paths, user)
    stores.database.live.forget(user)
    return replace(had, runs=len(runs))


async def client_holdings(stores: Stores, user: str, client: Client) -> Holdings:
    """Count what `erase_client` would remove, but for AutoML runs."""
    async with stores.database.read() as session:
        return _held(await client_data(session, user, client, stores.files))


async def replay(
    stores: Stores, settings: Settings, since: datetime, checkpoints: Checkpoints | None = None
) -> list[Erasure]:
    """Carry out again what was erased after a backup was made at `since`, once it is restored. Returns the erasures."""
    done = await Ledger.open(settings).all(since)
    for one in done:
        if one.client:
            await erase_client(stores, settings, one.user, one.client, checkpoints)
        else:
            await erase(stores, settings, one.user, checkpoints)
    return done


def _held(found: ClientData) -> Holdings:
    size = sum(row.size for row in found.rows.get("files", {}).values())
    return Holdings(found.counts, len(found.files), size, 0)


def _runs_with(runs: list[Path], marks: frozenset[str]) -> list[Path]:
    """The runs whose manifest names a client or one of its files."""
    named = []
    for run in runs:
        path = run / "manifest.json"
        text = path.read_text("utf-8", "replace") if path.is_file() else ""
        if any(mark in text for mark in marks):
            named.append(run)
    return named


async def _delete_rows(stores: Stores, user: str) -> tuple[list[str], list[str]]:
    """Destroy the keys, delete the rows, those that refer to others first; returns the ids of turns and files gone."""
    async with stores.database.write() as session:
        connection = await session.connection()
        await connection.run_sync(stores.keys.shred, user)
        gone = []
        for kind in (Turn, StoredFile):
            ids = await connection.execute(select(kind.id).where(kind.user == user))  # type: ignore[call-overload]
            gone.append(list(ids.scalars()))
        for table in sorted(reversed(tables()), key=lambda table: table.name == "threads"):
            await connection.execute(delete(table).where(owned(table, user)))
    return gone[0], gone[1]


async def _known_files(database: Database) -> set[str]:
    async with database.read() as session:
        connection = await session.connection()
        return set((await connection.execute(select(StoredFile.id))).scalars())  # type: ignore[call-overload]


async def _turns(database: Database) -> set[str]:
    async with database.read() as session:
        connection = await session.connection()
        return set((await connection.execute(select(Turn.id))).scalars())  # type: ignore[call-overload]


def _within(folder: Path, age: float = 0.0) -> list[Path]:
    """What lies in a folder, and was not touched for so many seconds."""
    before = time.time() - age
    return [one for one in folder.iterdir() if one.stat().st_mtime <= before] if folder.is_dir() else []


async def _forget_checkpoints(
    stores: Stores, settings: Settings, turns: list[str], elsewhere: Checkpoints | None
) -> None:
    """Remove the checkpoints of turns that are gone, wherever they are kept."""
    if elsewhere:
        await elsewhere(turns)
    else:
        there = await anyio.to_thread.run_sync(_with_checkpoints, settings.paths.checkpoints)
        gone = there - await _turns(stores.database)  # read last: a turn has its row before its first checkpoint
        await anyio.to_thread.run_sync(_delete_checkpoints, settings.paths.checkpoints, gone)


def _remove(paths: list[Path]) -> None:
    for path in paths:
        shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink(missing_ok=True)


def _delete_cached(paths: Paths, user: str) -> None:
    paths.replies(user).unlink(missing_ok=True)
    shutil.rmtree(paths.crawls(user), ignore_errors=True)
    shutil.rmtree(replaced(paths), ignore_errors=True)  # what a restored backup took the place of


def _with_checkpoints(path: Path) -> set[str]:
    """The turns that have any."""
    if not path.exists():
        return set()
    with closing(sqlite3.connect(path, timeout=BUSY_TIMEOUT_MS / 1000)) as opened:
        return {
            str(row[0])
            for name in _by_turn(opened)
            for row in opened.execute(f'SELECT DISTINCT thread_id FROM "{name}"')
        }


def _delete_checkpoints(path: Path, gone: set[str]) -> None:
    if not path.exists():
        return
    with closing(sqlite3.connect(path, timeout=BUSY_TIMEOUT_MS / 1000, isolation_level=None)) as opened:
        opened.execute("PRAGMA secure_delete=ON")
        opened.execute("BEGIN IMMEDIATE")
        for name in _by_turn(opened):
            opened.executemany(f'DELETE FROM "{name}" WHERE thread_id = ?', [(one,) for one in gone])
        opened.execute("COMMIT")
        opened.execute("VACUUM")
        opened.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _by_turn(opened: sqlite3.Connection) -> list[str]:
    """The tables of checkpoints."""
    names = [row[0] for row in opened.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    return [name for name in names if "thread_id" in {row[1] for row in opened.execute(f'PRAGMA table_info("{name}")')}]


async def _scrub(database: Database) -> None:
    """Take deleted text out of the search indexes, the free pages and the write-ahead log."""
    if database.engine.dialect.name != "sqlite":
        return
    async with database.write() as session:
        connection = await session.connection()
        found = await connection.execute(
            text("SELECT name, sql FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL TABLE%'")
        )
        for name, sql in found.all():
            if re.search(r"\bfts5\b", sql, re.IGNORECASE):
                await connection.execute(text(f"INSERT INTO {name}({name}) VALUES('rebuild')"))
    await database.outside("VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)")


def _empty_logs(folder: Path) -> None:
    for path in folder.glob(LOG_FILES):
        if path.suffix == ".jsonl":
            path.write_bytes(b"")  # the open log goes on in the same file
        else:
            path.unlink()
