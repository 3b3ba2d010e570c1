"""Each board's own form of answer becomes the same kind of post."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from datetime import date
from decimal import Decimal

import pytest
from pytest_httpserver import HTTPServer

from integrations.http import Errand, HttpClient
from integrations.http_errors import Unreadable, WrongType
from integrations.job_boards.board import JobBoard, JobQuery, boards
from integrations.job_boards.post import JobPost

Local = Callable[[str], JobBoard]
Posts = Callable[[str], Awaitable[list[JobPost]]]
ANYTHING = re.compile(".*")
QUERY = JobQuery(words="machine learning", min_rate=Decimal(60), currency="EUR")


@pytest.fixture
def posts(serve: HTTPServer, client: HttpClient, errand: Errand, local: Local) -> Posts:
    async def ask(name: str) -> list[JobPost]:
        return await local(name).search(QUERY, client, errand)

    return ask


def test_every_board_is_found_and_states_its_terms() -> None:
    assert set(boards()) == {"remotive", "jobicy", "himalayas", "remoteok", "arbeitnow", "hacker_news"}
    for board in boards().values():
        assert board.address.startswith("https://")
        assert board.title in board.terms.attribution
        assert board.terms.fresh_for >= 3600
    assert boards()["remotive"].terms.fresh_for >= 6 * 3600  # at most four a day


def test_a_board_is_told_each_word_once() -> None:
    assert JobQuery(words="python dev", skills=("Python", "Machine Learning")).sought() == "python dev Machine Learning"


async def test_remotive(posts: Posts) -> None:
    first, second = await posts("remotive")
    assert (first.title, first.company, first.location) == ("Senior Python Developer", "Blue Fjord", "Europe")
    assert first.pay.text() == "70-90 USD/h"
    assert first.description == "Build APIs & pipelines.\nPython\nSQL"
    assert first.attribution == "via Remotive"
    assert first.posted_at.date() == date(2026, 11, 19)
    assert second.pay is None


async def test_jobicy(posts: Posts) -> None:
    (post,) = await posts("jobicy")
    assert (post.title, post.company) == ("Data Analyst – Growth", "Kite & Co")
    assert post.pay.text() == "60,000-75,000 EUR/year"


async def test_himalayas_is_told_the_words_and_never_the_rate(posts: Posts, httpserver: HTTPServer) -> None:
    (post,) = await posts("himalayas")
    assert (post.location, post.skills) == ("Germany, France", ("Machine Learning", "Python"))
    assert post.closes is not None
    asked = httpserver.log[0][0]
    assert dict(asked.args) == {"q": "machine learning", "page": "1"}


async def test_remoteok_leaves_out_the_legal_notice_and_the_pay_it_does_not_tell(posts: Posts) -> None:
    (post,) = await posts("remoteok")
    assert (post.title, post.pay, post.location) == ("React Developer", None, "Worldwide")
    assert "alert" not in post.description


async def test_arbeitnow(posts: Posts) -> None:
    (post,) = await posts("arbeitnow")
    assert post.remote is False
    assert post.pay.text() == "700 EUR/day"


async def test_hacker_news_keeps_offers_and_leaves_out_talk(posts: Posts) -> None:
    freelance, hiring = await posts("hacker_news")
    assert (freelance.title, freelance.kind, freelance.remote) == ("Rust engineer", "freelance", True)
    assert freelance.pay.text() == "90 EUR/h"
    assert (hiring.title, hiring.company) == ("Data Engineer", "Quarry")
    assert hiring.pay.text() == "150,000-180,000 USD/year"
    assert hiring.url == "https://news.ycombinator.com/item?id=921"


@pytest.mark.parametrize("name", ["remotive", "jobicy", "remoteok", "arbeitnow"])
async def test_only_a_board_that_searches_by_words_is_told_them(
    posts: Posts, httpserver: HTTPServer, name: str
) -> None:
    await posts(name)
    assert all("machine" not in request.url for request, _ in httpserver.log)


@pytest.mark.parametrize("name", ["remotive", "jobicy", "himalayas", "remoteok", "arbeitnow", "hacker_news"])
async def test_another_form_is_said_and_not_taken_for_no_jobs(
    name: str, httpserver: HTTPServer, client: HttpClient, errand: Errand, local: Local
) -> None:
    for answer in ({"error": "moved"}, "text"):
        httpserver.clear()
        httpserver.expect_request(ANYTHING).respond_with_json(answer)
        with pytest.raises(Unreadable):
            await local(name).search(QUERY, client, errand)


async def test_rows_that_make_no_sense_are_left_out_unless_all_are(
    httpserver: HTTPServer, client: HttpClient, errand: Errand, local: Local
) -> None:
    good = {"id": 1, "url": "javascript:alert(1)", "title": "Tester"}
    httpserver.expect_ordered_request(ANYTHING).respond_with_json({"jobs": [good, {"id": 2}, None, "x"]})
    (post,) = await local("remotive").search(QUERY, client, errand)
    assert (post.title, post.url) == ("Tester", "")
    httpserver.expect_ordered_request(ANYTHING).respond_with_json({"jobs": [{"id": 2}]})
    with pytest.raises(Unreadable):
        await local("remotive").search(QUERY, client, errand)


async def test_a_page_instead_of_json(httpserver: HTTPServer, client: HttpClient, errand: Errand, local: Local) -> None:
    httpserver.expect_request(ANYTHING).respond_with_data("<html>one moment</html>", content_type="text/html")
    with pytest.raises(WrongType):
        await local("jobicy").search(QUERY, client, errand)
