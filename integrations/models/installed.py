"""The models on this machine, and which of them serves which tier.

    data/models/FILE.gguf        a model; FILE.gguf.part is one that is still arriving
    data/models/installed.json   what was installed: {file: {"rung", "size", "sha256"}}
    data/models/choice.json      which model serves which tier: {tier: name}

A name is one of the ladder's, a path, ollama:NAME, server:PATH or an address#NAME. FREELANCEX_MODEL overrides all.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, get_args

from config.ladder import Rung, ladder
from config.settings import Settings
from config.setup.environment import replace
from integrations.models.backend import ModelError, Tier

TIERS: tuple[Tier, ...] = get_args(Tier)
FIXED = "FREELANCEX_MODEL names the model; remove it from the environment or from .env to choose another."


@dataclass(frozen=True)
class Pin:
    """What was installed as a file: the rung it belongs to, its bytes, its SHA-256."""

    rung: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Installed:
    """A model of the ladder that is on this machine. `size` in bytes, its projector included."""

    rung: Rung
    path: Path
    size: int
    sha256: str


def installed(settings: Settings) -> list[Installed]:
    """The models of the ladder that are complete, in its order."""
    found = []
    pins = pinned(settings)
    for rung in ladder().values():
        files = [settings.paths.models / file for file in rung.urls()]
        if files and all(file.name in pins and file.is_file() for file in files):
            size = sum(file.stat().st_size for file in files)
            found.append(Installed(rung, files[0], size, pins[files[0].name].sha256))
    return found


def partial(settings: Settings, rung: Rung) -> int:
    """Bytes of a rung that have arrived, of a download that is going on or broke off; 0 when nothing has."""
    pins = pinned(settings)
    files = [settings.paths.models / file for file in rung.urls()]
    arriving = [part_of(file) if file.name not in pins else file for file in files]
    return sum(file.stat().st_size for file in arriving if file.is_file())


def part_of(file: Path) -> Path:
    """Where a file lies while it arrives."""
    return file.with_name(file.name + ".part")


def chosen(settings: Settings) -> dict[Tier, str]:
    """Which model was chosen for which tier; empty when none was. A tier without one of its own may use another's."""
    if settings.model:
        return dict.fromkeys(TIERS, settings.model)
    kept = _read(_choice(settings))
    return {tier: kept[tier] for tier in TIERS if isinstance(kept.get(tier), str) and kept[tier]}


def decided(settings: Settings) -> bool:
    """Whether there is a choice, be it for no model."""
    return settings.model is not None or _choice(settings).is_file()


def choose(settings: Settings, name: str | None, tier: Tier | None = None) -> None:
    """Let a model serve a tier from now on, or all that it is good for; None for no model. Raises ModelError."""
    if settings.model:
        raise ModelError(FIXED)
    kept = chosen(settings)
    if name is None:
        kept = {one: model for one, model in kept.items() if tier is not None and one != tier}
    else:
        located(settings, name)
        rung = ladder().get(name)
        kept |= dict.fromkeys([tier] if tier else rung.serves if rung else TIERS, name)
    _write(_choice(settings), kept)


def located(settings: Settings, name: str) -> str:
    """What a name stands for: the path of an installed rung of the ladder, all else unchanged. Raises ModelError."""
    rung = ladder().get(name)
    if rung is None:
        return name
    found = next((one.path for one in installed(settings) if one.rung == rung), None)
    if not rung.downloadable:
        raise ModelError(f"{rung.title} is nothing to choose: {rung.about}.")
    if found is None:
        raise ModelError(f"{rung.title} is not installed; to install it: python -m chainlit_app models install {name}")
    return f"server:{found}" if rung.engine == "llama-server" else str(found)


def remove(settings: Settings, rung: Rung) -> int:
    """Delete a model's files, whole or partial, and choose it for nothing any more. Returns the bytes freed."""
    freed = 0
    for name in rung.urls():
        file = settings.paths.models / name
        for one in (file, part_of(file), note_of(file)):
            if one.is_file():
                freed += one.stat().st_size
                one.unlink()
    pins = {file: asdict(pin) for file, pin in pinned(settings).items() if file not in rung.urls()}
    _write(_pins(settings), pins)
    if not settings.model and rung.name in chosen(settings).values():
        _write(_choice(settings), {tier: name for tier, name in chosen(settings).items() if name != rung.name})
    return freed


def note_of(file: Path) -> Path:
    """What is known of a file while it arrives: the checksum and the version its server announced."""
    return file.with_name(file.name + ".part.json")


def pinned(settings: Settings) -> dict[str, Pin]:
    """What was installed, by file name."""
    entries = _read(_pins(settings))
    try:
        return {file: Pin(**entry) for file, entry in entries.items()}
    except TypeError:
        return {}


def pin(settings: Settings, file: str, what: Pin) -> None:
    """Remember what was installed as a file."""
    pins = {name: asdict(one) for name, one in pinned(settings).items()}
    _write(_pins(settings), pins | {file: asdict(what)})


def _pins(settings: Settings) -> Path:
    return settings.paths.models / "installed.json"


def _choice(settings: Settings) -> Path:
    return settings.paths.models / "choice.json"


def _read(path: Path) -> dict[str, Any]:
    try:
        read = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return read if isinstance(read, dict) else {}


def _write(path: Path, entries: Mapping[Any, Any]) -> None:
    replace(path, json.dumps(entries, indent=1) + "\n")
