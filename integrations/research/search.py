"""Asks several sources at once and merges what they found; each has its own deadline, so none delays another."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit

from config.settings import Settings
from integrations.http import Errand, HttpClient
from integrations.http_errors import HttpError
from integrations.research.source import Hit, Question, ResearchSource

DEADLINE = 12.0
"""Seconds a source has."""
RRF = 60
"""The constant of reciprocal rank fusion (Cormack, Clarke and Büttcher, 2009)."""
TRACKING = re.compile(r"^(?:utm_\w+|fbclid|gclid|mc_[ce]id|ref|ref_src)$")
log = logging.getLogger("freelancex.research")


@dataclass(frozen=True)
class Answer:
    """What one source gave: its hits, or in one sentence why there are none."""

    source: str
    title: str
    hits: tuple[Hit, ...] = ()
    problem: str = ""


async def ask_sources(
    question: Question,
    sources: Sequence[ResearchSource],
    http: HttpClient,
    errand: Errand,
    settings: Settings,
    deadline: float = DEADLINE,
) -> list[Answer]:
    """Ask all sources and return their answers in the order of `sources`, at the latest after `deadline` seconds."""
    return list(await asyncio.gather(*(_ask(question, one, http, errand, settings, deadline) for one in sources)))


async def _ask(
    question: Question,
    source: ResearchSource,
    http: HttpClient,
    errand: Errand,
    settings: Settings,
    deadline: float,
) -> Answer:
    try:
        async with asyncio.timeout(deadline):
            hits = await source.search(question, http, errand, settings)
    except TimeoutError:
        return Answer(source.name, source.title, problem=f"it did not answer within {deadline:g} seconds")
    except HttpError as error:
        return Answer(source.name, source.title, problem=str(error).rstrip("."))
    except Exception:
        log.exception("the source %s failed", source.name)
        return Answer(source.name, source.title, problem="its answer could not be read")
    recent = [hit for hit in hits if not question.since or not hit.published or hit.published >= question.since]
    return Answer(source.name, source.title, tuple(recent))


def merged(answers: Sequence[Answer]) -> list[Hit]:
    """All hits, one for each thing found, ranked by reciprocal rank fusion over the sources.

    Two hits are one thing when their DOI, their address without tracking, or their long title is the same. What
    several sources list keeps the longer text, and what either knows of date, authors and citations.
    """
    kept: dict[str, Hit] = {}
    score: dict[str, float] = {}
    names: dict[str, str] = {}
    for answer in answers:
        for rank, hit in enumerate(answer.hits):
            marks = _marks(hit)
            key = next((names[mark] for mark in marks if mark in names), marks[0])
            names.update(dict.fromkeys(marks, key))
            kept[key] = _joined(kept[key], hit) if key in kept else hit
            score[key] = score.get(key, 0.0) + 1 / (RRF + rank)
    return [kept[key] for key in sorted(kept, key=lambda key: -score[key])]


def canonical(url: str) -> str:
    """An address as a key: no scheme, no ``www.``, no fragment, no tracking, no slash at the end."""
    parts = urlsplit(url)
    query = urlencode(sorted(pair for pair in parse_qsl(parts.query) if not TRACKING.match(pair[0].lower())))
    host = (parts.hostname or "").removeprefix("www.").removeprefix("m.")
    return f"{host}{parts.path.rstrip('/')}{'?' + query if query else ''}"


def _marks(hit: Hit) -> list[str]:
    title = re.sub(r"\W+", " ", hit.title.casefold()).strip()
    marks = [canonical(hit.url)]
    if hit.doi:
        marks.append(f"doi:{hit.doi.casefold()}")
    if len(title) >= 25:
        marks.append(f"title:{title}")
    return marks


def _joined(first: Hit, other: Hit) -> Hit:
    known = {title.strip() for title in first.source.split(",")}
    return first.model_copy(
        update={
            "text": max(first.text, other.text, key=len),
            "published": first.published or other.published,
            "authors": first.authors or other.authors,
            "cited": max((n for n in (first.cited, other.cited) if n is not None), default=None),
            "doi": first.doi or other.doi,
            "source": first.source if other.source in known else f"{first.source}, {other.source}",
        }
    )
