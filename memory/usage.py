"""How much each user of a server works with it: messages lately, and bytes of files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, func, select

from memory.database import Database
from memory.files import StoredFile
from memory.turns import Turn


@dataclass(frozen=True)
class Usage:
    """What one user used."""

    messages: int = 0
    bytes: int = 0


async def usage(database: Database, since: datetime) -> dict[str, Usage]:
    """Messages `since` then, and bytes of files, by user."""
    turns = select(Turn.user, func.count()).where(col(Turn.started_at) >= since).group_by(Turn.user)
    files = select(StoredFile.user, func.sum(StoredFile.size)).group_by(StoredFile.user)
    async with database.read() as session:
        messages = dict((await session.exec(turns)).all())
        sizes = dict((await session.exec(files)).all())
    return {user: Usage(messages.get(user, 0), int(sizes.get(user, 0))) for user in {*messages, *sizes}}
