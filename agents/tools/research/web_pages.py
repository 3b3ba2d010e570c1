"""Opens pages the user agreed to and reads what they say, each in a process of its own with limits."""

from __future__ import annotations

import asyncio
import base64
import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from urllib.parse import urlsplit

from agents.deps import Deps, JobError
from integrations.http import Errand
from integrations.http_errors import HttpError
from integrations.http_messages import PAGES, Ask
from integrations.job_boards.closed import check_open
from integrations.research.feeds import FEEDS
from integrations.research.source import Hit

SECONDS, MEMORY_MB = 20.0, 1_000
ENTRIES = 10
DEADLINE = 15.0
"""Seconds all pages have together; what is not there by then is left out."""
PAGE = Ask(accept=(*PAGES, *FEEDS), seconds=DEADLINE, retries=0, cache=True)
log = logging.getLogger("freelancex.research")


async def read(url: str, deps: Deps, errand: Errand) -> list[Hit]:
    """What one page says, or each entry of a feed, newest first. Raises HttpError and JobError."""
    check_open(url)
    reply = await deps.http.get(url, errand, ask=PAGE)
    check_open(reply.url)
    body = base64.b64encode(reply.body).decode()
    if reply.type in FEEDS:
        host = urlsplit(reply.url).hostname or reply.url
        feed = "integrations.research.feeds:read_feed"
        rows = await deps.jobs.run(feed, {"body": body, "title": host}, seconds=SECONDS, memory_mb=MEMORY_MB)
        return [Hit.model_validate(row) for row in rows[:ENTRIES]]
    arguments = {"html": body, "url": reply.url}
    page = await deps.jobs.run("integrations.pages.page:read_job", arguments, seconds=SECONDS, memory_mb=MEMORY_MB)
    page_hit = Hit(
        title=page["title"] or reply.url,
        url=reply.url,
        text=page["text"],
        authors=(page["author"],) if page["author"] else (),
        published=date.fromisoformat(page["published"]) if page["published"] else None,
    )
    return [page_hit]


async def fuller(hits: Sequence[Hit], deps: Deps, errand: Errand, most: int = 3) -> tuple[Hit, ...]:
    """The hits, the first `most` of the web with their page's text instead of the snippet; as they were where not."""
    opened = [place for place, hit in enumerate(hits) if hit.kind in ("web", "discussion")][:most]
    tasks = {place: asyncio.create_task(_more(hits[place], deps, errand)) for place in opened}
    if tasks:
        deps.progress(f"Reading {len(tasks)} page{'s' if len(tasks) > 1 else ''}", None)
        _, late = await asyncio.wait(tasks.values(), timeout=DEADLINE)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
    ready = {place: task.result() for place, task in tasks.items() if not task.cancelled()}
    return tuple(ready.get(place, hit) for place, hit in enumerate(hits))


async def _more(hit: Hit, deps: Deps, errand: Errand) -> Hit:
    try:
        (page, *_) = await read(hit.url, deps, replace(errand, found=True)) or [hit]
    except (HttpError, JobError) as error:
        log.info("a page was left out: %s", error)
        return hit
    text = page.text if len(page.text) > len(hit.text) else hit.text
    return hit.model_copy(update={"text": text, "published": hit.published or page.published, "authors": page.authors})
