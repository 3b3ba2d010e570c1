"""What a session is proved by: a token of ten minutes for every request, and one to get the next pair with.

Both are JWTs signed with HS256 by a key of this installation. The first says session, account and its version;
the second only its session and 256 random bits, whose hash is kept.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import jwt

from privacy.access.keys import digest_of

ACCESS = timedelta(minutes=10)
ISSUER = "freelancex"
_NEEDED = ["exp", "iat", "iss", "aud", "jti", "sid"]


@dataclass(frozen=True)
class Pair:
    """Both tokens of a session, and the digest of the second, which is kept."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    digest: str = field(repr=False)


@dataclass(frozen=True)
class Tokens:
    """Makes and reads tokens with a `secret` of 32 bytes."""

    secret: bytes = field(repr=False)

    def pair(self, session: str, account: str, version: int, at: datetime, until: timedelta) -> Pair:
        """New tokens for a session; the second can be used `until` then."""
        number = secrets.token_urlsafe(32)
        refresh = self._made("refresh", session, at, until, jti=number)
        return Pair(self.access(session, account, version, at), refresh, digest_of(number))

    def access(self, session: str, account: str, version: int, at: datetime) -> str:
        """A token for requests."""
        return self._made("access", session, at, ACCESS, jti=secrets.token_urlsafe(12), sub=account, ver=version)

    def read(self, token: str, kind: str) -> Mapping[str, Any] | None:
        """What a token says; None for one that is not ours, of another kind, or too old."""
        try:
            said: dict[str, Any] = jwt.decode(
                token, self.secret, algorithms=["HS256"], audience=kind, issuer=ISSUER, options={"require": _NEEDED}
            )
        except jwt.InvalidTokenError:
            return None
        return said

    def _made(self, kind: str, session: str, at: datetime, lasts: timedelta, **more: Any) -> str:
        said = {"iss": ISSUER, "aud": kind, "sid": session, "iat": at, "exp": at + lasts, **more}
        return jwt.encode(said, self.secret, algorithm="HS256")
