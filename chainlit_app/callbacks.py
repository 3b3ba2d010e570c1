"""Registers FreelanceX with Chainlit: who the user is, where conversations are kept, starters, buttons, settings."""

from __future__ import annotations

from typing import Any

import chainlit as cl

from chainlit_app import chat, profiles, settings_panel, sockets, voice_listening
from chainlit_app.data_layer import DataLayer
from chainlit_app.identity.socket_guard import who
from chainlit_app.opened import runtime
from chainlit_app.page import Page, page_of
from chainlit_app.starters import BEGINNINGS
from privacy.access.policy import allows

__all__ = ["sockets", "voice_listening"]  # importing them registers their events


@cl.data_layer  # type: ignore[untyped-decorator]
def conversations() -> DataLayer:
    """Conversations on FreelanceX's own database."""
    return DataLayer(runtime)


@cl.header_auth_callback  # type: ignore[untyped-decorator]
async def user(_headers: Any) -> None:
    """Having this makes Chainlit ask who it is; `sign_in` answers for every request, so nobody comes here."""


@cl.on_chat_resume  # type: ignore[untyped-decorator]
async def resume(_thread: dict[str, Any]) -> None:
    """Having this lets threads be opened again; `sockets.connected` shows what is going on in them."""


@cl.set_starters  # type: ignore[untyped-decorator]
async def starters(_user: Any = None) -> list[cl.Starter]:
    """The buttons of an empty conversation."""
    return [
        cl.Starter(label=one.label, message=one.message, icon=f"/public/avatars/{one.icon}.svg") for one in BEGINNINGS
    ]


@cl.set_chat_profiles  # type: ignore[untyped-decorator]
async def assistants(user: cl.User | None = None, _language: str | None = None) -> list[cl.ChatProfile]:
    """The user's assistants, to choose one for a new conversation."""
    return await profiles.offered(user.identifier) if user else []


@cl.on_settings_update  # type: ignore[untyped-decorator]
async def settings(values: dict[str, Any]) -> None:
    """The user closed the settings panel."""
    page = _page()
    if not allows(who(), "models", "write"):  # the model is the whole server's
        values = {name: value for name, value in values.items() if name != "model"}
    await settings_panel.change(page, values, page.user)
    await settings_panel.show(page, page.user)


@cl.action_callback("send")  # type: ignore[untyped-decorator]
async def send(action: cl.Action) -> None:
    """A follow-up was chosen."""
    await _page().withdraw([action.id])
    await chat.say(_page(), str(action.payload.get("text", "")))


@cl.action_callback("decide")  # type: ignore[untyped-decorator]
async def decide(action: cl.Action) -> None:
    """Something that waits was approved or declined, or is to be changed first."""
    of, decision = action.payload, action.payload.get("decision")
    if decision in ("approve", "always", "reject"):
        await chat.approve(_page(), str(of.get("turn")), str(of.get("step")), decision)
    elif decision == "edit":
        here = page_of(cl.context.session, only=cl.context.session.socket_id)
        await chat.revise(here, str(of.get("turn")), str(of.get("step")))


@cl.action_callback("go_on")  # type: ignore[untyped-decorator]
async def go_on(action: cl.Action) -> None:
    """An interrupted answer goes on."""
    await chat.go_on(_page(), str(action.payload.get("turn")))


@cl.action_callback("try_again")  # type: ignore[untyped-decorator]
async def try_again(action: cl.Action) -> None:
    """An interrupted answer is written anew."""
    await chat.try_again(_page(), str(action.payload.get("turn")))


def _page() -> Page:
    return page_of(cl.context.session)
