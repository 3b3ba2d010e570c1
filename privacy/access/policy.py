"""What each role may do with each resource: one table, and the one question that is asked of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from privacy.access.principal import Principal, Role

Action = Literal["read", "write"]

OWN = (
    "account",
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
SHARED = ("agents", "models", "system", "tools")
"""What all users of a server have in common."""
TEAM = ("audit", "metrics", "settings", "users")
"""What shows or changes what others do, and how the server is set: whose mailbox it uses, where things lie."""
CONNECTED = ("connections",)
"""The mailbox, calendar, payments account and desktop of a server: who uses them acts in the owner's name."""
EVERYTHING = frozenset({*OWN, *SHARED, *TEAM, *CONNECTED})

ALLOWED: Mapping[Role, Mapping[Action, frozenset[str]]] = {
    "owner": {"read": EVERYTHING, "write": EVERYTHING},
    "member": {"read": frozenset({*OWN, *SHARED}), "write": frozenset(OWN)},
    "viewer": {"read": frozenset({"account", "dashboards", "records", "system"}), "write": frozenset({"account"})},
}
"""A viewer looks at the records of who invited them, as a bookkeeper would, and changes only their own account."""

SCOPES = frozenset(
    {"*", "*:read", "*:write", *(f"{one}:{action}" for one in EVERYTHING for action in ("read", "write"))}
)
"""What a key can be narrowed to."""

PUBLIC = frozenset(
    {
        "/sign-in",
        "/sign-in/colours.css",
        "/sign-in/oauth",
        "/sign-in/oauth/back",
        "/api/v1/auth/sign-in",
        "/api/v1/auth/refresh",
        "/api/v1/health",
        "/api/v1/health/live",
        "/dashboard/theme.css",
        "/favicon",
        "/logo",
    }
)
PUBLIC_UNDER = ("/public/", "/assets/", "/avatars/", "/invited/")
"""What is answered to anybody: signing in, whether the server lives, and what pages are made of."""


def is_public(path: str) -> bool:
    """Whether a path is answered to those nobody knows."""
    return path in PUBLIC or path.startswith(PUBLIC_UNDER)


def allows(principal: Principal, resource: str, action: Action) -> bool:
    """Whether a principal may do something with a resource."""
    if resource not in ALLOWED[principal.role][action]:
        return False
    return principal.scopes is None or not principal.scopes.isdisjoint({f"{resource}:{action}", f"*:{action}", "*"})
