"""A real CalDAV server: Radicale on loopback, started by the test."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer

from agents.deps import JobError
from integrations.calendars.caldav import CalDav
from integrations.calendars.ics import Event
from integrations.http import Errand, HttpClient
from integrations.http_errors import BadStatus, Refused, Unreadable
from integrations.http_messages import Ask
from tests.agents.conftest import ThreadJobs
from tests.loopback import free_port, listening

CONFIG = """[server]
hosts = 127.0.0.1:{port}
[auth]
type = htpasswd
htpasswd_filename = {folder}/users
htpasswd_encryption = plain
delay = 0
[storage]
filesystem_folder = {folder}/collections
[logging]
level = warning
"""
MAKE = (
    '<?xml version="1.0"?><mkcol xmlns="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"><set><prop><resourcetype>'
    "<collection/><c:calendar/></resourcetype><displayname>Work</displayname></prop></set></mkcol>"
)
_ANY = Ask(accept=(), retries=0)
SPAN = (date(2026, 12, 1), date(2026, 12, 31))
CALL = Event(
    "call-1@freelancex", "Call with Acme", datetime(2026, 12, 4, 14, tzinfo=UTC), datetime(2026, 12, 4, 15, tzinfo=UTC)
)


async def read(function: str, arguments: dict[str, Any]) -> Any:
    return await ThreadJobs().run(function, arguments)


@pytest.fixture
async def radicale(tmp_path: Path) -> AsyncIterator[int]:
    port = free_port()
    (tmp_path / "users").write_text("ana:secret\n")
    (tmp_path / "config").write_text(CONFIG.format(port=port, folder=tmp_path))
    server = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "radicale", "--config", str(tmp_path / "config")
    )
    await listening(port)
    yield port
    server.terminate()
    await server.wait()


@pytest.fixture
def calendar(radicale: int, client_for: Callable[..., HttpClient]) -> CalDav:
    http = client_for(f"127.0.0.1:{radicale}")
    return CalDav(
        http, Errand("calendar", "ana", approved=True), read, f"http://127.0.0.1:{radicale}/", "ana", "secret"
    )


async def test_an_event_put_on_the_server_is_read_again_and_put_there_once(calendar: CalDav, radicale: int) -> None:
    await calendar._sent("MKCOL", f"http://127.0.0.1:{radicale}/ana/work/", MAKE.encode(), {}, _ANY)
    assert [one.name for one in await calendar.collections()] == ["Work"]
    await calendar.add(CALL)
    await calendar.add(CALL)
    (event,) = await calendar.events(*SPAN)
    assert (event.title, event.start) == (CALL.title, CALL.start)
    assert await calendar.events(date(2027, 1, 1), date(2027, 2, 1)) == []


async def test_without_a_calendar_there_it_says_so(calendar: CalDav) -> None:
    with pytest.raises(Unreadable, match="no calendar to write to"):
        await calendar.add(CALL)


async def test_a_wrong_password_is_one_sentence(calendar: CalDav) -> None:
    wrong = CalDav(calendar.http, calendar.errand, read, calendar.address, "ana", "wrong")
    with pytest.raises(BadStatus, match="FREELANCEX_CALDAV_PASSWORD"):
        await wrong.events(*SPAN)


async def test_another_server_than_a_calendars_is_said_to_be_none(httpserver: HTTPServer, client: HttpClient) -> None:
    httpserver.expect_request("/").respond_with_data("<html/>", content_type="text/xml")
    there = CalDav(client, Errand("calendar", "ana", approved=True), read, httpserver.url_for("/"), "a", "b")
    with pytest.raises(Unreadable, match="no calendar server's"):
        await there.events(*SPAN)


async def test_an_answer_that_names_files_of_this_machine_reads_none(
    httpserver: HTTPServer, client: HttpClient
) -> None:
    body = '<multistatus xmlns="DAV:"><response><href>&f;</href></response></multistatus>'
    evil = f'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>{body}'
    httpserver.expect_request("/").respond_with_data(evil, content_type="text/xml")
    there = CalDav(client, Errand("calendar", "ana", approved=True), read, httpserver.url_for("/"), "a", "b")
    with pytest.raises((Unreadable, JobError)) as refused:
        await there.events(*SPAN)
    assert "root:" not in str(refused.value)


@pytest.mark.parametrize(
    "elsewhere", ["http://127.0.0.1:{port}/cal/", "//127.0.0.1:1/cal/", "https://evil.example/cal/"]
)
async def test_the_sign_in_goes_to_no_other_server_that_an_answer_names(
    httpserver: HTTPServer, client_for: Callable[..., HttpClient], elsewhere: str
) -> None:
    http = client_for(f"{httpserver.host}:{httpserver.port}", f"127.0.0.1:{httpserver.port}", "127.0.0.1:1")
    href = elsewhere.format(port=httpserver.port)
    answer = (
        '<multistatus xmlns="DAV:"><response><href>/</href><propstat><prop><current-user-principal>'
        f"<href>{href}</href></current-user-principal></prop></propstat></response></multistatus>"
    )
    httpserver.expect_request("/").respond_with_data(answer, content_type="text/xml")
    there = CalDav(http, Errand("calendar", "ana", approved=True), read, httpserver.url_for("/"), "ana", "secret")
    with pytest.raises(Refused, match="does not get your sign-in"):
        await there.events(*SPAN)
    assert len(httpserver.log) == 1


def test_the_password_is_not_shown_where_the_calendar_is(client: HttpClient) -> None:
    there = CalDav(client, Errand("calendar", "ana"), read, "https://cal.example/", "ana", "secret")
    assert "secret" not in repr(there)
