"""Passwords, hashed by Argon2id (RFC 9106): 64 MiB, 3 passes, 4 lanes, in threads and only a few at a time.

One that belongs to nobody is hashed all the same, so that the time tells nothing about who has an account.
"""

from __future__ import annotations

import asyncio
from functools import cache
from typing import Any

from config.errors import Mendable

SHORTEST, LONGEST = 10, 200
AT_ONCE = 2
"""How many are hashed at a time: each takes 64 MiB, and an attacker may send many."""
COMMON = frozenset(
    "password passwort passw0rd qwertyuiop qwertzuiop asdfghjkl 1q2w3e4r5t iloveyou letmein welcome administrator "
    "football baseball princess sunshine superman trustno1 changeme freelancex freelancer abcdefghij 1234567890 "
    "0123456789 9876543210 0987654321".split()
)
"""Words that make no password, also when signs and digits are hung on them."""


class WeakPassword(Mendable):
    """A password is too easy to guess; the message says what would do."""


class Passwords:
    """Hashes passwords and compares them."""

    def __init__(self) -> None:
        self._room = asyncio.Semaphore(AT_ONCE)

    async def hashed(self, password: str, name: str = "") -> str:
        """The hash to keep. Raises WeakPassword."""
        check(password, name)
        async with self._room:
            text: str = await asyncio.to_thread(_hasher().hash, password)
        return text

    async def fits(self, password: str, kept: str) -> bool:
        """Whether a password is the one that was hashed; nothing fits an empty hash, which takes as long to say."""
        from argon2.exceptions import VerificationError

        async with self._room:
            try:
                await asyncio.to_thread(_hasher().verify, kept or _nobodys(), password[: LONGEST + 1])
            except VerificationError:
                return False
        return bool(kept)


def check(password: str, name: str = "") -> None:
    """Raise WeakPassword for a password that is too short, too long, common, or made of the name."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise WeakPassword(f"A password has {SHORTEST} to {LONGEST} signs: a few words that do not belong together do.")
    core = password.casefold().strip("0123456789!?.,-_#*$ ")
    plain = password.casefold()
    if len(set(plain)) < 5 or core in COMMON or plain in COMMON or (name and name.casefold() in plain):
        raise WeakPassword(
            "That is among the first things others would try: take a few words that go together for you."
        )


@cache
def _hasher() -> Any:
    from argon2 import PasswordHasher

    return PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=4)


@cache
def _nobodys() -> str:
    text: str = _hasher().hash("a password that nobody has")
    return text
