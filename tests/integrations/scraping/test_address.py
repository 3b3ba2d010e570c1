"""One address for one page."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.scraping.address import canonical, is_page, within


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("HTTP://Shop.Example:80", "http://shop.example/"),
        ("https://shop.example:443/a/../b/./c", "https://shop.example/b/c"),
        ("https://shop.example/a?b=2&a=1#part", "https://shop.example/a?a=1&b=2"),
        ("https://shop.example/a?utm_source=x&gclid=1&id=7", "https://shop.example/a?id=7"),
        ("https://shop.example/%7euser/%c3%a4", "https://shop.example/~user/%C3%A4"),
        ("https://shop.example/a%2Fb", "https://shop.example/a%2Fb"),
        ("https://shop.example./x;jsessionid=1A?q=", "https://shop.example/x?q="),
        ("http://[2A00::1]:80/", "http://[2a00::1]/"),
    ],
)
def test_ways_of_writing_that_mean_the_same(written: str, meant: str) -> None:
    assert canonical(written) == meant


@pytest.mark.parametrize(
    "written",
    ["mailto:a@b.example", "javascript:1", "http://user@a.example/", "http://[bad", "http:///",
     "http://a:99999999/", "http://a.example/" + "x" * 3000],
)  # fmt: skip
def test_what_is_no_address_of_a_page(written: str) -> None:
    assert canonical(written) == ""


@given(st.text(max_size=60), st.text(alphabet="?&=#/%.;a1", max_size=30))
def test_writing_it_twice_changes_nothing(path: str, rest: str) -> None:
    once = canonical(f"https://a.example/{path}{rest}")
    assert canonical(once) == once


def test_only_pages_of_the_site_are_followed() -> None:
    urls = [
        "https://a.example/x",
        "https://www.a.example/y",
        "https://b.example/",
        "https://a.example/i.PNG",
        "",
        "https://a.example/x",
    ]
    assert within(urls, frozenset({"a.example"})) == ["https://a.example/x", "https://www.a.example/y"]
    assert is_page("https://a.example/v1.2/notes")
    assert is_page("https://a.example/index.html")
