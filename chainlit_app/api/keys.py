"""Keys for programs: made, replaced and ended; the secret is told once."""

from __future__ import annotations

from fastapi import HTTPException, Request, Response
from pydantic import BaseModel, Field

from chainlit_app.api.access import Asking, may
from chainlit_app.api.fields import At, Body, Given, Line, Name, Whole
from chainlit_app.api.resource import Resource
from chainlit_app.identity import acts
from chainlit_app.identity.door import Door
from config.errors import Mendable
from memory.api_keys import ApiKey
from memory.database import now

router = Resource(prefix="/keys", tags=["keys"], dependencies=[may("keys")])


class Asked(Body):
    """A key to make: what for, what it may, and for how many days (null: until it is ended)."""

    title: Name = Field(examples=["Invoices to my bookkeeper"])
    scopes: list[Line] = Field(min_length=1, max_length=60, examples=[["records:read"]])
    days: Whole | None = Field(default=90, ge=1, le=3650)


class Key(BaseModel):
    """A key, by the beginning that tells it apart. `replaces` is the one it came after, which counts a week longer."""

    id: str
    title: str
    starts: str = Field(examples=["fx_3f9c1b0a7d2e_"])
    scopes: list[str]
    replaces: str
    created_at: At
    expires_at: At | None
    used_at: At | None


class NewKey(Key):
    """A key just made: `key` is what a program sends, told this once."""

    key: str


@router.get("")
async def listed(request: Request, asking: Asking) -> list[Key]:
    """The keys that count, newest first."""
    at, rows = now(), await request.app.state.door.stores().api_keys.of(asking.account)
    return [Key(**_fields(row)) for row in rows if row.stands(at)]


@router.post("", status_code=201)
async def make(asked: Asked, request: Request, asking: Asking) -> NewKey:
    """Make a key. It may do no more than whoever makes it."""
    try:
        row, made = await acts.make_key(request.app.state.door, asking, asked.title, asked.scopes, asked.days)
    except Mendable as error:
        raise HTTPException(409, str(error)) from error
    return NewKey(**_fields(row), key=made.text)


@router.post("/{id}/rotate", status_code=201)
async def rotate(id: Given, request: Request, asking: Asking) -> NewKey:
    """A new key in the place of one, which counts for a week more."""
    try:
        row, made = await acts.rotate_key(request.app.state.door, asking, id)
    except Mendable as error:
        raise HTTPException(404, str(error)) from error
    return NewKey(**_fields(row), key=made.text)


@router.delete("/{id}", status_code=204)
async def end(id: Given, request: Request, asking: Asking) -> Response:
    """End a key at once."""
    door: Door = request.app.state.door
    if id not in {one.id for one in await door.stores().api_keys.of(asking.account)}:
        raise HTTPException(404, "You have no such key.")
    await door.end_key(id, asking.account)
    return Response(status_code=204)


def _fields(row: ApiKey) -> dict[str, object]:
    shown = row.model_dump(include={"id", "title", "scopes", "replaces", "created_at", "expires_at", "used_at"})
    return {**shown, "starts": f"fx_{row.id}_"}
