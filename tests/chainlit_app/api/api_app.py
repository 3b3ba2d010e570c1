"""The API with all agents and conventions in this process, without the page, for the one local user."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send

from chainlit_app.api import routes
from chainlit_app.api.gateway import open_gateway
from chainlit_app.opened import opened
from config.settings import Settings
from privacy.access.principal import LOCAL


def api_app(data: Path) -> ASGIApp:
    """An app over its own data folder, from which nothing can go out."""
    settings = Settings(data_dir=data, offline=True, keys="file", embeddings="off", messages_per_minute=10_000)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with opened(settings, None) as runtime:
            app.state.runtime = runtime
            yield
            await app.state.works.interrupt()

    app = FastAPI(title="FreelanceX", openapi_url="/api/openapi.json", docs_url=None, redoc_url=None, lifespan=lifespan)
    app.include_router(routes.router)
    open_gateway(app, settings)

    async def local(scope: Scope, receive: Receive, send: Send) -> None:
        scope.setdefault("state", {})["principal"] = LOCAL
        await app(scope, receive, send)

    return local
