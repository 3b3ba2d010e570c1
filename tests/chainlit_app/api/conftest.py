"""One API for the tests of a file: what each makes is its own, and none minds what others made."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from tests.chainlit_app.api.api_app import api_app, key_in


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    data = tmp_path_factory.mktemp("api")
    headers = {"Authorization": f"Bearer {asyncio.run(key_in(data))}"}
    with TestClient(api_app(data), base_url="http://127.0.0.1:8000/api/v1", headers=headers) as client:
        yield client
