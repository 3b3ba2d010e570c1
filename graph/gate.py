"""The first look at a message: its size and its files. What does not pass is told why."""

from __future__ import annotations

from config.errors import Mendable
from config.settings import Settings
from graph.planner.talk import phrases


class Refused(Mendable):
    """A message is not taken; the message says why and what to do."""


def check(text: str, files: int, settings: Settings) -> None:
    """Raise Refused when a message is empty, too long, or has too many files."""
    say = phrases()["refusals"]
    if not text.strip() and not files:
        raise Refused(say["empty"])
    if len(text) > settings.max_message_chars:
        raise Refused(say["too_long"].format(length=len(text), limit=settings.max_message_chars))
    if files > settings.max_files:
        raise Refused(say["too_many_files"].format(count=files, limit=settings.max_files))
