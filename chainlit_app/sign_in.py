"""Stands before Chainlit's own routes: each belongs to a resource of the policy, and what is not listed is closed.

Chainlit knows people by a cookie of its own. No browser ever has it: here it is made for each request, for the account
that was proved, so that there is one session to end and not two.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from chainlit_app.api.problems import problem
from privacy.access.policy import Action, allows, is_public
from privacy.access.principal import Principal


@dataclass(frozen=True)
class Rule:
    """Which resource a path belongs to; `resource` is empty for what is closed. `example` is one such path."""

    methods: str
    path: str
    resource: str
    action: Action = "read"
    example: str = ""

    def meets(self, method: str, path: str) -> bool:
        """Whether a request comes under this rule."""
        return method in self.methods.split() and re.fullmatch(self.path, path) is not None


READS = "GET HEAD"
RULES = (
    Rule("POST GET OPTIONS WEBSOCKET", r"/ws/socket\.io/?", "chat", "write", "/ws/socket.io/"),
    Rule(READS, r"/(copilot|mcp|auth/oauth|project/share)(/.*)?", ""),
    Rule(READS, r"/auth/config", "system", "read", "/auth/config"),
    Rule(READS, r"/user", "account", "read", "/user"),
    Rule(READS, r"/project/(translations|settings)", "chat", "read", "/project/settings"),
    Rule(READS, r"/project/thread/[^/]+(/element/[^/]+)?", "threads", "read", "/project/thread/nothing"),
    Rule("POST", r"/project/threads", "threads", "read", "/project/threads"),
    Rule("PUT DELETE", r"/project/(thread|element)", "threads", "write", "/project/thread"),
    Rule("POST", r"/project/action", "chat", "write", "/project/action"),
    Rule(READS, r"/project/file/[^/]+", "files", "read", "/project/file/nothing"),
    Rule("POST", r"/set-session-cookie", "chat", "write", "/set-session-cookie"),
    Rule(READS, r"/.*", "chat", "read", "/thread/nothing"),  # the page itself, at every address it shows
)
"""What Chainlit answers, the first that meets a request counts."""


def rule_for(method: str, path: str) -> Rule | None:
    """The rule a request comes under; None or one without a resource is closed."""
    found = next((rule for rule in RULES if rule.meets(method, path)), None)
    return found if found and found.resource else None


class SignedIn:
    """ASGI middleware that lets through what the policy allows, with Chainlit's cookie for whoever was proved."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        principal: Principal | None = scope["state"]["principal"]
        public = is_public(scope["path"])
        if principal is not None and (public or self._admits(scope, principal)):
            await self.app({**scope, "headers": _with_cookie(scope, principal)}, receive, send)
        elif public:
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008, "reason": "not allowed"})
        else:
            await self._instead(scope, principal)(scope, receive, send)

    @staticmethod
    def _admits(scope: Scope, principal: Principal) -> bool:
        rule = rule_for(_method(scope), scope["path"])
        return rule is not None and allows(principal, rule.resource, rule.action)

    @staticmethod
    def _instead(scope: Scope, principal: Principal | None) -> Response:
        """What is answered where Chainlit is not asked."""
        rule = rule_for(_method(scope), scope["path"])
        if rule is None:
            return problem(404, "There is nothing here.")
        if principal is None:
            return problem(401, "Sign in first.")
        if scope["path"] == "/" and allows(principal, "dashboards", "read"):
            return RedirectResponse("/dashboard", 303)  # a viewer's first page
        return problem(403, f"Your account may not {rule.action} {rule.resource}: ask the owner of this server.")


def _with_cookie(scope: Scope, principal: Principal) -> list[tuple[bytes, bytes]]:
    from chainlit.auth import cookie as theirs

    name = theirs._auth_cookie_name  # which it reads once, when it is imported
    sent = Headers(scope=scope).get("cookie", "").split(";")
    others = [one.strip() for one in sent if one.strip() and not one.strip().startswith(name)]
    cookie = "; ".join([*others, f"{name}={_token(principal.account)}"])
    kept = [(key, value) for key, value in scope["headers"] if key not in (b"cookie", b"authorization")]
    return [*kept, (b"cookie", cookie.encode("latin-1"))]


def _token(account: str) -> str:
    from chainlit.auth import create_jwt
    from chainlit.user import User

    token: str = create_jwt(User(identifier=account, display_name="You"))
    return token


def _method(scope: Scope) -> str:
    return "WEBSOCKET" if scope["type"] == "websocket" else str(scope["method"])
