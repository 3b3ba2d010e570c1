"""Looks into a zip archive before anything unpacks it: a small file can hold gigabytes."""

from __future__ import annotations

import re
import zlib
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from integrations.media.documents.format import LockedDocument, UnreadableDocument

BROKEN = (BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError, zlib.error)
"""What opening and unpacking a damaged archive raises."""
MAX_INFLATED = 200 * 1024 * 1024
MAX_RATIO = 100
MAX_ENTRIES = 2_000
SMALL = 1024 * 1024
"""Below this size inflated, the ratio says nothing: blank XML packs very well."""


def shown_name(name: str) -> str:
    """A member's name as it may be shown or written: no folders, no control characters, no leading dots."""
    base = re.split(r"[\\/]", name)[-1]
    return re.sub(r"[\x00-\x1f\x7f<>:\"|?*\u202a-\u202e\u2066-\u2069]", "_", base).lstrip(". ").strip()[-80:] or "file"


def members(path: Path) -> list[str]:
    """The names in an archive; empty when it is none."""
    try:
        with ZipFile(path) as archive:
            return archive.namelist()
    except BROKEN:
        return []


def check_archive(path: Path) -> None:
    """Raise UnreadableDocument when the archive is broken, locked, or would unpack to too much.

    The stated sizes can be trusted as a limit: `zipfile` never unpacks more of a member than its directory states.
    """
    try:
        with ZipFile(path) as archive:
            entries = archive.infolist()
    except BROKEN as error:
        raise UnreadableDocument("The file is damaged or cut off; please save or download it again.") from error
    inflated = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries) or 1
    if any(entry.flag_bits & 1 for entry in entries):
        raise LockedDocument("The file is locked with a password; please save a copy without one and upload that.")
    if len(entries) > MAX_ENTRIES:
        raise UnreadableDocument(
            f"The file holds {len(entries):,} parts, more than the {MAX_ENTRIES:,} that are safe to open; "
            "please save it as PDF and upload that."
        )
    if inflated > MAX_INFLATED or (inflated > SMALL and inflated / packed > MAX_RATIO):
        raise UnreadableDocument(
            f"The file would unpack to {inflated / 1024 / 1024:,.0f} MB, which is not safe to open; "
            "please save it as PDF and upload that."
        )
