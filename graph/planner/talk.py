"""Messages that need no agent: greetings, thanks, questions about FreelanceX itself, and what it cannot do."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import yaml

from config.paths import ROOT

PARTS = re.compile(r"[,.!?;:]+\s+|\s+(?:and|und|y|et|e|but|aber)\s+")


@cache
def phrases() -> dict[str, Any]:
    """Everything FreelanceX says by itself, from ``config/phrases.yaml``."""
    data: dict[str, Any] = yaml.safe_load((ROOT / "config" / "phrases.yaml").read_text(encoding="utf-8"))
    return data


@cache
def _patterns() -> list[tuple[str, re.Pattern[str]]]:
    return [
        (name, re.compile(rf"^\W*(?:{talk['when']})\W*$", re.IGNORECASE)) for name, talk in phrases()["talk"].items()
    ]


def small_talk(text: str) -> tuple[str, list[str]] | None:
    """The answer to a message that is nothing but talk, with messages to offer; None for anything else."""
    said = [_named(part) for part in (text, *PARTS.split(text))]
    if name := said[0] or (said[-1] if all(said[1:]) else None):
        talk = phrases()["talk"][name]
        return talk["say"].strip(), list(talk.get("offer", phrases()["offers"]))
    return None


def _named(part: str) -> str | None:
    return next((name for name, pattern in _patterns() if pattern.match(part.strip())), None)


def out_of_scope() -> tuple[str, list[str]]:
    """The honest answer to what no agent can do."""
    return phrases()["out_of_scope"].strip(), list(phrases()["offers"])


def cancels(text: str) -> bool:
    """Whether the user takes a pending question back."""
    return bool(re.match(rf"^\W*(?:{phrases()['cancel']['when']})\W*$", text.strip(), re.IGNORECASE))
