"""The users of the server, for owners: list, invite, change, shut out."""

from __future__ import annotations

from typing import Literal

from fastapi import HTTPException, Request
from pydantic import BaseModel, Field

from chainlit_app.api.access import Asking, may
from chainlit_app.api.fields import At, Body, Given, Line, Yes
from chainlit_app.api.resource import Resource
from chainlit_app.identity import acts
from chainlit_app.identity.door import Door
from config.errors import Mendable
from memory.accounts import Account
from memory.database import now

router = Resource(prefix="/users", tags=["users"], dependencies=[may("users")])
Role = Literal["owner", "member", "viewer"]


class Person(BaseModel):
    """An account; `whose` is the user whose records it works with."""

    user: str
    name: str
    role: str
    whose: str
    active: bool
    second_factor: bool
    created_at: At


class Changed(Body):
    """Another role, or in or out."""

    role: Role | None = None
    active: Yes | None = None


class Invited(Body):
    """Who is to be let in: as what, or by a new password for an account there is; `note` is for the owner alone."""

    role: Role = "member"
    account: str = Field(default="", max_length=64, pattern=r"^[A-Za-z0-9_.-]*$")
    note: Line = ""


class Link(BaseModel):
    """Where to open it, once, within three days; told this once."""

    path: str = Field(examples=["/invited/Yx…"])


class Open(BaseModel):
    """An invitation nobody took yet."""

    id: str
    role: str
    note: str
    created_at: At
    expires_at: At


@router.get("")
async def listed(request: Request) -> list[Person]:
    """Every account, oldest first."""
    return [_person(one) for one in await request.app.state.door.stores().accounts.all()]


@router.get("/invitations")
async def invitations(request: Request) -> list[Open]:
    """The invitations nobody took yet, newest first."""
    rows = await request.app.state.door.stores().invitations.standing(now())
    return [Open.model_validate(row, from_attributes=True) for row in rows]


@router.post("/invitations", status_code=201)
async def invite(asked: Invited, request: Request, asking: Asking) -> Link:
    """A link for a new user, or for a new password."""
    door: Door = request.app.state.door
    try:
        return Link(path=await acts.invite(door, asking, asked.role, note=asked.note, account=asked.account))
    except Mendable as error:
        raise HTTPException(404, str(error)) from error


@router.patch("/{user}")
async def change(user: Given, asked: Changed, request: Request, asking: Asking) -> Person:
    """Give a user another role, or shut them out; they are signed out at once."""
    door: Door = request.app.state.door
    if await door.stores().accounts.get(user) is None:
        raise HTTPException(404, "There is no such user.")
    try:
        return _person(await acts.change_user(door, asking, user, asked.role, asked.active))
    except Mendable as error:
        raise HTTPException(409, str(error)) from error


def _person(row: Account) -> Person:
    fields = {"user", "name", "role", "whose", "active", "created_at"}
    return Person(**row.model_dump(include=fields), second_factor=bool(row.totp))
