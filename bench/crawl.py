"""How fast a site of 5,000 pages on loopback is crawled at no limit, and that a limit is kept.

The whole way is measured: consent, robots.txt, guard, audit line, parsing in worker processes, frontier on disk, table.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from dataclasses import asdict, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

SITE_PAGES = 5_000
PER_PAGE = 12
POLITE_PAGES = 60
POLITE_APART = 0.05


def run() -> dict[str, Any]:
    """Crawl the whole site with the rate off, then some of it with a rate; returns pages a second and the table."""
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(_measure(Path(folder)))


def show(figures: dict[str, Any]) -> None:
    """Print the figures."""
    free, polite = figures["no_limit"], figures["polite"]
    print(f"{free['pages']} pages at no limit: {free['seconds']:.1f} s, {free['per_second']:.0f} pages/s")
    print(f"  table: {figures['table']['rows']} rows of {', '.join(figures['table']['fields'])}")
    print(f"{polite['pages']} pages every {POLITE_APART * 1000:.0f} ms: {polite['per_second']:.1f} pages/s, "
          f"at least {polite['least_apart_ms']:.0f} ms apart as the server saw them")  # fmt: skip


async def _measure(folder: Path) -> dict[str, Any]:
    from config.settings import Settings
    from graph.jobs import ProcessJobs
    from integrations.http import Errand, HttpClient
    from integrations.scraping.crawl import Crawl, CrawlPlan
    from integrations.scraping.frontier import Frontier
    from privacy.audit import AuditLog
    from privacy.keys.ring import passing_key

    server = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.crawl", stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    assert server.stdout is not None and server.stdin is not None
    settings = Settings(data_dir=folder)
    settings.paths.make()
    host = f"127.0.0.1:{int(await server.stdout.readline())}"

    async def granted(_: str) -> frozenset[str]:
        return frozenset({"research"})

    jobs, key, laid = ProcessJobs(2), passing_key("cache"), folder / "pages.jsonl"

    async def parse(pages: list[dict[str, str]]) -> Any:
        return await jobs.run("integrations.scraping.parsing:parse_pages", {"pages": pages})

    async def crawl(plan: CrawlPlan) -> tuple[Any, float]:
        http = HttpClient(settings, AuditLog.open(settings), granted, allow_hosts=frozenset({host}))
        frontier = Frontier(folder, f"{plan.key}-{plan.apart}", key)
        started = time.perf_counter()
        report = await Crawl(plan, http, Errand("research", "ana"), frontier, parse, lambda *_: None).run()
        taken = time.perf_counter() - started
        await frontier.lay(laid)
        await http.close()
        return report, taken

    try:
        plan = CrawlPlan((f"http://{host}/",), limit=SITE_PAGES + 10, depth=50, apart=0.0, at_once=8)
        await crawl(replace(plan, limit=20))  # so that the workers have imported what they need
        report, taken = await crawl(plan)
        table = await jobs.run(
            "integrations.scraping.dataset:build",
            {"crawl": str(laid), "target": str(folder / "table.csv")},
        )
        server.stdin.write(b"\n")
        await server.stdin.drain()
        await server.stdout.readline()
        polite, slow = await crawl(replace(plan, limit=POLITE_PAGES, apart=POLITE_APART))
        server.stdin.write(b"\n")
        await server.stdin.drain()
        least_apart = float(await server.stdout.readline())
    finally:
        server.terminate()
        await server.wait()
        await jobs.close()
    return {
        "no_limit": {"pages": report.pages, "seconds": taken, "per_second": report.pages / taken},
        "polite": {"pages": polite.pages, "seconds": slow, "per_second": polite.pages / slow,
                   "least_apart_ms": 1000 * least_apart},
        "table": table,
        "report": asdict(report),
    }  # fmt: skip


def _page(number: int) -> bytes:
    """One page of a shop: a menu, a list of products, its neighbours, a footer; some 9 kB."""
    products = "".join(
        f'<li class="product"><h3><a href="/item/{number}-{n}">Product {number * PER_PAGE + n} of our shop</a></h3>'
        f'<p class="price">€{(number * 7 + n * 13) % 400 + 1}.{n:02}</p><p class="maker">Maker {(number + n) % 40}</p>'
        f'<p class="about">A thing of kind {(number * n) % 17} that weighs {(number + n) % 90} kilograms and comes in '
        f"{n} colours, made in the year {1990 + (number + n) % 35}.</p></li>"
        for n in range(PER_PAGE)
    )
    menu = "".join(f'<li><a href="/about/{n}" rel="nofollow">Department {n}</a></li>' for n in range(30))
    near = "".join(
        f'<a href="/list/{other}">{other}</a> ' for other in range(number * 4 + 1, number * 4 + 5) if other < SITE_PAGES
    )
    return (
        f'<!doctype html><html lang="en"><head><title>List {number}</title></head><body><nav><ul>{menu}</ul></nav>'
        f'<main><h1>List {number}</h1><ul class="products">{products}</ul><div class="pages">{near}</div></main>'
        f"<footer>{'All rights reserved. ' * 40}</footer></body></html>"
    ).encode()


async def _serve() -> None:
    """The site, in a process of its own. A line on standard input is answered with the least time between requests."""
    moments: list[float] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                path = head.split(b" ", 2)[1].decode()
                if path == "/robots.txt":
                    body, status, kind = b"User-agent: *\nDisallow: /item/\n", "200 OK", "text/plain"
                elif path == "/" or path.startswith("/list/"):
                    moments.append(time.monotonic())
                    body, status, kind = _page(int(path[6:] or 0)), "200 OK", "text/html"
                else:
                    body, status, kind = b"", "404 Not Found", "text/html"
                top = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
                writer.write(top.encode() + body)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    while await asyncio.to_thread(sys.stdin.readline):
        print(min((later - earlier for earlier, later in pairwise(moments)), default=0.0), flush=True)
        moments.clear()


if __name__ == "__main__":
    asyncio.run(_serve())
