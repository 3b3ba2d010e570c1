"""Brings a model for listening or speaking onto this machine, file by file, and takes it away again.

What has arrived stays when a download breaks off. The programs that use the models are no part of FreelanceX; `needs`
says which command brings the one that is missing.
"""

from __future__ import annotations

import asyncio
import importlib.util
import json
import shutil
from pathlib import Path
from urllib.parse import urlsplit

from config.ladder import HUB
from config.settings import Settings
from config.setup.claim import Claim, Taken
from config.speech_models import SpeechModel
from integrations.http import Errand, HttpClient
from integrations.media.speech.piper import INSTALL as PIPER
from integrations.media.speech.piper import PROGRAM
from integrations.media.speech.whisper import PACKAGE
from integrations.models.backend import ModelError
from integrations.models.fetch import Fetch, Progress, Wanted, among
from integrations.models.installed import Pin, part_of, pin, pinned

PURPOSE = "downloads"


async def install(
    model: SpeechModel,
    settings: Settings,
    http: HttpClient,
    progress: Progress,
    *,
    user: str = "local",
    wait: float = 1.0,
) -> None:
    """Download what is missing of a model, look into it and put it into its place. The user said yes to this before.

    It can be cancelled, and goes on from there when called again; `wait` is as `Fetch` has it. Raises Mendable.
    """
    hub = settings.addresses.get("models", HUB).rstrip("/")
    if hub != HUB:
        http.allow(urlsplit(hub).netloc)
    folder = settings.paths.models
    errand = Errand(PURPOSE, "local", approved=True)
    await asyncio.to_thread(folder.mkdir, mode=0o700, parents=True, exist_ok=True)
    try:
        with Claim(folder / f"{model.name}.claim"):
            there, left = 0, model.whole_size
            for file, place in model.places(folder).items():
                await asyncio.to_thread(place.parent.mkdir, mode=0o700, exist_ok=True)
                left -= model.files[file]
                url = f"{hub}/{model.repository}/resolve/main/{file}"
                wanted = Wanted(model.title, place, url, model.files[file], _look_into)
                fetch = Fetch(wanted, http, errand, among(there, left, progress), wait)
                key = str(place.relative_to(folder))
                there += await fetch.run(pinned(settings).get(key))
                pin(settings, key, Pin(model.name, fetch.size, fetch.sha256))
    except Taken:
        raise ModelError(f"{model.title} is being downloaded already.") from None


def is_installed(model: SpeechModel, settings: Settings) -> bool:
    """Whether all of its files are here."""
    return all(place.is_file() for place in model.places(settings.paths.models).values())


def remove(model: SpeechModel, settings: Settings) -> int:
    """Delete its files, whole or partial. Returns the bytes freed."""
    freed = 0
    for place in model.places(settings.paths.models).values():
        for file in (place, part_of(place)):
            if file.is_file():
                freed += file.stat().st_size
                file.unlink()
    if model.engine == "whisper":
        shutil.rmtree(settings.paths.models / model.name, ignore_errors=True)
    return freed


def needs(model: SpeechModel) -> str:
    """The command that brings the program this model is for; empty where that is here."""
    if model.engine == "whisper":
        return "" if importlib.util.find_spec("faster_whisper") else PACKAGE
    return "" if shutil.which(PROGRAM) else PIPER


def _look_into(path: Path) -> None:
    """See that what arrived is no page that a server sent instead. Raises ModelError."""
    name = path.name.removesuffix(".part")
    try:
        if name.endswith(".json"):
            json.loads(path.read_text("utf-8"))
        elif name.endswith((".bin", ".onnx")):
            with path.open("rb") as file:
                if file.read(1) in (b"", b"<", b"{"):
                    raise ValueError
    except ValueError:
        raise ModelError(f"What came as {name} is something else; try again later.") from None
