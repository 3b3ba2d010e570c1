"""What a file is: its kind and media type by its name, and how private it is by what it begins with."""

from __future__ import annotations

import re
from pathlib import Path

from privacy.levels import Level, level_of

KINDS: dict[str, tuple[str, ...]] = {
    "table": ("csv", "tsv", "xlsx", "xls", "parquet", "jsonl"),
    "document": (
        "pdf", "docx", "txt", "md", "rtf", "odt", "html", "htm", "eml", "mbox", "msg", "pptx", "ods", "epub", "zip",
        "py", "js", "ts", "java", "go", "rs", "php", "sql", "tex",
    ),
    "image": ("png", "jpg", "jpeg", "webp", "gif", "bmp", "tif", "tiff", "heic", "svg"),
    "audio": ("mp3", "wav", "m4a", "ogg", "opus", "flac", "webm"),
    "video": ("mp4", "mov", "mkv", "avi"),
}  # fmt: skip
MIME = {
    "csv": "text/csv", "tsv": "text/tab-separated-values", "jsonl": "application/jsonl", "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xls": "application/vnd.ms-excel",
    "pdf": "application/pdf", "txt": "text/plain", "md": "text/markdown", "html": "text/html", "htm": "text/html",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "rtf": "application/rtf",
    "odt": "application/vnd.oasis.opendocument.text", "eml": "message/rfc822", "mbox": "application/mbox",
    "zip": "application/zip",
    "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "webp": "image/webp", "gif": "image/gif",
    "bmp": "image/bmp", "tif": "image/tiff", "tiff": "image/tiff", "heic": "image/heic", "svg": "image/svg+xml",
    "mp3": "audio/mpeg", "wav": "audio/wav", "m4a": "audio/mp4", "ogg": "audio/ogg", "opus": "audio/opus",
    "flac": "audio/flac", "webm": "audio/webm", "mp4": "video/mp4", "mov": "video/quicktime", "mkv": "video/x-matroska",
    "avi": "video/x-msvideo", "ics": "text/calendar", "xml": "application/xml",
}  # fmt: skip
"""Media types by suffix: our own table, because the system's differs from machine to machine and is read from disk."""
TEXTS = {"application/json", "application/jsonl", "application/xml", "message/rfc822", "application/mbox"}
"""Media types of plain text beside those that begin with text/."""
FILM = "video/webm"
HEAD = 8192
LOOKED_INTO = 64 * 1024
"""Bytes of a text in which its level is looked for; the rest is when it is read as a document."""
_SEEN = (b"V_VP8", b"V_VP9", b"V_AV1", b"V_MPEG")
"""What the head of a WEBM names when it holds a film; browsers record mere sound as WEBM, too."""


def clean_name(name: str) -> str:
    """A file name without folders, control characters or leading dots, at most 120 characters."""
    base = re.split(r"[\\/]", name)[-1]
    base = re.sub(r"[\x00-\x1f\x7f<>:\"|?*]", "_", base).lstrip(". ").strip()
    stem, dot, suffix = base.rpartition(".")
    if dot and stem:
        return f"{stem[: 119 - len(suffix[:16])]}.{suffix[:16]}"
    return base[:120] or "file"


def kind_of(name: str) -> str:
    """The kind a file's name speaks for."""
    suffix = name.rpartition(".")[2].lower()
    return next((kind for kind, suffixes in KINDS.items() if suffix in suffixes), "other")


def mime_of(name: str) -> str:
    """The media type a file's name speaks for."""
    suffix = name.rpartition(".")[2].lower()
    return MIME.get(suffix, "application/octet-stream")


def mime_in(source: Path | bytes, name: str) -> str:
    """The media type a file's name speaks for, or a film's where its beginning names one."""
    mime = mime_of(name)
    if not name.lower().endswith(".webm"):
        return mime
    head = _head(source, HEAD)
    return FILM if any(codec in head for codec in _SEEN) else mime


def level_in(source: Path | bytes, mime: str) -> Level:
    """How private a file is by the beginning of it, where it is text."""
    if not (mime.startswith("text/") or mime in TEXTS):
        return Level.CONFIDENTIAL
    return max(Level.CONFIDENTIAL, level_of(_head(source, LOOKED_INTO).decode("utf-8", "ignore")))


def _head(source: Path | bytes, count: int) -> bytes:
    if isinstance(source, bytes):
        return source[:count]
    with source.open("rb") as file:
        return file.read(count)
