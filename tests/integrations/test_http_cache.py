"""Replies kept on disk: for as long as the host allows, each user's apart, and never with a secret in them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from config.settings import Settings
from integrations.http import Ask, Errand, HttpClient
from integrations.http_cache import HttpCache, cacheable, passing_keys
from integrations.http_messages import Reply
from memory.erasure import erase
from memory.stores import open_stores
from privacy.audit import AuditLog

KEPT = Ask(cache=True)


def hour(**more: str) -> dict[str, str]:
    return {"Cache-Control": "max-age=3600", **more}


async def test_a_fresh_reply_comes_from_the_disk_and_nothing_is_sent(
    client: HttpClient, client_for: Callable[..., HttpClient], httpserver: HTTPServer, errand: Errand, audit: AuditLog
) -> None:
    httpserver.expect_request("/").respond_with_json({"n": 1}, headers=hour())
    url = httpserver.url_for("/")
    assert (await client.get(url, errand, ask=KEPT)).json() == {"n": 1}
    assert (await client.get(url, errand, ask=KEPT)).json() == {"n": 1}
    after_restart = client_for(f"{httpserver.host}:{httpserver.port}")
    assert (await after_restart.get(url, errand, ask=KEPT)).json() == {"n": 1}
    assert len(httpserver.log) == 1
    assert len(await audit.read()) == 1


async def test_on_disk_lies_neither_address_nor_answer(
    client: HttpClient, httpserver: HTTPServer, errand: Errand, settings: Settings
) -> None:
    httpserver.expect_request("/").respond_with_json({"answer": "the-found-word"}, headers=hour())
    await client.get(httpserver.url_for("/"), errand, params={"q": "the-asked-word"}, ask=KEPT)
    for path in await asyncio.to_thread(lambda: [*settings.paths.cache.rglob("*.db*")]):
        kept = await asyncio.to_thread(path.read_bytes)
        assert b"the-found-word" not in kept and b"the-asked-word" not in kept


async def test_who_does_not_ask_for_it_gets_no_old_reply(
    client: HttpClient, httpserver: HTTPServer, errand: Errand
) -> None:
    httpserver.expect_request("/").respond_with_json({}, headers=hour())
    for ask in (KEPT, Ask(), Ask()):
        await client.get(httpserver.url_for("/"), errand, ask=ask)
    assert len(httpserver.log) == 3


async def test_a_stale_reply_is_checked_with_the_host_and_its_body_kept(
    client: HttpClient, httpserver: HTTPServer, errand: Errand
) -> None:
    def answer(request: Request) -> Response:
        if request.headers.get("If-None-Match") == '"v1"':
            return Response(status=304, headers={"ETag": '"v1"', **hour()})
        headers = {"ETag": '"v1"', "Cache-Control": "max-age=0"}
        return Response('{"n": 1}', content_type="application/json", headers=headers)

    httpserver.expect_request("/").respond_with_handler(answer)
    replies = [await client.get(httpserver.url_for("/"), errand, ask=KEPT) for _ in range(3)]
    assert [reply.json() for reply in replies] == [{"n": 1}] * 3
    assert [response.status_code for _, response in httpserver.log] == [200, 304]  # the third was fresh again


async def test_a_stale_reply_gives_way_to_a_new_one(client: HttpClient, httpserver: HTTPServer, errand: Errand) -> None:
    old = format_datetime(datetime.now(UTC) - timedelta(days=2), usegmt=True)
    headers = {"Expires": old, "Last-Modified": old}
    httpserver.expect_ordered_request("/").respond_with_json({"n": 1}, headers=headers)
    httpserver.expect_ordered_request("/").respond_with_json({"n": 2}, headers=headers)
    for n in (1, 2):
        assert (await client.get(httpserver.url_for("/"), errand, ask=KEPT)).json() == {"n": n}


@pytest.mark.parametrize("control", ["no-store", "private, max-age=3600", "no-cache"])
async def test_what_the_host_does_not_want_kept_is_asked_again(
    client: HttpClient, httpserver: HTTPServer, errand: Errand, control: str
) -> None:
    httpserver.expect_request("/").respond_with_json({}, headers={"Cache-Control": control})
    for _ in range(2):
        await client.get(httpserver.url_for("/"), errand, ask=KEPT)
    assert len(httpserver.log) == 2


async def test_a_reply_in_another_language_is_another_reply(
    client: HttpClient, httpserver: HTTPServer, errand: Errand
) -> None:
    httpserver.expect_request("/").respond_with_handler(
        lambda request: Response(
            f'"{request.headers["Accept-Language"]}"',
            content_type="application/json",
            headers=hour(Vary="Accept-Language"),
        )
    )
    for language in ("de", "en", "de", "en"):
        headers = {"Accept-Language": language}
        reply = await client.get(httpserver.url_for("/"), errand, ask=KEPT, headers=headers)
        assert reply.json() == language
    assert len(httpserver.log) == 2


async def test_one_users_replies_are_not_anothers(
    client_for: Callable[..., HttpClient], httpserver: HTTPServer
) -> None:
    async def all_allowed(_: str) -> frozenset[str]:
        return frozenset({"job_boards"})

    httpserver.expect_request("/").respond_with_json({}, headers=hour())
    mine = client_for(f"{httpserver.host}:{httpserver.port}", consents=all_allowed)
    for user in ("ana", "bob", "ana", "bob"):
        await mine.get(httpserver.url_for("/"), Errand("job_boards", user), ask=KEPT)
    assert len(httpserver.log) == 2


@pytest.mark.parametrize(
    ("method", "url", "headers"),
    [
        ("POST", "https://a.example/", []),
        ("GET", "https://a.example/", ["authorization"]),
        ("GET", "https://a.example/", ["cookie"]),
        ("GET", "https://a.example/", ["x-api-key"]),
        ("GET", "https://a.example/?app_key=1", []),
        ("GET", "https://a.example/?X-Amz-Signature=1", []),
        ("GET", "https://a.example/?access_token=", []),
    ],
)
def test_what_carries_a_secret_is_never_kept(method: str, url: str, headers: list[str]) -> None:
    assert not cacheable(method, url, headers)
    assert cacheable("GET", "https://a.example/?q=python", ["user-agent", "accept"])


async def test_what_was_used_longest_ago_goes_first(settings: Settings) -> None:
    cache, sent = HttpCache(settings.paths.replies, passing_keys(), max_bytes=5_000), list[str]()

    async def get(url: str) -> None:
        async def send(_: object) -> Reply:
            sent.append(url)
            return Reply(url, 200, {"cache-control": "max-age=60"}, b"x" * 500)

        await cache.get("ana", url, {}, send)

    for number in range(20):
        await get(f"https://a.example/{number}")
        await get("https://a.example/0")
    assert sent == [f"https://a.example/{number}" for number in range(20)]
    await get("https://a.example/1")
    assert sent[-1] == "https://a.example/1"
    size = (await asyncio.to_thread(settings.paths.replies("ana").stat)).st_size
    assert size < 40_000


async def test_erasing_a_user_takes_their_replies(
    client: HttpClient, httpserver: HTTPServer, errand: Errand, settings: Settings
) -> None:
    httpserver.expect_request("/").respond_with_json({}, headers=hour())
    await client.get(httpserver.url_for("/"), errand, ask=KEPT)
    stores = await open_stores(settings)
    other = settings.paths.replies("bob")
    await asyncio.to_thread(other.write_bytes, b"kept")
    async with stores.database.write() as session:
        from memory.files import StoredFile

        session.add(StoredFile(id="f", user="bob", name="a.txt", mime="text/plain", size=0))
    await erase(stores, settings, "ana")
    await stores.close()
    assert not await asyncio.to_thread(settings.paths.replies("ana").exists)
    assert await asyncio.to_thread(other.exists)
