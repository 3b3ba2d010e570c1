"""A consent that is withdrawn stops what it allowed at once, for every purpose there is."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pytest_httpserver import HTTPServer

from integrations.http import Errand, HttpClient
from integrations.http_errors import NoConsent
from memory.stores import Stores
from privacy.consent import PURPOSES


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
