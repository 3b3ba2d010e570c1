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

from integrations.http import Errand, HttpClient
from integrations.job_boards.board import JobBoard, JobQuery
from integrations.job_boards.search import Answer, ask_boards
from integrations.job_boards.shelf import Shelf

Local = Callable[[str], JobBoard]
QUERY = JobQuery(words="python")


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "boards")


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
    shelf: Shelf,
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
    found = by_board(await ask_boards(QUERY, asked, client, errand, shelf, deadline=1.5))
    assert [post.title for post in found["himalayas"].posts] == ["Python developer"]
    assert "1.5 seconds" in found["remotive"].problem
    assert "500" in found["jobicy"].problem
    assert "text/html" in found["remoteok"].problem
    assert "8 MB" in found["arbeitnow"].problem
    assert "not an address on the public internet" in found["hacker_news"].problem


async def test_a_list_is_fetched_once_in_the_time_its_terms_name_even_after_a_restart(
    serve: HTTPServer, client: HttpClient, errand: Errand, local: Local, shelf: Shelf, tmp_path: Path
) -> None:
    board = local("remotive")
    (first,) = await ask_boards(QUERY, [board], client, errand, shelf)
    (again,) = await ask_boards(JobQuery(words="copy"), [board], client, errand, Shelf(tmp_path / "boards"))
    assert first.posts == again.posts
    assert (first.kept, again.kept) == (False, True)
    assert len(serve.log) == 1


async def test_an_old_list_is_fetched_anew(
    serve: HTTPServer, client: HttpClient, errand: Errand, local: Local, shelf: Shelf
) -> None:
    board = local("remotive")
    stale = replace(board, terms=replace(board.terms, fresh_for=0))
    await ask_boards(QUERY, [board], client, errand, shelf)
    await ask_boards(QUERY, [stale], client, errand, shelf)
    assert len(serve.log) == 2


async def test_a_board_that_searches_is_asked_again_for_other_words(
    serve: HTTPServer, client: HttpClient, errand: Errand, local: Local, shelf: Shelf
) -> None:
    for words in ("python", "rust", "Python"):
        await ask_boards(JobQuery(words=words), [local("himalayas")], client, errand, shelf)
    assert [request.args["q"] for request, _ in serve.log] == ["python", "rust"]


async def test_a_board_that_failed_is_left_alone_for_a_while(
    httpserver: HTTPServer, client: HttpClient, errand: Errand, local: Local, shelf: Shelf
) -> None:
    httpserver.expect_request(re.compile(".*")).respond_with_data("", status=404)
    for _ in range(2):
        (answer,) = await ask_boards(QUERY, [local("jobicy")], client, errand, shelf)
        assert answer.problem
    assert len(httpserver.log) == 1


async def test_offline_is_one_line_for_each_board(
    client_for: Callable[..., HttpClient], errand: Errand, shelf: Shelf
) -> None:
    from integrations.job_boards.board import boards

    answers = await ask_boards(QUERY, list(boards().values()), client_for(offline=True), errand, shelf)
    assert all("offline" in answer.problem and not answer.posts for answer in answers)


async def test_a_file_that_is_broken_counts_as_none(shelf: Shelf, tmp_path: Path) -> None:
    await shelf.put("remotive", "", [])
    (kept,) = (tmp_path / "boards" / "remotive").iterdir()
    kept.write_text("{")
    assert await shelf.fresh("remotive", "", 100) is None
