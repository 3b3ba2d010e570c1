"""What is done by itself while FreelanceX serves: the ends of the audit trail signed hourly, old data removed daily."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from graph.runtime import Runtime
from memory.retention import clean
from memory.trail_check import Heads

SIGN, CLEAN = timedelta(hours=1), timedelta(days=1)
log = logging.getLogger("freelancex.upkeep")


class Upkeep:
    """When each was done last."""

    def __init__(self) -> None:
        self._signed: datetime | None = None
        self._cleaned: datetime | None = None

    async def look(self, runtime: Runtime, at: datetime) -> None:
        """Do what is due. Raises OSError or a database error; then it is due again the next time."""
        if self._signed is None or at - self._signed >= SIGN:
            await Heads.open(runtime.settings).sign(runtime.stores.database)
            self._signed = at
        if self._cleaned is None or at - self._cleaned >= CLEAN:
            gone = await clean(runtime.stores, runtime.settings, at)
            self._cleaned = at
            if gone:
                log.info("removed what was over its time", extra={"removed": gone})
                await runtime.audit.record("retention", **gone)
