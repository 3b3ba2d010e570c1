"""One router for each kind of business record, made from its declaration.

GET /records/KIND          POST /records/KIND              the list, and a new one
GET, PATCH, DELETE …/{id}  POST …/{id}/state               one of them; what is removed comes back by undo
GET …/{id}/history
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any, Literal

from fastapi import HTTPException, Query, Response
from pydantic import BaseModel, Field, create_model

from chainlit_app.api.access import Opened, User, may
from chainlit_app.api.fields import Body, Given, partial
from chainlit_app.api.pages import Page, Paged, place
from chainlit_app.api.records.changes import Changed, changes_of
from chainlit_app.api.records.doing import GONE, Doing
from chainlit_app.api.records.kinds import KINDS, Kind
from chainlit_app.api.records.shown import model_of, show
from chainlit_app.api.resource import Resource
from chainlit_app.api.versions import tag_of
from graph.runtime import Runtime

FILTERS = ("client", "project", "lead", "invoice", "state")
"""Columns by which a list can be narrowed, where a kind has them."""


def router_of(kind: Kind) -> Resource:
    """The routes of a kind."""
    router = Resource(prefix=f"/records/{kind.path}", tags=["records"], dependencies=[may("records")])
    shown: Any = model_of(kind)
    _list(router, kind, shown)
    _one(router, kind, shown)
    _make(router, kind, shown)
    if kind.changeable:
        _change(router, kind, shown)
    if kind.removable:
        _remove(router, kind, shown)
    if kind.states:
        _move(router, kind, shown)
    return router


def _list(router: Resource, kind: Kind, shown: Any) -> None:
    word: Any = Annotated[str, Field(max_length=64, pattern=r"^[A-Za-z0-9_.-]*$")]
    columns: dict[str, Any] = {name: (word, "") for name in FILTERS if name in kind.table.model_fields}
    narrow: Any = create_model(f"{kind.title}Filters", **columns)

    async def listed(asked: Paged, sent: Any, runtime: Opened, user: User) -> Any:
        wanted = [getattr(kind.table, name) == value for name, value in sent.model_dump().items() if value]
        rows = await asked.rows(runtime.stores.database, kind.table, kind.table.user == user, *wanted)
        return asked.page([show(kind, shown, row) for row in rows], [place(row) for row in rows])

    listed.__doc__ = f"The user's {kind.plural}, the newest first."
    _add(
        router,
        "GET",
        "",
        listed,
        f"list_{kind.plural.replace(' ', '_')}",
        body=Annotated[narrow, Query()],
        response_model=Page[shown],
    )


def _one(router: Resource, kind: Kind, shown: Any) -> None:
    async def one(id: Given, runtime: Opened, user: User) -> Any:
        return show(kind, shown, await _row(kind, id, runtime, user))

    async def history(id: Given, asked: Paged, runtime: Opened, user: User) -> Any:
        await _row(kind, id, runtime, user)
        return await changes_of(asked, runtime, user, id)

    one.__doc__ = f"One {kind.name}."
    history.__doc__ = f"What was changed in one {kind.name}, the newest first."
    _add(router, "GET", "/{id}", one, f"get_{kind.word}", response_model=shown)
    _add(router, "GET", "/{id}/history", history, f"history_of_{kind.word}", response_model=Page[Changed])


def _make(router: Resource, kind: Kind, shown: Any) -> None:
    async def made(sent: Any, runtime: Opened, user: User, response: Response) -> Any:
        row = await _doing(runtime, user).make(kind, sent.model_dump())
        response.headers["Location"] = f"/api/v1/records/{kind.path}/{row.id}"
        return _versioned(show(kind, shown, row), response)

    made.__doc__ = f"Make a {kind.name}."
    _add(router, "POST", "", made, f"add_{kind.word}", body=kind.fields, response_model=shown, status_code=201)


def _change(router: Resource, kind: Kind, shown: Any) -> None:
    async def change(id: Given, sent: Any, runtime: Opened, user: User) -> Any:
        row = await _row(kind, id, runtime, user)
        row = await _doing(runtime, user).change(kind, row, sent.model_dump(exclude_unset=True))
        return show(kind, shown, row)

    change.__doc__ = f"Set fields of a {kind.name}; those left out stay as they are."
    fields = partial(kind.fields, f"{kind.title}Change", *kind.fixed)
    _add(router, "PATCH", "/{id}", change, f"change_{kind.word}", body=fields, response_model=shown)


def _remove(router: Resource, kind: Kind, shown: Any) -> None:
    async def remove(id: Given, runtime: Opened, user: User) -> None:
        await _doing(runtime, user).remove(kind, await _row(kind, id, runtime, user))

    remove.__doc__ = f"Take a {kind.name} out of the books; undo brings it back."
    _add(router, "DELETE", "/{id}", remove, f"remove_{kind.word}", status_code=204)


def _move(router: Resource, kind: Kind, shown: Any) -> None:
    wanted: dict[str, Any] = {"state": (Literal[kind.states], ...)}
    state: Any = create_model(f"{kind.title}State", __base__=Body, __doc__="The state wanted.", **wanted)

    async def move(id: Given, sent: Any, runtime: Opened, user: User, response: Response) -> Any:
        row = await _row(kind, id, runtime, user)
        row = await _doing(runtime, user).move(kind, row, sent.state)
        return _versioned(show(kind, shown, row), response)

    move.__doc__ = f"Bring a {kind.name} into a state, where it may become that."
    _add(router, "POST", "/{id}/state", move, f"move_{kind.word}", body=state, response_model=shown)


def _add(
    router: Resource,
    method: str,
    path: str,
    endpoint: Callable[..., Any],
    name: str,
    *,
    body: Any = None,
    **more: Any,
) -> None:
    """Add a route; `sent` is of the type `body`, which was made just now."""
    endpoint.__annotations__ |= {"sent": body} if body else {}
    router.add_api_route(path, endpoint, methods=[method], name=name, **more)


def _doing(runtime: Runtime, user: str) -> Doing:
    return Doing(runtime.stores, user, date.today())


async def _row(kind: Kind, id: str, runtime: Runtime, user: str) -> Any:
    row = await runtime.stores.database.own(kind.table, id, user=user)
    if row is None:
        raise HTTPException(404, GONE)
    return row


def _versioned(found: BaseModel, response: Response) -> BaseModel:
    response.headers["ETag"] = tag_of(found)
    return found


ROUTERS = [router_of(kind) for kind in KINDS]
