"""The lists fetched from boards, kept on disk so that no restart makes us ask a board more often than it allows."""

from __future__ import annotations

import asyncio
import hashlib
import json
import time
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from integrations.job_boards.post import JobPost

KEPT = 20
"""Lists kept for one board: the newest."""
_POSTS = TypeAdapter(list[JobPost])


@dataclass(frozen=True)
class Kept:
    """A list and the time it was fetched, in seconds since 1970."""

    at: float
    posts: list[JobPost]


class Shelf:
    """The kept lists, a file each. A file that cannot be read counts as none."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def fresh(self, board: str, key: str, seconds: float) -> Kept | None:
        """The list fetched less than `seconds` ago, if there is one."""
        kept = await asyncio.to_thread(self._read, self._path(board, key))
        return kept if kept and 0 <= time.time() - kept.at < seconds else None

    async def put(self, board: str, key: str, posts: list[JobPost]) -> None:
        """Keep a list fetched now. Raises OSError when the disk refuses."""
        await asyncio.to_thread(self._write, self._path(board, key), Kept(time.time(), posts))

    def _path(self, board: str, key: str) -> Path:
        return self._folder / board / f"{hashlib.sha256(key.encode()).hexdigest()[:16]}.json"

    def _read(self, path: Path) -> Kept | None:
        try:
            data = json.loads(path.read_bytes())
            return Kept(float(data["at"]), _POSTS.validate_python(data["posts"]))
        except (OSError, ValueError, KeyError, TypeError, ValidationError):
            return None

    def _write(self, path: Path, kept: Kept) -> None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = path.with_suffix(".new")
        fresh.write_text(json.dumps({"at": kept.at, "posts": _POSTS.dump_python(kept.posts, mode="json")}))
        fresh.replace(path)
        for old in sorted(path.parent.glob("*.json"), key=lambda file: file.stat().st_mtime, reverse=True)[KEPT:]:
            old.unlink(missing_ok=True)
