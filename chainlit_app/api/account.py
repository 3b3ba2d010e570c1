"""The account of whoever asks: who they are here, where they are signed in, password and second factor."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TypeVar

from fastapi import HTTPException, Request, Response
from pydantic import BaseModel, Field

from chainlit_app.api.access import Asking, may
from chainlit_app.api.fields import At, Body, Given
from chainlit_app.api.resource import Resource
from chainlit_app.identity import acts
from chainlit_app.identity.door import Door
from chainlit_app.identity.signing_in import NotSignedIn
from config.errors import Mendable
from memory.database import now
from privacy.access.second_factor import address_for

T = TypeVar("T")
router = Resource(prefix="/account", tags=["account"], dependencies=[may("account")])


class Me(BaseModel):
    """Who asks. `user` is whose records they work with, `scopes` what a key is narrowed to (null: nothing)."""

    account: str
    name: str
    user: str
    role: str
    scopes: list[str] | None
    second_factor: bool


class SignedIn(BaseModel):
    """A session; `here` is the one this request was proved by."""

    id: str
    way: str
    agent: str
    address: str
    created_at: At
    seen_at: At
    here: bool


class NewPassword(Body):
    """The password there is, and the one to be."""

    old: str = Field(min_length=1, max_length=200)
    new: str = Field(min_length=1, max_length=200)


class Code(Body):
    """What an authenticator shows."""

    code: str = Field(min_length=6, max_length=30, examples=["123456"])


class Password(Body):
    """The password, once more."""

    password: str = Field(min_length=1, max_length=200)


class Secret(BaseModel):
    """What an authenticator reads: as text, and as the address in its QR code."""

    secret: str
    address: str


class Recovery(BaseModel):
    """Codes that each let in once without the authenticator; told this once."""

    codes: list[str]


@router.get("")
async def me(request: Request, asking: Asking) -> Me:
    """Who asks."""
    known = await request.app.state.door.stores().accounts.get(asking.account)
    return Me(
        account=asking.account,
        name=known.name if known else "",
        user=asking.user,
        role=asking.role,
        scopes=sorted(asking.scopes) if asking.scopes is not None else None,
        second_factor=bool(known and known.totp),
    )


@router.get("/sessions")
async def sessions(request: Request, asking: Asking) -> list[SignedIn]:
    """Where one is signed in, the session used last first."""
    rows = await request.app.state.door.stores().sessions.of(asking.account, now())
    fields = {"id", "way", "agent", "address", "created_at", "seen_at"}
    return [SignedIn(**row.model_dump(include=fields), here=row.id == asking.session) for row in rows]


@router.delete("/sessions/{id}", status_code=204)
async def end(id: Given, request: Request, asking: Asking) -> Response:
    """End a session of one's own; whatever is open under it closes."""
    door: Door = request.app.state.door
    if id not in {one.id for one in await door.stores().sessions.of(asking.account, now())}:
        raise HTTPException(404, "You have no such session.")
    await door.end(id, asking.account)
    return Response(status_code=204)


@router.put("/password", status_code=204)
async def password(asked: NewPassword, request: Request, asking: Asking) -> Response:
    """Change the password; every other session ends."""
    door: Door = request.app.state.door
    await _done(acts.change_password(door, asking, asked.old, asked.new, door.where(request.scope)))
    return Response(status_code=204)


@router.post("/second-factor")
async def second_factor(request: Request, asking: Asking) -> Secret:
    """A secret for an authenticator. It counts once a code of it was sent."""
    door: Door = request.app.state.door
    secret = await _done(acts.begin_second_factor(door, asking))
    return Secret(secret=secret, address=address_for(secret, (await acts.account_of(door, asking)).name))


@router.put("/second-factor")
async def confirm(asked: Code, request: Request, asking: Asking) -> Recovery:
    """Ask for codes from now on."""
    return Recovery(codes=await _done(acts.finish_second_factor(request.app.state.door, asking, asked.code)))


@router.post("/second-factor/off", status_code=204)
async def off(asked: Password, request: Request, asking: Asking) -> Response:
    """Ask for codes no more."""
    door: Door = request.app.state.door
    await _done(acts.end_second_factor(door, asking, asked.password, door.where(request.scope)))
    return Response(status_code=204)


async def _done(act: Awaitable[T]) -> T:
    try:
        return await act
    except NotSignedIn as error:
        raise HTTPException(429 if error.rests else 403, str(error)) from error
    except Mendable as error:
        raise HTTPException(409, str(error)) from error
