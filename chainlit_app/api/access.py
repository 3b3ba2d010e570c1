"""What every route is given: the runtime of this server and the user who asks."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from graph.runtime import Runtime


def _runtime(request: Request) -> Runtime:
    opened: Runtime = request.app.state.runtime
    return opened


def _user() -> str:
    return "local"  # one user, who sits at this computer; `origin` keeps other pages out


Opened = Annotated[Runtime, Depends(_runtime)]
User = Annotated[str, Depends(_user)]
