"""Signing in at a provider of identities: a real one on this computer, in a browser's steps."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from oidc_provider_mock import User, run_server_in_thread
from pytest_httpserver import HTTPServer

from chainlit_app.identity.oauth_routes import allowed
from memory.accounts import Account

CLIENT, SECRET = "freelancex", "a secret of this test"


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    people = [
        User(sub="anna", claims={"email": "anna@office.example", "email_verified": True}),
        User(sub="carl", claims={"email": "carl@office.example", "email_verified": False}),
        User(sub="dora", claims={"email": "dora@elsewhere.example", "email_verified": True}),
        User(sub="olga", claims={"email": "olga@elsewhere.example", "email_verified": True}),
    ]
    with run_server_in_thread(user_claims=people, require_nonce=True) as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture
def at_provider(site: Any, provider: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    settings = site.door.settings.model_copy(
        update={
            "auth": "oauth",
            "oauth_issuer": provider,
            "oauth_client": CLIENT,
            "oauth_secret": SECRET,
            "auth_allow": "@office.example",
        }
    )
    monkeypatch.setattr(site.door, "settings", settings)
    monkeypatch.setattr(site.app.state, "provider", None, raising=False)
    return site


def begin(site: Any, next_: str = "/dashboard") -> str:
    """The address at the provider; the browser is tied to what it asked."""
    site.client.cookies.clear()
    led = site.client.get("/sign-in/oauth", params={"next": next_}, follow_redirects=False)
    assert led.status_code == 303, led.text
    return str(led.headers["location"])


def agree(address: str, sub: str) -> str:
    """The user signs in at the provider and agrees; returns where it sends the browser."""
    answered = httpx.post(address, data={"sub": sub})
    assert answered.status_code in (302, 303), answered.text
    return str(answered.headers["location"])


def back(site: Any, address: str) -> httpx.Response:
    parts = urlsplit(address)
    answered: httpx.Response = site.client.get(f"{parts.path}?{parts.query}", follow_redirects=False)
    return answered


def test_the_provider_is_asked_with_state_nonce_and_a_hashed_verifier(at_provider: Any) -> None:
    asked = parse_qs(urlsplit(begin(at_provider)).query)
    assert asked["response_type"] == ["code"] and asked["code_challenge_method"] == ["S256"]
    assert asked["redirect_uri"] == ["http://127.0.0.1:8000/sign-in/oauth/back"]
    assert all(len(asked[name][0]) >= 43 for name in ("state", "nonce", "code_challenge"))


def test_whose_domain_is_allowed_becomes_a_member_and_comes_back_as_the_same(at_provider: Any) -> None:
    found = []
    for _ in range(2):
        inside = back(at_provider, agree(begin(at_provider), "anna"))
        assert inside.status_code == 200 and inside.headers["refresh"] == "0; url=/dashboard"
        found.append(at_provider.client.get("/api/v1/account").json())
    assert found[0] == found[1] and (found[0]["name"], found[0]["role"]) == ("anna@office.example", "member")


@pytest.mark.parametrize("sub", ["carl", "dora"])
def test_an_address_that_is_not_verified_or_not_listed_does_not_come_in(at_provider: Any, sub: str) -> None:
    refused = back(at_provider, agree(begin(at_provider), sub))
    assert refused.status_code == 403 and "ask the owner" in refused.text
    assert at_provider.client.get("/api/v1/account").status_code == 401


def test_who_was_let_in_by_name_comes_in_as_that(at_provider: Any, people: dict[str, Account]) -> None:
    owner = at_provider.as_(people["owner"])
    form = {"role": "viewer", "name": "Olga@elsewhere.example"}
    assert at_provider.ask("POST", "/admin/invite", owner, data=form).status_code == 200
    assert back(at_provider, agree(begin(at_provider), "olga")).status_code == 200
    assert at_provider.client.get("/api/v1/account").json()["role"] == "viewer"


def test_an_answer_another_browser_asked_for_is_refused_and_none_counts_twice(at_provider: Any) -> None:
    mine = agree(begin(at_provider), "anna")
    at_provider.client.cookies.clear()
    assert back(at_provider, mine).status_code == 400
    again = agree(begin(at_provider), "anna")
    assert back(at_provider, again).status_code == 200
    assert back(at_provider, again).status_code == 400


def test_a_code_of_another_request_is_refused(at_provider: Any) -> None:
    other = parse_qs(urlsplit(agree(begin(at_provider), "anna")).query)["code"][0]
    address = agree(begin(at_provider), "anna")
    swapped = re.sub(r"code=[^&]+", f"code={other}", address)
    assert back(at_provider, swapped).status_code == 403  # its verifier does not fit


def test_a_provider_that_goes_by_another_name_is_not_believed(
    at_provider: Any, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = {name: "https://id.example/x" for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")}
    config = {**said, "issuer": "https://id.example"}
    httpserver.expect_request("/.well-known/openid-configuration").respond_with_json(config)
    named = at_provider.door.settings.model_copy(update={"oauth_issuer": httpserver.url_for("").rstrip("/")})
    monkeypatch.setattr(at_provider.door, "settings", named)
    at_provider.client.cookies.clear()
    led = at_provider.client.get("/sign-in/oauth", follow_redirects=False)
    assert led.status_code == 503 and "another address" in led.text


@pytest.mark.parametrize(
    ("email", "listed", "may"),
    [
        ("Anna@Office.example", "@office.example", True),
        ("anna@office.example", "bob@x.example, anna@office.example", True),
        ("anna@evil-office.example", "@office.example", False),
        ("anna@office.example.evil", "@office.example", False),
        ("anna@office.example", "", False),
    ],
)
def test_a_list_names_addresses_or_domains(email: str, listed: str, may: bool) -> None:
    assert allowed(email, listed) == may
