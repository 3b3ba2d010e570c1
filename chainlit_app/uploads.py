"""What the user uploads: first into a passing folder of the page's session, and with the message into the file store.

The type is read from the content where the name does not tell it: browsers send no type for many files, and some files
come without a suffix. A file that is empty or too large is refused with one sentence.
"""

from __future__ import annotations

import asyncio
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

import anyio
from chainlit.session import WebsocketSession
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from starlette.datastructures import UploadFile

from chainlit_app.api.access import Asking, may
from config.errors import Mendable
from memory.file_kinds import clean_name, kind_of, mime_of
from memory.files import FileRef, Files

router = APIRouter(include_in_schema=False, dependencies=[may("files")])

MAGIC: tuple[tuple[bytes, int, str], ...] = (
    (b"%PDF-", 0, "pdf"),
    (b"\x89PNG\r\n\x1a\n", 0, "png"),
    (b"\xff\xd8\xff", 0, "jpg"),
    (b"GIF8", 0, "gif"),
    (b"WEBP", 8, "webp"),
    (b"BM", 0, "bmp"),
    (b"II*\x00", 0, "tif"),
    (b"MM\x00*", 0, "tif"),
    (b"ftypheic", 4, "heic"),
    (b"ftypheix", 4, "heic"),
    (b"ftypmif1", 4, "heic"),
    (b"ftypM4A", 4, "m4a"),
    (b"ftyp", 4, "mp4"),
    (b"WAVE", 8, "wav"),
    (b"OggS", 0, "ogg"),
    (b"fLaC", 0, "flac"),
    (b"ID3", 0, "mp3"),
    (b"\x1aE\xdf\xa3", 0, "webm"),
    (b"PAR1", 0, "parquet"),
    (b"{\\rtf", 0, "rtf"),
)
OFFICE = {"word/": "docx", "xl/": "xlsx", "ppt/": "pptx", "content.xml": "odt", "META-INF/container.xml": "epub"}
HEAD = 8192
CONNECTS_WITHIN_S = 3


class Refused(Mendable):
    """A file cannot be taken; the message says why and what to do."""


@router.post("/project/file")
async def upload(request: Request, session_id: str, asking: Asking) -> JSONResponse:
    """Take one file of a page's session; answers with the id by which the message will name it."""
    session = await _session(session_id)
    if session is None or session.user is None or session.user.identifier != asking.account:
        return _refuse(404, "This page is no longer connected: reload it and attach the file again.")
    limit = request.app.state.runtime.settings.max_file_mb
    # Checked before anything is read: the form would otherwise fill the disk first.
    if int(request.headers.get("content-length") or 0) > (limit + 1) * 1024 * 1024:
        return _refuse(413, f"The file is larger than the {limit} MB that are accepted: send a smaller one.")
    async with request.form(max_files=1, max_fields=4) as form:
        file = form.get("file")
        if not isinstance(file, UploadFile):
            return _refuse(400, "No file came with this request: attach it again.")
        id, name = str(uuid4()), clean_name(file.filename or "file")
        path = request.app.state.runtime.stores.files.desk.place(f"uploads {session_id}") / id
        size = await _write(file, path)
    if size == 0 or size > limit * 1024 * 1024:
        path.unlink()
        reason = f"larger than the {limit} MB that are accepted" if size else "empty"
        return _refuse(413 if size else 400, f"{name} is {reason}: send another file.")
    name = await anyio.to_thread.run_sync(named_by_content, name, path)
    session.files[id] = {"id": id, "path": path, "name": name, "type": mime_of(name), "size": size}
    return JSONResponse({"id": id})


async def keep(sent: Mapping[str, Any], files: Files, *, thread: str, user: str) -> FileRef:
    """Move an upload into the file store. Raises Refused when it is gone or the disk is full."""
    try:
        kept = await files.put(Path(sent["path"]), str(sent["name"]), user=user, thread=thread)
        await anyio.Path(sent["path"]).unlink()
        return kept
    except FileNotFoundError:
        raise Refused(f"{sent['name']} is no longer here: attach it again.") from None
    except OSError as error:
        raise Refused(f"{sent['name']} could not be kept ({error.strerror}): make room on the disk.") from error


def named_by_content(name: str, path: Path) -> str:
    """The name with a suffix that says what the file is, where its own says nothing."""
    if kind_of(name) != "other":
        return name
    found = sniff(path)
    return f"{name}.{found}" if found else name


def sniff(path: Path) -> str | None:
    """The suffix a file's content speaks for, or None."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    for magic, offset, suffix in MAGIC:
        if head[offset : offset + len(magic)] == magic:
            return suffix
    if head.startswith(b"PK\x03\x04"):
        return _office(path)
    return _text(head)


def _office(path: Path) -> str | None:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()[:200]
    except zipfile.BadZipFile:
        return None
    return next((suffix for start, suffix in OFFICE.items() if any(name.startswith(start) for name in names)), None)


def _text(head: bytes) -> str | None:
    if b"\x00" in head:
        return None
    try:
        text = head.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if error.start < len(head) - 4:  # a character cut in two by the end of what was read is no fault
            return None
        text = head[: error.start].decode("utf-8-sig")
    lines = [line for line in text.splitlines()[:6] if line.strip()][:-1]
    for separator, suffix in ((",", "csv"), (";", "csv"), ("\t", "tsv")):
        counts = {line.count(separator) for line in lines}
        if len(lines) > 1 and len(counts) == 1 and counts.pop() > 0:
            return suffix
    return "txt" if text.strip() else None


async def _session(id: str) -> WebsocketSession | None:
    """A page's session; one that has just opened can send a file before its socket stands, so this waits a little."""
    for _ in range(CONNECTS_WITHIN_S * 10):
        if (session := WebsocketSession.get_by_id(id)) is not None:
            return session
        await asyncio.sleep(0.1)
    return None


async def _write(file: UploadFile, path: Path) -> int:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    size = 0
    async with await anyio.open_file(path, "wb") as target:
        while piece := await file.read(1024 * 1024):
            size += len(piece)
            await target.write(piece)
    return size


def _refuse(status: int, detail: str) -> JSONResponse:
    return JSONResponse({"detail": detail}, status_code=status)
