"""One API for all tests of a process: what each makes is its own, and none minds what others made."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

sys.path.append(str(Path(__file__).parent))  # `api_app` lies beside this file

from api_app import api_app


@pytest.fixture(scope="session")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with TestClient(api_app(tmp_path_factory.mktemp("api")), base_url="http://127.0.0.1:8000/api/v1") as client:
        yield client
