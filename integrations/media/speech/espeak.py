"""eSpeak NG: 13 MB, more than a hundred languages, in a hundredth of a second, and robotic."""

from __future__ import annotations

import shutil
import sys

from config.settings import Settings
from integrations.media.speech.engine import LANGUAGES, Standing
from integrations.media.speech.speaker import Speaker, in_pieces

INSTALL = "brew install espeak-ng" if sys.platform == "darwin" else "sudo apt-get install espeak-ng"
VOICES = {"en": "en-us", "fr": "fr-fr", "zh": "cmn"}
"""Where its name for a language is another one."""
WORDS_A_MINUTE = "165"


def standing(settings: Settings) -> Standing:
    """Whether the program is on the path."""
    path = shutil.which("espeak-ng")
    return Standing(True, f"robotic, all fourteen languages ({path})") if path else Standing(False, "missing", INSTALL)


def command(settings: Settings, language: str) -> list[str] | None:
    """The program for a language of `LANGUAGES`."""
    if language not in LANGUAGES:
        return None
    return ["espeak-ng", "-v", VOICES.get(language, language), "-s", WORDS_A_MINUTE, "--stdin", "--stdout"]


SPEAKER = Speaker("espeak", "eSpeak NG", 1, standing, command, lambda wav, _settings, _language: in_pieces(wav))
