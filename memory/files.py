"""The file store: what the user uploaded and what agents made, each in a folder of its own.

A row knows the name, type and owner; the bytes lie sealed in ``data/files/<id>/sealed``. Who needs a plain file lays a
copy on the desk. Names are cleaned on the way in (`memory.file_kinds`), so that no name can leave its folder there.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import anyio
from sqlalchemy import DateTime, Table, bindparam
from sqlmodel import Field, col, select

from memory.data_keys import key_for, standing
from memory.database import Database, new_id, now
from memory.file_kinds import FILM, clean_name, kind_of, level_in, mime_in
from memory.sealed import Sealed, SealedRow
from privacy.desk import Desk
from privacy.keys.ring import DataKey, KeyName, KeyRing, NoKey
from privacy.levels import Level
from privacy.streams import open_file, seal_file, sealed_by, unseal_file

SEALED = "sealed"
"""The name of the sealed bytes in a file's folder."""


@dataclass(frozen=True)
class FileRef:
    """A file in the store: `size` in bytes, `kind` one of the keys of `KINDS` or "other"."""

    id: str
    name: str
    mime: str
    size: int
    kind: str
    made_by: str = "user"
    level: Level = Level.CONFIDENTIAL


class StoredFile(SealedRow, table=True):
    """One file. `thread` is the conversation it belongs to, `made_by` "user" or the agent that made it.

    `level` is confidential, and raised by what is found in it: at once in a text, in a document when it is read.
    """

    __tablename__ = "files"
    id: str = Field(primary_key=True)
    user: str = Field(index=True)
    thread: str = Field(default="", index=True)
    name: str = Field(sa_type=Sealed())
    mime: str
    size: int
    made_by: str = "user"
    level: int = int(Level.CONFIDENTIAL)
    created_at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True), index=True)


_FILES: Table = StoredFile.__table__  # type: ignore[attr-defined]
_IN_THREAD = (
    _FILES.select()
    .where(_FILES.c.user == bindparam("owner"), _FILES.c.thread == bindparam("where"))
    .order_by(_FILES.c.created_at.desc())
    .limit(bindparam("most"))
)


class Files:
    """The files in one folder, known to one database, sealed by the keys of one ring."""

    def __init__(self, database: Database, folder: Path, keys: KeyRing, desk: Desk) -> None:
        self._database = database
        self._keys = keys
        self.folder = folder
        self.desk = desk

    async def put(
        self, source: Path | bytes, name: str, *, user: str, thread: str = "", made_by: str = "user"
    ) -> FileRef:
        """Seal a file, or bytes, into the store. Raises OSError when the disk refuses; then nothing is kept."""
        file_id, name = new_id(), clean_name(name)
        target = self.folder / file_id / SEALED
        name_of_key = KeyName(user, "file")
        try:
            key = self._keys.current(name_of_key)
        except NoKey:
            key = await key_for(self._database, name_of_key)
        try:
            size = await anyio.to_thread.run_sync(_place, source, target, key, file_id)
            mime = await anyio.to_thread.run_sync(mime_in, source, name)
            level = await anyio.to_thread.run_sync(level_in, source, mime)
            row = StoredFile(
                id=file_id, user=user, thread=thread, name=name, mime=mime, size=size, made_by=made_by, level=level
            )
            async with self._database.write() as session:
                if (now_standing := await standing(session, name_of_key)).id != key.id:  # another process changed it
                    await anyio.to_thread.run_sync(_place, source, target, now_standing, file_id)
                session.add(row)
        except BaseException:
            await anyio.to_thread.run_sync(_remove, target.parent)
            raise
        return self._ref(row)

    async def get(self, file_id: str, *, user: str) -> FileRef | None:
        """One file of this user, or None."""
        row = await self._database.own(StoredFile, file_id, user=user)
        return self._ref(row) if row else None

    async def in_thread(self, thread: str, *, user: str, limit: int = 50) -> list[FileRef]:
        """The files of one conversation, newest first."""
        rows = await self._database.rows(_FILES, _IN_THREAD, owner=user, where=thread, most=limit)
        return [self._ref(StoredFile(**row)) for row in rows]

    async def newest(self, made_by: str, *, user: str) -> FileRef | None:
        """The newest file of this user that was made by one agent."""
        query = (
            select(StoredFile)
            .where(StoredFile.user == user, StoredFile.made_by == made_by)
            .order_by(col(StoredFile.created_at).desc())
            .limit(1)
        )
        async with self._database.read() as session:
            row = (await session.exec(query)).first()
        return self._ref(row) if row else None

    async def lay(self, file: FileRef, of: str) -> Path:
        """A plain copy on the desk, there until the desk of that conversation is wiped.

        Raises privacy.keys.ring.Tampered, Shredded, or OSError.
        """
        return await anyio.to_thread.run_sync(self._lay, file, of)

    async def read(self, file: FileRef) -> bytes:
        """The plain bytes. Raises as `lay`."""
        return await anyio.to_thread.run_sync(lambda: b"".join(self.pieces(file.id)))

    def pieces(self, file_id: str) -> Iterator[bytes]:
        """The plain bytes, piece by piece. Raises as `lay`."""
        return open_file(self.folder / file_id / SEALED, self._keys, _place_of(file_id))

    def _lay(self, file: FileRef, of: str) -> Path:
        sealed = self.folder / file.id / SEALED
        target = self.desk.place(of, file.size) / file.id / file.name
        if not target.exists():
            target.parent.mkdir(mode=0o700, exist_ok=True)
            unseal_file(sealed, target, self._keys, _place_of(file.id))
            written = sealed.stat().st_mtime
            os.utime(target, (written, written))  # whoever asks again for a part of it is told it is the same
        return target

    async def seal_plain(self) -> int:
        """Seal what an older version left in clear; returns how many files there were."""
        left = await anyio.to_thread.run_sync(_plain_in, self.folder)
        for file_id, plain in left:
            async with self._database.read() as session:
                row = await session.get(StoredFile, file_id)
            if row is not None:
                key = await key_for(self._database, KeyName(row.user, "file"))
                await anyio.to_thread.run_sync(_reseal, plain, key, file_id)
        return len(left)

    async def reseal(self) -> int:
        """Seal every file anew that another key than its user's newest sealed; returns how many."""
        query, count = select(StoredFile.id, StoredFile.user), 0
        async with self._database.read() as session:
            known = list(await session.exec(query))
        for file_id, user in known:
            key = await key_for(self._database, KeyName(user, "file"))
            count += await anyio.to_thread.run_sync(self._reseal, file_id, key)
        return count

    def _reseal(self, file_id: str, key: DataKey) -> bool:
        sealed = self.folder / file_id / SEALED
        if sealed_by(sealed) == key.id:
            return False
        plain = self.desk.place(file_id, sealed.stat().st_size) / SEALED
        unseal_file(sealed, plain, self._keys, _place_of(file_id))
        seal_file(plain, sealed, key, _place_of(file_id))
        self.desk.wipe(file_id)
        return True

    async def delete(self, file_id: str, *, user: str) -> bool:
        """Remove a file and its bytes; False when this user has no such file."""
        async with self._database.write() as session:
            row = await session.get(StoredFile, file_id)
            if row is None or row.user != user:
                return False
            await session.delete(row)
        await anyio.to_thread.run_sync(_remove, self.folder / file_id)
        return True

    def _ref(self, row: StoredFile) -> FileRef:
        kind = "video" if row.mime == FILM else kind_of(row.name)
        return FileRef(row.id, row.name, row.mime, row.size, kind, row.made_by, Level(row.level))


def _place(source: Path | bytes, target: Path, key: DataKey, file_id: str) -> int:
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return seal_file(source, target, key, _place_of(file_id))


def _place_of(file_id: str) -> str:
    return f"files|{file_id}"


def _plain_in(folder: Path) -> list[tuple[str, Path]]:
    """The files in clear, by id: those in folders that hold nothing sealed."""
    clear = [one for one in folder.iterdir() if one.is_dir() and not (one / SEALED).exists()]
    return [(one.name, file) for one in clear for file in one.iterdir() if not file.name.endswith(".new")]


def _reseal(plain: Path, key: DataKey, file_id: str) -> None:
    sealed = plain.with_name(SEALED)
    seal_file(plain, sealed, key, _place_of(file_id))
    if plain != sealed:
        plain.unlink()


def _remove(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
