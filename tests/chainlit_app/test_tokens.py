"""What a page is not given and cannot bring along: tokens of its framework, files of the data, fields of others."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import httpx
import jwt
import pytest
from chat_server import Server


def test_a_token_of_chainlits_own_counts_for_nothing_even_with_the_right_key(server: Server) -> None:
    claims = {"identifier": "somebody else", "metadata": {}, "display_name": None}
    claims |= {"exp": datetime.now(UTC) + timedelta(days=1), "iat": datetime.now(UTC)}
    secret = (server.data / "secrets" / "page").read_text()
    name = f"freelancex_{server.port}"
    for cookies in ({name: jwt.encode(claims, secret, "HS256")}, {f"{name}_0": "x", f"{name}_1": "y"}, {name: ""}, {}):
        answer = httpx.get(f"{server.address}/user", cookies=cookies)
        assert answer.json()["identifier"] == "local"
        assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    "path",
    [
        "/.git/config",
        "/public/../../../pyproject.toml",
        "/public/%2e%2e/%2e%2e/freelancex.db",
        "/assets/%2e%2e/%2e%2e/server.py",
        "/freelancex.db",
        "/secrets/page",
        "/.env",
    ],
)
def test_nothing_of_the_checkout_or_the_data_is_served(server: Server, path: str) -> None:
    answer = httpx.get(httpx.URL(server.address, raw_path=path.encode()))
    page = httpx.get(f"{server.address}/").text
    assert answer.status_code in (400, 403, 404) or answer.text == page


def test_a_field_nobody_declared_is_refused(server: Server) -> None:
    body = {"text": "hello", "user": "somebody else"}
    assert httpx.post(f"{server.address}/api/v1/ask", json=body).status_code == 422
