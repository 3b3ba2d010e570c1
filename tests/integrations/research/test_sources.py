"""What each source's answer is read as, from its own form."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pytest
from pytest_httpserver import HTTPServer

from config.settings import Settings
from integrations.http import Errand, HttpClient
from integrations.http_errors import BadStatus, Unreadable
from integrations.research.source import Hit, Question, ResearchSource, sources
from privacy.audit import AuditLog

QUESTION = Question(words="gradient boosting")
Here = Callable[[str], ResearchSource]


@pytest.fixture
def found(
    speaking: HTTPServer, client: HttpClient, looking: Errand, keyed: Settings, here: Here
) -> Callable[..., object]:
    async def ask(name: str, question: Question = QUESTION) -> list[Hit]:
        return await here(name).search(question, client, looking, keyed)

    return ask


@pytest.mark.parametrize("name", sorted(sources()))
async def test_every_source_finds_something_with_a_title_an_address_and_its_own_name(found, name: str) -> None:
    hits = await found(name)
    assert hits
    for hit in hits:
        assert hit.title and hit.url.startswith("http")
        assert hit.source == sources()[name].title
        assert "<" not in hit.title + hit.text


async def test_wikipedias_articles_come_in_the_order_of_its_own_search(found) -> None:
    assert [hit.title for hit in await found("wikipedia")] == ["Gradient boosting", "Random forest"]


async def test_a_story_without_an_address_leads_to_its_discussion(found) -> None:
    first, ask = await found("hacker_news")
    assert (first.url, first.text) == (
        "https://blog.example.com/boosting",
        "120 points and 45 comments on Hacker News.",
    )
    assert (ask.url, ask.text) == ("https://news.ycombinator.com/item?id=42", "I do & it works.")


async def test_a_preprint_has_authors_date_doi_and_a_title_on_one_line(found) -> None:
    (hit,) = await found("arxiv")
    assert hit.title == "Boosting on small tables"
    assert hit.text == "Gradient boosting wins on 40 of 57 small tables."
    assert (hit.authors, hit.published, hit.doi) == (("Ada Byron", "Grace Hopper"), date(2025, 11, 3), "10.1000/boost")


async def test_crossref_reads_partial_dates_and_leaves_out_what_has_no_title(found) -> None:
    (hit,) = await found("crossref")
    assert (hit.published, hit.cited, hit.text) == (date(2025, 11, 1), 7, "It wins on 40 of 57 tables.")


async def test_openalexs_abstract_is_put_together_again(found) -> None:
    assert (await found("openalex"))[0].text == "Boosting wins often."


async def test_a_paper_without_abstract_or_day_is_still_a_find(found) -> None:
    (hit,) = await found("semantic_scholar")
    assert (hit.text, hit.published) == ("", date(2024, 1, 1))


async def test_a_key_is_sent_to_its_own_source_and_never_written_into_the_log(
    found, speaking: HTTPServer, audit: AuditLog
) -> None:
    await found("brave")
    await found("semantic_scholar")
    sent = {request.path: request.headers for request, _ in speaking.log}
    assert sent["/brave/res/v1/web/search"]["X-Subscription-Token"] == "b-key"
    assert sent["/semantic_scholar/graph/v1/paper/search"]["X-Api-Key"] == "s-key"
    await found("openalex")
    logged = str(await audit.read())
    assert "/brave/res/v1/web/search" in logged
    assert not any(key in logged for key in ("b-key", "s-key", "o-key"))


def test_sources_that_need_a_key_are_off_without_one_and_say_which(settings: Settings) -> None:
    off = {name: why for name, one in sources().items() if (why := one.off(settings))}
    assert set(off) == {"brave", "openalex", "searxng", "semantic_scholar"}
    assert off["brave"] == "off until FREELANCEX_BRAVE_KEY is set"


async def test_a_searxng_without_json_says_what_to_change(
    httpserver: HTTPServer, client: HttpClient, looking: Errand, keyed: Settings
) -> None:
    httpserver.expect_request("/searxng/search").respond_with_data("", status=403)
    with pytest.raises(BadStatus, match=r"add json to search\.formats"):
        await sources()["searxng"].search(QUESTION, client, looking, keyed)


@pytest.mark.parametrize("name", sorted(set(sources()) - {"arxiv"}))
@pytest.mark.parametrize("answer", [[], {"other": 1}, {"results": 5}, "words", None, {"message": {}}])
async def test_another_form_than_before_is_one_sentence_or_nothing_found(
    httpserver: HTTPServer, client: HttpClient, looking: Errand, keyed: Settings, here: Here, name: str, answer: object
) -> None:
    httpserver.expect_request(re.compile(f"/{name}/.*")).respond_with_json(answer)
    try:
        assert await here(name).search(QUESTION, client, looking, keyed) == []
    except Unreadable as error:
        assert "another form" in str(error)


async def test_a_feed_that_is_none_is_refused(
    httpserver: HTTPServer, client: HttpClient, looking: Errand, keyed: Settings, here: Here
) -> None:
    httpserver.expect_request("/arxiv/api/query").respond_with_data("just words", content_type="application/xml")
    with pytest.raises(Unreadable, match="no feed"):
        await here("arxiv").search(QUESTION, client, looking, keyed)
