"""What the doctor says of backups; no key is needed for it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from config.settings import Settings
from memory.backups import LIST, STAMP, folder_of
from monitoring.health import Check

MAKE = "python -m chainlit_app backup"


def check(settings: Settings) -> Check:
    """Whether there is a backup that is not too old."""
    if settings.database_url:
        return Check("Backups", True, "of another database than the file: it is backed up where it is", needed=False)
    stamps = sorted(path.parent.name for path in folder_of(settings).glob(f"*Z/{LIST}"))
    if not stamps:
        return Check("Backups", False, "none yet; one is made daily while I run", MAKE, needed=False)
    newest = datetime.strptime(stamps[-1], STAMP).replace(tzinfo=UTC)
    fresh = datetime.now(UTC) - newest <= timedelta(hours=2 * settings.backup_hours or 24 * 7)
    many = "1 backup" if len(stamps) == 1 else f"{len(stamps)} backups"
    detail = f"{many} in {folder_of(settings)}, the newest of {newest.astimezone():%d %B %Y, %H:%M}"
    return Check("Backups", fresh, detail, MAKE, needed=False)
