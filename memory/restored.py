"""After a restoring: what was erased since the backup was made is erased again."""

from __future__ import annotations

import json
import shutil
from datetime import datetime

import anyio

from config.settings import Settings
from memory.erasure import replay
from memory.recall.vectors import vectors_of
from memory.restoring import note
from memory.stores import Stores
from memory.trail_check import Heads
from privacy.audit import AuditLog


async def settle(stores: Stores, settings: Settings) -> None:
    """Erase again what the ledger names, if a backup was restored; to be called whenever the stores are opened.

    Raises OSError or a database error; then the next call does it.
    """
    path = note(settings.paths)
    if path.exists():
        made_at = datetime.fromisoformat(json.loads(path.read_text("utf-8"))["made_at"])
        await anyio.to_thread.run_sync(shutil.rmtree, vectors_of(settings.paths), True)  # made of what was replaced
        await replay(stores, settings, made_at)
        await Heads.open(settings).sign(stores.database, "restored")  # the trail goes on from the backup's end
        await AuditLog.open(settings, stores.keys.master).restored()
        await anyio.to_thread.run_sync(path.unlink)
