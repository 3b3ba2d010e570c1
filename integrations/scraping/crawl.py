"""A site opened page by page, as fast as it allows and no further than asked.

    frontier ─▶ robots ─▶ client ─▶ fetched ─▶ parse (other processes) ─▶ frontier
                                                 └─ empty without scripts? ─▶ browser ─┘

Fetching waits on the network and parsing on the processor, so they overlap. Whatever is in flight when a crawl is
stopped is simply opened again by the next run.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from config.errors import Mendable
from integrations.host_limits import HostLimit
from integrations.http_errors import HttpError, NotSent, Resting, TooOften
from integrations.http_messages import PAGES, Ask, Errand
from integrations.scraping.address import canonical, site_of, within
from integrations.scraping.frontier import Frontier, Outcome, Step
from integrations.scraping.parsing import Facts
from integrations.scraping.robots import Robots
from integrations.scraping.simhash import Seen
from integrations.scraping.sitemaps import listed, usual

if TYPE_CHECKING:
    from integrations.http import HttpClient

BATCH = 16
PARSERS = 2
MAX_PAGE = 4 * 1024 * 1024
MAX_RENDERED = 50

Parse = Callable[[list[dict[str, str]]], Awaitable[list[dict[str, Any]]]]
"""Runs `parsing.parse_pages` in another process. Raises Mendable when that breaks or takes too long."""
Render = Callable[[str], Awaitable[bytes]]
"""The page as a browser shows it. Raises HttpError."""
Progress = Callable[[str, float | None], None]


@dataclass(frozen=True)
class CrawlPlan:
    """What to open: at most `limit` pages, at most `depth` links from the starts, each host every `apart` seconds."""

    starts: tuple[str, ...]
    limit: int = 200
    depth: int = 3
    apart: float = 0.5
    at_once: int = 1

    @property
    def sites(self) -> frozenset[str]:
        return frozenset(site_of(url) for url in self.starts)

    @property
    def key(self) -> str:
        """The same for the same request, so that a stopped crawl is found again."""
        return hashlib.sha256(repr((self.starts, self.limit, self.depth)).encode()).hexdigest()[:24]


@dataclass(frozen=True)
class CrawlReport:
    """How a crawl went: pages by state, why some were not opened, and why it ended early if it did."""

    pages: int
    counts: dict[str, int]
    refused: tuple[tuple[str, str], ...] = ()
    failed: tuple[tuple[str, str], ...] = ()
    halted: str = ""


@dataclass(frozen=True)
class _Fetched:
    outcome: Outcome
    place: str = ""
    html: bytes = field(default=b"", repr=False)


class Crawl:
    """One crawl; `run` may be called again after it was stopped."""

    def __init__(
        self,
        plan: CrawlPlan,
        http: HttpClient,
        errand: Errand,
        frontier: Frontier,
        parse: Parse,
        progress: Progress,
        render: Render | None = None,
    ) -> None:
        self.plan = plan
        self._http = http
        self._errand = errand
        self._frontier = frontier
        self._parse = parse
        self._progress = progress
        self._render = render
        self._pace = HostLimit(plan.at_once, plan.apart)
        self._robots = Robots(http, errand, self._pace)
        self._seen = Seen()
        self._sums: set[str] = set()
        self._ready: deque[Step] = deque()
        self._in_flight: set[str] = set()
        self._changed = asyncio.Condition()
        self._taken = self._rendered = 0
        self._halted = ""

    async def run(self) -> CrawlReport:
        """Open what is to be opened. Raises NotSent when nothing may be sent."""
        await self._begin()
        fetched: asyncio.Queue[_Fetched | None] = asyncio.Queue(4 * BATCH)
        try:
            async with asyncio.TaskGroup() as tasks:
                parsers = [tasks.create_task(self._parses(fetched)) for _ in range(PARSERS)]
                fetchers = [tasks.create_task(self._fetches(fetched)) for _ in range(2 * self.plan.at_once)]
                await asyncio.gather(*fetchers)
                for _ in parsers:
                    await fetched.put(None)
        except ExceptionGroup as several:
            raise several.exceptions[0] from None
        counts = await self._frontier.counts()
        return CrawlReport(
            pages=counts.get("done", 0),
            counts=counts,
            refused=tuple(await self._frontier.notes("refused")),
            failed=tuple(await self._frontier.notes("failed")),
            halted=self._halted,
        )

    async def _begin(self) -> None:
        counts = await self._frontier.counts()
        if not counts:
            await self._frontier.add([Step(url, 0) for url in self.plan.starts])
            for start in self.plan.starts:
                if self.plan.depth and start == canonical("/", start):
                    maps = (await self._robots.rules(start)).sitemaps or (usual(start),)
                    # A map elsewhere lists nothing to open here, and may lead to a server of the user's own.
                    own = [place for place in maps if site_of(canonical(place, start)) in self.plan.sites]
                    found = await listed(own, self._http, self._errand, self.plan.limit, self._pace)
                    await self._frontier.add([Step(url, 1) for url in within(found, self.plan.sites)])
        self._taken = sum(
            number for state, number in counts.items() if state in ("done", "same", "failed", "elsewhere")
        )
        for mark in await self._frontier.marks():
            self._seen.add(mark)

    async def _fetches(self, fetched: asyncio.Queue[_Fetched | None]) -> None:
        while step := await self._take():
            page = await self._fetch(step)
            if page is None:
                await self._settle([step.url])  # it keeps waiting, for another run
            else:
                await fetched.put(page)

    async def _take(self) -> Step | None:
        """The next page to open; None when there is none, or enough were opened."""
        async with self._changed:
            while not self._halted and self._taken < self.plan.limit:
                if not self._ready:
                    self._ready.extend(await self._frontier.waiting(4 * BATCH, self._in_flight))
                if self._ready:
                    step = self._ready.popleft()
                    self._in_flight.add(step.url)
                    self._taken += 1
                    return step
                if not self._in_flight:
                    break
                await self._changed.wait()
            self._changed.notify_all()
            return None

    async def _settle(self, urls: list[str]) -> None:
        async with self._changed:
            self._in_flight.difference_update(urls)
            self._changed.notify_all()

    async def _fetch(self, step: Step) -> _Fetched | None:
        try:
            rules = await self._robots.rules(step.url)
            if not rules.allows(step.url):
                self._taken -= 1
                return _Fetched(Outcome(step, "refused", rules.why or "its robots.txt does not allow it"))
            pace = replace(self._pace, seconds_apart=max(self.plan.apart, rules.delay))
            ask = Ask(accept=PAGES, max_bytes=MAX_PAGE, limit=pace, retries=1)
            reply = await self._http.get(step.url, self._errand, ask=ask)
        except (Resting, TooOften) as error:
            self._halted = str(error)
            return None
        except NotSent as error:
            if step.depth == 0:
                raise
            return _Fetched(Outcome(step, "refused", str(error)))
        except HttpError as error:
            return _Fetched(Outcome(step, "failed", str(error)))
        place = canonical(reply.url)
        if place != step.url:
            if site_of(place) not in self.plan.sites:
                return _Fetched(Outcome(step, "elsewhere", f"it leads to {site_of(place)}"))
            if not (await self._robots.rules(place)).allows(place):
                return _Fetched(Outcome(step, "refused", "its robots.txt does not allow where it leads"))
        now = datetime.now(UTC).isoformat(timespec="seconds")
        outcome = Outcome(step, "done", fetched_at=now, sha256=hashlib.sha256(reply.body).hexdigest())
        return _Fetched(outcome, place, reply.body)

    async def _parses(self, fetched: asyncio.Queue[_Fetched | None]) -> None:
        last = False
        while not last:
            batch = [await fetched.get()]
            while len(batch) < BATCH and not fetched.empty() and batch[-1] is not None:
                batch.append(fetched.get_nowait())
            last = batch[-1] is None
            pages = [page for page in batch if page is not None]
            outcomes = await self._outcomes(pages)
            await self._frontier.save(outcomes)
            await self._settle([one.step.url for one in outcomes])
            self._progress(self._line(), min(1.0, self._taken / self.plan.limit))

    async def _outcomes(self, pages: list[_Fetched]) -> list[Outcome]:
        outcomes = [page.outcome for page in pages if page.outcome.state != "done"]
        fresh = []
        for page in (page for page in pages if page.outcome.state == "done"):
            if page.outcome.sha256 in self._sums:
                outcomes.append(replace(page.outcome, state="same"))
            else:
                self._sums.add(page.outcome.sha256)
                fresh.append(page)
        if fresh:
            for page, facts in zip(fresh, await self._parsed(fresh), strict=True):
                if facts is None:
                    outcomes.append(replace(page.outcome, state="failed", note="it cannot be read in bounded time"))
                else:
                    outcomes.append(await self._outcome(page, facts))
        return outcomes

    async def _parsed(self, pages: list[_Fetched]) -> list[Facts | None]:
        """What each page gives; None for one that breaks its parser, which must not take the others with it."""
        try:
            found = await self._parse([_packed(page.place, page.html) for page in pages])
        except Mendable:
            if len(pages) == 1:
                return [None]
            return [facts for page in pages for facts in await self._parsed([page])]
        return [Facts.model_validate(facts) for facts in found]

    async def _outcome(self, page: _Fetched, facts: Facts) -> Outcome:
        outcome = page.outcome
        if facts.scripted and self._render and self._rendered < MAX_RENDERED:
            self._rendered += 1
            try:
                html = await self._render(page.place)
                facts = (await self._parsed([replace(page, html=html)]))[0] or facts
                outcome = replace(outcome, sha256=hashlib.sha256(html).hexdigest())
            except HttpError:
                pass  # the page stays as it came: empty, and told as such
        if self._seen.near(facts.mark):
            return replace(outcome, state="same")
        self._seen.add(facts.mark)
        steps = (
            [Step(url, outcome.step.depth) for url in within(facts.onward, self.plan.sites)] if self.plan.depth else []
        )
        if outcome.step.depth < self.plan.depth:
            steps += [Step(url, outcome.step.depth + 1) for url in within(facts.links, self.plan.sites)]
        kept = facts.model_dump_json(exclude={"links", "onward", "mark", "url"})
        return replace(outcome, mark=facts.mark, facts=kept, onward=tuple(steps))

    def _line(self) -> str:
        return f"Opened {self._taken} of at most {self.plan.limit} pages of {', '.join(sorted(self.plan.sites))}"


def _packed(url: str, html: bytes) -> dict[str, str]:
    return {"url": url, "html": base64.b64encode(html).decode()}
