"""Checkpoints, sealed: the state of a turn, its metadata and what its steps wrote.

    row    thread, namespace and id of the checkpoint, task and channel in clear: random digits and names of nodes
           everything else as one sealed piece, bound to just these

What is not sealed is not read: a row that somebody wrote there by other means does not open. Rows that an older version
left in clear are dropped, and their turns begin anew.

A turn saves a few checkpoints, each of a page or two: they are written at once, without a thread, and outlast a
process that is killed. The disk is waited for by `settle` alone, before somebody is asked for a word on what they hold:
a power cut may take the last steps of a turn that runs, never one that waits.

    hold ──▶ checkpoints in memory ── keep ──▶ in the file, as all that follow
                     └── adelete_thread ──▶ never written, as those of most turns, which are over in a moment
"""

from __future__ import annotations

import asyncio
import copy
import os
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import (
    ChannelVersions,
    Checkpoint,
    CheckpointMetadata,
    CheckpointTuple,
    get_checkpoint_metadata,
)
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from langgraph.checkpoint.sqlite import SqliteSaver

from privacy.keys.ring import DataKey, KeyRing, Tampered, seal_with

SEALED = "sealed"
SETTLES_EVERY = 20
"""After how many turns the log of the file is worked off, which SQLite would else do in the middle of one."""


class SealedSaver(SqliteSaver):
    """Keeps checkpoints sealed. `key` finds the key of the user whose turn a thread is."""

    def __init__(
        self, conn: sqlite3.Connection, path: Path, ring: KeyRing, key: Callable[[str], Awaitable[DataKey]]
    ) -> None:
        super().__init__(conn, serde=_Passing())
        self._path = path
        self._ended = 0
        self._ring = ring
        self._key = key
        self._keys: dict[str, DataKey] = {}
        self._held: dict[str, list[tuple[str, Callable[[DataKey], None]]]] = {}
        self._plain = JsonPlusSerializer(allowed_msgpack_modules=None)

    async def aput(
        self,
        config: RunnableConfig,
        checkpoint: Checkpoint,
        metadata: CheckpointMetadata,
        new_versions: ChannelVersions,
    ) -> RunnableConfig:
        """Seal a checkpoint with its metadata and save it."""
        where = config["configurable"]
        plain = self._dumped([checkpoint, get_checkpoint_metadata(config, metadata)])
        place = _place(where["thread_id"], where["checkpoint_ns"], checkpoint["id"])

        def write(key: DataKey) -> None:
            sealed: Any = {"id": checkpoint["id"], SEALED: seal_with(key, plain, place)}
            self.put({"configurable": _named(where)}, sealed, {}, new_versions)

        await self._write(where, write)
        return {"configurable": {**_named(where), "checkpoint_id": checkpoint["id"]}}

    async def aput_writes(
        self, config: RunnableConfig, writes: Sequence[tuple[str, Any]], task_id: str, task_path: str = ""
    ) -> None:
        """Seal what a task wrote and save it."""
        where = config["configurable"]
        place = _place(where["thread_id"], where["checkpoint_ns"], where["checkpoint_id"])
        plain = [(channel, self._dumped(value)) for channel, value in writes]

        def write(key: DataKey) -> None:
            sealed = [
                (channel, {SEALED: seal_with(key, value, f"{place}|{task_id}|{channel}")}) for channel, value in plain
            ]
            self.put_writes(config, sealed, task_id, task_path)

        await self._write(where, write)

    def hold(self, thread: str) -> None:
        """Keep the checkpoints of a thread that begins in memory, until `keep` or its end."""
        self._held[thread] = []

    async def keep(self, thread: str) -> None:
        """Write what is held of a thread, and from now on all that follows at once."""
        if thread in self._held:
            key = await self._key_of(thread)
            for _, write in self._held.pop(thread, ()):  # all of it or nothing, should this task be cancelled
                write(key)

    def release(self, thread: str) -> None:
        """Let go of what is held of a thread that has ended."""
        self._held.pop(thread, None)

    async def _write(self, where: dict[str, Any], write: Callable[[DataKey], None]) -> None:
        if (held := self._held.get(where["thread_id"])) is not None:
            held.append((where["checkpoint_ns"], write))
        else:
            write(await self._key_of(where["thread_id"]))

    async def aget_tuple(self, config: RunnableConfig) -> CheckpointTuple | None:
        """Find a checkpoint and open it. Raises Tampered when it is not as it was written, or not sealed."""
        where = config["configurable"]
        if (held := self._held.get(where["thread_id"])) is not None:
            if all(namespace != where["checkpoint_ns"] for namespace, _ in held):
                return None
            await self.keep(where["thread_id"])
        found = self.get_tuple(config)
        return self._open(found) if found else None

    async def alist(
        self,
        config: RunnableConfig | None,
        *,
        filter: dict[str, Any] | None = None,
        before: RunnableConfig | None = None,
        limit: int | None = None,
    ) -> AsyncIterator[CheckpointTuple]:
        """List checkpoints, newest first. Metadata is sealed, so that nothing can be found by it."""
        if filter:
            raise ValueError("sealed checkpoints cannot be filtered by their metadata")
        for found in self.list(config, before=before, limit=limit):
            yield self._open(found)

    async def adelete_thread(self, thread_id: str) -> None:
        """Remove a thread's checkpoints."""
        self._keys.pop(thread_id, None)
        if self._held.pop(thread_id, None) is not None:
            return
        self.delete_thread(thread_id)
        self._ended += 1
        if self._ended % SETTLES_EVERY == 0:
            await self.settle()

    async def settle(self) -> None:
        """Have all that was saved on the disk, so that it outlasts a power cut. Raises a database error."""
        await asyncio.to_thread(self._settle)

    def _settle(self) -> None:
        # Working off the log would wait for the disk too, but for nothing while another does so at this moment.
        with self._path.with_name(f"{self._path.name}-wal").open("rb+") as written:
            os.fsync(written.fileno())
        with closing(sqlite3.connect(self._path)) as beside:
            beside.execute("PRAGMA wal_checkpoint(PASSIVE)")

    async def turns(self) -> set[str]:
        """The turns that have any."""
        with self.cursor(transaction=False) as cursor:
            either = "SELECT thread_id FROM checkpoints UNION SELECT thread_id FROM writes"
            return {row[0] for row in cursor.execute(either)}

    def with_allowlist(self, extra_allowlist: Collection[tuple[str, ...]]) -> SealedSaver:
        """The same saver, which may rebuild these types, too; all others stay plain data."""
        clone = copy.copy(self)
        clone._plain = self._plain.with_msgpack_allowlist(extra_allowlist)
        return clone

    async def drop_plain(self) -> None:
        """Remove what is not sealed, and its traces."""
        await asyncio.to_thread(self._drop_plain)

    def _drop_plain(self) -> None:
        self.setup()
        dropped = 0
        for table in ("checkpoints", "writes"):
            dropped += self.conn.execute(f"DELETE FROM {table} WHERE type IS NOT ?", (SEALED,)).rowcount
        self.conn.commit()
        if dropped:
            self.conn.execute("VACUUM")
            self.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _dumped(self, value: Any) -> bytes:
        kind, plain = self._plain.dumps_typed(value)
        return kind.encode() + b"\0" + plain

    async def _key_of(self, thread: str) -> DataKey:
        key = self._keys.get(thread)
        if key is None or not self._ring.has(key.id):
            key = self._keys[thread] = await self._key(thread)
        return key

    def _open(self, found: CheckpointTuple) -> CheckpointTuple:
        where = found.config["configurable"]
        place = _place(where["thread_id"], where["checkpoint_ns"], where["checkpoint_id"])
        state, metadata = self._opened(found.checkpoint, place)
        writes = [
            (task, channel, self._opened(value, f"{place}|{task}|{channel}"))
            for task, channel, value in found.pending_writes or ()
        ]
        return found._replace(checkpoint=state, metadata=metadata, pending_writes=writes)

    def _opened(self, sealed: Any, place: str) -> Any:
        kind, _, plain = self._ring.open(sealed, place).partition(b"\0")
        return self._plain.loads_typed((kind.decode(), plain))


class _Passing:
    """Passes sealed bytes through, and nothing else."""

    def dumps_typed(self, obj: Any) -> tuple[str, bytes]:
        return SEALED, obj[SEALED]

    def loads_typed(self, data: tuple[str, bytes]) -> Any:
        if data[0] != SEALED:
            raise Tampered
        return data[1]


@asynccontextmanager
async def open_checkpoints(
    path: Path, ring: KeyRing, key: Callable[[str], Awaitable[DataKey]]
) -> AsyncIterator[SealedSaver]:
    """The checkpoints in one file. Raises OSError or a database error."""
    with closing(sqlite3.connect(path, check_same_thread=False)) as connection:
        connection.execute("PRAGMA secure_delete=ON")  # what a finished turn leaves is overwritten
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.execute("PRAGMA wal_autocheckpoint=0")
        saver = SealedSaver(connection, path, ring, key)
        await saver.drop_plain()
        yield saver


def _named(where: dict[str, Any]) -> dict[str, Any]:
    return {name: where[name] for name in ("thread_id", "checkpoint_ns", "checkpoint_id") if name in where}


def _place(thread: str, namespace: str, checkpoint: str) -> str:
    return f"checkpoints|{thread}|{namespace}|{checkpoint}"
