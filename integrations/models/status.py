"""How language models stand on this machine, for `doctor` and the chat: llama.cpp, the GPU, the model chosen, Ollama.

Nothing is loaded, and nobody but servers on this machine is asked, each for a second at most.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Awaitable
from pathlib import Path
from urllib.parse import urlsplit

from config.paths import ROOT
from config.settings import Settings
from config.setup import llama
from config.setup.accelerator import COMPILER, compiler
from integrations.http import Ask, HttpClient
from integrations.http_errors import HttpError
from integrations.http_messages import STREAM
from integrations.models import hardware, ollama
from integrations.models.backend import Gone, ModelError
from integrations.models.fit import place
from integrations.models.gguf import read_header
from integrations.models.hardware import Build, Hardware
from integrations.models.installed import chosen, located
from integrations.models.openai_compatible import ERRAND
from integrations.models.recommend import recommend
from integrations.models.server_process import found
from monitoring.health import Check

SECONDS = 1.0
BUILD = ".venv/bin/python -m config.install llama"
INSTALL = "python -m chainlit_app models install {}"
CHOOSE = "python -m chainlit_app models list"
ON_THIS_MACHINE = ("127.0.0.1", "localhost", "::1")
MOST_NAMED = 8


async def checks(settings: Settings, http: HttpClient) -> list[Check]:
    """What runs models here, the model that is chosen, and Ollama. A check that breaks reports itself."""
    build, machine = await asyncio.gather(asyncio.to_thread(hardware.build), asyncio.to_thread(hardware.read))
    theirs = await _ollama_models(settings, http)
    return [
        await _safely("llama.cpp", asyncio.to_thread(_llama, build)),
        await _safely("GPU", asyncio.to_thread(_gpu, build, machine)),
        *[
            await _safely("Model", _model(name, settings, http, machine, theirs))
            for name in dict.fromkeys(chosen(settings).values())
        ],
        *([] if chosen(settings) else [_no_model(machine)]),
        _ollama(theirs),
    ]


async def _safely(name: str, look: Awaitable[Check]) -> Check:
    try:
        return await look
    except Exception as error:
        return Check(name, False, f"the check itself failed: {type(error).__name__}", needed=False)


def _llama(build: Build) -> Check:
    """Whether models can run inside FreelanceX: llama-cpp-python, which is compiled beside the app."""
    name = "llama.cpp"
    if build.version and (why := failing()):
        return Check(name, False, f"{build.version} is installed, but cannot be loaded: {why}", BUILD, needed=False)
    if build.version:
        return Check(
            name, True, f"{build.version}, built {f'for {build.gpu}' if build.gpu else 'without GPU'}", "", False
        )
    state = llama.read(ROOT)
    if state.state == "building":
        return Check(name, False, "is being built beside the app", "nothing to do, it takes about ten minutes", False)
    if compiler() is None:
        return Check(name, False, "not built: it needs a C++ compiler", COMPILER, needed=False)
    detail = f"not built, because the build failed: {state.reason}" if state.state == "failed" else "not built yet"
    return Check(name, False, detail, BUILD, needed=False)


def failing() -> str:
    """Why llama.cpp cannot be loaded, one line; empty when it can. Tried in a process of its own, as models are run."""
    tried = subprocess.run(
        [sys.executable, "-c", "import llama_cpp"], capture_output=True, text=True, timeout=30, check=False
    )
    said = tried.stderr.strip().splitlines() or [f"it ended with status {tried.returncode}"]
    return said[-1][:200] if tried.returncode else ""


def _gpu(build: Build, machine: Hardware) -> Check:
    """Which graphics processors there are, and whether the installed llama.cpp can use them."""
    if not machine.vram:
        if machine.offload:
            return Check("GPU", True, f"used through {build.gpu}; nothing tells how much memory it has", needed=False)
        return Check("GPU", False, f"none found; models run on {machine.cores} processor cores", needed=False)
    named = ", ".join(f"{gpu.name} with {gpu.free / 1e9:.1f} of {gpu.total / 1e9:.1f} GB free" for gpu in machine.vram)
    if build.version and not machine.offload:
        return Check("GPU", False, f"{named}; not used, because llama.cpp was built without GPU", BUILD, needed=False)
    return Check("GPU", True, named, needed=False)


def _no_model(machine: Hardware) -> Check:
    suits = recommend(machine)
    detail = f"none is chosen; everything but free writing works without one. {suits.line}"
    fix = INSTALL.format(suits.rung.name) if suits.rung.downloadable else "nothing to do"
    return Check("Model", False, detail, fix, needed=False)


async def _model(
    name: str, settings: Settings, http: HttpClient, machine: Hardware, theirs: list[str] | ModelError
) -> Check:
    """Whether the chosen model is there, and whether and how it fits."""
    try:
        stands_for = located(settings, name)
        if stands_for.startswith("ollama:"):
            return _served_by_ollama(stands_for.removeprefix("ollama:"), theirs)
        if stands_for.startswith(("http://", "https://")):
            return await _own_server(stands_for, settings, http)
        if stands_for.startswith("server:"):
            await asyncio.to_thread(found, settings.llama_server)
        return await asyncio.to_thread(_file, stands_for.removeprefix("server:"), machine)
    except ModelError as error:
        return Check("Model", False, str(error), CHOOSE, needed=False)


def _file(name: str, machine: Hardware) -> Check:
    path = Path(name).expanduser()
    header = read_header(path)
    placement = place(header, machine)
    detail = f"{header.name}, {header.quantisation}, {path.stat().st_size / 1e9:.2g} GB: {placement.why}"
    smaller = recommend(machine).rung
    fix = INSTALL.format(smaller.name) if smaller.downloadable else "close other programs"
    return Check("Model", placement.fits, detail, fix, needed=False)


async def _own_server(name: str, settings: Settings, http: HttpClient) -> Check:
    """The user's own server, asked for its models when it is on this machine."""
    address, _, wanted = name.partition("#")
    host = urlsplit(address).hostname or ""
    if host not in ON_THIS_MACHINE:
        return Check("Model", True, f"{wanted or 'a model'} of {host}, which is not asked here", needed=False)
    http.allow(urlsplit(address).netloc)
    headers = {"authorization": f"Bearer {settings.model_key}"} if settings.model_key else {}
    ask = Ask(seconds=SECONDS, retries=0, limit=STREAM.limit)
    try:
        listed = (await http.get(f"{address.rstrip('/')}/models", ERRAND, headers=headers, ask=ask)).json()
        names = [str(one["id"]) for one in listed["data"]]
    except HttpError as error:
        return Check("Model", False, f"your server does not answer: {error}", f"start it at {address}", needed=False)
    except (LookupError, TypeError):
        return Check("Model", False, f"{address} does not speak OpenAI's protocol", "check its address", needed=False)
    if wanted and wanted not in names:
        detail = f"your server has no {wanted}, but {_listed(names)}"
        return Check("Model", False, detail, f"choose one with: models use {address}#NAME", needed=False)
    return Check(
        "Model", True, f"{wanted or _listed(names)}, on your server at {urlsplit(address).netloc}", needed=False
    )


def _served_by_ollama(wanted: str, theirs: list[str] | ModelError) -> Check:
    if isinstance(theirs, ModelError):
        return Check("Model", False, f"ollama:{wanted} is chosen, but Ollama is down", "ollama serve", needed=False)
    if not {wanted, f"{wanted}:latest"} & set(theirs):
        return Check("Model", False, f"Ollama runs, but has no {wanted}", f"ollama pull {wanted}", needed=False)
    return Check("Model", True, f"{wanted}, by Ollama", needed=False)


async def _ollama_models(settings: Settings, http: HttpClient) -> list[str] | ModelError:
    try:
        async with asyncio.timeout(SECONDS):
            return await ollama.installed(http, settings.addresses.get("ollama", ollama.ADDRESS))
    except ModelError as error:
        return error
    except TimeoutError:
        return Gone("Ollama does not answer within a second.")


def _ollama(theirs: list[str] | ModelError) -> Check:
    if isinstance(theirs, Gone):
        return Check(
            "Ollama", False, "not running, which is no matter unless you want it", "ollama serve", needed=False
        )
    if isinstance(theirs, ModelError):
        return Check("Ollama", False, str(theirs), needed=False)
    if not theirs:
        return Check("Ollama", True, "running, without a model yet; to get one: ollama pull qwen3:4b", needed=False)
    return Check("Ollama", True, f"running, with {_listed(theirs)}", needed=False)


def _listed(names: list[str]) -> str:
    if not names:
        return "no model"
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return ", ".join(names[:MOST_NAMED]) + more
