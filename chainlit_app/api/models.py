"""What the card for language models shows, and what its buttons do."""

from __future__ import annotations

from collections.abc import Awaitable

from fastapi import HTTPException
from pydantic import Field

from chainlit_app import model_card, settings_panel
from chainlit_app.api.access import Asking, Opened, User, may
from chainlit_app.api.fields import Body, Text
from chainlit_app.api.resource import Resource
from chainlit_app.model_card import Card, Choices
from chainlit_app.page import Page
from config.errors import Mendable
from graph.runtime import Runtime
from privacy.access.policy import allows

router = Resource(prefix="/models", tags=["models"], dependencies=[may("models")])


class Named(Body):
    """A model: a name of the ladder, the path of a .gguf file, ollama:NAME, or an address#NAME."""

    name: Text = Field(min_length=1, max_length=1000)


@router.get("")
async def card(runtime: Opened, asking: Asking) -> Card:
    """What the card shows; to those who may not choose, only what is in use."""
    shown = await model_card.card(runtime)
    return shown if allows(asking, "models", "write") else model_card.in_line(shown)


@router.get("/choices", dependencies=[may("models", "write")])
async def choices(runtime: Opened) -> Choices:
    """Everything that can be chosen."""
    return await model_card.choices(runtime)


@router.post("/install")
async def install(named: Named, runtime: Opened, user: User) -> Card:
    """Download a model, as the user just agreed to, or go on with it."""
    begun = model_card.install(runtime, named.name, lambda: settings_panel.show(Page.of(user), user))
    return await _after(begun, runtime)


@router.post("/pause")
async def pause(runtime: Opened) -> Card:
    """Let a download rest."""
    return await _after(runtime.downloads.pause(), runtime)


@router.post("/cancel")
async def cancel(runtime: Opened) -> Card:
    """Give a download up, with what has arrived of it."""
    return await _after(model_card.cancel(runtime), runtime)


@router.post("/use")
async def use(named: Named, runtime: Opened, user: User) -> Card:
    """Let a model write from now on."""
    return await _chosen(named.name, runtime, user)


@router.post("/none")
async def none(runtime: Opened, user: User) -> Card:
    """Work without a model from now on."""
    return await _chosen(None, runtime, user)


async def _chosen(name: str | None, runtime: Runtime, user: str) -> Card:
    card = await _after(runtime.models.use(name), runtime)
    await settings_panel.show(Page.of(user), user)
    return card


async def _after(done: Awaitable[None], runtime: Runtime) -> Card:
    """The card as it is once something is done; what the user can mend is said in one sentence."""
    try:
        await done
    except Mendable as error:
        raise HTTPException(409, str(error)) from error
    return await model_card.card(runtime)
