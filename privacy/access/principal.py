"""Who a request comes from, and whose rows it works with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Role = Literal["owner", "member", "viewer"]


def role_of(text: str) -> Role:
    """The role of this name; what is not known gets the least."""
    return "owner" if text == "owner" else "member" if text == "member" else "viewer"


@dataclass(frozen=True)
class Principal:
    """Whoever asks, as far as it was proved.

    `account` is who signed in; `user` is whose rows are worked with: the account itself, or for a viewer the one who
    invited them. `session` is the session or key it was proved by: once that is revoked, nothing is answered any more.
    `scopes` narrow what the role allows, as in ``records:read``; None narrows nothing.
    """

    account: str
    user: str
    role: Role
    session: str = ""
    scopes: frozenset[str] | None = None


LOCAL = Principal("local", "local", "owner")
"""The one user of a server that only this computer reaches: whoever sits at it."""
