"""What is said of a model before it is downloaded, while it arrives, and when it is in use."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from config.ladder import HUB, Rung, ladder
from config.settings import Settings
from integrations.models.downloads import Download
from integrations.models.hardware import build
from integrations.models.install import LEFT_FREE
from integrations.models.installed import partial


@dataclass(frozen=True)
class Offer:
    """A model that can be installed, with everything a user agrees to; `problem` says why it cannot be now."""

    name: str
    title: str
    size: str
    asks: str
    facts: tuple[tuple[str, str], ...]
    problem: str = ""


def offer(rung: Rung, settings: Settings) -> Offer:
    """Exactly what would be downloaded, from where, how much, under which licence. Looks at the disk."""
    hub = urlsplit(settings.addresses.get("models", HUB)).netloc
    free = shutil.disk_usage(settings.data_dir).free
    size, problem = spoken_size(rung.whole_size), ""
    if settings.offline:
        problem = "FreelanceX is set to offline, so nothing can be downloaded; choose a file that is here already."
    elif rung.engine == "llama.cpp" and not build().version:
        problem = "llama.cpp is not built here yet, so no model could run: make start builds it."
    elif free < rung.whole_size - partial(settings, rung) + LEFT_FREE:
        problem = f"Only {spoken_size(free)} are free on this disk; make room first."
    return Offer(
        name=rung.name,
        title=rung.title,
        size=size,
        asks=f"{hub} is asked for this and nothing else; it learns your network address.",
        facts=(
            ("File", " and ".join(rung.urls())),
            ("From", f"{hub}/{rung.repository}"),
            ("Size", f"{size}, with {spoken_size(free)} free on this disk"),
            ("Licence", rung.licence),
        ),
        problem=problem,
    )


def spoken(name: str) -> str:
    """A model by what people call it and where it runs: "Qwen3 4B on this computer"."""
    if rung := ladder().get(name):
        return f"{rung.title} on this computer"
    if name.startswith("ollama:"):
        return f"{name.removeprefix('ollama:')} in Ollama"
    if name.startswith(("http://", "https://")):
        address, _, model = name.partition("#")
        return f"{model or 'The model'} at {urlsplit(address).hostname}"
    return f"{Path(name.removeprefix('server:')).stem} on this computer"


def how_far(download: Download) -> str:
    """How much has arrived; while it moves also how fast, and the time left: "1.1 of 2.5 GB · 24 MB/s · 1 min left"."""
    if download.moving and download.total and download.got >= download.total:
        return f"All {spoken_size(download.total)} are here and are being checked"
    said = f"{download.got / 1e9:.1f} of {spoken_size(download.total)}"
    if download.total < 1e8:
        said = f"{download.part:.0%} of {spoken_size(download.total)}"
    if download.moving and (speed := download.speed):
        left = (download.total - download.got) / speed
        said += f" · {spoken_size(int(speed))}/s · {_time(left)} left"
    return said


def spoken_size(size: int) -> str:
    """2497281120 → "2.5 GB", 24000000 → "24 MB"."""
    if size >= 1e8:
        return f"{size / 1e9:.1f} GB"
    return f"{size / 1e6:.0f} MB" if size >= 1e6 else f"{size / 1e3:.0f} kB"


def _time(seconds: float) -> str:
    minutes = round(seconds / 60)
    if minutes >= 60:
        return f"{minutes // 60} h {minutes % 60} min"
    return f"{minutes} min" if minutes else f"{seconds:.0f} s"
