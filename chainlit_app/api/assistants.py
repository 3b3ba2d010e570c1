"""Assistants of the user's own: to make, change, share, delete, and to ask (as a model of /v1, or by /ask)."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import HTTPException, Response
from pydantic import BaseModel, Field

from agents.specialists.assistants import AGENTS, NAME
from agents.tools.assistants.knowledge import MOST
from chainlit_app.api.access import Opened, User, may
from chainlit_app.api.completions import models
from chainlit_app.api.fields import At, Body, Given, Id, Name, Text, Yes
from chainlit_app.api.resource import Resource
from graph.runtime import Runtime
from memory.assistants import Assistant, AssistantError

router = Resource(prefix="/assistants", tags=["assistants"], dependencies=[may("assistants")])

Tier = Literal["fast", "balanced", "powerful"]


class Fields(Body):
    """What an assistant is: `agents` may do what its `documents` do not answer, `prompt` is its manner."""

    name: Annotated[Name, Field(min_length=1, max_length=60, examples=["Tax helper"])]
    prompt: Text = ""
    agents: Annotated[list[Id], Field(max_length=AGENTS, examples=[["math"]], default_factory=list)]
    documents: Annotated[list[Id], Field(max_length=MOST, default_factory=list)]
    tier: Tier = "balanced"
    shared: Yes = False


class Changes(Body):
    """The fields to set."""

    name: Annotated[Name, Field(min_length=1, max_length=60)] | None = None
    prompt: Text | None = None
    agents: Annotated[list[Id], Field(max_length=AGENTS)] | None = None
    documents: Annotated[list[Id], Field(max_length=MOST)] | None = None
    tier: Tier | None = None
    shared: Yes | None = None


class Shown(BaseModel):
    """An assistant. `model` is its name in /v1; `mine` says whether it can be changed.

    Of another's, the manner and the documents are not told.
    """

    id: str
    model: str
    name: str
    mine: bool
    prompt: str
    agents: list[str]
    documents: list[str]
    tier: str
    shared: bool
    made_at: At
    changed_at: At


class Listed(BaseModel):
    """Ones own first, then what others share."""

    items: list[Shown]


@router.get("")
async def list_assistants(runtime: Opened, user: User) -> Listed:
    """Those the user can talk to."""
    found = await models(user, runtime)
    return Listed(items=[_shown(one, name, user) for name, one in found.items() if one])


@router.post("", status_code=201)
async def make_assistant(sent: Fields, runtime: Opened, user: User, response: Response) -> Shown:
    """Make one."""
    await _check(sent.agents, sent.documents, user, runtime)
    try:
        made = await runtime.stores.assistants.add(Assistant(user=user, **sent.model_dump()))
    except AssistantError as error:
        raise HTTPException(409, str(error)) from error
    response.headers["Location"] = f"/api/v1/assistants/{made.id}"
    return await _one(made.id, user, runtime)


@router.get("/{id}")
async def get_assistant(id: Given, runtime: Opened, user: User) -> Shown:
    """One of them."""
    return await _one(id, user, runtime)


@router.patch("/{id}")
async def change_assistant(id: Given, sent: Changes, runtime: Opened, user: User) -> Shown:
    """Change one's own, or share it."""
    await _own(id, user, runtime)
    fields: dict[str, Any] = sent.model_dump(exclude_none=True)
    await _check(sent.agents or [], sent.documents or [], user, runtime)
    try:
        await runtime.stores.assistants.change(id, user=user, **fields)
    except AssistantError as error:
        raise HTTPException(409, str(error)) from error
    return await _one(id, user, runtime)


@router.delete("/{id}", status_code=204)
async def delete_assistant(id: Given, runtime: Opened, user: User) -> Response:
    """Delete one's own; its documents stay."""
    await _own(id, user, runtime)
    await runtime.stores.assistants.remove(id, user=user)
    return Response(status_code=204)


async def _check(agents: list[str], documents: list[str], user: str, runtime: Runtime) -> None:
    if unknown := [one for one in agents if one not in runtime.agents or one == NAME]:
        raise HTTPException(422, f"#/agents: there is no agent {unknown[0]} that it could hand on to.")
    for one in documents:
        if await runtime.stores.documents.get(one, user=user) is None:
            raise HTTPException(422, f"#/documents: {one} is no document that was read; POST /api/v1/documents reads.")


async def _own(id: str, user: str, runtime: Runtime) -> None:
    found = await runtime.stores.assistants.get(id, user=user)
    if found is None:
        raise HTTPException(404, "There is no such assistant.")
    if found.user != user:
        raise HTTPException(403, "Only who made it can change it.")


async def _one(id: str, user: str, runtime: Runtime) -> Shown:
    for name, one in (await models(user, runtime)).items():
        if one and one.id == id:
            return _shown(one, name, user)
    raise HTTPException(404, "There is no such assistant.")


def _shown(one: Assistant, model: str, user: str) -> Shown:
    mine = one.user == user
    told = one.model_dump(include=set(Shown.model_fields))
    hidden = {} if mine else {"prompt": "", "documents": []}
    return Shown.model_validate({**told, "model": model, "mine": mine, **hidden})
