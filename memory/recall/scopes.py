"""Whose a text is: the user's own, one client's, or that of several, by the clients it names.

A turn about one client sees the user's own texts and this client's. A document or turn that names several concerns
several as a whole, for its sections may go on about either: it is seen only where the user searches for themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from memory.business.clients import Client, key_of


@dataclass(frozen=True)
class Whose:
    """Whose a chunk is."""

    client: str | None = None
    several: bool = False


@dataclass(frozen=True)
class Scope:
    """What a search sees: the user's own and these clients' texts, by id; with `whole` everything.

    With `mixed` also what concerns several, where its words name one of the clients: for the user's own eyes.
    """

    clients: frozenset[str] = frozenset()
    whole: bool = False
    mixed: bool = False

    def holds(self, client: str | None, several: bool, named: frozenset[str]) -> bool:
        """Whether a text that belongs to `client`, or to several, and names some, is within."""
        if self.whole:
            return True
        return bool(self.mixed and named & self.clients) if several else client is None or client in self.clients


OWN = Scope()
EVERYTHING = Scope(whole=True)


@dataclass(frozen=True)
class ClientNames:
    """The clients of one user by how they are written: `ids` by key."""

    ids: Mapping[str, str]
    _pattern: re.Pattern[str] | None = field(default=None, repr=False)

    @classmethod
    def of(cls, clients: Iterable[Client]) -> ClientNames:
        ids = {key: client.id for client in clients if len(key := key_of(client.name)) >= 2}
        keys = sorted(ids, key=len, reverse=True)  # the longest name that fits is the one meant
        either = "|".join(r"\s+".join(map(re.escape, key.split())) for key in keys)
        return cls(ids, re.compile(rf"(?<!\w)(?:{either})(?!\w)") if keys else None)

    def named(self, text: str) -> frozenset[str]:
        """The ids of the clients a text names."""
        if self._pattern is None:
            return frozenset()
        plain = re.sub(r"[^\w\s&+-]", "", text.casefold())
        return frozenset(self.ids[" ".join(found.split())] for found in self._pattern.findall(plain))


def whose(named: frozenset[str]) -> Whose:
    """Whose a text is that names some clients, together with what it is a part of."""
    return Whose(next(iter(named))) if len(named) == 1 else Whose(several=len(named) > 1)


def sees(scope: Scope, chunk: Any) -> list[Any]:
    """The conditions by which a search meets the chunks that its scope may hold; `chunk` is their table."""
    if scope.whole:
        return []
    mine = chunk.client.is_(None) | chunk.client.in_(sorted(scope.clients))
    return [mine] if scope.mixed else [mine, chunk.several.is_(False)]
