"""The API with all agents and conventions in this process, without the page: only who holds a key is answered."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI

from chainlit_app.api import completions, routes
from chainlit_app.api.gateway import open_gateway
from chainlit_app.api.named import Named
from chainlit_app.identity.door import Door
from chainlit_app.identity.identified import Identified
from chainlit_app.opened import opened
from config.settings import Settings
from memory.stores import open_stores


def settings_in(data: Path) -> Settings:
    """Settings with which nothing can go out."""
    return Settings(
        data_dir=data, offline=True, keys="file", embeddings="off", messages_per_minute=10_000, auth="password"
    )


async def key_in(data: Path) -> str:
    """The key of an owner, made before the app opens."""
    stores = await open_stores(settings_in(data))
    try:
        account = await stores.accounts.add("ada", "owner")
        _, made = await stores.api_keys.make(account.user, "tests", ["*"], None)
        return made.text
    finally:
        await stores.close()


def api_app(data: Path) -> Named:
    """An app over its own data folder."""
    settings = settings_in(data)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with opened(settings, None) as runtime:
            app.state.runtime = runtime
            yield
            await app.state.works.interrupt()

    app = FastAPI(title="FreelanceX", openapi_url="/api/openapi.json", docs_url=None, redoc_url=None, lifespan=lifespan)
    routes.include(app)
    app.include_router(completions.router)
    open_gateway(app, settings)
    app.state.door = Door(settings, lambda: app.state.runtime.stores)
    return Named(Identified(app, app.state.door))
