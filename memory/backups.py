"""Backups: everything of one moment, sealed, made while FreelanceX runs, and tried out before it counts.

    data ──▶ copy of each database (SQLite's online backup) ─┐
         └─▶ files, runs, log of what left ──────────────────┴─▶ sealed pieces ──▶ list of them ──▶ tried out

    backups/2026-11-21T160000Z/   key             the key of this backup, wrapped by the master key
                                  0, 1, …         one sealed piece for each file
                                  master.sealed   with a passphrase: what it opens is all that a new machine needs
                                  list            sealed, written last: a folder without it is no backup

Without a passphrase the master key is in no backup and must be kept elsewhere.
"""

from __future__ import annotations

import json
import secrets
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from config.errors import Mendable
from config.settings import Settings
from privacy.keys.keepers import keep_master, sealed_master, write_secret
from privacy.keys.master import KEY_BYTES, Master, NoMaster
from privacy.keys.ring import ID_BYTES, DataKey, KeyName, Tampered
from privacy.streams import open_file, seal_file, unseal_file

LIST, KEY, MASTER = "list", "key", "master.sealed"
FORMAT = 1
STAMP = "%Y-%m-%dT%H%M%SZ"
SPARE = 64 * 1024 * 1024
"""Bytes that stay free on the disk beside a backup."""


class BackupError(Mendable):
    """There is no backup to be made, or none to be used; the message says why."""


@dataclass(frozen=True)
class Piece:
    """One file of a backup: its path under the data folder, and its size in bytes."""

    path: str
    size: int


@dataclass(frozen=True)
class Backup:
    """A complete backup: when it was made, where it lies, what it holds."""

    folder: Path
    made_at: datetime
    pieces: tuple[Piece, ...]

    @property
    def size(self) -> int:
        """Plain bytes in all."""
        return sum(piece.size for piece in self.pieces)


@dataclass(frozen=True)
class _Opener:
    """The key of one backup, for whoever opens its pieces."""

    own: DataKey

    def key(self, key_id: bytes) -> DataKey:
        if key_id != self.own.id:
            raise Tampered
        return self.own


def folder_of(settings: Settings) -> Path:
    """Where backups lie."""
    return settings.backup_dir or settings.paths.backups


def make(settings: Settings, master: Master, at: datetime | None = None) -> Backup:
    """Back everything up, try the backup out, and remove the oldest beyond those kept. Blocking.

    Raises BackupError when there is nothing to back up here, no room, or the copy does not pass its check; OSError when
    the disk refuses. Then no backup came to be, and the older ones are as they were.
    """
    if settings.database_url:
        raise BackupError("The database is at another address; back it up there, with pg_dump for PostgreSQL.")
    if not settings.paths.database.exists():
        raise BackupError("There is nothing to back up yet.")
    made_at = (at or datetime.now(UTC)).replace(microsecond=0)
    target = folder_of(settings) / made_at.strftime(STAMP)
    _enough_room(settings, target.parent)
    try:
        target.mkdir(mode=0o700, parents=True)
    except FileExistsError:
        raise BackupError("A backup is being made at this very moment; it is in the list in a moment.") from None
    try:
        with tempfile.TemporaryDirectory(dir=target, prefix="copy-") as copies:
            made = _write(settings, master, target, Path(copies), made_at)
        with tempfile.TemporaryDirectory(dir=target, prefix="trial-") as trial:
            unpack(made, master, Path(trial))
    except BaseException:
        shutil.rmtree(target, ignore_errors=True)
        raise
    for old in listed(settings, master)[settings.backups_kept :]:
        shutil.rmtree(old.folder)
    return made


def listed(settings: Settings, master: Master) -> list[Backup]:
    """The complete backups that open, newest first."""
    found: list[Backup] = []
    for folder in sorted(folder_of(settings).glob("*Z"), reverse=True):
        with suppress(BackupError, NoMaster, Tampered, OSError):
            found.append(read(folder, master))
    return found


def read(folder: Path, master: Master) -> Backup:
    """What a backup holds. Raises BackupError when it is none, NoMaster when it is another key's, Tampered."""
    if not (folder / LIST).is_file():
        raise BackupError(f"{folder.name} is no complete backup; choose another one.")
    text = b"".join(open_file(folder / LIST, _key(folder, master), _place(folder, LIST)))
    data = json.loads(text)
    if data["format"] != FORMAT:
        raise BackupError(f"{folder.name} was made by a newer version of FreelanceX; update before you restore it.")
    pieces = tuple(Piece(**piece) for piece in data["pieces"])
    return Backup(folder, datetime.fromisoformat(data["made_at"]), pieces)


def unpack(backup: Backup, master: Master, target: Path) -> None:
    """Open every piece into a folder and check it: its size, and of databases every page. Raises Tampered."""
    opener = _key(backup.folder, master)
    for number, piece in enumerate(backup.pieces):
        if not (backup.folder / str(number)).is_file():
            raise BackupError(f"{backup.folder.name} lacks a piece, so it is of no use; choose another one.")
        path = target / piece.path
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        unseal_file(backup.folder / str(number), path, opener, _place(backup.folder, str(number)))
        if path.stat().st_size != piece.size:
            raise Tampered
        if path.suffix == ".db" and not sound(path):
            raise BackupError(f"The database in {backup.folder.name} is damaged, so it is of no use.")


def sound(path: Path) -> bool:
    """Whether a SQLite file passes SQLite's own check of every page."""
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as opened:
            opened.text_factory = bytes  # what is damaged is cited
            return bool(opened.execute("PRAGMA integrity_check").fetchone() == (b"ok",))
    except (sqlite3.DatabaseError, UnicodeDecodeError):  # SQLite's own message may cite what is damaged
        return False


def sweep(settings: Settings) -> None:
    """Remove what a backup that was cut short left behind."""
    for folder in folder_of(settings).glob("*Z"):
        if not (folder / LIST).exists():
            shutil.rmtree(folder, ignore_errors=True)


def _write(settings: Settings, master: Master, target: Path, copies: Path, made_at: datetime) -> Backup:
    secret = secrets.token_bytes(KEY_BYTES)
    key = DataKey(secrets.token_bytes(ID_BYTES), KeyName("", "backup"), 1, secret, AESGCM(secret))
    _keep_key(settings, target, key, master)
    pieces: list[Piece] = []
    for source, name in _sources(settings, copies):
        size = seal_file(source, target / str(len(pieces)), key, _place(target, str(len(pieces))))
        pieces.append(Piece(name, size))
    text = {"format": FORMAT, "made_at": made_at.isoformat(), "pieces": [asdict(piece) for piece in pieces]}
    seal_file(json.dumps(text).encode(), target / LIST, key, _place(target, LIST))
    return Backup(target, made_at, tuple(pieces))


def _sources(settings: Settings, copies: Path) -> Iterator[tuple[Path, str]]:
    """Each file to keep, and its path under the data folder. Databases are copied first, then what they speak of."""
    paths = settings.paths
    for database in (paths.database, paths.checkpoints):
        if database.exists():
            with closing(sqlite3.connect(database)) as live, closing(sqlite3.connect(copies / database.name)) as copy:
                live.backup(copy)
            yield copies / database.name, database.name
    for source in (*_under(paths.files), *_under(paths.runs), paths.audit):
        if source.is_file():
            yield source, source.relative_to(paths.data).as_posix()


def _under(folder: Path) -> Sequence[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def _enough_room(settings: Settings, folder: Path) -> None:
    """Raise BackupError unless there is room for the backup and for trying it out."""
    paths = settings.paths
    whole = (paths.database, paths.checkpoints, *_under(paths.files), *_under(paths.runs))
    size = sum(path.stat().st_size for path in whole if path.exists())
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    free = shutil.disk_usage(folder).free
    if free < 2 * size + SPARE:
        lacks = f"{(2 * size + SPARE - free) / 1e6:,.0f} MB"
        raise BackupError(f"There is no room for a backup in {folder}: free {lacks}, or set FREELANCEX_BACKUP_DIR.")


def rewrap(settings: Settings, master: Master) -> int:
    """Wrap the key of every backup that opens with the newest master key; returns how many. Raises OSError."""
    found = listed(settings, master)
    for one in found:
        _keep_key(settings, one.folder, _key(one.folder, master).own, master)
    return len(found)


def adopt_master(settings: Settings) -> Master | None:
    """The master key of the newest backup that carries it, kept here from now on; None where none does.

    For a new machine, before it makes a key of its own. Raises NoMaster when the passphrase is another one.
    """
    carried = sorted(folder_of(settings).glob(f"*Z/{MASTER}"), reverse=True)
    if not carried:
        return None
    master = sealed_master(settings, carried[0])
    keep_master(settings, master)
    return master


def _keep_key(settings: Settings, folder: Path, key: DataKey, master: Master) -> None:
    sealed = settings.paths.secrets / MASTER
    if sealed.is_file():  # first, for it holds the former master keys, too
        write_secret(folder / MASTER, sealed.read_bytes())
    write_secret(folder / KEY, key.id + master.wrap(key.secret, _place(folder, KEY)))


def _key(folder: Path, master: Master) -> _Opener:
    text = (folder / KEY).read_bytes()
    secret = master.unwrap(text[ID_BYTES:], _place(folder, KEY))
    return _Opener(DataKey(text[:ID_BYTES], KeyName("", "backup"), 1, secret, AESGCM(secret)))


def _place(folder: Path, name: str) -> str:
    return f"backup|{folder.name}|{name}"
