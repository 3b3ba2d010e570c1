"""Files of the file store: uploads by programs, and downloads for the page.

What a user uploads or a web page held is never run: only pictures, sound, video and PDF are shown in place, all under a
policy that forbids scripts; everything else is downloaded.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import HTTPException, Query, Response, UploadFile
from fastapi.responses import FileResponse
from pydantic import BaseModel
from starlette.background import BackgroundTask

from chainlit_app.api.access import Opened, User, may
from chainlit_app.api.fields import At, Given
from chainlit_app.api.pages import Page, Paged, place
from chainlit_app.api.resource import Resource
from graph.runtime import Runtime
from memory.database import new_id
from memory.file_kinds import kind_of
from memory.files import FileRef, StoredFile

router = Resource(prefix="/files", tags=["files"], dependencies=[may("files")])

INLINE = ("image/png", "image/jpeg", "image/gif", "image/webp", "image/svg+xml", "application/pdf", "audio/", "video/")
NO_SCRIPTS = "default-src 'none'; img-src 'self' data:; media-src 'self'; style-src 'unsafe-inline'; sandbox"
BYTES: dict[int | str, dict[str, Any]] = {
    200: {"content": {"*/*": {"schema": {"type": "string", "format": "binary"}}}},
    206: {"description": "The part asked for by Range.", "content": {"*/*": {}}},
    416: {"description": "No such part.", "content": {"text/plain": {}}},
}


class Stored(BaseModel):
    """A file in the store; `size` is in bytes, `kind` table, document, image, audio, video or other."""

    id: str
    name: str
    mime: str
    size: int
    kind: str


class Listed(Stored):
    """A file of the list: who made it, when, and in which conversation."""

    made_by: str
    thread: str
    created_at: At


@router.get("")
async def list_files(
    asked: Paged,
    runtime: Opened,
    user: User,
    made_by: Annotated[str, Query(max_length=64, pattern=r"^[a-z_]*$")] = "",
) -> Page[Listed]:
    """The user's files, the newest first; with `made_by`, those of “user” or of one agent."""
    wanted = [StoredFile.user == user, *([StoredFile.made_by == made_by] if made_by else [])]
    rows = await asked.rows(runtime.stores.database, StoredFile, *wanted)
    page: Page[Listed] = asked.page([listed(row) for row in rows], [place(row) for row in rows])
    return page


@router.get("/{file_id}", response_class=FileResponse, responses=BYTES)
async def download(file_id: Given, runtime: Opened, user: User) -> FileResponse:
    """A file's bytes."""
    file = await runtime.stores.files.get(file_id, user=user)
    if file is None:
        raise HTTPException(404, "There is no such file.")
    occasion = new_id()
    return FileResponse(
        await runtime.stores.files.lay(file, occasion),
        media_type=file.mime,
        filename=file.name,
        content_disposition_type="inline" if file.mime.startswith(INLINE) else "attachment",
        headers={"Content-Security-Policy": NO_SCRIPTS, "Cache-Control": "no-store"},
        background=BackgroundTask(runtime.stores.files.desk.wipe, occasion),
    )


@router.post("", status_code=201)
async def upload(file: UploadFile, runtime: Opened, user: User, response: Response) -> Stored:
    """Put a file into the store, to name it in a message."""
    kept = await taken(file, runtime, user)
    response.headers["Location"] = f"/api/v1/files/{kept.id}"
    return shown(kept)


async def taken(file: UploadFile, runtime: Runtime, user: str) -> FileRef:
    """Keep an uploaded file. Raises HTTPException for one that is empty or too large."""
    data = await file.read()
    limit = runtime.settings.max_file_mb
    if not data or len(data) > limit * 1024 * 1024:
        raise HTTPException(413 if data else 400, f"A file may not be empty or larger than {limit} MB.")
    return await runtime.stores.files.put(data, file.filename or "file", user=user)


def shown(file: FileRef) -> Stored:
    """A file as it is shown."""
    return Stored(id=file.id, name=file.name, mime=file.mime, size=file.size, kind=file.kind)


def listed(row: StoredFile) -> Listed:
    """A file of a list as it is shown."""
    return Listed(**row.model_dump(include=set(Listed.model_fields)), kind=kind_of(row.name))
