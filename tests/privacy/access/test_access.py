"""Passwords, tokens, rests, codes and keys: what each lets through, and nothing else."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import jwt
import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from privacy.access import passwords
from privacy.access.keys import matches, new_key, parts, recovery_codes
from privacy.access.lockout import LONGEST_S, Lockout, rest_after
from privacy.access.passwords import Passwords, WeakPassword, check
from privacy.access.policy import ALLOWED, SCOPES, allows, is_public
from privacy.access.principal import Principal
from privacy.access.second_factor import address_for, new_secret, picture_of, step_of
from privacy.access.tokens import Tokens

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
TOKENS = Tokens(b"0" * 32)


async def test_a_password_is_hashed_by_argon2id_with_its_costs_and_fits_exactly_as_typed() -> None:
    own = Passwords()
    kept = await own.hashed("Walnut river stone")
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert await own.fits("Walnut river stone", kept)
    assert not await own.fits("walnut river stone", kept)
    assert not await own.fits("Walnut river stone", "")


@pytest.mark.parametrize(
    "password", ["short", "x" * 201, "aaaaaaaaaaaa", "Password123!", "1234567890", "qwertyuiop", "anna is here"]
)
def test_what_others_would_try_first_is_no_password(password: str) -> None:
    with pytest.raises(WeakPassword):
        check(password, "anna")


def test_more_than_three_thousand_common_passwords_are_refused() -> None:
    words = Path(passwords.__file__).with_name("common.txt").read_text("utf-8").split()
    ends = (
        "1 12 123 1234 12345 123456 ! 1! 123! 01 007 69 99 2000 2024 2025 2026 2026! #1 @123 _1 .123 1990 1985".split()
    )
    tried = [one for word in words for end in ends for one in (word + end, (word + end).title(), end + word)]
    known = [one for one in tried if len(one) >= passwords.SHORTEST]
    assert len(known) > 3000 and [one for one in known if not passwords.is_common(one)] == []
    for one in ("p4$$w0rd123", "PassWord!PassWord", "iloveyou1iloveyou", "1q2w3e4r5t6z", "a123456789", "31121999xx"):
        assert passwords.is_common(one)


@pytest.mark.parametrize("password", ["walnut river stone", "ein Haus am See", "日本語のパスワードです", "4f!k2Lm9#q"])
def test_any_signs_make_a_password(password: str) -> None:
    check(password, "anna")


def test_a_token_counts_ten_minutes_and_says_whose_it_is() -> None:
    now = datetime.now(UTC)
    said = TOKENS.read(TOKENS.access("s", "anna", 3, now), "access")
    assert said is not None and (said["sid"], said["sub"], said["ver"]) == ("s", "anna", 3)
    assert said["exp"] - said["iat"] == 600
    assert TOKENS.read(TOKENS.access("s", "anna", 3, now - timedelta(minutes=11)), "access") is None


def test_a_token_of_another_kind_key_or_algorithm_is_none() -> None:
    pair = TOKENS.pair("s", "anna", 1, datetime.now(UTC), timedelta(days=1))
    claims = jwt.decode(pair.access, options={"verify_signature": False})
    forged = [
        jwt.encode(claims, b"1" * 32, "HS256"),
        jwt.encode(claims, None, "none"),
        jwt.encode(claims, b"0" * 64, "HS512"),
        jwt.encode({key: value for key, value in claims.items() if key != "sid"}, b"0" * 32, "HS256"),
        jwt.encode({**claims, "iss": "somebody"}, b"0" * 32, "HS256"),
        pair.access[:-4] + "AAAA",
        pair.refresh,
        "",
    ]
    assert TOKENS.read(pair.refresh, "access") is None and TOKENS.read(pair.access, "refresh") is None
    assert [one for one in forged if TOKENS.read(one, "access")] == []


def test_rests_grow_and_are_counted_by_name_and_by_address() -> None:
    at = [0.0]
    lockout = Lockout(clock=lambda: at[0])
    for _ in range(5):
        assert lockout.rests("name:a", "address:1") == 0
        lockout.tried("name:a", "address:1")
    assert lockout.rests("name:a") == 15 and lockout.rests("name:b", "address:1") == 0
    at[0] = 15
    lockout.tried("name:a", "address:1")
    assert lockout.rests("name:a") == 30
    for _ in range(14):
        lockout.tried("name:other", "address:1")
    assert lockout.rests("address:1") == 15
    lockout.succeeded("name:a", "address:1")
    assert lockout.rests("name:a") == 0 and lockout.rests("address:1") == 0


@given(st.integers(0, 10_000))
def test_a_rest_never_shrinks_with_more_wrong_tries_and_has_an_end(failures: int) -> None:
    assert rest_after(failures) <= rest_after(failures + 1) <= LONGEST_S


def test_a_code_of_now_or_a_moment_ago_belongs_to_its_step_and_no_other_does() -> None:
    secret = new_secret()
    clock, step = pyotp.TOTP(secret), int(NOW.timestamp()) // 30
    assert step_of(clock.at(NOW), secret, NOW) == step
    assert step_of(clock.at(NOW - timedelta(seconds=30)), secret, NOW) == step - 1
    far = clock.at(NOW - timedelta(minutes=10))
    assert far in {clock.at((step + near) * 30) for near in (-1, 0, 1)} or step_of(far, secret, NOW) is None
    assert step_of("nonsense", secret, NOW) is None and step_of("١٢٣٤٥٦", secret, NOW) is None
    picture = picture_of(address_for(secret, "anna"))
    assert re.match(r"<svg [^>]*viewBox=", picture)  # else a page that makes it smaller shows a part of it


def test_a_key_has_256_bits_and_only_its_own_secret_matches() -> None:
    made, other = new_key(), new_key()
    found = parts(made.text)
    assert found is not None and found[0] == made.id and len(found[1]) == 43
    assert matches(found[1], made.digest) and not matches(found[1], other.digest)
    assert parts(made.text + "x") is None and parts("sk-" + made.text[3:]) is None
    assert len(set(recovery_codes())) == 10


def test_each_role_holds_what_the_one_below_it_holds() -> None:
    for action in ("read", "write"):
        assert ALLOWED["viewer"][action] <= ALLOWED["member"][action] <= ALLOWED["owner"][action]


def test_a_scope_narrows_and_never_widens() -> None:
    def may(role: str, scopes: set[str], resource: str, action: str) -> bool:
        return allows(Principal("a", "a", role, "key:1", frozenset(scopes)), resource, action)  # type: ignore[arg-type]

    assert may("member", {"records:read"}, "records", "read")
    assert not may("member", {"records:read"}, "records", "write") and not may("member", {"*:read"}, "users", "read")
    assert may("owner", {"*"}, "users", "write") and not may("owner", set(), "records", "read")
    assert "users:write" in SCOPES


@pytest.mark.parametrize("path", ["/", "/api/v1/records", "/public", "/sign-in/x", "/SIGN-IN", "/api/v1/health/ready"])
def test_what_is_not_listed_is_not_public(path: str) -> None:
    assert not is_public(path)
