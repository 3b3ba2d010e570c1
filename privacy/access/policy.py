"""What each role may do with each resource: one table, and the one question that is asked of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from privacy.access.principal import Principal, Role

Action = Literal["read", "write"]

OWN = (
    "approvals",
    "assistants",
    "chat",
    "dashboards",
    "datasets",
    "documents",
    "events",
    "files",
    "jobs",
    "keys",
    "memory",
    "notifications",
    "privacy",
    "profile",
    "records",
    "research",
    "schedules",
    "threads",
)
"""What belongs to each user."""
SHARED = ("agents", "models", "settings", "system", "tools")
"""What all users of a server have in common."""
TEAM = ("audit", "metrics", "users")
"""What shows or changes what others do."""

ALLOWED: Mapping[Role, Mapping[Action, frozenset[str]]] = {
    "owner": {"read": frozenset({*OWN, *SHARED, *TEAM}), "write": frozenset({*OWN, *SHARED, *TEAM})},
    "member": {"read": frozenset({*OWN, *SHARED}), "write": frozenset(OWN)},
    "viewer": {"read": frozenset({"dashboards", "records", "system"}), "write": frozenset()},
}
"""A viewer looks at the records of who invited them, as a bookkeeper would, and changes nothing."""


def allows(principal: Principal, resource: str, action: Action) -> bool:
    """Whether a principal may do something with a resource."""
    if resource not in ALLOWED[principal.role][action]:
        return False
    return principal.scopes is None or not principal.scopes.isdisjoint({f"{resource}:{action}", f"*:{action}", "*"})
