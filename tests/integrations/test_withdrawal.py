"""A consent that is withdrawn stops what it allowed at once, whatever is still open."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pytest_httpserver import HTTPServer

from integrations.http import Errand, HttpClient
from integrations.http_errors import NoConsent
from memory.stores import Stores


async def test_the_very_next_request_is_refused(
    client_for: Callable[..., HttpClient], httpserver: HTTPServer, stores: Stores, errand: Errand
) -> None:
    httpserver.expect_request("/").respond_with_json({})
    client = client_for(f"{httpserver.host}:{httpserver.port}", consents=stores.consents.granted)
    await stores.consents.grant("ana", "job_boards")
    assert (await client.get(httpserver.url_for("/"), errand)).status == 200
    await stores.consents.revoke("ana", "job_boards")
    with pytest.raises(NoConsent):
        await client.get(httpserver.url_for("/"), errand)
    assert len(httpserver.log) == 1
