"""Restores a backup: unpacked and checked beside the data, then exchanged with it, then rid of what was erased since.

    backup ──▶ .restoring/data/… ──checked──▶ .restoring/ready ──▶ each piece takes its place ──▶ erased again ──▶ done
                                                                    └─▶ what was there: replaced/

From "ready" on a crash loses nothing: whoever opens the data next finishes it first.
"""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

from config.paths import Paths
from config.settings import Settings
from config.setup.claim import Claim, Taken
from memory.backups import Backup, BackupError, unpack
from privacy.keys.master import Master

_SIDES = ("", "-wal", "-shm")
"""What SQLite keeps beside a database belongs to it, and must not be met by another one."""


def restore(backup: Backup, settings: Settings, master: Master) -> None:
    """Put a backup in the place of what is here now, which goes to ``data/replaced``. Blocking; nothing may serve.

    What was erased since is here again until `memory.restored.settle` has run. Raises BackupError when FreelanceX runs,
    Tampered when a piece is damaged, OSError when the disk refuses: then all is as it was, unless the exchange was
    begun.
    """
    paths = settings.paths.make()
    coming = _coming(paths)
    try:
        with Claim(serving(paths)):
            shutil.rmtree(coming, ignore_errors=True)
            unpack(backup, master, coming / "data")
            names = sorted(path.name for path in (coming / "data").iterdir())
            _write(coming / "ready", {"made_at": backup.made_at.isoformat(), "names": names})
            _exchange(paths)
    except Taken:
        raise BackupError("FreelanceX is running on this data; stop it, then restore.") from None


def finish(paths: Paths) -> None:
    """Finish a restoring that was cut short, or remove what it had only begun. Raises BackupError when one goes on."""
    if not _coming(paths).exists():
        return
    try:
        with Claim(serving(paths)):
            _exchange(paths)
    except Taken:
        raise BackupError("A backup is being restored right now; try again in a moment.") from None


def serving(paths: Paths) -> Path:
    """The claim of whoever serves the data or exchanges it."""
    return paths.data / "serving.claim"


def replaced(paths: Paths) -> Path:
    """Where that lies which the last restoring replaced."""
    return paths.data / "replaced"


def _exchange(paths: Paths) -> None:
    """Give each piece its place. Done again after a crash, it goes on where it was."""
    coming, aside = _coming(paths), replaced(paths)
    if (coming / "ready").exists():
        ready = json.loads((coming / "ready").read_text("utf-8"))
        if not (coming / "begun").exists():
            shutil.rmtree(aside, ignore_errors=True)
            aside.mkdir(mode=0o700)
            (coming / "begun").touch()
        for path in _places(paths):
            new, old = coming / "data" / path.name, aside / path.name
            if path == paths.audit and path.exists():
                continue  # what left since has left, and what was erased from it stays erased
            if path.name in ready["names"] and not new.exists():
                continue  # it has its place
            if path.exists():
                path.replace(old)
            if new.exists():
                new.replace(path)
        _write(note(paths), {"made_at": ready["made_at"]})
    shutil.rmtree(coming)


def _places(paths: Paths) -> list[Path]:
    databases = [path.with_name(path.name + side) for path in (paths.database, paths.checkpoints) for side in _SIDES]
    return [*databases, paths.files, paths.runs, paths.audit]


def _coming(paths: Paths) -> Path:
    return paths.data / ".restoring"


def note(paths: Paths) -> Path:
    """The file that says that what was erased since a backup has to be erased again; `memory.restored` does it."""
    return paths.data / "restored.json"


def _write(path: Path, text: dict[str, object]) -> None:
    fresh = path.with_name(path.name + ".new")
    with fresh.open("w", encoding="utf-8") as file:
        json.dump(text, file)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
