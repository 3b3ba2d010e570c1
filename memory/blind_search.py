"""Full-text search over words that the database cannot read.

    "Invoices for Müller" ──fold, stem──▶ invoic for muller ──HMAC of the user's search key──▶ 9f1c03ba 41d2… ──▶ FTS5

Each word becomes eight hexadecimal digits, which only the user's key relates to it. They are stored sorted, so that the
order of a sentence cannot be told; how often a word occurs can. What is searched as it is typed keeps the beginnings
of its words instead.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from functools import cache, lru_cache
from itertools import islice
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.orm import Session
from sqlmodel.ext.asyncio.session import AsyncSession

from privacy.keys.ring import KeyName, ring_of

BEGINNINGS = range(2, 13)
"""How many letters of a word can have been typed to find it; words that agree in the first twelve are one."""
DIGEST_BYTES = 4
_WORD = re.compile(r"[^\W_]+")


def words(text: str) -> list[str]:
    """The words of a text in order, in lower case and without accents."""
    if not text.isascii():
        text = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    return _WORD.findall(text.casefold())


def stems(text: str) -> list[str]:
    """The words of a text in order without their English endings, as Porter's rules (1980) take them off."""
    return [_stem(word) for word in words(text)]


def beginnings(text: str) -> set[str]:
    """What may have been typed of each word of a text."""
    return {word[:length] for word in set(words(text)) for length in BEGINNINGS if length <= len(word)}


def typed(text: str) -> list[str]:
    """What was typed of each word looked for, as `beginnings` keeps it. Single letters are left out."""
    return [word[: BEGINNINGS[-1]] for word in words(text) if len(word) >= BEGINNINGS[0]]


def tokens(connection: Connection, user: str, purpose: str, found: Iterable[str]) -> str:
    """Blind tokens for words, sorted and parted by spaces: a column for the full-text index.

    The user's search key is made where it is missing, on a connection that writes.
    """
    return " ".join(sorted(blinded(connection, user, purpose, found)))


def blinded(connection: Connection, user: str, purpose: str, found: Iterable[str]) -> list[str]:
    """The blind token of each word, to look for."""
    secret = _secret(connection, user, purpose)
    return [_token(secret, word) for word in found]


def blind(connection: Connection, user: str, purpose: str, text: str) -> str:
    """What stands for a text in a column that is looked up by it: 32 hexadecimal digits."""
    return ring_of(connection).blind(text, KeyName(user, "search"), purpose, connection)


async def tokens_of(session: AsyncSession, user: str, purpose: str, found: Sequence[str]) -> list[str]:
    """The blind token of each word, to look for."""
    return await session.run_sync(lambda sync: blinded(sync.connection(), user, purpose, found))


async def blinds(session: AsyncSession, user: str, purpose: str, texts: Iterable[str]) -> list[str]:
    """What stands for each of the texts, to look them up or keep them."""

    def each(sync: Session) -> list[str]:
        connection = sync.connection()
        return [blind(connection, user, purpose, text) for text in texts]

    return await session.run_sync(each)


async def blinder(session: AsyncSession, user: str, purpose: str) -> Callable[[Iterable[str]], list[str]]:
    """What makes blind tokens of words, each at its place; it needs no database and may run in any thread."""
    secret = await session.run_sync(lambda sync: _secret(sync.connection(), user, purpose))
    return lambda found: [_token(secret, word) for word in found]


def holds(found: Sequence[str], phrase: Sequence[str]) -> bool:
    """Whether the words of a phrase follow each other among the words of a text."""
    parts: Any = zip(*(islice(found, start, None) for start in range(len(phrase))), strict=False)
    return tuple(phrase) in parts


def _secret(connection: Connection, user: str, purpose: str) -> bytes:
    return bytes.fromhex(blind(connection, user, purpose, ""))


def _token(secret: bytes, word: str) -> str:
    return hashlib.blake2b(word.encode(), key=secret, digest_size=DIGEST_BYTES).hexdigest()


@lru_cache(maxsize=50_000)
def _stem(word: str) -> str:
    stemmed: str = _stemmer().stemWord(word)
    return stemmed


@cache
def _stemmer() -> Any:
    import snowballstemmer

    return snowballstemmer.stemmer("porter")
