"""The settings panel of the page: what answers are written with, and what the user allows to leave this computer."""

from __future__ import annotations

from typing import Any

from chainlit.input_widget import Select, Switch, TextInput

from chainlit_app import model_card, voice_wishes
from chainlit_app.opened import runtime
from chainlit_app.page import Page
from config.errors import Mendable
from privacy.consent import PURPOSES, title_of

ALLOW = "allow_"
NO_MODEL = "none"
"""What the page sends for no model: its lists know no empty value."""


async def show(page: Page, user: str) -> None:
    """Send the panel with its present values."""
    granted = await runtime().stores.consents.granted(user)
    offline, asked_for = runtime().settings.offline, await _asked_for(user)
    widgets = [
        Switch(
            id=ALLOW + purpose.name,
            label=purpose.title,
            initial=purpose.name in granted and not offline,
            disabled=offline,
            description=f"Sends {purpose.leaves}.",
        ).to_dict()
        for purpose in PURPOSES.values()
        if purpose.name in asked_for
    ]
    parts = [  # what is allowed for one place only can be taken back here; it is given where it is asked
        Switch(id=ALLOW + name, label=title_of(name), initial=True, disabled=offline).to_dict()
        for name in sorted(granted)
        if name not in PURPOSES
    ]
    voice = await voice_wishes.widgets(user)
    await page.settings([await _model(user), *voice, *widgets, *parts, _line("network", "Network", _network())])


async def change(page: Page, values: dict[str, Any], user: str) -> None:
    """Keep what the user switched on or off, and let the chosen model write from now on."""
    await voice_wishes.keep(values, user)
    consents = runtime().stores.consents
    granted = await consents.granted(user)
    for name in {*PURPOSES, *granted}:
        wanted = values.get(ALLOW + name)
        if wanted is True and name not in granted:
            await consents.grant(user, name)
        elif wanted is False and name in granted and not runtime().settings.offline:
            await consents.revoke(user, name)
    wanted = values.get("model")
    if isinstance(wanted, str) and wanted != (model_card.in_use(runtime()) or NO_MODEL):
        try:
            await runtime().models.use(None if wanted == NO_MODEL else wanted)
        except Mendable as error:
            await page.toast(str(error), "error")


async def _asked_for(user: str) -> set[str]:
    """The permissions that some agent may ask this user for; a switch for anything else would do nothing."""
    deps = runtime().deps(user, "")
    asking = [one for one in runtime().agents.values() if not one.resource or await deps.may(one.resource)]
    return {consent for agent in asking for consent in agent.consents}


def _line(id: str, label: str, text: str) -> dict[str, Any]:
    widget: dict[str, Any] = TextInput(id=id, label=label, initial=text, disabled=True).to_dict()
    return widget


async def _model(user: str) -> dict[str, Any]:
    """What can be chosen at once; the card on the empty page installs more."""
    used = model_card.in_use(runtime())
    named = {choice.title: choice.name for choice in await model_card.at_hand(runtime())}
    widget: dict[str, Any] = Select(
        id="model",
        label="Language model",
        items={"None: it works without one": NO_MODEL, **named},
        initial_value=used or NO_MODEL,
        disabled=runtime().settings.model is not None or not await runtime().deps(user, "").may("models"),
    ).to_dict()
    return widget


def _network() -> str:
    if runtime().settings.offline:
        return "Offline: nothing leaves this computer (FREELANCEX_OFFLINE)"
    return "Only what is allowed above leaves this computer"
