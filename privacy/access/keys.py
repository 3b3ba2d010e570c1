"""Secrets that are told once and kept as a hash: API keys, links of invitations, recovery codes.

They have 256 bits of the system's random numbers (recovery codes 80, tried against a lock-out), so a plain SHA-256 is
enough: nobody can try them all.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass, field

PREFIX = "fx_"
_KEY = re.compile(r"fx_([0-9a-f]{12})_([A-Za-z0-9_-]{43})")


@dataclass(frozen=True)
class NewKey:
    """A key just made; `text` is what a program sends."""

    id: str
    text: str = field(repr=False)
    digest: str = field(repr=False)


def new_key() -> NewKey:
    """A key with 256 random bits."""
    id, secret = secrets.token_hex(6), new_secret()
    return NewKey(id, f"{PREFIX}{id}_{secret}", digest_of(secret))


def parts(text: str) -> tuple[str, str] | None:
    """Id and secret of a key, or None for what is none."""
    found = _KEY.fullmatch(text)
    return (found[1], found[2]) if found else None


def new_secret() -> str:
    """256 random bits in 43 signs."""
    return secrets.token_urlsafe(32)


def recovery_codes(count: int = 10) -> list[str]:
    """Codes for whoever lost their authenticator, 80 bits each, as in ``3f9c1-0b7aa-…``."""
    return ["-".join(secrets.token_hex(10)[start : start + 5] for start in range(0, 20, 5)) for _ in range(count)]


def digest_of(secret: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def matches(secret: str, digest: str) -> bool:
    """Whether a secret is the one that was kept as a digest; takes as long for every wrong one."""
    return hmac.compare_digest(digest_of(secret), digest)
