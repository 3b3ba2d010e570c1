"""A site on loopback, and a crawl of it whose pages are parsed on the spot."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer

from integrations.http import Errand, HttpClient
from integrations.scraping.crawl import Crawl, CrawlPlan, CrawlReport, Render
from integrations.scraping.frontier import Frontier
from integrations.scraping.parsing import parse_pages
from privacy.keys.ring import passing_key

RunCrawl = Callable[..., Awaitable[CrawlReport]]


async def parse(pages: list[dict[str, str]]) -> list[dict[str, Any]]:
    return parse_pages(pages)


class Site:
    """Pages put on the server of the test."""

    def __init__(self, server: HTTPServer) -> None:
        self.server = server

    @property
    def host(self) -> str:
        return f"{self.server.host}:{self.server.port}"

    def page(self, path: str, body: str = "", **parts: Any) -> None:
        html = f"<html><head><title>{path}</title></head><body>{body or path}</body></html>"
        self.server.expect_request(path).respond_with_data(html, content_type="text/html", **parts)

    def robots(self, text: str = "", **parts: Any) -> None:
        self.server.expect_request("/robots.txt").respond_with_data(text, content_type="text/plain", **parts)

    def url(self, path: str = "/") -> str:
        return f"http://{self.host}{path}"

    @property
    def opened(self) -> list[str]:
        """The pages asked for, in order, without the files that tell robots what to do."""
        paths = [request.full_path.rstrip("?") for request, _ in self.server.log]
        return [path for path in paths if path not in ("/robots.txt", "/sitemap.xml")]


@pytest.fixture
def site(httpserver: HTTPServer) -> Iterator[Site]:
    usual, httpserver.no_handler_status_code = httpserver.no_handler_status_code, 404
    yield Site(httpserver)
    httpserver.no_handler_status_code = usual


@pytest.fixture
def frontier(tmp_path: Path) -> Frontier:
    return Frontier(tmp_path / "crawls", "a crawl", passing_key("cache"))


@pytest.fixture
def crawl(client: HttpClient, errand: Errand, frontier: Frontier) -> RunCrawl:
    async def run(*starts: str, render: Render | None = None, **plan: Any) -> CrawlReport:
        made = CrawlPlan(starts, **{"apart": 0.0, "at_once": 2, **plan})
        return await Crawl(made, client, errand, frontier, parse, lambda *_: None, render).run()

    return run
