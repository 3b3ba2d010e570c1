"""What listens and what speaks on this computer, for `doctor`: embedded, installed, possible, and how to get it."""

from __future__ import annotations

from config.settings import Settings
from integrations.media.speech import remote
from integrations.media.speech.engine import Standing, engines
from integrations.media.speech.speaker import speakers
from monitoring.health import Check


def checks(settings: Settings) -> list[Check]:
    """A line for each engine; nothing is loaded and nobody is asked."""
    lines = [_line(f"Speech to text, {one.title}", one.standing(settings)) for one in engines().values()]
    lines.append(_line("Speech to text, a server of yours", remote.standing(settings)))
    return [*lines, *(_line(f"Text to speech, {one.title}", one.standing(settings)) for one in speakers().values())]


def _line(name: str, standing: Standing) -> Check:
    return Check(name, standing.ready, standing.detail, standing.command, needed=False)
