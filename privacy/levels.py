"""Privacy levels, what each allows, and which level a text or a file deserves by what is in it.

    public < internal < confidential < restricted

A column gets its level where its table is declared; what comes from outside is looked at. Detection has the limits of
`privacy.personal`, so it only ever raises a level: nothing becomes public by what was not found in it.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from enum import IntEnum

from privacy.personal import Kind, find


class Level(IntEnum):
    """How much harm it would do if others read it; levels can be compared."""

    PUBLIC = 0
    INTERNAL = 1
    CONFIDENTIAL = 2
    RESTRICTED = 3


@dataclass(frozen=True)
class Allowed:
    """What may happen to data of a level.

    `embedded`: turned into vectors, from which words can be won back. `elsewhere`: read by a model on another machine,
    where "redacted" means that personal data is replaced before. `logged`: written to logs. `sealed`: encrypted here.
    `days`: how long it may stay, at most, where nobody chose to keep it; of the user's own, they say how long.
    """

    embedded: bool
    elsewhere: str
    logged: bool
    sealed: bool
    days: int


ALLOWED: dict[Level, Allowed] = {
    Level.PUBLIC: Allowed(embedded=True, elsewhere="as it is", logged=True, sealed=False, days=1095),
    Level.INTERNAL: Allowed(embedded=True, elsewhere="as it is", logged=True, sealed=False, days=1095),
    Level.CONFIDENTIAL: Allowed(embedded=True, elsewhere="redacted", logged=False, sealed=True, days=730),
    Level.RESTRICTED: Allowed(embedded=False, elsewhere="never", logged=False, sealed=True, days=30),
}
_BY_KIND: dict[Kind, Level] = {"card": Level.RESTRICTED, "national id": Level.RESTRICTED}
_SECRETS = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----"
    r"|\b(?:sk|pk|rk)_(?:live|test)_\w{16,}|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_\w{36,}|\bxox[abpr]-[\w-]{10,}"
    r"|\b(?:password|passwort|passphrase|api[ _-]?key|secret|contraseña|senha|mot de passe)\s*[:=]\s*\S{6,}",
    re.IGNORECASE,
)
_SPECIAL = re.compile(
    r"\b(?:diagnos(?:is|es|ed|e)|medical record|patient(?:'s)? (?:name|id|record)|sick note|disability status"
    r"|hiv|religious belief|trade union member\w*|sexual orientation|criminal (?:record|conviction)s?"
    r"|krankschreibung|krankenakte|diagnóstico médico|dossier médical)\b",
    re.IGNORECASE,
)


def level_of(text: str, names: Collection[str] = ()) -> Level:
    """Restricted with secrets, cards, national ids or matters of Art. 9 and 10 GDPR, else by personal data in it.

    Confidential with any, internal without.
    """
    if _SECRETS.search(text) or _SPECIAL.search(text):
        return Level.RESTRICTED
    kinds = {one.kind for one in find(text, names)}
    return max((_BY_KIND.get(kind, Level.CONFIDENTIAL) for kind in kinds), default=Level.INTERNAL)
