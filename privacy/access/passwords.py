"""Passwords, hashed by Argon2id (RFC 9106): 64 MiB, 3 passes, 4 lanes, in threads and only a few at a time.

One that belongs to nobody is hashed all the same, so that the time tells nothing about who has an account.
"""

from __future__ import annotations

import asyncio
import re
from functools import cache
from pathlib import Path
from typing import Any

from config.errors import Mendable

SHORTEST, LONGEST = 10, 200
AT_ONCE = 2
"""How many are hashed at a time: each takes 64 MiB, and an attacker may send many."""
MARKS = "0123456789!?.,-_#*$@+ "
WALK = re.compile(r"(1q2w3e4r\w*|q1w2e3r4\w*|1qaz2wsx\w*|zaq1\w*|a1b2c3d4\w*|[a-z]{1,3}\d{7,}|\d{7,}[a-z]{1,3})")
"""Rows of keys, and numbers with a letter or three."""
WRITTEN = str.maketrans("4@310$57!", "aaelossti")
"""How people write letters with digits and signs: p4$$w0rd."""


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
    if is_common(password) or (name and name.casefold() in password.casefold()):
        raise WeakPassword(
            "That is among the first things others would try: take a few words that go together for you."
        )


def is_common(password: str) -> bool:
    """Whether a password is few signs, digits alone, or one or two common words with digits or signs about them."""
    plain = password.casefold()
    if len(set(plain)) < 5 or plain.isdigit():
        return True
    cores = {plain.strip(MARKS), plain.translate(WRITTEN).strip(MARKS), plain.strip(MARKS).translate(WRITTEN)}
    return any(core in _common() or _twice(core) for core in cores) or bool(WALK.fullmatch(plain))


def _twice(core: str) -> bool:
    return any(core[:cut] in _common() and core[cut:].strip(MARKS) in _common() for cut in range(3, len(core) - 2))


@cache
def _common() -> frozenset[str]:
    """The commonest words of lists of leaked passwords, without what is hung on them."""
    return frozenset(Path(__file__).with_name("common.txt").read_text("utf-8").split())


@cache
def _hasher() -> Any:
    from argon2 import PasswordHasher

    return PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=4)


@cache
def _nobodys() -> str:
    text: str = _hasher().hash("a password that nobody has")
    return text
