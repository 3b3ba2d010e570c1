"""The web app: the chat at ``/``, the API under ``/api/v1``, one process, bound to this computer.

OwnPageOnly (Host, Origin, security headers)
  └── Named (requests of programs, by name)
        └── Identified (who asks)
              └── Limited (how often)
                    └── FastAPI: /v1/… · /api/… · /dashboard · /project/file · everything else ─▶ Chainlit
"""

from __future__ import annotations

import asyncio
import gc
import os
import socket
import sys
import webbrowser
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import partial

import uvicorn
from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from agents import registry
from agents.spec import AgentSpec
from chainlit_app import framework
from chainlit_app.identity.binding import NotReachable, check_binding
from chainlit_app.identity.door import Door
from chainlit_app.identity.identified import Identified
from chainlit_app.limits.limited import Limited, too_soon
from chainlit_app.limits.rates import Rates
from chainlit_app.opened import runtime
from chainlit_app.origin import OwnPageOnly, hosts_of
from chainlit_app.sign_in import SignedIn
from chainlit_app.web_page import policy_for
from config.errors import Mendable
from config.settings import Settings
from config.setup.claim import Claim, Taken
from memory.restoring import finish, serving
from monitoring.self_check import self_check

SWITCH_S = 0.0005
"""Seconds after which a thread that computes lets the event loop go on; Python's own 5 ms would be paid at each read
of the database while a message is planned."""
ABOUT = "A freelancer's business partner that runs on your own computer."


class CannotServe(Mendable):
    """The server cannot start; the message says why and what to do."""


def create_app(settings: Settings, agents: Mapping[str, AgentSpec] | None = None) -> ASGIApp:
    """The whole app, with all agents unless some are given.

    One at a time in a process, because Chainlit keeps its state in modules.
    """
    framework.prepare(settings)
    page = framework.adopt(settings)

    from chainlit import server

    from chainlit_app import approvals, callbacks, chat, metrics, notifications, thumbs, uploads
    from chainlit_app.api import completions, docs, routes
    from chainlit_app.api.gateway import open_gateway
    from chainlit_app.api.named import Named
    from chainlit_app.dashboard import routes as dashboard
    from chainlit_app.dashboard.page import charts_folder
    from chainlit_app.identity import routes as identity
    from chainlit_app.identity.socket_guard import guard
    from chainlit_app.opened import opened
    from chainlit_app.replies import replies
    from graph.notices import Notifier
    from graph.pulse import beating
    from graph.schedule.run import Face
    from graph.schedule.scheduler import scheduling
    from graph.ways import outward

    assert callbacks  # importing it registers them
    door = Door(settings, lambda: runtime().stores)
    guard(door)
    rates = Rates(settings)
    replies.too_soon = partial(too_soon, rates)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        try:
            async with opened(settings, agents) as runtime:
                ways = {"page": notifications.show, **outward(runtime, approvals.show_new)}
                notifier = Notifier(runtime, ways)
                replies.answered = partial(notifications.answered, notifier)
                async with (
                    scheduling(runtime, Face(notifier, approvals.show_new, chat.lapse)),
                    beating(runtime, notifier),
                    door.watched(),
                ):
                    app.state.runtime = runtime
                    yield
                    runtime.closing.set()
                    await replies.interrupt()
                    await app.state.works.interrupt()
        finally:
            framework.clear(settings)

    app = FastAPI(
        title="FreelanceX",
        description=ABOUT,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
    )

    app.state.door = door

    @app.get("/api/docs", include_in_schema=False)
    async def documentation() -> HTMLResponse:
        return HTMLResponse(docs.page(app.openapi()))

    routes.include(app)
    app.include_router(completions.router)
    app.include_router(metrics.router)
    app.include_router(uploads.router)
    app.include_router(thumbs.router)
    app.include_router(dashboard.router)
    app.include_router(identity.router)
    open_gateway(app, settings)
    app.mount("/assets/charts", StaticFiles(directory=charts_folder()))
    app.mount("/assets", StaticFiles(directory=f"{server.build_dir}/assets"))  # with an ETag, unlike Chainlit's own
    app.mount("/", SignedIn(page))
    hosts = hosts_of(settings.host, settings.port, settings.trusted_hosts)
    policy = policy_for(server.get_html_template(""), hosts)
    return OwnPageOnly(Named(Identified(Limited(app, rates), door)), hosts, policy, door.by_https)


def serve(settings: Settings, agents: Mapping[str, AgentSpec] | None = None) -> int:
    """Serve until the user ends it, and return the exit status.

    Raises CannotServe when the address cannot be used, an agent is broken, the data cannot be worked on, or another
    FreelanceX does so already.
    """
    try:
        registry.load()  # a broken agent is said in one line, before anything else starts
    except registry.BrokenAgent as error:
        raise CannotServe(f"FreelanceX cannot start, because the file of an agent is broken: {error}") from error
    _check(settings)
    try:
        check_binding(settings)
    except NotReachable as error:
        raise CannotServe(str(error)) from None
    try:
        finish(settings.paths)
        with Claim(serving(settings.paths)):
            return _run(settings, agents)
    except Taken:
        raise CannotServe("FreelanceX runs on this data folder already; use that one, or stop it first.") from None


def _check(settings: Settings) -> None:
    """Say what is not as it should be. Raises CannotServe when one cannot go on with it."""
    for check in self_check(settings):
        if check.ok:
            continue
        line = f"{check.name}: {check.detail}. To mend it: {check.fix}."
        if check.needed:
            raise CannotServe(f"FreelanceX cannot start. {line}")
        sys.stdout.write(f"{line}\n")


def _run(settings: Settings, agents: Mapping[str, AgentSpec] | None) -> int:
    listening = _listen(settings)
    address = f"http://{settings.host}:{settings.port}"
    config = uvicorn.Config(
        create_app(settings, agents),
        host=settings.host,
        port=settings.port,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,  # `identity.proxied` hears them, from trusted proxies alone
        ws_max_size=4 * 1024 * 1024,
        timeout_graceful_shutdown=3,
    )
    server = _Announcing(config, address, show=settings.open_browser and _has_display())
    sys.setswitchinterval(SWITCH_S)
    with asyncio.Runner(loop_factory=config.get_loop_factory()) as runner:  # uvloop, but not on Windows
        runner.run(server.serve(sockets=[listening]))
    return 0 if server.started else 1


class _Announcing(uvicorn.Server):
    """Says where the app is once it answers there."""

    def __init__(self, config: uvicorn.Config, address: str, *, show: bool) -> None:
        super().__init__(config)
        self._address = address
        self._show = show

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        if not self.started:
            return
        gc.collect()
        gc.freeze()  # what was loaded stays: no later collection goes through it again while somebody waits
        sys.stdout.write(f"FreelanceX is ready on {self._address}\n")
        sys.stdout.flush()
        if self._show:
            await asyncio.to_thread(webbrowser.open, self._address)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        if self.started:
            runtime().closing.set()
        await super().shutdown(sockets=sockets)


def _listen(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    if os.name != "nt":  # there it would let two servers share the port
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((settings.host, settings.port))
        listening.listen(128)
    except OSError as error:
        listening.close()
        raise CannotServe(
            f"FreelanceX cannot use {settings.host}:{settings.port} ({error.strerror}): "
            f"close what uses it, or choose another port with FREELANCEX_PORT={settings.port + 1}."
        ) from error
    return listening


def _has_display() -> bool:
    return sys.platform in ("darwin", "win32") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
