"""Repeated blocks of a page, found and named."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from integrations.scraping.parsing import parse, parse_pages
from integrations.scraping.records import Group, repeated

MENU = "<nav><ul>" + "".join(f"<li class=m><a href=/{n}>Department {n}</a></li>" for n in range(9)) + "</ul></nav>"


def groups(body: str) -> list[Group]:
    return repeated(LexborHTMLParser(f"<html><body>{MENU}{body}<footer>{MENU}</footer></body></html>"))


def test_products_of_a_shop() -> None:
    body = "".join(
        f'<li class="col-xs-6"><article class="product_pod"><a href="/b/{n}"><img src=x alt="Book {n}"></a>'
        f'<p class="star-rating {rating}"></p><h3><a href="/b/{n}">The book number {n}</a></h3>'
        f'<p class="price_color">£{n}.50</p><p class="stock">In stock</p><button>Add to basket</button></article></li>'
        for n, rating in enumerate(["One", "Two", "Five"], start=10)
    )
    (group,) = groups(f"<ol class=row>{body}</ol>")
    assert group.name == "product_pod"
    assert group.fields == ("url", "image", "star_rating", "title", "price_color")
    assert list(group.records[2].values()) == ["/b/12", "Book 12", "Five", "The book number 12", "£12.50"]


def test_names_a_page_gives_to_machines_go_first() -> None:
    body = "".join(
        f'<div class="x1" itemscope itemtype="https://schema.org/Offer"><span class="a" itemprop="sku">SKU{n}</span>'
        f'<meta itemprop="priceCurrency" content="{currency}"><b class="z" itemprop="price">{n}</b></div>'
        for n, currency in enumerate(["EUR", "USD", "EUR", "GBP"])
    )
    (group,) = groups(f"<div>{body}</div>")
    assert (group.name, group.fields) == ("offer", ("sku", "price_currency", "price"))


def test_blocks_without_any_names() -> None:
    body = "".join(
        f'<div><a href="/j/{n}">Job number {n}</a> <span>{n}0 €</span> <span>City {n}</span></div>' for n in range(5)
    )
    (group,) = groups(f"<div>{body}</div>")
    assert group.records[1] == {"text": "Job number 1", "url": "/j/1", "price": "10 €", "text_2": "City 1"}


def test_a_field_that_some_lack_and_text_that_all_share() -> None:
    body = "".join(
        f"<li class=card><h2>Offer number {n}</h2><p class=note>{'New' if n % 2 else ''}</p><p class=ad>Buy now</p>"
        f"<p class=place>Street <b>{n}</b>, Town</p></li>"
        for n in range(6)
    )
    (group,) = groups(f"<ul>{body}</ul>")
    assert group.fields == ("title", "place", "note")
    assert group.records[2] == {"title": "Offer number 2", "place": "Street 2 , Town"}


def test_menus_paragraphs_and_pairs_are_no_records() -> None:
    assert groups("<article><p>One paragraph of text.</p><p>Another one.</p><p>And a third.</p></article>") == []
    assert groups("<div><div class=c>only</div><div class=c>two</div></div>") == []


def test_a_page_gives_its_links_its_tables_and_its_records() -> None:
    html = (
        "<html><head><title> A  list </title><meta name=description content='Of things'><base href='/shop/'></head>"
        f"<body>{MENU}<table><tr><th>Skill</th><th>Rate</th></tr><tr><td>SQL</td><td>80</td></tr>"
        "<tr><td>Go</td><td>95</td></tr></table>"
        + "".join(f"<div class=offer><a class=title href='o/{n}'>Offer number {n}</a></div>" for n in range(4))
        + "<a href='?page=2'>2</a><a href='/last' rel='next'>on</a></body></html>"
    ).encode()
    facts = parse(html, "https://a.example/shop/")
    assert (facts.title, facts.description) == ("A list", "Of things")
    assert facts.onward == ["https://a.example/shop/?page=2", "https://a.example/last"]
    assert "https://a.example/shop/o/3" in facts.links
    assert [(found.kind, found.name, found.fields) for found in facts.found] == [
        ("table", "", ["Skill", "Rate"]),
        ("records", "offer", ["title", "url"]),
    ]
    assert facts.found[1].rows[0]["url"] == "https://a.example/shop/o/0"
    assert "Department" not in facts.text


def test_a_page_that_asks_not_to_be_followed_is_not() -> None:
    html = b"<html><head><meta name=robots content='noindex, NOFOLLOW'></head><body><a href=/x>x</a></body></html>"
    assert parse(html, "https://a.example/").links == []


def test_a_page_empty_without_scripts_is_noticed() -> None:
    assert parse(b"<body><div id=app></div><script src=/app.js></script></body>", "https://a.example/").scripted
    assert not parse(b"<body><p>Short but whole.</p></body>", "https://a.example/").scripted


@given(st.binary(max_size=300))
def test_whatever_the_bytes_are_there_is_an_answer(noise: bytes) -> None:
    import base64

    packed = base64.b64encode(b"<ul><li class=a>" * 3 + noise).decode()
    assert parse_pages([{"url": "https://a.example/", "html": packed}])[0]["url"] == "https://a.example/"


@pytest.mark.timeout(30)
@pytest.mark.parametrize(
    "hostile",
    [
        b"<div>" * 100_000,
        b"<div><div>x</div><div>y</div>" * 20_000,
        b"<p>" + b"<b>x</b>" * 100_000,
        b"<ul>" + b"<li class=a><b>x</b><i>y</i>" * 50_000,
        b"<table><tr><td>" * 10_000,
        b"<a href='?page=1'>" * 50_000,
        b"<div class='" + b"a1 " * 300_000 + b"'>x</div>",
    ],
    ids=["deep", "deep lists", "emphasis", "long list", "tables in tables", "links", "classes"],
)
def test_a_hostile_page_takes_bounded_time(hostile: bytes) -> None:
    assert parse(b"<html><body>" + hostile, "https://a.example/").url == "https://a.example/"
