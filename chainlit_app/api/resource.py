"""Where the routes of one resource are declared; a request for another resource passes them by at one look.

FastAPI compares a path with every route in turn, and those of a router within a router twice more. There are some two
hundred, so that this cost a small request more than all that was done for it.
"""

from __future__ import annotations

from functools import cached_property

from fastapi import APIRouter
from starlette.routing import BaseRoute, Match
from starlette.types import Scope

PREFIX = "/api/v1"
"""What the path of every resource begins with."""


class Resource(APIRouter):
    """A router that is included once, under `PREFIX`, when it has all its routes."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Whether one of the routes takes this path, as a full match or as one by another method."""
        return super().matches(scope) if scope["path"].startswith(self._beginnings) else (Match.NONE, {})

    @cached_property
    def _beginnings(self) -> tuple[str, ...]:
        """What the paths of the routes begin with, as far as it is the same for every request."""
        return tuple({PREFIX + _path(route).partition("{")[0] for route in self.routes})


def _path(route: BaseRoute) -> str:
    return str(getattr(route, "path", ""))
