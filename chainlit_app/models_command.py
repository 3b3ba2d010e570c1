"""`models` on the command line: which there are, which fit, and bringing, choosing, measuring and removing them."""

from __future__ import annotations

import asyncio
import json
import sys
from argparse import Namespace, _SubParsersAction
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from config.ladder import Rung, ladder
from config.settings import Settings
from config.speech_models import SpeechModel, speech_models
from integrations.http import HttpClient
from integrations.media.speech import install as speech
from integrations.models import hardware
from integrations.models.backend import ModelError
from integrations.models.choose import check
from integrations.models.fit import Placement, place
from integrations.models.gguf import read_header
from integrations.models.install import install
from integrations.models.installed import TIERS, choose, chosen, installed, located, partial, remove
from integrations.models.recommend import planned, recommend
from privacy.audit import AuditLog

NAME = "a name of the ladder, a .gguf file, ollama:NAME, server:FILE.gguf, or an address#NAME"


def add(verbs: _SubParsersAction[Any]) -> None:
    """Add the verb and its own verbs to the command line."""
    parser = verbs.add_parser("models", help="language models: which there are, which fit, install, choose, measure")
    words = parser.add_subparsers(required=True, metavar="VERB")

    listed = words.add_parser("list", help="the models on offer, on this machine and in use")
    fit = words.add_parser("fit", help="what this machine can run, and how")
    fetch = words.add_parser("install", help="download a model, one that listens (whisper-base) or a voice (voice-en)")
    use = words.add_parser("use", help="let a model answer from now on; none for no model")
    drop = words.add_parser("remove", help="delete an installed model")
    bench = words.add_parser("bench", help="measure a model; without NAME, one of random weights")

    fetch.add_argument("name")
    fetch.add_argument("--yes", action="store_true", help="do not ask before downloading")
    use.add_argument("name", help=NAME)
    use.add_argument("--tier", choices=TIERS, default=None, help="for these requests only")
    drop.add_argument("name")
    bench.add_argument("name", nargs="?", default="")
    for one in (listed, fit, bench):
        one.add_argument("--json", action="store_true", help="print one JSON object")
    for one, run in ((listed, _list), (fit, _fit), (fetch, _install), (use, _use), (drop, _remove), (bench, _bench)):
        one.set_defaults(run=run)


@asynccontextmanager
async def outside(settings: Settings) -> AsyncIterator[HttpClient]:
    """The one way out, with no standing consent: what is sent was approved just now, or goes to this machine."""

    async def nothing(_user: str) -> frozenset[str]:
        return frozenset()

    http = HttpClient(settings, AuditLog.open(settings), nothing)
    try:
        yield http
    finally:
        await http.close()


def _list(options: Namespace, settings: Settings) -> int:
    here = {one.rung.name: one for one in installed(settings)}
    used: dict[str, list[str]] = {}
    for tier, name in chosen(settings).items():
        used.setdefault(name, []).append(tier)
    if options.json:
        rungs = [
            {**rung.model_dump(mode="json"), "installed": rung.name in here, "arrived": partial(settings, rung)}
            for rung in ladder().values()
        ]
        _out(json.dumps({"models": rungs, "used": used}))
        return 0
    for rung in ladder().values():
        size = f"{rung.whole_size / 1e9:.1f} GB" if rung.downloadable else ""
        state = "in use" if rung.name in used else "installed" if rung.name in here else _arrived(rung, settings)
        _out(f"{rung.name:11} {rung.title:18} {size:>7}  {rung.licence:11} {state:14} {rung.about}".rstrip())
    for name, tiers in used.items():
        if name not in ladder():
            _out(f"in use: {name} ({', '.join(tiers)})")
    for model in speech_models().values():
        state = "installed" if speech.is_installed(model, settings) else ""
        size = f"{model.whole_size / 1e9:.1f} GB"
        _out(f"{model.name:13} {model.title:18} {size:>7}  {model.engine:9} {state:11} {model.about}".rstrip())
    if not used:
        _out("No model is in use; everything but free writing works without one.")
    return 0


def _arrived(rung: Rung, settings: Settings) -> str:
    got = partial(settings, rung)
    return f"{100 * got // max(1, rung.whole_size)} % arrived" if got else ""


def _fit(options: Namespace, settings: Settings) -> int:
    machine = hardware.read()
    suits = recommend(machine)
    placements = {rung.name: planned(rung, machine) for rung in ladder().values() if rung.downloadable}
    for one in installed(settings):
        placements[one.rung.name] = place(read_header(one.path), machine, projector_bytes=one.rung.projector_size)
    for name in dict.fromkeys(chosen(settings).values()):
        if name.endswith(".gguf"):
            placements[name] = place(read_header(Path(name.removeprefix("server:")).expanduser()), machine)
    known = {name: placement for name, placement in placements.items() if placement}
    if options.json:
        fits = {name: asdict(placement) for name, placement in known.items()}
        _out(json.dumps({"hardware": asdict(machine), "recommended": suits.rung.name, "line": suits.line, "fit": fits}))
        return 0
    _out(f"{suits.line}\n")
    for name, placement in known.items():
        _out(f"{name:11} {_takes(placement)}: {placement.why}")
    return 0


def _takes(placement: Placement) -> str:
    ram = f"{placement.ram_bytes / 1e9:.1f} GB of memory"
    return f"{ram} and {placement.vram_bytes / 1e9:.1f} GB of the GPU's" if placement.vram_bytes else ram


def _install(options: Namespace, settings: Settings) -> int:
    if options.name in speech_models():
        return _install_speech(speech_models()[options.name], settings, agreed=options.yes)
    rung = _rung(options.name)
    if not rung.downloadable:
        raise ModelError(f"{rung.title} is nothing to install: {rung.about}.")
    left = max(0, rung.whole_size - partial(settings, rung))
    _out(f"{rung.title}: {left / 1e9:.1f} GB of {rung.file} from {rung.repository}, licence {rung.licence}.")
    if not _agreed(options.yes):
        return 0

    async def run() -> None:
        async with outside(settings) as http:
            await install(rung, settings, http, _progress)

    asyncio.run(run())
    if sys.stderr.isatty():
        sys.stderr.write("\n")
    _out(f"{rung.title} is installed and checked.")
    if not chosen(settings):
        choose(settings, rung.name)
        _out("It answers from now on.")
    elif rung.name not in chosen(settings).values():
        _out(f"To let it answer: python -m chainlit_app models use {rung.name}")
    return 0


def _install_speech(model: SpeechModel, settings: Settings, *, agreed: bool) -> int:
    """Bring a model that listens or speaks, and say what else it takes."""
    _out(f"{model.title}: {model.whole_size / 1e6:.0f} MB from {model.repository}, licence {model.licence}.")
    if not _agreed(agreed):
        return 0

    async def run() -> None:
        async with outside(settings) as http:
            await speech.install(model, settings, http, _progress)

    asyncio.run(run())
    if sys.stderr.isatty():
        sys.stderr.write("\n")
    _out(f"{model.title} is installed.")
    command = speech.needs(model)
    _out(f"It is used once its program is here; to install that: {command}" if command else "It is used from now on.")
    return 0


def _agreed(yes: bool) -> bool:
    """Whether to download: asked at a terminal. Raises ModelError where nobody can be asked."""
    if yes:
        return True
    if not sys.stdin.isatty():
        raise ModelError("Nothing was downloaded, because nobody can be asked here; add --yes to agree to it.")
    return input("Download it? [y/N] ").strip().lower() in {"y", "yes"}


def _progress(got: int, whole: int) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\x1b[2K{got / 1e9:.2f} of {whole / 1e9:.2f} GB, {100 * got // max(1, whole)} %")
        sys.stderr.flush()


def _use(options: Namespace, settings: Settings) -> int:
    if options.name in ("none", "embedded"):
        choose(settings, None, options.tier)
        if left := ", ".join(dict.fromkeys(chosen(settings).values())):
            _out(f"{options.tier} requests have no model of their own from now on; {left} still answers.")
        else:
            _out("No model answers from now on; the planner and the agents work without one.")
        return 0

    async def run() -> None:
        async with outside(settings) as http:
            await asyncio.to_thread(check, located(settings, name), settings, http)

    name = options.name
    if name.endswith(".gguf"):
        path = name.removeprefix("server:")
        name = f"{name[: -len(path)]}{Path(path).expanduser().resolve()}"
    asyncio.run(run())
    choose(settings, name, options.tier)
    _out(f"{name} answers from now on" + (f", for {options.tier} requests." if options.tier else "."))
    return 0


def _remove(options: Namespace, settings: Settings) -> int:
    if model := speech_models().get(options.name):
        freed = speech.remove(model, settings)
        _out(f"{model.title} is removed, which frees {freed / 1e6:.0f} MB." if freed else "It was not installed.")
        return 0
    rung = _rung(options.name)
    freed = remove(settings, rung)
    _out(f"{rung.title} is removed, which frees {freed / 1e9:.1f} GB." if freed else f"{rung.title} was not installed.")
    return 0


def _bench(options: Namespace, settings: Settings) -> int:
    from integrations.models.measure import bench, show

    path = None
    if options.name:
        path = Path(located(settings, options.name).removeprefix("server:")).expanduser()
        read_header(path)
    figures = bench(path)
    if options.json:
        _out(json.dumps(figures))
    else:
        show(figures)
    return 0


def _rung(name: str) -> Rung:
    if name not in ladder():
        raise ModelError(f"{name} is not on the ladder; it has {', '.join([*ladder(), *speech_models()])}.")
    return ladder()[name]


def _out(text: str) -> None:
    sys.stdout.write(text + "\n")
