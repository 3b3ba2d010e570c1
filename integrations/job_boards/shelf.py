"""The lists fetched from boards, kept on disk so that no restart makes us ask a board more often than it allows.

What was asked for says much of the user: lists are sealed with a key of theirs, and no file's name tells a search.
"""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from integrations.job_boards.post import JobPost
from privacy.keys.ring import DataKey, Tampered, blind_with, open_with, seal_with

KEPT = 20
"""Lists kept for one board: the newest."""
SUFFIX, PLAIN_SUFFIX = ".sealed", ".json"
"""What the file of a list ends with, and what one of an earlier version did, which was in clear."""
_POSTS = TypeAdapter(list[JobPost])


@dataclass(frozen=True)
class Kept:
    """A list and the time it was fetched, in seconds since 1970."""

    at: float
    posts: list[JobPost]


class Shelf:
    """The kept lists, a file each. A file that cannot be read, or was sealed with another key, counts as none."""

    def __init__(self, folder: Path, key: DataKey) -> None:
        self._folder = folder
        self._key = key

    async def fresh(self, board: str, key: str, seconds: float) -> Kept | None:
        """The list fetched less than `seconds` ago, if there is one."""
        kept = await asyncio.to_thread(self._read, self._path(board, key))
        return kept if kept and 0 <= time.time() - kept.at < seconds else None

    async def put(self, board: str, key: str, posts: list[JobPost]) -> None:
        """Keep a list fetched now. Raises OSError when the disk refuses."""
        await asyncio.to_thread(self._write, self._path(board, key), Kept(time.time(), posts))

    def _path(self, board: str, key: str) -> Path:
        return self._folder / board / f"{blind_with(self._key, f'{board}|{key}', 'board')}{SUFFIX}"

    def _read(self, path: Path) -> Kept | None:
        try:
            data = json.loads(open_with(self._key, path.read_bytes(), _place(path)))
            return Kept(float(data["at"]), _POSTS.validate_python(data["posts"]))
        except (OSError, ValueError, KeyError, TypeError, ValidationError, Tampered):
            return None

    def _write(self, path: Path, kept: Kept) -> None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = path.with_suffix(".new")
        text = json.dumps({"at": kept.at, "posts": _POSTS.dump_python(kept.posts, mode="json")})
        fresh.write_bytes(seal_with(self._key, text.encode(), _place(path)))
        fresh.replace(path)
        newest_first = sorted(path.parent.glob(f"*{SUFFIX}"), key=lambda file: file.stat().st_mtime, reverse=True)
        for old in (*newest_first[KEPT:], *path.parent.glob(f"*{PLAIN_SUFFIX}")):
            old.unlink(missing_ok=True)


def _place(path: Path) -> str:
    return f"boards|{path.parent.name}|{path.stem}"
