"""What papers for a client say, in the client's language: invoices, reminders, proposals, from ``config/papers.yaml``.

"Please pay {} by {}." + "de" ──▶ "Bitte zahlen Sie {} bis zum {}."        the language: as wished, else the client's
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from functools import cache

import yaml

from agents.deps import Deps
from agents.tools.remembering.wishes import Place
from agents.tools.text.languages import named
from agents.tools.writing.style import style_for
from config.paths import ROOT

FILE = ROOT / "config" / "papers.yaml"
ENGLISH = "en"


@cache
def sentences() -> Mapping[str, Mapping[str, str]]:
    """What papers say, by the English sentence and the language; read from the file once."""
    read: Mapping[str, Mapping[str, str]] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return read


def say(english: str, language: str, *filled: str) -> str:
    """A sentence of a paper in one of the six languages, with its ``{}`` filled. Raises KeyError for an unknown one."""
    said = english if language == ENGLISH else sentences()[english][language]
    return said.format(*filled) if filled else said


def written_in() -> list[str]:
    """The languages papers are written in, English first."""
    return [ENGLISH, *next(iter(sentences().values()))]


def listed(items: Sequence[str], language: str) -> str:
    """``A, B and C`` in that language."""
    last = say("and", language)
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} {last} {items[-1]}"


async def language_for(place: Place, client: str, deps: Deps, usual: str = ENGLISH) -> str:
    """The language of a paper for a client: as the user wished, else the client's as kept, else the `usual` one.

    It is one that papers are written in; English stands for all others. The sentences are at hand from then on.
    """
    await asyncio.to_thread(sentences)
    wished = (await style_for((place,), client, deps)).language
    known = await deps.stores.clients.find(deps.user, client) if client else None
    kept = next(iter(named(known.language)), "") if known else ""
    language = wished or kept or usual
    return language if language in written_in() else ENGLISH
