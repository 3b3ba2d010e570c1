"""Brings a model of the ladder onto this machine, file by file.

What has arrived stays when a download breaks off, is cancelled or the machine is switched off; the next one goes on.
"""

from __future__ import annotations

import asyncio
from urllib.parse import urlsplit

from config.ladder import HUB, Rung
from config.settings import Settings
from config.setup.claim import Claim, Taken
from integrations.http import Errand, HttpClient
from integrations.models.backend import ModelError
from integrations.models.fetch import LEFT_FREE as LEFT_FREE
from integrations.models.fetch import Fetch, Wanted, among
from integrations.models.fetch import Progress as Progress
from integrations.models.gguf import read_header
from integrations.models.installed import Installed, Pin, installed, pin, pinned

PURPOSE = "downloads"


async def install(
    rung: Rung, settings: Settings, http: HttpClient, progress: Progress, *, user: str = "local", wait: float = 1.0
) -> Installed:
    """Download what is missing of a rung, check it and put it into its place.

    The user said yes to exactly this before. It can be cancelled, and goes on from there when called again. `wait`
    is how many seconds pass before it is taken up again after breaking off, doubled each time. Raises Mendable.
    """
    if not rung.downloadable:
        raise ModelError(f"{rung.title} is nothing to install: {rung.about}.")
    folder = settings.paths.models
    await asyncio.to_thread(folder.mkdir, mode=0o700, parents=True, exist_ok=True)
    errand = Errand(PURPOSE, user, approved=True)
    hub = settings.addresses.get("models", HUB)
    if hub != HUB:
        http.allow(urlsplit(hub).netloc)
    try:
        with Claim(folder / f"{rung.name}.claim"):
            there = 0
            for name, url in rung.urls(hub).items():
                first = name == rung.file
                size, sha256 = (rung.size, rung.sha256) if first else (rung.projector_size, "")
                wanted = Wanted(rung.title, folder / name, url, size, read_header, sha256)
                rest = rung.projector_size if first else 0
                fetch = Fetch(wanted, http, errand, among(there, rest, progress), wait)
                there += await fetch.run(pinned(settings).get(name))
                pin(settings, name, Pin(rung.name, fetch.size, fetch.sha256))
    except Taken:
        raise ModelError(f"{rung.title} is being downloaded already.") from None
    return next(one for one in installed(settings) if one.rung == rung)
