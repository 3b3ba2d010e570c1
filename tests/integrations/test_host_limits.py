"""A host that keeps failing is left alone for a while, then tried with one request."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from config.settings import Settings
from integrations.host_limits import HostLimit, HostLimits
from integrations.http import Ask, Errand, HttpClient
from integrations.http_errors import BadStatus, Resting
from privacy.audit import AuditLog

ONE_TRY = Ask(retries=0)


async def test_a_host_that_keeps_failing_is_left_alone(
    client: HttpClient, httpserver: HTTPServer, errand: Errand, audit: AuditLog
) -> None:
    httpserver.expect_request("/").respond_with_data("", status=500)
    for _ in range(5):
        with pytest.raises(BadStatus):
            await client.get(httpserver.url_for("/"), errand, ask=ONE_TRY)
    with pytest.raises(Resting, match="left alone for 30 seconds"):
        await client.get(httpserver.url_for("/"), errand, ask=ONE_TRY)
    assert len(httpserver.log) == 5


async def test_an_answer_in_between_starts_the_count_again(
    client: HttpClient, httpserver: HTTPServer, errand: Errand
) -> None:
    httpserver.expect_request("/bad").respond_with_data("", status=500)
    httpserver.expect_request("/missing").respond_with_data("", status=404)  # an answer, if not the one hoped for
    for path in ("/bad", "/bad", "/bad", "/bad", "/missing") * 2:
        with pytest.raises(BadStatus):
            await client.get(httpserver.url_for(path), errand, ask=ONE_TRY)


async def test_after_the_rest_one_failure_begins_the_next() -> None:
    limits, limit = HostLimits(rest=0), HostLimit(failures=2)
    for _ in range(3):
        async with limits.turn("a.example:80", limit):
            limits.note("a.example:80", limit, answered=False)
    limits._rest = 60
    limits.note("a.example:80", limit, answered=False)
    with pytest.raises(Resting, match=r"a\.example failed 4 times"):
        async with limits.turn("a.example:80", limit):
            pass


async def test_a_server_of_ones_own_is_never_left_alone(
    client: HttpClient, httpserver: HTTPServer, errand: Errand
) -> None:
    httpserver.expect_request("/").respond_with_data("", status=503)
    for _ in range(8):
        with pytest.raises(BadStatus):
            async with client.stream("GET", httpserver.url_for("/"), errand):
                pass


async def test_a_site_learns_whom_to_write_to(
    settings: Settings, audit: AuditLog, httpserver: HTTPServer, errand: Errand, client_for: Callable[..., HttpClient]
) -> None:
    seen: list[str] = []

    def answer(request: Request) -> Response:
        seen.append(request.headers["User-Agent"])
        return Response("{}", content_type="application/json")

    async def granted(_: str) -> frozenset[str]:
        return frozenset({"job_boards"})

    httpserver.expect_request("/").respond_with_handler(answer)
    mine = settings.model_copy(update={"contact": "ana@example.com"})
    client = HttpClient(mine, audit, granted, allow_hosts=frozenset({f"{httpserver.host}:{httpserver.port}"}))
    await client.get(httpserver.url_for("/"), errand)
    await client.close()
    assert "ana@example.com" in seen[0]
