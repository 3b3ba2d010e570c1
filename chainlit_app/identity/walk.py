"""Every way in with what the policy asks for it: routes, Chainlit's own, the events of its socket, agents' effects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, APIWebSocketRoute, iter_route_contexts
from starlette.routing import Mount, Route

from chainlit_app.sign_in import RULES
from privacy.access.policy import ALLOWED, Action, is_public
from privacy.access.principal import Role

Need = tuple[str, Action]
BY_PROOF = frozenset({"/api/openapi.json", "/api/docs"})
"""What whoever is signed in may see: it says nothing of anybody."""
SOCKETS: Mapping[str, Need] = {"/api/v1/events": ("events", "read")}
"""What the app's own WebSockets ask the policy once they are open, so that they can say why not."""
CHAT: Need = ("chat", "write")
"""What every effect needs, because agents are asked for it."""
ROLES: tuple[Role, ...] = ("owner", "member", "viewer")


@dataclass(frozen=True)
class Way:
    """One way in: an HTTP method and path, an event, or an agent's effect. Every one of `needs` has to be allowed.

    A path without needs is `public`, or open to all who are signed in, or was forgotten (`guarded` is False).
    """

    method: str
    path: str
    needs: tuple[Need, ...]
    chainlit: bool = False

    @property
    def public(self) -> bool:
        return is_public(self.path)

    @property
    def guarded(self) -> bool:
        return bool(self.needs) or self.public or self.path in BY_PROOF

    def admits(self, role: Role) -> bool:
        """Whether a role may, as far as the policy says."""
        return all(resource in ALLOWED[role][action] for resource, action in self.needs)


def within(app: Any) -> FastAPI:
    """The app behind everything that stands before it."""
    while not isinstance(app, FastAPI):
        app = app.app
    return app


def ways(app: FastAPI) -> list[Way]:
    """Every way into an app."""
    return [*_routes(app), *_chainlit(), *_events(), *_effects()]


def table(found: Sequence[Way]) -> str:
    """The ways as lines: method, path, need, and who may."""
    lines = [f"{'':9} {'':58} {'needs':24} {'owner':7}{'member':7}{'viewer':7}nobody"]
    for way in found:
        needs = ", ".join(f"{resource}:{action}" for resource, action in way.needs) or ("public" if way.public else "")
        cells = "".join(f"{'yes' if way.admits(role) else '–':7}" for role in ROLES)
        lines.append(f"{way.method:9} {way.path:58} {needs:24} {cells}{'yes' if way.public else '–'}")
    return "\n".join(lines)


def _routes(app: FastAPI) -> Iterator[Way]:
    for route in iter_route_contexts(app.routes):
        kind = route.original_route
        if isinstance(kind, APIWebSocketRoute):
            need = SOCKETS.get(str(route.path))
            yield Way("WEBSOCKET", str(route.path), (need,) if need else ())
        elif isinstance(kind, APIRoute):
            for method in sorted(route.methods or ()):
                yield Way(method, str(route.path), tuple(_needs(route.dependant, method)))
        elif isinstance(kind, Route):
            yield Way("GET", str(route.path), ())
        elif not isinstance(kind, Mount):  # what is mounted are files of the program, and Chainlit, which has rules
            raise TypeError(f"The walk does not know how {kind} is reached.")


def _needs(dependant: Dependant, method: str) -> Iterator[Need]:
    for one in dependant.dependencies:
        if resource := getattr(one.call, "resource", ""):
            action: Action = getattr(one.call, "action", None) or ("read" if method in ("GET", "HEAD") else "write")
            yield (resource, action)
        yield from _needs(one, method)


def _chainlit() -> Iterator[Way]:
    for rule in RULES:
        if rule.resource:
            method = rule.methods.partition(" ")[0]
            yield Way(method, rule.example, ((rule.resource, rule.action),), chainlit=True)


def _events() -> Iterator[Way]:
    from chainlit_app.identity.socket_guard import EVENTS

    for event, need in EVENTS.items():
        yield Way("event", event, (need,), chainlit=True)


def _effects() -> Iterator[Way]:
    from agents.registry import load

    for name, spec in load().items():
        for effect in spec.effects:
            resource = spec.resource_of(effect)
            yield Way("effect", f"{name}.{effect}", (CHAT, (resource, "write")) if resource else (CHAT,))
