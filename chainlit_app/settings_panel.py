"""The settings panel of the page: what the user allows to leave this computer, and what answers are written with."""

from __future__ import annotations

from typing import Any

from chainlit.input_widget import Switch, TextInput

from chainlit_app.opened import runtime
from chainlit_app.page import Page
from privacy.consent import PURPOSES

ALLOW = "allow_"


async def show(page: Page, user: str) -> None:
    """Send the panel with its present values."""
    granted = await runtime().stores.consents.granted(user)
    offline = runtime().settings.offline
    widgets = [
        Switch(
            id=ALLOW + purpose.name,
            label=purpose.title,
            initial=purpose.name in granted and not offline,
            disabled=offline,
            description=f"Sends {purpose.leaves}.",
        ).to_dict()
        for purpose in PURPOSES.values()
        if purpose.name in _asked_for()
    ]
    await page.settings([*widgets, _line("model", "Language model", _model()), _line("network", "Network", _network())])


async def change(values: dict[str, Any], user: str) -> None:
    """Keep what the user switched on or off."""
    consents = runtime().stores.consents
    granted = await consents.granted(user)
    for name in PURPOSES:
        wanted = values.get(ALLOW + name)
        if wanted is True and name not in granted:
            await consents.grant(user, name)
        elif wanted is False and name in granted and not runtime().settings.offline:
            await consents.revoke(user, name)


def _asked_for() -> set[str]:
    """The permissions that some agent asks for; a switch for anything else would do nothing."""
    return {consent for agent in runtime().agents.values() for consent in agent.consents}


def _line(id: str, label: str, text: str) -> dict[str, Any]:
    widget: dict[str, Any] = TextInput(id=id, label=label, initial=text, disabled=True).to_dict()
    return widget


def _model() -> str:
    model = runtime().models.backend()
    return model.name if model else "None: planner and agents work without one"


def _network() -> str:
    if runtime().settings.offline:
        return "Offline: nothing leaves this computer (FREELANCEX_OFFLINE)"
    return "Only what is allowed above leaves this computer"
