"""The page's token: whose it is, what it opens, and that nothing else does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import httpx
import jwt
import pytest
from chat_server import Server


def who(server: Server, token: str) -> int:
    cookies = {f"freelancex_{server.port}": token}
    return httpx.get(f"{server.address}/user", cookies=cookies).status_code


def test_the_cookie_is_for_this_page_and_no_script(server: Server) -> None:
    answer = httpx.get(server.address)
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=Strict" in cookie and "Domain" not in cookie
    assert who(server, answer.cookies[f"freelancex_{server.port}"]) == 200


def test_a_token_that_is_not_ours_signs_nobody_in(server: Server) -> None:
    good = httpx.get(server.address).cookies[f"freelancex_{server.port}"]
    claims = jwt.decode(good, options={"verify_signature": False})
    secret = (server.data / "secrets" / "page").read_text()
    late = {**claims, "exp": datetime.now(UTC) - timedelta(minutes=1)}
    assert who(server, jwt.encode(claims, secret, "HS256")) == 200
    for token in (
        jwt.encode(claims, "another key that is long enough for it", "HS256"),
        jwt.encode(claims, None, "none"),
        jwt.encode(claims, secret * 2, "HS512"),
        jwt.encode(late, secret, "HS256"),
        good[:-4] + "AAAA",
        "",
    ):
        assert who(server, token) == 401


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
