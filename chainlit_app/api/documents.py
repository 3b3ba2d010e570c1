"""Documents that were read, and search over them."""

from __future__ import annotations

from typing import Annotated

from fastapi import HTTPException, Query, Response
from pydantic import BaseModel

from agents.tools.documents.document_intake import opened, readable
from chainlit_app.api.access import Opened, User, may
from chainlit_app.api.fields import At, Body, Given, Id, Line
from chainlit_app.api.pages import Page, Paged, place
from chainlit_app.api.resource import Resource
from graph.runtime import Runtime
from memory.database import new_id
from memory.documents import Document, FoundPassage

router = Resource(prefix="/documents", tags=["documents"], dependencies=[may("documents")])


class Read(Body):
    """The file to read, uploaded before, and its password where it has one."""

    file: Id
    password: Line = ""


class Shown(BaseModel):
    """A document; `pages` is null where its format has none."""

    id: str
    name: str
    format: str
    pages: int | None
    headings: list[str]
    notes: list[str]
    read_at: At


class Passage(BaseModel):
    """A passage: in which document, at which place."""

    document: str
    number: int
    place: str
    page: int | None
    heading: str
    text: str


class Found(BaseModel):
    """The passages found, the best first."""

    items: list[Passage]


@router.get("")
async def list_documents(asked: Paged, runtime: Opened, user: User) -> Page[Shown]:
    """The documents, the last read first."""
    rows = await asked.rows(runtime.stores.database, Document, Document.user == user, by="read_at")
    page: Page[Shown] = asked.page([_shown(row) for row in rows], [place(row, "read_at") for row in rows])
    return page


@router.post("", status_code=201)
async def read_document(sent: Read, runtime: Opened, user: User, response: Response) -> Shown:
    """Read an uploaded file: PDF, Word, text, HTML, mail, slides, spreadsheets, also scanned."""
    file = await runtime.stores.files.get(sent.file, user=user)
    if file is None:
        raise HTTPException(404, "There is no such file: upload it first.")
    if not readable(file):
        raise HTTPException(422, "#/file: This cannot be read as a document.")
    occasion = new_id()
    try:
        document = await opened(file, runtime.deps(user, occasion), sent.password)
    finally:
        runtime.stores.files.desk.wipe(occasion)
    response.headers["Location"] = f"/api/v1/documents/{document.id}"
    return _shown(document)


@router.get("/search")
async def search_documents(
    runtime: Opened,
    user: User,
    q: Annotated[str, Query(min_length=1, max_length=500, examples=["notice period"])],
    document: Annotated[tuple[Id, ...], Query(max_length=50)] = (),
    limit: Annotated[int, Query(ge=1, le=200)] = 20,
) -> Found:
    """Passages that hold the words, in any of the documents or in those named."""
    found = await runtime.stores.documents.search(q.split(), user=user, documents=document or None, limit=limit)
    return Found(items=[_passage(one) for one in found])


@router.get("/{id}")
async def get_document(id: Given, runtime: Opened, user: User) -> Shown:
    """One document."""
    return _shown(await _own(id, runtime, user))


@router.get("/{id}/passages")
async def list_passages(id: Given, asked: Paged, runtime: Opened, user: User) -> Page[Passage]:
    """All it says, in reading order."""
    await _own(id, runtime, user)
    found = [_passage(one) for one in await runtime.stores.documents.passages(id, user=user)]
    page: Page[Passage] = asked.part(found, by="number")
    return page


@router.delete("/{id}", status_code=204)
async def forget_document(id: Given, runtime: Opened, user: User) -> Response:
    """Forget what was read; the file stays, and can be read again."""
    await _own(id, runtime, user)
    await runtime.stores.documents.delete(id, user=user)
    return Response(status_code=204)


async def _own(id: str, runtime: Runtime, user: str) -> Document:
    row = await runtime.stores.documents.get(id, user=user)
    if row is None:
        raise HTTPException(404, "There is no such document.")
    return row


def _shown(row: Document) -> Shown:
    return Shown.model_validate(row, from_attributes=True)


def _passage(found: FoundPassage) -> Passage:
    return Passage.model_validate(found, from_attributes=True)
