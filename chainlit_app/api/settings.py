"""How the user likes things, what they allow to go out, and how this installation is set."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import HTTPException
from pydantic import BaseModel, Field

from chainlit_app.api.access import Opened, User, may
from chainlit_app.api.fields import Body, Line
from chainlit_app.api.resource import Resource
from privacy.consent import PURPOSES

router = Resource(prefix="/settings", tags=["settings"])

HIDDEN = "set, and not shown"


class Setting(BaseModel):
    """One setting of the installation, and the environment variable that sets it. A secret is never shown."""

    name: str
    variable: str
    value: Any
    description: str


class Preferences(BaseModel):
    """The user's own choices: `allowed` names what may go out, of `purposes`."""

    allowed: list[str]
    purposes: dict[str, str]
    choices: dict[str, Any]


class PreferencesChange(Body):
    """What may go out from now on: all that is not named is taken back."""

    allowed: Annotated[list[Line], Field(max_length=50)] = Field(examples=[["job_boards"]])


@router.get("", dependencies=[may("settings")])
async def list_settings(runtime: Opened) -> list[Setting]:
    """How this installation is set; change it by environment variables or `.env`."""
    shown = runtime.settings.model_dump(mode="json")
    return [
        Setting(
            name=name,
            variable=f"FREELANCEX_{name.upper()}",
            value=_safe(shown[name]) if field.repr else HIDDEN if shown[name] else None,
            description=field.description or "",
        )
        for name, field in type(runtime.settings).model_fields.items()
    ]


@router.get("/preferences", dependencies=[may("profile")])
async def get_preferences(runtime: Opened, user: User) -> Preferences:
    """The user's own choices."""
    return await _preferences(runtime, user)


@router.patch("/preferences", dependencies=[may("profile")])
async def change_preferences(sent: PreferencesChange, runtime: Opened, user: User) -> Preferences:
    """Say what may go out."""
    unknown = sorted(set(sent.allowed) - set(PURPOSES))
    if unknown:
        raise HTTPException(422, f"#/allowed: There is no purpose {unknown[0]}; there are {', '.join(PURPOSES)}.")
    consents = runtime.stores.consents
    granted = await consents.granted(user)
    for name in sorted(set(sent.allowed) - granted):
        await consents.grant(user, name)
    for name in sorted(granted - set(sent.allowed)):
        await consents.revoke(user, name)
    return await _preferences(runtime, user)


async def _preferences(runtime: Any, user: str) -> Preferences:
    return Preferences(
        allowed=sorted(await runtime.stores.consents.granted(user)),
        purposes={name: purpose.title for name, purpose in PURPOSES.items()},
        choices=await runtime.stores.preferences.all(user),
    )


def _safe(value: Any) -> Any:
    """A value without the commands and addresses in it, which may hold keys."""
    return sorted(value) if isinstance(value, dict) else value
