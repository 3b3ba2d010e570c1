"""What is remembered about the user and their clients."""

from __future__ import annotations

from datetime import date

from fastapi import HTTPException, Response
from pydantic import BaseModel, Field
from sqlmodel import col

from chainlit_app.api.access import Opened, User, may
from chainlit_app.api.fields import At, Body, Given, Id, Name
from chainlit_app.api.pages import Page, Paged, place
from chainlit_app.api.resource import Resource
from memory.facts import Fact

router = Resource(prefix="/memory/facts", tags=["memory"], dependencies=[may("memory")])


class NewFact(Body):
    """A statement to remember. `client` is a name; `instead_of` the fact that it corrects."""

    text: Name = Field(examples=["Nova pays within 30 days"])
    client: Name | None = None
    instead_of: Id | None = None


class Remembered(BaseModel):
    """A fact: `kind` is told or noted, `confidence` runs from 0 to 1."""

    id: str
    text: str
    client: str | None
    kind: str
    confidence: float
    said_on: date
    at: At


@router.get("")
async def list_facts(asked: Paged, runtime: Opened, user: User) -> Page[Remembered]:
    """The facts that hold, the newest first."""
    wanted = [Fact.user == user, col(Fact.superseded_by).is_(None)]
    rows = await asked.rows(runtime.stores.database, Fact, *wanted, by="at")
    page: Page[Remembered] = asked.page([_shown(row) for row in rows], [place(row, "at") for row in rows])
    return page


@router.post("", status_code=201)
async def add_fact(sent: NewFact, runtime: Opened, user: User, response: Response) -> Remembered:
    """Remember something."""
    fact = Fact(user=user, text=sent.text, client=sent.client, said_on=date.today())
    kept = await runtime.stores.facts.add(fact, instead_of=sent.instead_of)
    response.headers["Location"] = f"/api/v1/memory/facts/{kept.id}"
    return _shown(kept)


@router.get("/{id}")
async def get_fact(id: Given, runtime: Opened, user: User) -> Remembered:
    """One fact."""
    row = await runtime.stores.database.own(Fact, id, user=user)
    if row is None:
        raise HTTPException(404, "There is no such fact.")
    return _shown(row)


@router.delete("/{id}", status_code=204)
async def forget_fact(id: Given, runtime: Opened, user: User) -> Response:
    """Forget a fact, with all it replaced."""
    if not await runtime.stores.facts.forget(user, [id]):
        raise HTTPException(404, "There is no such fact.")
    return Response(status_code=204)


def _shown(row: Fact) -> Remembered:
    return Remembered.model_validate(row, from_attributes=True)
