"""The card on the empty page: which language model this computer can run, what is on its way, what is in use.

GET /api/v1/models ──▶ card ──▶ offer       nothing was decided yet: what would run well here
download    on its way, resting, or broken off
line        what is in use, or that nothing is
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Literal

from pydantic import BaseModel

from chainlit_app.page import Page
from config.ladder import Rung, ladder
from graph.runtime import Runtime
from integrations.models import hardware
from integrations.models.backend import ModelError
from integrations.models.downloads import Download, resting
from integrations.models.installed import decided, installed, partial, remove
from integrations.models.offer import Offer, how_far, offer, spoken
from integrations.models.ollama import ADDRESS
from integrations.models.ollama import installed as in_ollama
from integrations.models.recommend import recommend

OFFLINE = "FreelanceX is set to offline, so nothing is downloaded. Choose a .gguf file that is on this computer."
NONE = "No language model: the planner and the agents work without one"
FOUND_IN = ("Downloads", "models", ".lmstudio/models", ".cache/lm-studio/models", ".cache/huggingface/hub")
"""Folders of the user in which models usually lie."""
MOST_FOUND = 20


class OnItsWay(BaseModel):
    """A download. `part` runs from 0 to 1; `problem` says why it broke off."""

    name: str
    moving: bool
    title: str
    part: float
    text: str
    problem: str = ""


class Card(BaseModel):
    """What the card shows. With `fixed` it cannot be changed here: a setting names the model, or it is not theirs."""

    view: Literal["offer", "line"]
    model: str | None
    line: str
    offline: bool
    fixed: bool
    offer: Offer | None = None
    download: OnItsWay | None = None


class Choice(BaseModel):
    """A model that can be used at once; with `offer`, one that can be installed."""

    name: str
    title: str
    detail: str = ""
    used: bool = False
    offer: Offer | None = None


class Group(BaseModel):
    """Models of one place, and a line where there are none."""

    title: str
    choices: list[Choice]
    line: str = ""


class Choices(BaseModel):
    """All that can be chosen. `files` are models that lie where people keep them."""

    groups: list[Group]
    files: list[str]


async def card(runtime: Runtime) -> Card:
    """What the card shows now."""
    settings, used = runtime.settings, in_use(runtime)
    shown = Card(
        view="line",
        model=used,
        line=spoken(used) if used else NONE,
        offline=settings.offline,
        fixed=settings.model is not None,
        download=await _on_its_way(runtime),
    )
    known = await asyncio.to_thread(decided, settings)
    if shown.download or used or known:
        return shown
    best = recommend(await asyncio.to_thread(hardware.read))
    shown.view, shown.line = "offer", OFFLINE if settings.offline else f"{best.line} ({best.rung.title})."
    if best.rung.downloadable:
        shown.offer = await asyncio.to_thread(offer, best.rung, settings)
    return shown


def in_line(shown: Card) -> Card:
    """The card for those who may not choose: what is in use, and nothing to press."""
    line = spoken(shown.model) if shown.model else NONE
    return shown.model_copy(update={"view": "line", "line": line, "fixed": True, "offer": None, "download": None})


async def choices(runtime: Runtime) -> Choices:
    """Everything that can be chosen: on this computer, in Ollama, to install."""
    settings, used = runtime.settings, in_use(runtime)
    ollama, why = await _in_ollama(runtime)
    there = {one.rung.name for one in await asyncio.to_thread(installed, settings)}
    missing = [rung for rung in ladder().values() if rung.downloadable and rung.name not in there]
    groups = (
        Group(title="On this computer", choices=[_choice(name, used) for name in _own(used, there)]),
        Group(title="In Ollama", choices=[_choice(name, used) for name in ollama], line=why),
        Group(title="To install", choices=[await asyncio.to_thread(_installable, rung, runtime) for rung in missing]),
    )
    shown = [group for group in groups if group.choices or group.line]
    return Choices(groups=shown, files=await asyncio.to_thread(_found))


async def at_hand(runtime: Runtime) -> list[Choice]:
    """What can be used at once: what is in use, what is installed, what Ollama has."""
    used, (ollama, _) = in_use(runtime), await _in_ollama(runtime)
    there = {one.rung.name for one in await asyncio.to_thread(installed, runtime.settings)}
    return [_choice(name, used) for name in dict.fromkeys([*_own(used, there), *ollama])]


async def install(runtime: Runtime, name: str, changed: Callable[[], Awaitable[None]]) -> None:
    """Begin a download the user agreed to; `changed` is awaited when it is in use. Raises ModelError."""
    rung = ladder().get(name)
    if rung is None or not rung.downloadable:
        raise ModelError("There is no such model to install; choose one of the list.")

    async def tell(download: Download) -> None:  # on every page, wherever the user is by now
        if download.problem:
            await Page.every().toast(download.problem, "error")
        else:
            await Page.every().toast(f"{rung.title} is here, and writes from now on.", "success")
            await changed()

    runtime.downloads.begin(rung, tell)


async def cancel(runtime: Runtime) -> None:
    """Give up what is on its way, and delete what has arrived of it."""
    rung = await _arriving(runtime)
    await runtime.downloads.forget()
    if rung is not None:
        await asyncio.to_thread(remove, runtime.settings, rung)


def in_use(runtime: Runtime) -> str | None:
    """The name of the model that writes; None when none does."""
    return next((one.name for one in runtime.models.state() if "balanced" in one.tiers), None)


async def _on_its_way(runtime: Runtime) -> OnItsWay | None:
    rung, current = await _arriving(runtime), runtime.downloads.current
    if rung is None:
        return None
    if current is None:  # it has rested since before the last start
        got = await asyncio.to_thread(partial, runtime.settings, rung)
        current = Download(rung, got=got, total=rung.whole_size)
    return OnItsWay(
        name=rung.name,
        moving=current.moving,
        title=f"Installing {rung.title}" if current.moving else f"{rung.title} is not complete yet",
        part=current.part,
        text=how_far(current),
        problem=current.problem,
    )


async def _arriving(runtime: Runtime) -> Rung | None:
    """What is on its way, or rests."""
    current = runtime.downloads.current
    return current.rung if current else await asyncio.to_thread(resting, runtime.settings)


async def _in_ollama(runtime: Runtime) -> tuple[list[str], str]:
    """The names of what Ollama has, or why there are none."""
    try:
        address = runtime.settings.addresses.get("ollama", ADDRESS)
        return [f"ollama:{name}" for name in await in_ollama(runtime.http, address)], ""
    except ModelError as error:
        return [], str(error)


def _own(used: str | None, there: set[str]) -> list[str]:
    """The names of what is installed, and of what is in use unless Ollama has it."""
    extra = [used] if used and used not in there and not used.startswith("ollama:") else []
    return [*extra, *(name for name in ladder() if name in there)]


def _choice(name: str, used: str | None) -> Choice:
    rung = ladder().get(name)
    return Choice(name=name, title=spoken(name), detail=rung.about if rung else "", used=name == used)


def _installable(rung: Rung, runtime: Runtime) -> Choice:
    asked = offer(rung, runtime.settings)
    return Choice(name=rung.name, title=rung.title, detail=f"{rung.name}, {asked.size}: {rung.about}", offer=asked)


def _found() -> list[str]:
    """Model files in the folders where people keep them."""
    found: list[str] = []
    for folder in (Path.home() / name for name in FOUND_IN):
        found += [str(file) for file in itertools.islice(folder.rglob("*.gguf"), MOST_FOUND)]
    return sorted(found)[:MOST_FOUND]
