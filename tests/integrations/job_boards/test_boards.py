"""Each board's own form of answer becomes the same kind of post."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from datetime import date
from decimal import Decimal

import pytest
from pytest_httpserver import HTTPServer

from config.settings import Settings
from integrations.http import Errand, HttpClient
from integrations.http_errors import Unreadable, WrongType
from integrations.job_boards.board import JobBoard, JobQuery, boards
from integrations.job_boards.post import JobPost
from integrations.job_boards.search import ledger_of
from privacy.audit import AuditLog

Local = Callable[[str], JobBoard]
Posts = Callable[[str], Awaitable[list[JobPost]]]
ANYTHING = re.compile(".*")
QUERY = JobQuery(words="machine learning", min_rate=Decimal(60), currency="EUR")


KEYS = {"freelancer_token": "f-token", "upwork_token": "u-token", "upwork_tenant": "77", "adzuna_id": "me",
        "adzuna_key": "a-key", "adzuna_country": "gb"}  # fmt: skip


@pytest.fixture
def ask(client: HttpClient, errand: Errand, local: Local, settings: Settings) -> Posts:
    keyed = settings.model_copy(update=KEYS)

    async def ask(name: str) -> list[JobPost]:
        return await local(name).search(QUERY, client, errand, keyed, ledger_of(keyed))

    return ask


@pytest.fixture
def posts(serve: HTTPServer, ask: Posts) -> Posts:
    return ask


def test_every_board_is_found_and_states_its_terms() -> None:
    free = {"remotive", "jobicy", "himalayas", "remoteok", "arbeitnow", "hacker_news"}
    assert set(boards()) == free | {"freelancer", "upwork", "adzuna"}
    assert {name for name, board in boards().items() if not board.needs} == free
    for board in boards().values():
        assert board.address.startswith("https://")
        assert board.title in board.terms.attribution
        assert board.terms.fresh_for >= 900
        assert bool(board.mend) == bool(board.needs)
    assert (boards()["remotive"].terms.allowance.per_day, boards()["adzuna"].terms.allowance.per_day) == (4, 250)


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


async def test_freelancer_gets_the_token_in_a_header_and_tells_the_bids(posts: Posts, httpserver: HTTPServer) -> None:
    first, second = await posts("freelancer")
    assert (first.title, first.proposals, first.skills) == (
        "Scrape and clean price data",
        43,
        ("Python", "Web Scraping"),
    )
    assert first.url == "https://www.freelancer.com/projects/python/scrape-clean-price-data"
    assert (first.pay.text(), second.pay.text()) == ("250-750 EUR fixed", "15-25 USD/h")
    request = httpserver.log[0][0]
    assert request.headers["freelancer-oauth-v1"] == "f-token"
    assert request.args["query"] == "machine learning"


async def test_upwork_is_asked_by_graphql_and_filled_jobs_are_left_out(posts: Posts, httpserver: HTTPServer) -> None:
    first, second = await posts("upwork")
    assert (first.title, first.pay.text(), first.proposals) == ("Churn model in Python", "60-90 USD/h", 12)
    assert first.url == "https://www.upwork.com/jobs/~01ab"
    assert (first.client.payment_verified, first.client.spent, first.client.country) == (
        True,
        Decimal("18250.5"),
        "Norway",
    )
    assert (second.pay.text(), second.client.payment_verified) == ("3,000 USD fixed", None)
    request = httpserver.log[0][0]
    assert (request.headers["authorization"], request.headers["x-upwork-api-tenantid"]) == ("Bearer u-token", "77")
    variables = request.get_json()["variables"]
    assert variables["filter"]["searchExpression_eq"] == "machine learning"
    assert "mutation" not in request.get_json()["query"]


async def test_upwork_says_why_it_refuses(httpserver: HTTPServer, ask: Posts) -> None:
    httpserver.expect_request(ANYTHING).respond_with_json({"data": None, "errors": [{"message": "token expired"}]})
    with pytest.raises(Unreadable, match="Upwork refused the search: token expired"):
        await ask("upwork")


async def test_adzuna_counts_no_salary_that_it_guessed(posts: Posts, httpserver: HTTPServer) -> None:
    told, guessed = await posts("adzuna")
    assert (told.pay.text(), guessed.pay) == ("55,000-65,000 GBP/year", None)
    assert (told.attribution, told.company, told.kind) == ("Jobs by Adzuna", "Alder Ltd", "contract")
    assert httpserver.log[0][0].path == "/adzuna/v1/api/jobs/gb/search/1"


async def test_no_key_reaches_the_log_of_requests(posts: Posts, audit: AuditLog) -> None:
    for name in ("freelancer", "upwork", "adzuna"):
        await posts(name)
    assert len(await audit.read(kind="request")) == 3
    kept = "".join(str(line) for line in await audit.read())
    assert not any(key in kept for key in ("f-token", "u-token", "a-key"))


@pytest.mark.parametrize("name", ["remotive", "jobicy", "remoteok", "arbeitnow"])
async def test_only_a_board_that_searches_by_words_is_told_them(
    posts: Posts, httpserver: HTTPServer, name: str
) -> None:
    await posts(name)
    assert all("machine" not in request.url for request, _ in httpserver.log)


@pytest.mark.parametrize("name", sorted(boards()))
async def test_another_form_is_said_and_not_taken_for_no_jobs(name: str, httpserver: HTTPServer, ask: Posts) -> None:
    for answer in ({"error": "moved"}, "text"):
        httpserver.clear()
        httpserver.expect_request(ANYTHING).respond_with_json(answer)
        with pytest.raises(Unreadable):
            await ask(name)


async def test_rows_that_make_no_sense_are_left_out_unless_all_are(httpserver: HTTPServer, ask: Posts) -> None:
    good = {"id": 1, "url": "javascript:alert(1)", "title": "Tester"}
    httpserver.expect_ordered_request(ANYTHING).respond_with_json({"jobs": [good, {"id": 2}, None, "x"]})
    (post,) = await ask("remotive")
    assert (post.title, post.url) == ("Tester", "")
    httpserver.expect_ordered_request(ANYTHING).respond_with_json({"jobs": [{"id": 2}]})
    with pytest.raises(Unreadable):
        await ask("remotive")


async def test_a_page_instead_of_json(httpserver: HTTPServer, ask: Posts) -> None:
    httpserver.expect_request(ANYTHING).respond_with_data("<html>one moment</html>", content_type="text/html")
    with pytest.raises(WrongType):
        await ask("jobicy")
