"""Who the freelancer is."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Request
from pydantic import BaseModel, Field, StringConstraints

from chainlit_app.api.access import Opened, User, may
from chainlit_app.api.fields import Body, Line, Text
from chainlit_app.api.resource import Resource
from chainlit_app.api.unchanged import version_needed

router = Resource(prefix="/user/profile", tags=["profile"], dependencies=[may("profile")])

Lines = Annotated[list[Line], Field(max_length=200)]


class ProfileFields(Body):
    """What is told of oneself. `rate` is in words, as in “80 EUR” an hour; what is null is not told."""

    name: Line | None = Field(None, examples=["Ada Rossi"])
    title: Line | None = Field(None, examples=["Backend developer"])
    company: Line | None = None
    email: Line | None = None
    phone: Line | None = None
    address: Text | None = None
    location: Line | None = None
    tax_id: Line | None = None
    iban: Line | None = None
    rate: Line | None = Field(None, examples=["80 EUR"])
    day_rate: Line | None = None
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] | None = Field(None, examples=["EUR"])
    vat_percent: Line | None = None
    country: Line | None = None
    bio: Text | None = None
    availability: Line | None = None
    skills: Lines | None = Field(None, examples=[["Python", "Django"]])
    languages: Lines | None = None
    experience: Annotated[list[Text], Field(max_length=200)] | None = None
    portfolio: Annotated[list[Text], Field(max_length=200)] | None = None


class Profile(BaseModel):
    """What is told of oneself, by field."""

    fields: dict[str, Any]


@router.get("")
async def get_profile(runtime: Opened, user: User) -> Profile:
    """The profile."""
    return _shown(await runtime.stores.profiles.load(user))


@router.put("")
async def put_profile(sent: ProfileFields, runtime: Opened, user: User, request: Request) -> Profile:
    """Set the whole profile: what is left out is not told any more. Needs If-Match, so that nothing is lost."""
    version_needed(request)
    return _shown(await runtime.stores.profiles.save(user, **sent.model_dump()))


def _shown(fields: dict[str, Any]) -> Profile:
    return Profile(fields=dict(sorted(fields.items())))
