"""Which language models run here, and installing or choosing one from the chat."""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import urlsplit

from agents.deps import Deps
from agents.spec import AgentError, Effect, Finding
from agents.tools.models.language_models import RECOMMENDED
from config.ladder import Rung, ladder
from integrations.models import hardware
from integrations.models.downloads import Downloads
from integrations.models.installed import installed
from integrations.models.models import Models
from integrations.models.offer import how_far, offer, spoken, spoken_size
from integrations.models.recommend import planned, recommend

AGENT = "system"
LOOK_EVERY_S = 0.5
OWN = ("127.0.0.1", "localhost", "::1")


async def which(deps: Deps) -> Finding:
    """The ladder, with what suits this computer and what is installed."""
    machine = await asyncio.to_thread(hardware.read)
    there = {one.rung.name for one in await asyncio.to_thread(installed, deps.settings)}
    best = recommend(machine)
    rows = ["| Name | Model | Download | Here |", "|---|---|---|---|"]
    for rung in (one for one in ladder().values() if one.downloadable):
        plan = planned(rung, machine)
        fits = plan.why if plan is not None and plan.fits else "needs more memory than is free"
        marks = ["installed"] * (rung.name in there) + ["the best for this computer"] * (rung == best.rung) + [fits]
        rows.append(f"| **{rung.name}** | {rung.title} | {spoken_size(rung.whole_size)} | {'; '.join(marks)} |")
    text = f"{best.line}.\n\n" + "\n".join(rows)
    text += "\n\nA model in Ollama, a .gguf file or a server of your own can be used too: *use ollama:qwen3*."
    wanted = (f"install the {best.rung.name} model",) if best.rung.downloadable and best.rung.name not in there else ()
    return Finding(AGENT, True, text, data={"recommended": best.rung.name, "installed": sorted(there)}, offers=wanted)


async def to_install(name: str, deps: Deps) -> Finding:
    """Ask before a download: exactly what, from where, how much. Raises AgentError."""
    await deps.must("models")
    rung = await _rung(name)
    if rung.name in {one.rung.name for one in await asyncio.to_thread(installed, deps.settings)}:
        return await use(rung.name, deps)
    asked = await asyncio.to_thread(offer, rung, deps.settings)
    if asked.problem:
        raise AgentError(asked.problem)
    facts = "\n".join(f"- {what}: {value}" for what, value in asked.facts)
    effect = Effect("install", {"name": rung.name}, f"Download {rung.title}?", f"{asked.asks}\n\n{facts}", "downloads")
    return Finding(AGENT, True, f"{rung.title} can be installed.", effect=effect)


async def install(arguments: dict[str, Any], deps: Deps) -> Finding:
    """Download what was agreed to, and use it. Stopping it keeps what has arrived. Raises AgentError."""
    rung, downloads = await _rung(str(arguments["name"])), _downloads(deps)
    download = downloads.begin(rung)
    try:
        while download.task is not None and not download.task.done():
            await asyncio.wait({download.task}, timeout=LOOK_EVERY_S)
            deps.progress(how_far(download), download.part)
    except asyncio.CancelledError:
        await downloads.pause()
        raise
    if download.problem:
        raise AgentError(download.problem)
    if downloads.current is download:  # paused on the empty page
        raise AgentError(f"{rung.title} is not complete yet; the empty page goes on with it.")
    return Finding(AGENT, True, f"{rung.title} is here, and writes from now on.", data={"model": rung.name})


async def use(name: str, deps: Deps) -> Finding:
    """Let another model write from now on, "" for none; asks where words would leave this computer. Raises Mendable."""
    if name == RECOMMENDED:
        name = (await _rung(name)).name
    host = urlsplit(name).hostname if name.startswith(("http://", "https://")) else None
    if host is not None and host not in OWN:
        preview = f"What you write, and what is found for it, is sent to **{host}** from then on, to be put into words."
        return Finding(
            AGENT, True, f"{spoken(name)} can write.", effect=Effect("use", {"name": name}, "Use it?", preview)
        )
    return await use_now({"name": name}, deps)


async def use_now(arguments: dict[str, Any], deps: Deps) -> Finding:
    """Let another model write from now on. Raises Mendable."""
    await deps.must("models")
    name = str(arguments["name"])
    await _models(deps).use(name or None)
    text = f"{spoken(name)} writes from now on." if name else "I work without a model from now on."
    return Finding(AGENT, True, text, data={"model": name or None})


async def _rung(name: str) -> Rung:
    rung = recommend(await asyncio.to_thread(hardware.read)).rung if name == RECOMMENDED else ladder().get(name)
    if rung is None or not rung.downloadable:
        names = ", ".join(one.name for one in ladder().values() if one.downloadable)
        raise AgentError(f"I can install one of these: {names}. Anything else can be used when it is on this computer.")
    return rung


def _downloads(deps: Deps) -> Downloads:
    if deps.downloads is None:
        raise AgentError("Models can be installed in the chat, and with: python -m chainlit_app models install")
    return deps.downloads


def _models(deps: Deps) -> Models:
    if deps.models is None:
        raise AgentError("Models can be chosen in the chat, and with: python -m chainlit_app models use")
    return deps.models
