"""What every route is given: the runtime of this server, who asks, and whether they may.

A router states its resource once: ``APIRouter(prefix="/threads", dependencies=[may("threads")])``. Reading is GET and
HEAD, everything else is writing; a POST that only looks says so by ``may("research", "read")``.

What depends on a request is a coroutine even where it awaits nothing: FastAPI runs plain functions in threads, which
costs more than all the rest of a small request and lets it wait for whatever else the machine computes.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, HTTPException, Request
from fastapi.requests import HTTPConnection

from graph.runtime import Runtime
from privacy.access.policy import Action, allows
from privacy.access.principal import Principal


async def _runtime(connection: HTTPConnection) -> Runtime:
    opened: Runtime = connection.app.state.runtime
    return opened


def principal_of(connection: HTTPConnection) -> Principal:
    """Who a request or a socket comes from."""
    found: Principal = connection.state.principal
    return found


async def _asking(connection: HTTPConnection) -> Principal:
    return principal_of(connection)


async def _user(connection: HTTPConnection) -> str:
    return principal_of(connection).user


def may(resource: str, action: Action | None = None) -> Any:
    """A dependency that answers 403 to those whom the policy does not allow this. For HTTP routes."""

    async def check(request: Request) -> None:
        asked: Action = action or ("read" if request.method in ("GET", "HEAD") else "write")
        if not allows(principal_of(request), resource, asked):
            raise HTTPException(403, f"Your account may not {asked} {resource}: ask the owner of this server.")

    check.resource, check.action = resource, action  # type: ignore[attr-defined]  # for the walk over all routes
    return Depends(check)


Opened = Annotated[Runtime, Depends(_runtime)]
User = Annotated[str, Depends(_user)]
Asking = Annotated[Principal, Depends(_asking)]
