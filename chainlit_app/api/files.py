"""Files of the file store: uploads by programs, and downloads for the page.

What a user uploads or a web page held is never run: only pictures, sound, video and PDF are shown in place, all under a
policy that forbids scripts; everything else is downloaded.
"""

from __future__ import annotations

from fastapi import APIRouter, HTTPException, UploadFile
from fastapi.responses import FileResponse
from pydantic import BaseModel
from starlette.background import BackgroundTask

from chainlit_app.api.access import Opened, User
from memory.database import new_id

router = APIRouter(tags=["files"])

INLINE = ("image/png", "image/jpeg", "image/gif", "image/webp", "image/svg+xml", "application/pdf", "audio/", "video/")
NO_SCRIPTS = "default-src 'none'; img-src 'self' data:; media-src 'self'; style-src 'unsafe-inline'; sandbox"


class Stored(BaseModel):
    """A file in the store; `size` is in bytes."""

    id: str
    name: str
    mime: str
    size: int
    kind: str


@router.get("/files/{file_id}", response_class=FileResponse)
async def download(file_id: str, runtime: Opened, user: User) -> FileResponse:
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


@router.post("/files", status_code=201)
async def upload(file: UploadFile, runtime: Opened, user: User) -> Stored:
    """Put a file into the store, to name it in a message."""
    data = await file.read()
    limit = runtime.settings.max_file_mb
    if not data or len(data) > limit * 1024 * 1024:
        raise HTTPException(413 if data else 400, f"A file may not be empty or larger than {limit} MB.")
    kept = await runtime.stores.files.put(data, file.filename or "file", user=user)
    return Stored(id=kept.id, name=kept.name, mime=kept.mime, size=kept.size, kind=kept.kind)
