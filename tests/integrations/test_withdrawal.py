"""A consent that is withdrawn stops what it allowed at once, for every purpose there is."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from dataclasses import replace

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from integrations.http import Errand, HttpClient
from integrations.http_errors import NoConsent
from memory.stores import Stores
from privacy.consent import PURPOSES
from tests.integrations.test_http_stream import HEAD, serving


async def test_the_very_next_request_is_refused(
    client_for: Callable[..., HttpClient], httpserver: HTTPServer, stores: Stores
) -> None:
    httpserver.expect_request("/").respond_with_json({}, headers={"Cache-Control": "max-age=3600"})
    client = client_for(f"{httpserver.host}:{httpserver.port}", consents=stores.consents.granted)
    for number, purpose in enumerate(PURPOSES, start=1):
        errand = Errand(purpose, "ana")
        where = httpserver.url_for(f"/?{purpose}")
        await stores.consents.grant("ana", purpose)
        assert (await client.get(where, errand)).status == 200
        await stores.consents.revoke("ana", purpose)
        with pytest.raises(NoConsent):
            await client.get(where, errand)  # not even what was kept of it
        with pytest.raises(NoConsent):
            async with client.other("IMAP", "mail.example", errand):
                pass
        assert len(httpserver.log) == number


@pytest.mark.parametrize("purpose", ["research", "mail"])
async def test_what_is_under_way_ends_at_once_unless_it_was_approved_by_itself(
    client_for: Callable[..., HttpClient], stores: Stores, purpose: str
) -> None:
    """Once before the answer begins, once in the middle of it, and once with another protocol."""
    never = asyncio.Event()
    async with serving() as silent, serving(HEAD, b"2\r\nab\r\n") as halting:
        here = [f"127.0.0.1:{one.port}" for one in (silent, halting)]
        client = client_for(*here, consents=stores.consents.granted)
        stores.consents.withdrawn.append(client.withdrawn)
        errand, arrived = Errand(purpose, "ana"), asyncio.Event()

        async def read() -> None:
            async with client.stream("GET", halting.url, errand) as streamed:
                async for _ in streamed.bytes():
                    arrived.set()

        async def speak(errand: Errand) -> None:
            async with client.other("IMAP", "mail.example", errand):
                await never.wait()

        for one in ("research", "mail"):
            await stores.consents.grant("ana", one)
        running = [asyncio.create_task(one) for one in (client.get(silent.url, errand), read(), speak(errand))]
        approved = asyncio.create_task(speak(replace(errand, approved=True)))
        other = asyncio.create_task(speak(Errand({"research": "mail", "mail": "research"}[purpose], "ana")))
        await arrived.wait()
        await stores.consents.revoke("ana", purpose)
        for task in running:
            with pytest.raises(NoConsent, match="took this permission back"):
                await asyncio.wait_for(task, 30)
        await asyncio.wait_for(asyncio.gather(silent.gone.wait(), halting.gone.wait()), 30)  # the connections, too
        assert not approved.done() and not other.done()
        for task in (approved, other):
            task.cancel()


async def test_what_would_be_tried_again_is_not(
    client_for: Callable[..., HttpClient], httpserver: HTTPServer, stores: Stores
) -> None:
    client = client_for(f"{httpserver.host}:{httpserver.port}", consents=stores.consents.granted)
    stores.consents.withdrawn.append(client.withdrawn)
    asked = threading.Event()

    def refuse(_: Request) -> Response:
        asked.set()
        return Response(status=503, headers={"Retry-After": "5"})

    httpserver.expect_request("/").respond_with_handler(refuse)
    await stores.consents.grant("ana", "research")
    asking = asyncio.create_task(client.get(httpserver.url_for("/"), Errand("research", "ana")))
    assert await asyncio.to_thread(asked.wait, 30)
    await stores.consents.revoke("ana", "research")
    with pytest.raises(NoConsent):
        await asyncio.wait_for(asking, 30)
    assert len(httpserver.log) == 1
