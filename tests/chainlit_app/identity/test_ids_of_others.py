"""Every route that takes an id, asked by one member for what belongs to another: as if it were not there."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from chainlit_app.identity.walk import Way, ways
from memory.accounts import Account

PARAMETER = re.compile(r"\{(\w+)[^}]*\}")
OF_ALL = ("/api/v1/agents/", "/api/v1/models/", "/api/v1/users/")
"""What is no user's own: members read it, or may not come near it (the walk of roles says which)."""
SENT = {
    "records/clients": {"name": "Nova"},
    "records/leads": {"title": "Shop"},
    "records/proposals": {"title": "Shop"},
    "records/projects": {"title": "Shop"},
    "records/time": {"minutes": 60},
    "records/expenses": {"description": "Train", "amount": "10", "currency": "EUR"},
    "records/reminders": {"text": "Call", "day": "2026-12-01"},
    "assistants": {"name": "Helper", "prompt": "Be short."},
    "memory/facts": {"text": "Nova pays late"},
    "keys": {"title": "script", "scopes": ["records:read"]},
    "process_request": {"data": {"text": "what is 2 + 3?"}, "session_id": "hers"},
}
BODIES: dict[str, Any] = {"state": "done", "decision": "approve", "text": "x"}


@pytest.fixture(scope="module")
def hers(site: Any, people: dict[str, Account]) -> dict[str, str]:
    """Ids of what the owner has, by the path they are under."""
    made = {}
    for path, body in SENT.items():
        answer = site.ask("POST", f"/api/v1/{path}", site.as_(people["owner"]), json=body)
        assert answer.status_code in (200, 201), (path, answer.text)
        made[path] = str(answer.json().get("id") or answer.json().get("thread"))
    made["threads"] = made.pop("process_request")
    file = site.ask("POST", "/api/v1/files", site.as_(people["owner"]), files={"file": ("a.txt", b"words")})
    return {**made, "files": file.json()["id"], "documents": file.json()["id"]}


def test_nothing_of_another_user_is_read_changed_or_deleted_by_its_id(
    site: Any, people: dict[str, Account], hers: dict[str, str], record_property: Callable[[str, str], None]
) -> None:
    owner, member = site.as_(people["owner"]), site.as_(people["member"])
    taken = [way for way in ways(site.app) if way.path.startswith("/api/v1/") and PARAMETER.search(way.path)]
    asked = [way for way in taken if not way.path.startswith(OF_ALL)]
    let = [
        f"{way.method} {path}: {status}"
        for way in asked
        if (status := _status(site, way, member, path := _of(way, hers))) < 400
    ]
    assert not let
    kept = [path for path, id in hers.items() if path not in ("memory/facts", "keys", "documents")
            and site.get(f"/api/v1/{path}/{id}", owner).status_code != 200]  # fmt: skip
    assert not kept, "what was asked for is still its owner's"
    record_property("figures", f"{len(asked)} routes with an id of somebody else: none let in")


def _of(way: Way, hers: dict[str, str]) -> str:
    """The path with the id that belongs there, or with that of a conversation where nothing of its kind was made."""
    known = [id for path, id in hers.items() if way.path.startswith(f"/api/v1/{path}/")]
    return PARAMETER.sub(known[0] if known else hers["threads"], way.path)


def _status(site: Any, way: Way, headers: dict[str, str], path: str) -> int:
    body = {} if way.method in ("PATCH", "PUT") else BODIES if way.method == "POST" else None
    answer = site.ask(way.method, path, {**headers, "If-Match": "*"}, **({"json": body} if body is not None else {}))
    status: int = answer.status_code
    return status
