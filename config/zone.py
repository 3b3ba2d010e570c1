"""The time zone of this computer, by its IANA name."""

from __future__ import annotations

import os
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def local_zone() -> str:
    """``Europe/Berlin``: as TZ names it, else as the system is set; ``UTC`` where neither tells."""
    linked = str(Path("/etc/localtime").resolve()).partition("zoneinfo/")[2]
    named = Path("/etc/timezone").read_text("utf-8").strip() if Path("/etc/timezone").is_file() else ""
    for name in (os.environ.get("TZ", "").lstrip(":"), linked, named):
        try:
            if name:
                return ZoneInfo(name).key
        except (ZoneInfoNotFoundError, ValueError, OSError):
            continue
    return "UTC"
