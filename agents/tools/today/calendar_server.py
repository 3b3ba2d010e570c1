"""The calendars on the user's own server, whose answers are read in a process with limits."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from agents.deps import Deps
from integrations.calendars.caldav import CalDav
from integrations.http import Errand

CONSENT = "calendar"
SECONDS, MEMORY_MB = 20.0, 768
"""What reading one answer may take. Answers follow each other in one process: they are of one server, of the user's."""


def server(deps: Deps, errand: Errand) -> CalDav:
    """The server that the settings name, asked on an errand of `CONSENT`."""

    async def read(function: str, arguments: dict[str, Any]) -> Any:
        return await deps.jobs.run(function, arguments, seconds=SECONDS, memory_mb=MEMORY_MB, warm=True)

    settings = deps.settings
    address = settings.caldav or ""
    deps.http.allow(urlsplit(address).netloc)
    return CalDav(deps.http, errand, read, address, settings.caldav_user, settings.caldav_password)
