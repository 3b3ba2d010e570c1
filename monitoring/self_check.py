"""What is looked at before FreelanceX serves: what cannot be mended by going on stops it, the rest is said."""

from __future__ import annotations

import os
import shutil
import time
from datetime import UTC, datetime
from pathlib import Path

from config.settings import Settings
from monitoring.health import Check, data_folder, database, sqlite_file

LEAST_FREE = 200 * 1024**2
"""Bytes without which a day's work does not fit on the disk."""
EARLIEST = datetime(2026, 1, 1, tzinfo=UTC)
"""No clock that is right shows an earlier time."""
AHEAD_S = 24 * 3600.0


def self_check(settings: Settings) -> list[Check]:
    """Look at the data folder, the disk, both databases, the secrets and the clock; those not `needed` only warn."""
    folder = data_folder(settings)
    if not folder.ok:
        return [folder]
    return [folder, room(settings), database(settings), checkpoints(settings), secrets(settings), clock(settings)]


def room(settings: Settings) -> Check:
    """Whether a day's work fits on the disk."""
    free = shutil.disk_usage(settings.paths.data).free
    detail = f"{free / 1024**2:,.0f} MB free"
    return Check("Disk", free >= LEAST_FREE, detail, "free some space on the disk of the data folder", needed=False)


def checkpoints(settings: Settings) -> Check:
    """Whether the turns under way can be gone on with. A damaged file is set aside: they begin anew."""
    path = settings.paths.checkpoints
    ok, detail = sqlite_file(path)
    if not ok:
        path.replace(path.with_suffix(".damaged"))
        for side in ("-wal", "-shm"):
            path.with_name(path.name + side).unlink(missing_ok=True)
        detail += "; it was set aside, so turns that were under way begin anew"
    return Check("Checkpoints", ok, detail, needed=False)


def secrets(settings: Settings) -> Check:
    """Whether nobody else reads the keys; what is open is closed."""
    if os.name == "nt":
        return Check("Secrets", True, "kept in your account")
    loose = [path for path in settings.paths.secrets.rglob("*") if path.stat().st_mode & 0o077 and path.is_file()]
    for path in loose:
        path.chmod(0o600)
    detail = f"{len(loose)} keys could be read by others and are closed now" if loose else "readable by you alone"
    return Check("Secrets", not loose, detail, "think of who may have read them", needed=False)


def clock(settings: Settings) -> Check:
    """Whether the clock can be right: not before this was written, and not before what was written here last."""
    last = max((path.stat().st_mtime for path in _written(settings)), default=0.0)
    behind = last - time.time()
    ok = behind <= AHEAD_S and datetime.now(UTC) >= EARLIEST
    detail = "fits what was written here last" if ok else f"it shows {datetime.now().astimezone():%d %B %Y, %H:%M}"
    return Check("Clock", ok, detail, "set the clock of this computer, or dates here will be wrong", needed=False)


def _written(settings: Settings) -> list[Path]:
    paths = settings.paths
    sides = (paths.database.with_name(f"{paths.database.name}-wal"), paths.database, paths.audit)
    return [path for path in sides if path.exists()]
