"""Sitemaps: what they list, however they are written, and no more than is asked for."""

from __future__ import annotations

import gzip

import pytest

from integrations.host_limits import HostLimit
from integrations.http import Errand, HttpClient
from integrations.http_errors import Unreadable
from integrations.scraping.sitemaps import MAX_BYTES, MAX_FILES, listed, read_sitemap
from tests.integrations.scraping.conftest import Site

URLS = b"<?xml version='1.0'?><urlset><url><loc>https://a.example/1</loc></url><url><loc><![CDATA[https://a.example/2]]></loc></url></urlset>"


@pytest.mark.parametrize(
    ("body", "found", "index"),
    [
        (URLS, ["https://a.example/1", "https://a.example/2"], False),
        (gzip.compress(URLS, mtime=0), ["https://a.example/1", "https://a.example/2"], False),
        (b"<s:sitemapindex><s:loc>https://a.example/m.xml</s:loc>", ["https://a.example/m.xml"], False),
        (b"<sitemapindex><sitemap><loc>https://a.example/m.xml</loc>", ["https://a.example/m.xml"], True),
        (b"https://a.example/1\nnot one\n", ["https://a.example/1"], False),
        (b"<!DOCTYPE x [<!ENTITY a 'b'>]><loc>https://a.example/&a;</loc>", ["https://a.example/&a;"], False),
        (b"<html>not found</html>", [], False),
        (b"", [], False),
    ],
)
def test_what_a_sitemap_lists(body: bytes, found: list[str], index: bool) -> None:
    assert read_sitemap(body) == (found, index)


def test_a_broken_or_huge_one() -> None:
    with pytest.raises(Unreadable):
        read_sitemap(b"\x1f\x8bnot gzip")
    bomb = gzip.compress(b" " * (2 * MAX_BYTES) + URLS)
    assert read_sitemap(bomb) == ([], False)


async def test_indexes_that_name_each_other_end(site: Site, client: HttpClient, errand: Errand) -> None:
    for number in range(MAX_FILES + 10):
        nested = f"<sitemapindex><loc>{site.url(f'/{number + 1}')}</loc><loc>{site.url('/0')}</loc>"
        site.server.expect_request(f"/{number}").respond_with_data(nested, content_type="text/xml")
    assert await listed([site.url("/0")], client, errand, 100, HostLimit()) == []
    assert len(site.server.log) == MAX_FILES


async def test_no_more_is_taken_than_asked_for(site: Site, client: HttpClient, errand: Errand) -> None:
    many = "<urlset>" + "".join(f"<loc>{site.url(f'/{number}')}</loc>" for number in range(50))
    site.server.expect_request("/map").respond_with_data(many, content_type="text/xml")
    found = await listed([site.url("/missing"), site.url("/map")], client, errand, 7, HostLimit())
    assert found == [site.url(f"/{number}") for number in range(7)]
