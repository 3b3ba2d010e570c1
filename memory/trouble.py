"""What SQLite complains of, in sentences that say what to do."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError

from config.errors import Mendable

RESTORE = "python -m chainlit_app restore"


class StorageTrouble(Mendable):
    """What should be kept cannot be. What was kept before is still there."""


class Busy(StorageTrouble):
    """Another program holds the database for longer than one waits."""


class Full(StorageTrouble):
    """The disk has no room left."""


class ReadOnly(StorageTrouble):
    """The disk, or the file, takes no writes."""


class Damaged(StorageTrouble):
    """The file is no longer what was written."""


_SAID: tuple[tuple[str, type[StorageTrouble], str], ...] = (
    (
        "is locked",
        Busy,
        "Another program holds my database, so nothing was changed; close it, or try again in a moment.",
    ),
    (
        "disk is full",
        Full,
        "The disk is full, so this could not be kept; what was there before is safe. Free some space, then try again.",
    ),
    (
        "readonly",
        ReadOnly,
        "My data folder takes no writes, so this could not be kept; make it writable, then try again.",
    ),
    (
        "disk I/O error",
        StorageTrouble,
        "The disk reported an error, so this could not be kept; check the disk, then try again.",
    ),
    (
        "malformed",
        Damaged,
        f"My database is damaged; stop me, then restore a backup: {RESTORE}",
    ),
    (
        "Could not decode",
        Damaged,
        f"My database is damaged; stop me, then restore a backup: {RESTORE}",
    ),
    (
        "not a database",
        Damaged,
        f"My database is damaged; stop me, then restore a backup: {RESTORE}",
    ),
)


def said_of(error: BaseException) -> StorageTrouble | None:
    """The sentence for an error of SQLite, by whatever it was carried; None for any other."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    if not isinstance(cause, sqlite3.Error):
        return None
    return next((kind(sentence) for words, kind, sentence in _SAID if words in str(cause)), None)


@contextmanager
def said() -> Iterator[None]:
    """Raise StorageTrouble in the place of what SQLite complains of."""
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:
        if trouble := said_of(error):
            raise trouble from error
        raise
