"""Several sources at once: merged, ranked, and none held up by another."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest
from pytest_httpserver import HTTPServer

from config.settings import Settings
from integrations.http import Errand, HttpClient
from integrations.research.search import Answer, ask_sources, canonical, merged
from integrations.research.source import Hit, Question, ResearchSource

Here = Callable[[str], ResearchSource]


def hit(title: str, url: str, **known: object) -> Hit:
    return Hit(title=title, url=url, **known)


async def test_one_thing_found_by_several_sources_is_shown_once_with_all_that_is_known(
    speaking: HTTPServer, client: HttpClient, looking: Errand, keyed: Settings, here: Here
) -> None:
    asked = [here(name) for name in ("arxiv", "crossref", "openalex", "searxng", "brave")]
    found = merged(await ask_sources(Question(words="boosting"), asked, client, looking, keyed))
    assert [one.title for one in found] == ["Boosting on small tables", "Boosting guide"]
    paper, guide = found
    assert (paper.cited, paper.source) == (9, "arXiv, Crossref, OpenAlex")
    assert (guide.text, guide.source) == ("How to boost trees, step by step.", "SearXNG, Brave Search")


async def test_a_broken_and_a_slow_source_are_named_and_the_rest_still_answers(
    httpserver: HTTPServer, client_for: Callable[..., HttpClient], looking: Errand, keyed: Settings, here: Here
) -> None:
    asked_the_slow_one = asyncio.Event()

    async def hang(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked_the_slow_one.set()
        await writer.wait_closed()

    httpserver.expect_request("/crossref/works").respond_with_data("no", status=500)
    story = {"objectID": "1", "title": "A story", "url": "https://a.example.com"}
    httpserver.expect_request("/hacker_news/api/v1/search").respond_with_json({"hits": [story]})
    async with await asyncio.start_server(hang, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        slow = replace(here("gdelt"), address=f"http://127.0.0.1:{port}")
        client = client_for(f"{httpserver.host}:{httpserver.port}", f"127.0.0.1:{port}")
        asked = [slow, here("crossref"), here("hacker_news")]
        late, broken, good = await ask_sources(Question(words="x"), asked, client, looking, keyed, deadline=2)
    assert asked_the_slow_one.is_set()
    assert late.problem == "it did not answer within 2 seconds"
    assert "500" in broken.problem
    assert [one.title for one in good.hits] == ["A story"]


async def test_without_consent_each_source_says_so_and_nothing_is_sent(
    speaking: HTTPServer, client: HttpClient, keyed: Settings, here: Here
) -> None:
    (answer,) = await ask_sources(Question(words="x"), [here("wikipedia")], client, Errand("research", "ben"), keyed)
    assert "not allowed" in answer.problem
    assert not speaking.log


@pytest.mark.parametrize(
    "one, other",
    [
        ("https://www.a.com/p/?utm_source=x&b=2&a=1#top", "http://a.com/p?a=1&b=2"),
        ("https://m.a.com/p", "https://a.com/p/"),
        ("https://a.com/p?fbclid=1", "https://a.com/p"),
    ],
)
def test_addresses_that_differ_in_form_only_are_the_same(one: str, other: str) -> None:
    assert canonical(one) == canonical(other)


def test_addresses_that_differ_in_what_they_ask_for_are_not() -> None:
    assert canonical("https://a.com/p?id=1") != canonical("https://a.com/p?id=2")


def test_what_more_sources_rank_high_comes_first() -> None:
    only, both = hit("Only here", "https://a.com"), hit("In both", "https://b.com")
    answers = [Answer("x", "X", (only, both)), Answer("y", "Y", (both,))]
    assert [one.title for one in merged(answers)] == ["In both", "Only here"]


def test_short_titles_are_no_proof_of_sameness() -> None:
    answers = [Answer("x", "X", (hit("Python", "https://a.com"),)), Answer("y", "Y", (hit("Python", "https://b.com"),))]
    assert len(merged(answers)) == 2
