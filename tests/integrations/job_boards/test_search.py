"""Several boards at once: one that is slow, broken, huge or lying hides nothing of the others, and none is pestered."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Response

from config.settings import Settings
from integrations.http import Errand, HttpClient
from integrations.job_boards.board import JobBoard, JobQuery, boards
from integrations.job_boards.ledger import Allowance, Spent
from integrations.job_boards.post import JobPost
from integrations.job_boards.search import Answer, ask_boards, ledger_of
from integrations.job_boards.shelf import Shelf
from integrations.job_boards.status import sources
from privacy.keys.ring import passing_key

Local = Callable[[str], JobBoard]
QUERY = JobQuery(words="python")


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "boards", passing_key("cache"))


@pytest.fixture
async def slow_host() -> AsyncIterator[str]:
    """A server that takes a request and never answers."""

    async def wait(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(wait, "127.0.0.1", 0)
    yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    server.close()
    await server.wait_closed()


def by_board(answers: list[Answer]) -> dict[str, Answer]:
    return {answer.board: answer for answer in answers}


async def test_the_others_answer_when_boards_fail(
    httpserver: HTTPServer,
    client_for: Callable[..., HttpClient],
    errand: Errand,
    local: Local,
    settings: Settings,
    slow_host: str,
) -> None:
    client = client_for(f"{httpserver.host}:{httpserver.port}", slow_host)
    httpserver.expect_request(re.compile("/jobicy.*")).respond_with_data("", status=500)
    httpserver.expect_request(re.compile("/remoteok.*")).respond_with_data("<html>", content_type="text/html")
    httpserver.expect_request(re.compile("/arbeitnow.*")).respond_with_data(
        b'{"data": "' + b"x" * 9_000_000 + b'"}', content_type="application/json"
    )
    httpserver.expect_request(re.compile("/hacker_news.*")).respond_with_response(
        Response(status=302, headers={"Location": "http://169.254.169.254/latest/meta-data/"})
    )
    good = {"jobs": [{"guid": "g1", "title": "Python developer", "companyName": "North"}]}
    httpserver.expect_request(re.compile("/himalayas.*")).respond_with_json(good)
    names = ["remotive", "jobicy", "himalayas", "remoteok", "arbeitnow", "hacker_news"]
    asked = [local(name) for name in names]
    asked[0] = replace(asked[0], address=f"http://{slow_host}")
    found = by_board(await ask_boards(QUERY, asked, client, errand, settings, deadline=1.5))
    assert [post.title for post in found["himalayas"].posts] == ["Python developer"]
    assert "1.5 seconds" in found["remotive"].problem
    assert "500" in found["jobicy"].problem
    assert "text/html" in found["remoteok"].problem
    assert "8 MB" in found["arbeitnow"].problem
    assert "not an address on the public internet" in found["hacker_news"].problem


async def test_a_list_is_fetched_once_in_the_time_its_terms_name_even_after_a_restart(
    serve: HTTPServer, client: HttpClient, errand: Errand, local: Local, settings: Settings
) -> None:
    board = local("remotive")
    (first,) = await ask_boards(QUERY, [board], client, errand, settings)
    (again,) = await ask_boards(JobQuery(words="copy"), [board], client, errand, settings)
    assert first.posts == again.posts
    assert (first.kept, again.kept) == (False, True)
    assert len(serve.log) == 1


async def test_an_old_list_is_fetched_anew(
    serve: HTTPServer, client: HttpClient, errand: Errand, local: Local, settings: Settings
) -> None:
    board = local("remotive")
    stale = replace(board, terms=replace(board.terms, fresh_for=0))
    await ask_boards(QUERY, [board], client, errand, settings)
    await ask_boards(QUERY, [stale], client, errand, settings)
    assert len(serve.log) == 2


async def test_a_board_that_searches_is_asked_again_for_other_words(
    serve: HTTPServer, client: HttpClient, errand: Errand, local: Local, settings: Settings
) -> None:
    for words in ("python", "rust", "Python"):
        await ask_boards(JobQuery(words=words), [local("himalayas")], client, errand, settings)
    assert [request.args["q"] for request, _ in serve.log] == ["python", "rust"]


async def test_a_board_that_failed_is_left_alone_for_a_while(
    httpserver: HTTPServer, client: HttpClient, errand: Errand, local: Local, settings: Settings
) -> None:
    httpserver.expect_request(re.compile(".*")).respond_with_data("", status=404)
    for _ in range(2):
        (answer,) = await ask_boards(QUERY, [local("jobicy")], client, errand, settings)
        assert "error 404" in answer.problem
    assert re.match(r"it is left alone until \d\d:\d\d: ", answer.problem)
    assert len(httpserver.log) == 1


async def test_a_board_that_asks_to_wait_is_left_alone_for_as_long_as_it_asks(
    httpserver: HTTPServer, client: HttpClient, errand: Errand, local: Local, settings: Settings
) -> None:
    httpserver.expect_request(re.compile(".*")).respond_with_data("", status=429, headers={"Retry-After": "7200"})
    await ask_boards(QUERY, [local("jobicy")], client, errand, settings)
    history = await ledger_of(settings).history("jobicy")
    assert 7000 < history.rests_until - history.failed <= 7200
    assert history.resting()


async def test_a_key_that_is_refused_is_said_with_where_to_get_another(
    httpserver: HTTPServer, client: HttpClient, errand: Errand, local: Local, settings: Settings
) -> None:
    httpserver.expect_request(re.compile(".*")).respond_with_json({"message": "no"}, status=401)
    keyed = settings.model_copy(update={"upwork_token": "old"})
    (answer,) = await ask_boards(QUERY, [local("upwork")], client, errand, keyed)
    assert answer.problem.startswith("Upwork refuses the key, which may have run out: ask for an API key at https://")


async def test_offline_is_one_line_for_each_board(
    client_for: Callable[..., HttpClient], errand: Errand, settings: Settings
) -> None:
    free = [board for board in boards().values() if not board.needs]
    answers = await ask_boards(QUERY, free, client_for(offline=True), errand, settings)
    assert all("offline" in answer.problem and not answer.posts for answer in answers)


async def test_a_file_that_is_broken_counts_as_none(shelf: Shelf, tmp_path: Path) -> None:
    await shelf.put("remotive", "", [])
    (kept,) = (tmp_path / "boards" / "remotive").iterdir()
    kept.write_text("{")
    assert await shelf.fresh("remotive", "", 100) is None


async def test_on_disk_nobody_reads_what_was_searched_and_found(shelf: Shelf, tmp_path: Path) -> None:
    folder = tmp_path / "boards" / "remotive"
    folder.mkdir(parents=True)
    (folder / "0123456789abcdef.json").write_text('{"posts": "in clear, by an earlier version"}')
    post = JobPost(id="1", board="remotive", url="https://jobs.example/1", title="Wrecks", company="Kolvane")
    await shelf.put("remotive", "wrecks", [post])
    (kept,) = folder.iterdir()
    assert b"Kolvane" not in kept.read_bytes()
    found = await shelf.fresh("remotive", "wrecks", 100)
    assert found is not None and found.posts == [post]
    assert await Shelf(tmp_path / "boards", passing_key("cache")).fresh("remotive", "wrecks", 100) is None


async def test_a_board_without_its_key_is_off_and_says_so(
    client: HttpClient, errand: Errand, settings: Settings, httpserver: HTTPServer, local: Local
) -> None:
    keyed = [local(name) for name in ("freelancer", "upwork", "adzuna")]
    answers = await ask_boards(QUERY, keyed, client, errand, settings)
    assert [answer.problem for answer in answers] == [
        "it is off until FREELANCEX_FREELANCER_TOKEN is set",
        "it is off until FREELANCEX_UPWORK_TOKEN is set",
        "it is off until FREELANCEX_ADZUNA_ID and FREELANCEX_ADZUNA_KEY are set",
    ]
    assert httpserver.log == []


async def test_a_board_can_be_asked_at_an_address_of_the_users_own(
    serve: HTTPServer, client_for: Callable[..., HttpClient], errand: Errand, settings: Settings
) -> None:
    own = settings.model_copy(update={"addresses": {"jobicy": serve.url_for("/jobicy")}})
    (answer,) = await ask_boards(QUERY, [boards()["jobicy"]], client_for(), errand, own)
    assert len(answer.posts) == 1


async def test_what_a_boards_terms_allow_in_a_day_holds_across_restarts(
    serve: HTTPServer, client: HttpClient, errand: Errand, settings: Settings, local: Local
) -> None:
    board = local("remotive")
    strict = replace(board, terms=replace(board.terms, fresh_for=0, allowance=Allowance(seconds_apart=0, per_day=2)))
    answers = [(await ask_boards(QUERY, [strict], client, errand, settings))[0] for _ in range(3)]
    assert [bool(answer.posts) for answer in answers] == [True, True, False]
    assert re.search(r"its terms allow to ask 2 times a day, so it is free again at \d\d:\d\d", answers[2].problem)
    assert len(serve.log) == 2


async def test_a_request_that_never_left_is_not_counted(
    client_for: Callable[..., HttpClient], errand: Errand, settings: Settings, local: Local
) -> None:
    ledger = ledger_of(settings)
    for _ in range(3):
        await ask_boards(QUERY, [local("remotive")], client_for(offline=True), errand, settings)
    assert await ledger.reserve("remotive", Allowance(seconds_apart=3)) == 0
    assert ledger.read() == {}


async def test_two_requests_keep_the_distance_the_terms_ask_for(settings: Settings) -> None:
    ledger, allowance = ledger_of(settings), Allowance(seconds_apart=4)
    assert await ledger.reserve("a", allowance) == 0
    assert 3 < await ledger.reserve("a", allowance) <= 4
    assert await ledger.reserve("b", allowance) == 0
    await ledger.reserve("a", allowance)
    with pytest.raises(Spent, match="a pause between requests"):
        await ledger.reserve("a", allowance)


async def test_the_sources_tell_what_is_on_what_is_off_and_how_it_went(
    serve: HTTPServer, client: HttpClient, errand: Errand, settings: Settings, local: Local
) -> None:
    down = replace(local("jobicy"), address=serve.url_for("/nowhere"))
    await ask_boards(QUERY, [local("remotive"), down], client, errand, settings)
    lines = {check.name: check for check in sources(settings)}
    assert len(lines) == len(boards())
    assert re.fullmatch(r"on, asked with your consent; last answered \S+ \d\d:\d\d", lines["Jobs from Remotive"].detail)
    assert "error 500" in lines["Jobs from Jobicy"].detail and "never answered" in lines["Jobs from Jobicy"].detail
    assert lines["Jobs from Arbeitnow"].detail.endswith("never asked yet")
    assert lines["Jobs from Upwork"].detail == "off until FREELANCEX_UPWORK_TOKEN is set"
    assert "upwork.com" in lines["Jobs from Upwork"].fix
    assert not any(check.needed for check in lines.values())
    away = sources(settings.model_copy(update={"offline": True}))
    assert all(not check.ok for check in away)


async def test_a_damaged_record_of_what_was_asked_stops_no_search(
    serve: HTTPServer, client: HttpClient, errand: Errand, settings: Settings, local: Local
) -> None:
    file = settings.paths.cache / "job_boards" / "asked.db"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"no database at all " * 100)
    assert ledger_of(settings).read() == {}
    (answer,) = await ask_boards(QUERY, [local("jobicy")], client, errand, settings)
    assert answer.posts and ledger_of(settings).read()["jobicy"].last_success
