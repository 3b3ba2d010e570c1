"""How long a backup and its restoring take, for a data folder of one gigabyte of files and a database beside it."""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from pathlib import Path
from typing import Any

from config.settings import Settings
from memory.backups import make
from memory.restoring import restore
from memory.stores import open_stores

FILES, FILE_BYTES = 64, 16 * 1024**2


def run() -> dict[str, Any]:
    """Fill a data folder, back it up and restore it."""
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(_measure(Settings(data_dir=Path(folder))))


async def _measure(settings: Settings) -> dict[str, Any]:
    stores = await open_stores(settings)
    for number in range(FILES):
        await stores.files.put(os.urandom(FILE_BYTES), f"{number}.bin", user="ana")
    master = stores.keys.master
    began = time.perf_counter()
    backup = make(settings, master)
    made = time.perf_counter()
    await stores.close()
    restoring = time.perf_counter()
    restore(backup, settings, master)
    return {
        "gigabytes": backup.size / 1e9,
        "backup_and_trial_s": made - began,
        "restore_s": time.perf_counter() - restoring,
    }


def show(result: dict[str, Any]) -> None:
    """Print the seconds against the limit."""
    print(f"{result['gigabytes']:.2f} GB: backed up and tried out in {result['backup_and_trial_s']:.1f} s")
    print(f"restored in {result['restore_s']:.1f} s (limit: 300 s)")
