"""Checkpoints, sealed: the state of a turn, its metadata and what its steps wrote.

    row    thread, namespace and id of the checkpoint, task and channel in clear: random digits and names of nodes
           everything else as one sealed piece, bound to just these

What is not sealed is not read: a row that somebody wrote there by other means does not open. Rows that an older version
left in clear are dropped, and their turns begin anew.
"""

from __future__ import annotations

import copy
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiosqlite
from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import (
    ChannelVersions,
    Checkpoint,
    CheckpointMetadata,
    CheckpointTuple,
    get_checkpoint_metadata,
)
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver

from privacy.keys.ring import DataKey, KeyRing, Tampered, seal_with

SEALED = "sealed"


class SealedSaver(AsyncSqliteSaver):
    """Keeps checkpoints sealed. `key` finds the key of the user whose turn a thread is."""

    def __init__(self, conn: aiosqlite.Connection, ring: KeyRing, key: Callable[[str], Awaitable[DataKey]]) -> None:
        super().__init__(conn, serde=_Passing())
        self._ring = ring
        self._key = key
        self._keys: dict[str, DataKey] = {}
        self._plain = JsonPlusSerializer(allowed_msgpack_modules=None)

    async def aput(
        self,
        config: RunnableConfig,
        checkpoint: Checkpoint,
        metadata: CheckpointMetadata,
        new_versions: ChannelVersions,
    ) -> RunnableConfig:
        """Seal a checkpoint with its metadata and save it."""
        where, state = config["configurable"], [checkpoint, get_checkpoint_metadata(config, metadata)]
        place = _place(where["thread_id"], where["checkpoint_ns"], checkpoint["id"])
        sealed: Any = {"id": checkpoint["id"], SEALED: await self._seal(where["thread_id"], state, place)}
        return await super().aput({"configurable": _named(where)}, sealed, {}, new_versions)

    async def aput_writes(
        self, config: RunnableConfig, writes: Sequence[tuple[str, Any]], task_id: str, task_path: str = ""
    ) -> None:
        """Seal what a task wrote and save it."""
        where = config["configurable"]
        place = _place(where["thread_id"], where["checkpoint_ns"], where["checkpoint_id"])
        sealed = [
            (channel, {SEALED: await self._seal(where["thread_id"], value, f"{place}|{task_id}|{channel}")})
            for channel, value in writes
        ]
        await super().aput_writes(config, sealed, task_id, task_path)

    async def aget_tuple(self, config: RunnableConfig) -> CheckpointTuple | None:
        """Find a checkpoint and open it. Raises Tampered when it is not as it was written, or not sealed."""
        found = await super().aget_tuple(config)
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
        async for found in super().alist(config, before=before, limit=limit):
            yield self._open(found)

    async def adelete_thread(self, thread_id: str) -> None:
        """Remove a thread's checkpoints."""
        self._keys.pop(thread_id, None)
        await super().adelete_thread(thread_id)

    def with_allowlist(self, extra_allowlist: Collection[tuple[str, ...]]) -> SealedSaver:
        """The same saver, which may rebuild these types, too; all others stay plain data."""
        clone = copy.copy(self)
        clone._plain = self._plain.with_msgpack_allowlist(extra_allowlist)
        return clone

    async def drop_plain(self) -> None:
        """Remove what is not sealed, and its traces."""
        await self.setup()
        dropped = 0
        for table in ("checkpoints", "writes"):
            dropped += (await self.conn.execute(f"DELETE FROM {table} WHERE type IS NOT ?", (SEALED,))).rowcount
        await self.conn.commit()
        if dropped:
            await self.conn.execute("VACUUM")
            await self.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    async def _seal(self, thread: str, value: Any, place: str) -> bytes:
        key = self._keys.get(thread)
        if key is None or not self._ring.has(key.id):
            key = self._keys[thread] = await self._key(thread)
        kind, plain = self._plain.dumps_typed(value)
        return seal_with(key, kind.encode() + b"\0" + plain, place)

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
    async with aiosqlite.connect(path) as connection:
        await connection.execute("PRAGMA secure_delete=ON")  # what a finished turn leaves is overwritten
        saver = SealedSaver(connection, ring, key)
        await saver.drop_plain()
        yield saver


def _named(where: dict[str, Any]) -> dict[str, Any]:
    return {name: where[name] for name in ("thread_id", "checkpoint_ns", "checkpoint_id") if name in where}


def _place(thread: str, namespace: str, checkpoint: str) -> str:
    return f"checkpoints|{thread}|{namespace}|{checkpoint}"
