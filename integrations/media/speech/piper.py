"""Piper: natural voices, once the program and a voice (``data/models/voices/*.onnx``) are installed. GPL-3.

A voice is named by its language first, ``de_DE-thorsten-medium.onnx``, and has its ``.onnx.json`` beside it.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from config.settings import Settings
from integrations.media.speech.engine import Standing
from integrations.media.speech.speaker import Speaker, Speech

PROGRAM = "piper"
USUAL_RATE = 22_050
INSTALL = "pipx install piper-tts"
VOICE = ".venv/bin/python -m chainlit_app models install voice-en"


def voices(settings: Settings) -> dict[str, Path]:
    """The voices that are complete, by language; the first by name of each."""
    found: dict[str, Path] = {}
    for path in sorted((settings.paths.models / "voices").glob("*.onnx")):
        if path.with_name(f"{path.name}.json").is_file():
            found.setdefault(path.name[:2].lower(), path)
    return found


def standing(settings: Settings) -> Standing:
    """Whether the program and a voice are here."""
    program, here = shutil.which(PROGRAM), voices(settings)
    if program and here:
        return Standing(True, f"natural, {', '.join(here)}")
    if program:
        return Standing(False, "the program is here, a voice is not; there are en, de, fr, es, it and pt", VOICE)
    if here:
        return Standing(False, f"a voice is here ({', '.join(here)}), the program is not", INSTALL)
    return Standing(False, "possible: a natural voice (a GPL-3 program), about 170 MB", f"{INSTALL}; then {VOICE}")


def command(settings: Settings, language: str) -> list[str] | None:
    """The program with the voice for a language."""
    voice = voices(settings).get(language)
    return [PROGRAM, "--model", str(voice), "--output-raw"] if voice else None


def heard(raw: bytes, settings: Settings, language: str) -> Speech:
    """Raw samples at the rate that the voice's own file states."""
    try:
        about = json.loads(Path(f"{voices(settings)[language]}.json").read_text("utf-8"))
        rate = int(about["audio"]["sample_rate"])
    except (OSError, ValueError, KeyError, TypeError):
        rate = USUAL_RATE
    return Speech(raw[: len(raw) // 2 * 2], rate)


SPEAKER = Speaker("piper", "Piper", 3, standing, command, heard)
