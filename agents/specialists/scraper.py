"""Turns a site or a list of pages into a table, within what the site allows, once the user agrees."""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

import anyio
from pydantic import BaseModel

from agents.deps import Deps
from agents.spec import AgentError, AgentSpec, Artifact, Effect, Finding, Given, Record, Slot, Source
from agents.tools.research.scrape_report import made, nothing, preview
from agents.tools.research.scrape_words import read_scrape
from integrations.http import Errand
from integrations.job_boards.closed import check_open
from integrations.scraping.address import canonical
from integrations.scraping.browser import installed, render
from integrations.scraping.crawl import Crawl, CrawlPlan, CrawlReport
from integrations.scraping.frontier import Frontier
from memory.data_keys import key_for
from privacy.consent import GO_ONLINE
from privacy.keys.ring import KeyName

NAME = "scraper"
CONSENT = "research"
PARSE_SECONDS, PARSE_MB = 20.0, 1_000
BUILD_SECONDS = 300.0
MOST_PAGES = 20_000
LEAST_APART = 0.2
"""No site is asked faster than this, whatever its rules and the user say."""


class ScrapeTask(BaseModel):
    """Which pages to turn into a table: where to start, how many, how many links deep, how many seconds apart."""

    url: Annotated[str, Slot("url", "Which page or site shall I read? Please give me its address.")]
    more: list[str] = []
    what: str = ""
    limit: int | None = None
    depth: int | None = None
    apart: float | None = None
    form: str | None = None


async def run(task: ScrapeTask, given: Given, deps: Deps) -> Finding:
    """Propose to open the pages. Raises AgentError, and ClosedToPrograms for places that no program may read."""
    starts = [canonical(url) for url in (task.url, *task.more)]
    if not all(starts):
        raise AgentError("That is not the address of a web page; give me one that begins with https://.")
    for url in starts:
        check_open(url)
    if deps.settings.offline:
        return Finding(
            NAME,
            ok=False,
            text=f"FreelanceX is set to offline, so no page was opened. {GO_ONLINE}",
            error="offline",
        )
    plan = CrawlPlan(
        starts=tuple(dict.fromkeys(starts)),
        limit=max(1, min(MOST_PAGES, task.limit or max(200, len(starts)))),
        depth=(0 if len(starts) > 1 else 3) if task.depth is None else task.depth,
        apart=max(LEAST_APART, 0.5 if task.apart is None else task.apart),
    )
    arguments = {
        "starts": list(plan.starts),
        "limit": plan.limit,
        "depth": plan.depth,
        "apart": plan.apart,
        "what": task.what,
        "form": "jsonl" if task.form == "jsonl" else "csv",
    }
    sites = sorted(plan.sites)
    consent = f"{CONSENT}:{sites[0]}" if len(sites) == 1 else CONSENT
    return Finding(
        NAME,
        ok=True,
        text=f"I can read {' and '.join(sites)} into a table.",
        effect=Effect("crawl", arguments, "Open these pages", preview(plan), consent=consent),
    )


async def crawl(arguments: dict[str, Any], deps: Deps) -> Finding:
    """Open the pages and keep the table. What was found before a stop is used by the next run."""
    plan = CrawlPlan(
        tuple(arguments["starts"]), limit=arguments["limit"], depth=arguments["depth"], apart=arguments["apart"]
    )
    errand = Errand(CONSENT, deps.user, agent=NAME, thread=deps.thread, approved=True)
    key = await key_for(deps.stores.database, KeyName(deps.user, "cache"))
    frontier = Frontier(deps.settings.paths.crawls(deps.user), plan.key, key)

    async def parse(pages: list[dict[str, str]]) -> Any:
        return await deps.jobs.run(
            "integrations.scraping.parsing:parse_pages",
            {"pages": pages},
            seconds=PARSE_SECONDS,
            memory_mb=PARSE_MB,
            warm=True,
        )

    browser = await asyncio.to_thread(installed)
    show = partial(render, http=deps.http, errand=errand, browser=browser) if browser else None
    report = await Crawl(plan, deps.http, errand, frontier, parse, deps.progress, show).run()
    if not report.pages:
        if not report.halted:
            await frontier.forget()
        return Finding(NAME, ok=False, text=nothing(plan, report), error="no page read", trust="outside")
    finding = await _kept(arguments, plan, report, frontier, deps)
    if not report.halted:
        await frontier.forget()
    return finding


async def _kept(
    arguments: dict[str, Any], plan: CrawlPlan, report: CrawlReport, frontier: Frontier, deps: Deps
) -> Finding:
    """Make the table and put it into the file store, where everything that works on tables finds it."""
    deps.progress("Making a table", None)
    async with anyio.TemporaryDirectory() as folder:
        name = f"{(urlsplit(plan.starts[0]).hostname or 'pages').removeprefix('www.')}.{arguments['form']}"
        target = Path(folder) / name
        laid = Path(folder) / "pages.jsonl"
        await frontier.lay(laid)
        build = {"crawl": str(laid), "target": str(target), "what": arguments["what"]}
        table = await deps.jobs.run("integrations.scraping.dataset:build", build, seconds=BUILD_SECONDS)
        kept = await deps.stores.files.put(target, name, user=deps.user, thread=deps.thread, made_by=NAME)
    return Finding(
        NAME,
        ok=True,
        text=made(plan, report, table),
        data={"pages": report.pages, "states": report.counts, "halted": report.halted, "table": table},
        records=(Record("dataset", kept.id, kept.name),),
        sources=tuple(Source(urlsplit(url).netloc, f"{table['rows']:,} rows", url) for url in plan.starts[:5]),
        artifacts=(Artifact(kept.id, kept.name, kept.mime, f"{table['rows']:,} rows, with their sources"),),
        trust="outside",
        offers=("Describe this table", "Train a model on this table"),
    )


AGENT = AgentSpec(
    name=NAME,
    title="Scraper",
    description="Reads a site or a list of pages into a table with the source of each row, within what sites allow.",
    examples=(
        "Scrape https://books.example/catalogue into a CSV",
        "Turn https://shop.example/lamps into a dataset",
        "Crawl https://docs.example and collect all pages",
        "Extract the table from https://stats.example/rates",
        "Get me all product names and prices from https://shop.example",
        "Collect the listings on https://market.example/flats, at most 100 pages",
        "Scrape shop.example and train a model on the prices",
        "Harvest the events from https://city.example/calendar as JSONL",
        "Pull the data from these pages: https://a.example/1 https://a.example/2",
        "Make a spreadsheet from the entries on https://directory.example",
        "Lies die Produkte von https://laden.example in eine Tabelle",
        "scrape this site",
        "crawl a website for me",
        "download all job titles from https://jobs.example/list into a table",
        "extrae los precios de https://tienda.example",
    ),
    cues=(
        r"\b(?:scrap(?:e|ing)|crawl(?:ing)?|harvest|spider)\b",
        r"\b(?:extract|collect|get|pull|gather|download|grab|lies|extrae|turn|make|read)\b.{0,80}"
        r"(?:https?://|\bwww\.).{0,80}\b(?:csv|table|dataset|data ?set|spreadsheet|jsonl|tabelle|tabla)\b",
        r"\b(?:extract|collect|pull|gather|harvest|grab|extrae)\b.{0,60}\b(?:from|on|of|de|von)\b.{0,20}(?:https?://|\bwww\.)",
        r"\b(?:csv|table|dataset|data ?set|spreadsheet)\b.{0,30}\b(?:from|of|out of)\b.{0,20}(?:https?://|\bwww\.)",
    ),
    task=ScrapeTask,
    run=run,
    read=read_scrape,
    makes=("dataset",),
    effects={"crawl": crawl},
    consents=(CONSENT,),
)
