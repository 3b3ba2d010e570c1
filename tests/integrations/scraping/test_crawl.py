"""A crawl: where it goes, where it does not, how it stops and goes on."""

from __future__ import annotations

import asyncio
import gzip
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from blockbuster import blockbuster_ctx
from werkzeug import Request, Response

from config.errors import Mendable
from integrations.host_limits import HostLimit
from integrations.http import Errand, HttpClient
from integrations.http_errors import NoConsent, Offline, Unreachable
from integrations.scraping.crawl import Crawl, CrawlPlan
from integrations.scraping.frontier import Frontier, Step, results
from integrations.scraping.robots import MAX_AGE, Robots
from privacy.keys.ring import passing_key
from tests.integrations.scraping.conftest import RunCrawl, Site, parse

LONG = " ".join(f"word{number}" for number in range(120))


async def laid(frontier: Frontier) -> list[dict[str, Any]]:
    """What the pages of a crawl gave."""
    target = frontier.path.with_suffix(".jsonl")
    await frontier.lay(target)
    return list(results(target))


async def test_links_are_followed_within_the_site_and_the_depth(site: Site, crawl: RunCrawl) -> None:
    site.page(
        "/", "<a href=/a>a</a><a href=/b#x>b</a><a href=/b?utm_source=mail>b</a><a href=http://10.0.0.1/>away</a>"
    )
    site.page(
        "/a", "<a href=/a/deep>deep</a><a href=/>home</a><a href=/logo.png>logo</a><a rel=nofollow href=/n>no</a>"
    )
    site.page("/b")
    site.page("/a/deep", "<a href=/a/deep/er>deeper</a>")
    report = await crawl(site.url(), depth=2)
    assert sorted(site.opened) == ["/", "/a", "/a/deep", "/b"]
    assert report.pages == 4


async def test_a_list_of_pages_is_opened_and_nothing_else(site: Site, crawl: RunCrawl) -> None:
    site.page("/1", "<a href=/3>3</a><a href=?page=2>next</a>")
    site.page("/2")
    report = await crawl(site.url("/1"), site.url("/2"), depth=0)
    assert sorted(site.opened) == ["/1", "/2"]
    assert report.pages == 2


async def test_the_next_pages_of_a_list_are_no_deeper(site: Site, crawl: RunCrawl) -> None:
    def answer(request: Request) -> Response:
        number = int(request.args.get("page", 1))
        more = f"<a href='?page={number + 1}'>{number + 1}</a>" if number < 6 else ""
        return Response(f"<html><body>List {number}{more}<a href=/x>x</a></body></html>", content_type="text/html")

    site.server.expect_request("/list").respond_with_handler(answer)
    site.page("/x")
    await crawl(site.url("/list"), depth=1)
    assert sorted(site.opened) == ["/list", *(f"/list?page={number}" for number in range(2, 7)), "/x"]


async def test_no_more_pages_are_opened_than_asked_for(site: Site, crawl: RunCrawl) -> None:
    site.page("/", "".join(f"<a href=/{number}>{number}</a>" for number in range(30)))
    for number in range(30):
        site.page(f"/{number}")
    report = await crawl(site.url(), limit=7)
    assert len(site.opened) == 7
    assert report.pages == 7


async def test_what_robots_txt_forbids_is_not_opened_and_told(site: Site, crawl: RunCrawl) -> None:
    site.robots("User-agent: *\nDisallow: /\n\nUser-agent: FreelanceX\nDisallow: /private\nAllow: /private/open\n")
    site.page("/", "<a href=/private/a>a</a><a href=/private/open>o</a><a href=/go>g</a>")
    site.page("/private/open")
    site.server.expect_request("/go").respond_with_response(Response(status=302, headers={"Location": "/private/b"}))
    site.page("/private/b")
    report = await crawl(site.url())
    assert report.pages == 2
    assert "/private/a" not in site.opened
    assert dict(report.refused) == {
        site.url("/private/a"): "its robots.txt does not allow it",
        site.url("/go"): "its robots.txt does not allow where it leads",
    }


@pytest.mark.parametrize(("status", "pages"), [(404, 1), (403, 1), (500, 0), (503, 0), (429, 0)])
async def test_a_missing_robots_txt_allows_and_a_broken_one_forbids(
    site: Site, crawl: RunCrawl, status: int, pages: int
) -> None:
    site.robots(status=status)
    site.page("/")
    report = await crawl(site.url())
    assert report.pages == pages
    assert bool(report.refused) == (pages == 0)


async def test_robots_txt_holds_for_a_day(site: Site, client: HttpClient, errand: Errand) -> None:
    site.robots("User-agent: *\nDisallow: /old\nCrawl-delay: 2\nSitemap: https://a.example/map.xml\n")
    now = [0.0]
    robots = Robots(client, errand, HostLimit(), clock=lambda: now[0])
    rules = await robots.rules(site.url("/x"))
    assert (rules.allows(site.url("/old")), rules.allows(site.url("/x"))) == (False, True)
    assert (rules.delay, rules.sitemaps) == (2.0, ("https://a.example/map.xml",))
    now[0] = MAX_AGE - 1
    await robots.rules(site.url("/y"))
    await asyncio.gather(*(robots.rules(site.url(f"/{number}")) for number in range(5)))
    assert len(site.server.log) == 1
    now[0] = MAX_AGE
    await robots.rules(site.url("/y"))
    assert len(site.server.log) == 2


async def test_the_delay_a_site_asks_for_is_kept(site: Site, crawl: RunCrawl) -> None:
    site.robots("User-agent: *\nRequest-rate: 5/1\n")
    site.page("/", '<a href="/1">1</a> <a href="/2">2</a> <a href="/3">3</a>')
    for path in ("/1", "/2", "/3"):
        site.page(path)
    began = time.monotonic()
    await crawl(site.url(), apart=0.0)
    assert len(site.opened) == 4
    assert time.monotonic() - began >= 3 / 5  # no load of the machine can shorten it


async def test_pages_a_site_lists_itself_are_opened(site: Site, crawl: RunCrawl) -> None:
    site.robots(f"Sitemap: {site.url('/maps.xml')}\n")
    index = f"<sitemapindex><sitemap><loc>{site.url('/one.xml.gz')}</loc></sitemap><sitemap><loc>http://10.0.0.1/</loc></sitemap></sitemapindex>"
    one = f"<urlset><url><loc> {site.url('/listed?a=1&amp;b=2')} </loc></url><url><loc>https://other.example/x</loc></url></urlset>"
    site.server.expect_request("/maps.xml").respond_with_data(index, content_type="application/xml")
    site.server.expect_request("/one.xml.gz").respond_with_data(
        gzip.compress(one.encode()), content_type="application/gzip"
    )
    site.page("/")
    site.page("/listed")
    await crawl(site.url())
    assert "/listed?a=1&b=2" in site.opened


async def test_a_map_elsewhere_that_robots_txt_names_is_not_opened(
    site: Site, crawl: RunCrawl, client: HttpClient
) -> None:
    client.allow(f"127.0.0.1:{site.server.port}")  # a server of the user's own, which no site may send us to
    site.robots(f"Sitemap: http://127.0.0.1:{site.server.port}/private.xml\n")
    site.page("/")
    await crawl(site.url())
    assert site.opened == ["/"]


async def test_pages_that_say_nearly_the_same_are_kept_once(site: Site, crawl: RunCrawl) -> None:
    site.page("/", "<a href=/a>a</a><a href=/b>b</a><a href=/c>c</a><a href=/d>d</a>")
    site.page("/a", LONG)
    site.page("/b", LONG + " today")
    site.page("/c", " ".join(reversed(LONG.split())))
    site.page("/d", LONG)
    report = await crawl(site.url(), at_once=1)
    assert (report.pages, report.counts["same"]) == (3, 2)


async def test_failures_are_told_and_do_not_end_it(site: Site, crawl: RunCrawl) -> None:
    site.page("/", "<a href=/gone>g</a><a href=/file>f</a><a href=/ok>o</a>")
    site.server.expect_request("/file").respond_with_data(b"%PDF", content_type="application/pdf")
    site.page("/ok")
    report = await crawl(site.url())
    assert report.pages == 2
    assert {url.rpartition("/")[2]: why.rpartition(" ")[2] for url, why in report.failed} == {
        "gone": "404.",
        "file": "for.",
    }


async def test_a_page_that_breaks_its_parser_takes_no_other_with_it(
    site: Site, client: HttpClient, errand: Errand, frontier: Frontier
) -> None:
    async def breaks(pages: list[dict[str, str]]) -> list[dict[str, object]]:
        if any(page["url"].endswith("/bad") for page in pages):
            raise Mendable("that took too long")
        return await parse(pages)

    site.page("/", "<a href=/a>a</a><a href=/bad>b</a><a href=/c>c</a>")
    for path in ("/a", "/bad", "/c"):
        site.page(path)
    plan = CrawlPlan((site.url(),), apart=0.0, at_once=4)
    report = await Crawl(plan, client, errand, frontier, breaks, lambda *_: None).run()
    assert (report.pages, report.failed) == (3, ((site.url("/bad"), "it cannot be read in bounded time"),))


async def test_a_site_that_asks_to_wait_halts_the_crawl_and_what_is_left_waits(
    site: Site, crawl: RunCrawl, frontier: Frontier
) -> None:
    site.page("/", "<a href=/a>a</a><a href=/b>b</a>")
    site.page("/a", status=429, headers={"Retry-After": "3600"})
    site.page("/b", status=429, headers={"Retry-After": "3600"})
    report = await crawl(site.url())
    assert "asked less often" in report.halted
    assert (await frontier.counts())["waiting"] == 2


async def test_a_stopped_crawl_goes_on_where_it_was(
    site: Site, client: HttpClient, errand: Errand, frontier: Frontier
) -> None:
    reached, go_on = asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()

    def slow(_: Request) -> Response:
        loop.call_soon_threadsafe(reached.set)
        go_on.wait(5)
        return Response("<p>last</p>", content_type="text/html")

    site.page("/", "<a href=/a>a</a><a href=/b>b</a><a href=/slow>s</a>")
    site.page("/a")
    site.page("/b")
    site.server.expect_request("/slow").respond_with_handler(slow)
    plan = CrawlPlan((site.url(),), apart=0.0, at_once=1)

    three_kept, kept = asyncio.Event(), list[str]()

    async def parse_and_count(pages: list[dict[str, str]]) -> list[dict[str, object]]:
        kept.extend(page["url"] for page in pages)
        return await parse(pages)

    def after_saving(*_: object) -> None:
        if len(kept) == 3:
            three_kept.set()

    def make() -> Crawl:
        return Crawl(plan, client, errand, frontier, parse_and_count, after_saving)

    running = asyncio.create_task(make().run())
    await asyncio.wait_for(reached.wait(), 5)
    async with asyncio.timeout(5):
        await three_kept.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    go_on.set()
    first = list(site.opened)
    report = await make().run()
    assert report.pages == 4
    assert set(site.opened[len(first) :]) == {"/slow"}


async def test_each_result_tells_where_and_when_it_was_read(site: Site, crawl: RunCrawl, frontier: Frontier) -> None:
    site.page("/", "Hello there")
    await crawl(site.url())
    (row,) = await laid(frontier)
    assert (row["url"], row["title"], row["text"]) == (site.url(), "/", "Hello there")
    assert len(str(row["sha256"])) == 64
    assert str(row["fetched_at"]).endswith("+00:00")


async def test_a_page_empty_without_scripts_is_shown_to_a_browser(
    site: Site, crawl: RunCrawl, frontier: Frontier
) -> None:
    shown: list[str] = []

    async def render(url: str) -> bytes:
        shown.append(url)
        if url.endswith("broken"):
            raise Unreachable("no browser")
        return b"<html><body><h1>Made by a script</h1></body></html>"

    site.page("/", "<a href=/app>a</a><a href=/broken>b</a>")
    site.page("/app", "<div id=root></div><script>start()</script>")
    site.page("/broken", "<div id=root></div><script>start(1)</script>")
    report = await crawl(site.url(), render=render)
    assert sorted(shown) == [site.url("/app"), site.url("/broken")]
    assert "Made by a script" in {row["text"] for row in await laid(frontier)}
    assert report.pages == 3


async def test_without_leave_nothing_is_opened(
    client_for: Callable[..., HttpClient], site: Site, frontier: Frontier, errand: Errand
) -> None:
    plan = CrawlPlan(("https://a.example/",))
    for client, who, error in (
        (client_for(site.host), Errand("research", "bob"), NoConsent),
        (client_for(offline=True), errand, Offline),
    ):
        with pytest.raises(error):
            other = Frontier(frontier.path.parent, error.__name__, passing_key("cache"))
            await Crawl(plan, client, who, other, parse, print).run()
    assert site.server.log == []


async def test_the_frontier_gives_the_nearest_first_and_each_once(frontier: Frontier) -> None:
    await frontier.add([Step("b", 2), Step("a", 1), Step("b", 1), Step("c", 1)])
    assert [step.url for step in await frontier.waiting(2)] == ["a", "c"]
    assert [step.url for step in await frontier.waiting(5, but=["c"])] == ["a", "b"]
    await frontier.forget()
    assert not frontier.path.exists()


async def test_on_disk_nobody_reads_where_it_went_and_what_it_found(
    site: Site, crawl: RunCrawl, frontier: Frontier
) -> None:
    old = frontier.path.with_name("of-an-earlier-version.db")
    old.parent.mkdir()
    old.write_text("quistmouth in clear")
    site.page("/quistmouth", "<p>Kolvane sails <a href=/missing-brimholt>on</a></p>")
    await crawl(site.url("/quistmouth"))
    assert [url for url, _ in await frontier.notes("failed")] == [site.url("/missing-brimholt")]
    (kept,) = frontier.path.parent.iterdir()
    content = kept.read_bytes().lower()
    assert not any(word in content for word in (b"quistmouth", b"kolvane", b"brimholt", b"127.0.0.1", b"localhost"))
    assert not old.exists()


async def test_a_crawl_never_blocks_the_event_loop(site: Site, crawl: RunCrawl) -> None:
    site.robots("User-agent: *\nAllow: /\n")
    site.page("/", "<a href=/a>a</a>")
    site.page("/a")
    with blockbuster_ctx():
        assert (await crawl(site.url())).pages == 2
