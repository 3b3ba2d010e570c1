"""Signing in, staying in, and being out: by password, code, link, key and proxy."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pyotp
import pytest

from memory.accounts import Account
from memory.sessions import OVERLAP
from privacy.access.lockout import Lockout

PASSWORD = "walnut river stone"
PAGE = {"Accept": "text/html"}


@pytest.fixture(autouse=True)
def _no_rest(site: Any) -> Iterator[None]:
    site.door.lockout = Lockout()
    yield
    site.door.lockout = Lockout()


def sign_in(site: Any, name: str, password: str = PASSWORD, code: str = "") -> Any:
    return site.ask("POST", "/api/v1/auth/sign-in", json={"name": name, "password": password, "code": code})


def bearer(given: Any) -> dict[str, str]:
    return {"Authorization": f"Bearer {given.json()['access_token']}"}


def invited(site: Any, owner: Account, role: str = "member", account: str = "") -> str:
    body = {"role": role, "account": account}
    return str(site.ask("POST", "/api/v1/users/invitations", site.as_(owner), json=body).json()["path"])


def test_a_page_leads_to_the_sign_in_and_a_program_is_told(site: Any, people: dict[str, Account]) -> None:
    led = site.get("/thread/abc?x=1", PAGE)
    assert (led.status_code, led.headers["location"]) == (303, "/sign-in?next=%2Fthread%2Fabc%3Fx%3D1")
    told = site.get("/api/v1/account")
    assert told.status_code == 401 and told.headers["www-authenticate"].startswith("Bearer")
    assert told.headers["content-type"] == "application/problem+json"


def test_in_a_browser_it_needs_no_script_and_leads_on(site: Any, people: dict[str, Account]) -> None:
    page = site.get("/sign-in")
    assert "<script" not in page.text and "script-src" not in page.headers["content-security-policy"]
    assert "default-src 'none'" in page.headers["content-security-policy"]
    form = {"name": " OLGA ", "password": PASSWORD, "next": "/dashboard"}
    done = site.ask("POST", "/sign-in", data=form)
    assert (done.status_code, done.headers["location"]) == (303, "/dashboard")
    for cookie in done.headers.get_list("set-cookie"):
        assert "HttpOnly; SameSite=Strict" in cookie and "Path=/" in cookie and "Domain" not in cookie
    away = site.ask("POST", "/sign-in", data={**form, "next": "//elsewhere.example/"})
    assert away.headers["location"] == "/"


def test_nothing_tells_whether_a_name_exists(site: Any, people: dict[str, Account]) -> None:
    answers = {(answer := sign_in(site, name, "wrong words here")).status_code: answer.json()["detail"]
               for name in ("Olga", "Nobody")}  # fmt: skip
    assert answers == {401: "The name, the password or the code is not right."}
    for name in ("Olga", "Nobody"):
        site.door.lockout = Lockout()
        for _ in range(5):
            site.door.lockout.tried(f"name:{_digest(name)}")
        rests = sign_in(site, name)
        assert rests.status_code == 429 and int(rests.headers["retry-after"]) <= 15


def test_a_code_counts_once_and_so_does_a_recovery_code(site: Any, people: dict[str, Account]) -> None:
    link = invited(site, people["owner"])
    site.ask("POST", link, data={"name": "Tom", "password": PASSWORD})
    headers = bearer(sign_in(site, "Tom"))
    secret = site.ask("POST", "/api/v1/account/second-factor", headers).json()["secret"]
    clock, now = pyotp.TOTP(secret), datetime.now(UTC)
    wrong = f"{(int(clock.at(now)) + 7) % 1_000_000:06}"
    assert site.ask("PUT", "/api/v1/account/second-factor", headers, json={"code": wrong}).status_code == 409
    before = clock.at(now - timedelta(seconds=30))
    codes = site.ask("PUT", "/api/v1/account/second-factor", headers, json={"code": before}).json()["codes"]
    assert len(codes) == 10
    assert sign_in(site, "Tom").status_code == 401
    current = clock.at(datetime.now(UTC) + timedelta(seconds=20))
    tries = [sign_in(site, "Tom", code=current).status_code for _ in range(2)]
    assert tries == [200, 401]
    assert [sign_in(site, "Tom", code=codes[0]).status_code for _ in range(2)] == [200, 401]


def test_a_link_works_once_and_gives_the_role_it_says(site: Any, people: dict[str, Account]) -> None:
    link = invited(site, people["owner"], "viewer")
    assert "You were invited as viewer" in site.get(link).text
    assert site.ask("POST", link, data={"name": "Ina", "password": "short"}).status_code == 422
    assert site.ask("POST", link, data={"name": "Olga", "password": PASSWORD}).status_code == 422
    assert site.ask("POST", link, data={"name": "Ina", "password": PASSWORD}).status_code == 303
    assert site.ask("POST", link, data={"name": "Ina2", "password": PASSWORD}).status_code == 410
    me = site.get("/api/v1/account", bearer(sign_in(site, "ina"))).json()
    assert (me["role"], me["user"], me["name"]) == ("viewer", people["owner"].user, "Ina")


def test_tokens_rotate_silently_and_a_stolen_copy_ends_the_session(
    site: Any, people: dict[str, Account], monkeypatch: pytest.MonkeyPatch
) -> None:
    given = sign_in(site, "Max").json()
    stale = {"freelancex_8000_refresh": given["refresh_token"]}
    site.client.cookies.clear()
    site.client.cookies.update(stale)
    renewed = site.client.get("/api/v1/account")
    assert renewed.status_code == 200 and len(renewed.headers.get_list("set-cookie")) == 2
    site.client.cookies.clear()
    site.client.cookies.update(stale)
    at_once = site.client.get("/api/v1/account")  # the browser had sent this one before it had the new cookies
    assert at_once.status_code == 200 and len(at_once.headers.get_list("set-cookie")) == 1
    monkeypatch.setattr("memory.sessions.OVERLAP", -OVERLAP)
    site.client.cookies.clear()
    site.client.cookies.update(stale)
    assert site.client.get("/api/v1/account").status_code == 401
    site.client.cookies.clear()
    assert site.get("/api/v1/account", {"Authorization": f"Bearer {given['access_token']}"}).status_code == 401
    happened = [one["what"] for one in site.get("/api/v1/audit", site.as_(people["owner"])).json()["items"]]
    assert "token reused" in happened


def test_sessions_are_listed_and_ended_and_nobody_ends_anothers(site: Any, people: dict[str, Account]) -> None:
    first, second = bearer(sign_in(site, "Max")), bearer(sign_in(site, "Max"))
    listed = site.get("/api/v1/account/sessions", first).json()
    here = next(one["id"] for one in listed if one["here"])
    stranger = site.as_(people["owner"])
    assert site.ask("DELETE", f"/api/v1/account/sessions/{here}", stranger).status_code == 404
    assert site.ask("DELETE", f"/api/v1/account/sessions/{here}", second).status_code == 204
    assert site.get("/api/v1/account", first).status_code == 401
    assert site.get("/api/v1/account", second).status_code == 200


def test_a_new_password_needs_the_old_one_and_signs_out_everywhere_else(site: Any, people: dict[str, Account]) -> None:
    link = invited(site, people["owner"])
    site.ask("POST", link, data={"name": "Pia", "password": PASSWORD})
    here, there = bearer(sign_in(site, "Pia")), bearer(sign_in(site, "Pia"))
    new = {"old": PASSWORD, "new": "another set of words"}
    assert site.ask("PUT", "/api/v1/account/password", here, json={**new, "old": "wrong words"}).status_code == 403
    assert site.ask("PUT", "/api/v1/account/password", here, json=new).status_code == 204
    assert site.get("/api/v1/account", there).status_code == 401
    assert site.get("/api/v1/account", here).status_code == 200
    assert sign_in(site, "Pia").status_code == 401


def test_a_key_is_told_once_narrowed_rotated_and_ended(site: Any, people: dict[str, Account]) -> None:
    owner = site.as_(people["owner"])
    made = site.ask("POST", "/api/v1/keys", owner, json={"title": "Books", "scopes": ["records:read", "keys:write"]})
    key = {"Authorization": f"Bearer {made.json()['key']}"}
    assert made.json()["key"].split("_")[2] not in site.get("/api/v1/keys", owner).text
    assert site.get("/api/v1/users", key).status_code == 403
    wider = site.ask("POST", "/api/v1/keys", key, json={"title": "More", "scopes": ["*"]})
    assert wider.status_code == 409
    again = site.ask("POST", f"/api/v1/keys/{made.json()['id']}/rotate", owner).json()
    newer = {"Authorization": f"Bearer {again['key']}"}
    assert {site.get("/api/v1/users", one).status_code for one in (key, newer)} == {403}
    third = site.ask("POST", f"/api/v1/keys/{again['id']}/rotate", owner).json()
    assert site.get("/api/v1/users", key).status_code == 401  # at most two count
    assert site.ask("DELETE", f"/api/v1/keys/{third['id']}", site.as_(people["member"])).status_code == 404
    assert site.ask("DELETE", f"/api/v1/keys/{third['id']}", owner).status_code == 204
    assert site.get("/api/v1/users", {"Authorization": f"Bearer {third['key']}"}).status_code == 401


def test_who_is_shut_out_is_out_at_once_and_the_last_owner_stays(site: Any, people: dict[str, Account]) -> None:
    link = invited(site, people["owner"])
    site.ask("POST", link, data={"name": "Rob", "password": PASSWORD})
    rob, owner = bearer(sign_in(site, "Rob")), site.as_(people["owner"])
    user = site.get("/api/v1/account", rob).json()["account"]
    closed = site.door.closed(site.run(site.door.by_access, rob["Authorization"][7:]).session)
    assert site.ask("PATCH", f"/api/v1/users/{user}", owner, json={"active": False}).status_code == 200
    assert site.get("/api/v1/account", rob).status_code == 401 and closed.is_set()
    assert sign_in(site, "Rob").status_code == 401
    alone = site.ask("PATCH", f"/api/v1/users/{people['owner'].user}", owner, json={"role": "member"})
    assert alone.status_code == 409 and "only owner" in alone.json()["detail"]


def test_a_proxy_is_heard_from_its_address_alone_and_names_one_person(
    site: Any, people: dict[str, Account], monkeypatch: pytest.MonkeyPatch
) -> None:
    behind = site.door.settings.model_copy(update={"auth": "header", "trusted_proxies": "127.0.0.1"})
    monkeypatch.setattr(site.door, "settings", behind)
    as_max = [("X-Forwarded-User", "max")]
    me = site.client.get("/api/v1/account", headers=as_max)
    assert me.status_code == 200 and me.json()["name"] == "Max"
    for more in (("X-Forwarded-User", "Olga"), ("X_Forwarded_User", "Olga")):
        assert site.client.get("/api/v1/account", headers=[*as_max, more]).status_code == 401
    assert site.client.get("/api/v1/account", headers=[("X-Forwarded-User", "nobody")]).status_code == 401
    elsewhere = behind.model_copy(update={"trusted_proxies": "10.0.0.0/8"})
    monkeypatch.setattr(site.door, "settings", elsewhere)
    assert site.client.get("/api/v1/account", headers=as_max).status_code == 401


def test_behind_https_cookies_are_secure_and_the_browser_stays_with_it(
    site: Any, people: dict[str, Account], monkeypatch: pytest.MonkeyPatch
) -> None:
    behind = site.door.settings.model_copy(update={"trusted_proxies": "127.0.0.1"})
    monkeypatch.setattr(site.door, "settings", behind)
    form, proxied = {"name": "Max", "password": PASSWORD}, {"X-Forwarded-Proto": "https"}
    done = site.ask("POST", "/sign-in", proxied, data=form)
    for cookie in done.headers.get_list("set-cookie"):
        assert cookie.startswith("__Host-freelancex_") and cookie.endswith("; Secure")
    assert done.headers["strict-transport-security"].startswith("max-age=31536000")
    monkeypatch.setattr(site.door, "settings", behind.model_copy(update={"trusted_proxies": ""}))
    plain = site.ask("POST", "/sign-in", proxied, data=form)  # said by nobody who is trusted
    assert "strict-transport-security" not in plain.headers
    assert all("Secure" not in cookie for cookie in plain.headers.get_list("set-cookie"))


def test_the_pages_of_an_owner_show_everything_without_a_script(site: Any, people: dict[str, Account]) -> None:
    owner = site.as_(people["owner"])
    site.key(people["member"], "records:read")
    for path, said in (
        ("/admin", ("Max", "Vera", "What happened", "How long things are kept")),
        ("/account", ("Keys",)),
    ):
        page = site.get(path, owner)
        assert page.status_code == 200 and "<script" not in page.text
        assert all(one in page.text for one in said)
    assert site.get("/admin", site.as_(people["member"])).status_code == 403
    made = site.ask("POST", "/admin/invite", owner, data={"role": "member", "name": "<b>New</b>"})
    assert re.search(r"http://127\.0\.0\.1:8000/invited/[\w-]{43}", made.text) and "<b>New</b>" not in made.text


def test_a_viewer_sees_the_dashboard_first_and_nothing_of_the_chat(site: Any, people: dict[str, Account]) -> None:
    viewer = site.as_(people["viewer"])
    led = site.get("/", viewer)
    assert (led.status_code, led.headers["location"]) == (303, "/dashboard")
    assert site.get("/dashboard", viewer).status_code == 200
    assert site.ask("POST", "/project/threads", viewer, json={}).status_code == 403


def test_signing_out_ends_the_session_and_takes_the_cookies(site: Any, people: dict[str, Account]) -> None:
    headers = bearer(sign_in(site, "Max"))
    out = site.ask("POST", "/sign-out", headers)
    assert out.status_code == 303 and all("Max-Age=0" in one for one in out.headers.get_list("set-cookie"))
    assert '"cache", "storage"' in out.headers["clear-site-data"]
    assert site.get("/api/v1/account", headers).status_code == 401


def _digest(name: str) -> str:
    from memory.accounts import plain_name
    from privacy.access.keys import digest_of

    return digest_of(plain_name(name))


def test_another_role_counts_at_once_for_a_key_too(site: Any, people: dict[str, Account]) -> None:
    link = invited(site, people["owner"])
    site.ask("POST", link, data={"name": "Kim", "password": PASSWORD})
    kim = site.run(site.door.stores().accounts.named, "Kim")
    key = site.key(kim, "*")
    assert site.get("/api/v1/account", key).json()["role"] == "member"
    change = site.ask("PATCH", f"/api/v1/users/{kim.user}", site.as_(people["owner"]), json={"role": "owner"})
    assert change.status_code == 200 and site.get("/api/v1/account", key).json()["role"] == "owner"
    site.ask("PATCH", f"/api/v1/users/{kim.user}", site.as_(people["owner"]), json={"active": False})
    assert site.get("/api/v1/account", key).status_code == 401


def test_what_is_looked_up_while_a_session_ends_is_not_believed_afterwards(
    site: Any, people: dict[str, Account], monkeypatch: pytest.MonkeyPatch
) -> None:
    door, token = site.door, bearer(sign_in(site, "Max"))["Authorization"].removeprefix("Bearer ")
    look = door._look

    async def raced() -> list[Any]:
        found, go_on = asyncio.Event(), asyncio.Event()

        async def slow(session: str) -> Any:
            before = await look(session)
            found.set()
            await go_on.wait()
            return before

        monkeypatch.setattr(door, "_look", slow)
        asking = asyncio.create_task(door.by_access(token))
        await found.wait()
        monkeypatch.setattr(door, "_look", look)
        session = jwt.decode(token, options={"verify_signature": False})["sid"]
        await door.end(session, people["member"].user)
        go_on.set()
        return [await asking, await door.by_access(token)]

    assert site.run(raced) == [None, None]


def test_a_rest_outlasts_a_restart(site: Any, people: dict[str, Account]) -> None:
    for _ in range(5):
        assert sign_in(site, "Vera", "not her password").status_code == 401
    site.door.lockout = Lockout()  # as a process begins

    async def begun() -> None:
        async with site.door.watched():
            pass

    site.run(begun)
    assert sign_in(site, "Vera").status_code == 429
