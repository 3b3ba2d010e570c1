"""How the user wants to speak and be spoken to: what the settings panel shows, and what is kept of it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chainlit.input_widget import Select, Switch

from chainlit_app.opened import runtime
from config.settings import Settings
from integrations.media.speech import remote
from integrations.media.speech.engine import LANGUAGES, engines
from integrations.media.speech.speaker import speakers

MICROPHONES = {"Push to talk": "push", "Hands-free": "hands_free", "Off": "off"}
DETECTED = "detected"
PREFIX = "voice_"
AT_ONCE = "What you say is sent as a message when you pause, instead of waiting in the message box for your check."
READING = "Answers are read aloud while they are written. Press Esc, or speak, to stop that."


@dataclass(frozen=True)
class Wishes:
    """`microphone` is push, hands_free or off; `language` ISO 639-1, or empty to have it detected."""

    microphone: str = "push"
    language: str = ""
    at_once: bool = False
    aloud: bool = False


def can_listen(settings: Settings) -> bool:
    """Whether something here can recognise speech."""
    return remote.standing(settings).ready or any(one.standing(settings).ready for one in engines().values())


async def wishes(user: str) -> Wishes:
    """What a user chose; the microphone is off while nothing can listen."""
    kept = await runtime().stores.preferences.all(user)
    microphone = kept.get(f"{PREFIX}microphone", "push")
    if not await asyncio.to_thread(can_listen, runtime().settings):
        microphone = "off"
    return Wishes(
        microphone if microphone in MICROPHONES.values() else "push",
        kept.get(f"{PREFIX}language", ""),
        bool(kept.get(f"{PREFIX}at_once", False)),
        bool(kept.get(f"{PREFIX}aloud", False)),
    )


async def widgets(user: str) -> list[dict[str, Any]]:
    """The part of the settings panel that is about voice."""
    now = await wishes(user)
    able = await asyncio.to_thread(can_listen, runtime().settings)
    speaks = await asyncio.to_thread(lambda: any(one.standing(runtime().settings).ready for one in speakers().values()))
    languages = {"Detected, where that can be done": DETECTED, **{name: code for code, name in LANGUAGES.items()}}
    return [
        Select(
            id=f"{PREFIX}microphone",
            label="Microphone",
            items=MICROPHONES,
            initial_value=now.microphone,
            disabled=not able,
        ).to_dict(),
        Select(
            id=f"{PREFIX}language", label="You speak", items=languages, initial_value=now.language or DETECTED
        ).to_dict(),
        Switch(
            id=f"{PREFIX}at_once", label="Send what I say at once", initial=now.at_once, description=AT_ONCE
        ).to_dict(),
        Switch(
            id=f"{PREFIX}aloud", label="Read answers aloud", initial=now.aloud, description=READING, disabled=not speaks
        ).to_dict(),
    ]


async def keep(values: Mapping[str, Any], user: str) -> None:
    """Keep what the user chose in the panel."""
    chosen: dict[str, Any] = {}
    if values.get(f"{PREFIX}microphone") in MICROPHONES.values():
        chosen[f"{PREFIX}microphone"] = values[f"{PREFIX}microphone"]
    language = values.get(f"{PREFIX}language")
    if language == DETECTED or language in LANGUAGES:
        chosen[f"{PREFIX}language"] = "" if language == DETECTED else language
    for name in ("at_once", "aloud"):
        if isinstance(values.get(PREFIX + name), bool):
            chosen[PREFIX + name] = values[PREFIX + name]
    if chosen:
        await runtime().stores.preferences.keep(user, **chosen)
