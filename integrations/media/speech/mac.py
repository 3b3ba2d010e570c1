"""The voices that come with macOS, by its program ``say``."""

from __future__ import annotations

import sys

from config.settings import Settings
from integrations.media.speech.engine import Standing
from integrations.media.speech.speaker import Speaker, in_pieces

VOICES = {
    "en": "Samantha", "es": "Mónica", "fr": "Thomas", "de": "Anna", "it": "Alice", "pt": "Luciana", "ru": "Milena",
    "ja": "Kyoko", "ko": "Yuna", "zh": "Tingting", "ar": "Majed", "hi": "Lekha", "th": "Kanya",
}  # fmt: skip


def standing(settings: Settings) -> Standing:
    """It is a part of macOS and of nothing else."""
    return Standing(True, "comes with macOS") if sys.platform == "darwin" else Standing(False, "only on macOS")


def command(settings: Settings, language: str) -> list[str] | None:
    """``say`` can write to a file only, so a shell passes that on."""
    voice = VOICES.get(language)
    script = 'f=$(mktemp -d)/a.wav; say -v "$0" -f - -o "$f" --data-format=LEI16@22050; cat "$f"; rm -r "${f%/*}"'
    return ["/bin/sh", "-c", script, voice] if voice else None


SPEAKER = Speaker("mac", "macOS", 2, standing, command, lambda wav, _settings, _language: in_pieces(wav))
