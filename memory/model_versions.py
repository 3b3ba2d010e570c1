"""The registry of trained models: their versions by what they predict from what, names for them, and their lineage.

A model itself is a sealed file; a row here says which version of which series it is, from which table it was made, and
which version came before.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import DateTime
from sqlmodel import Field, col, select

from memory.database import Database, now
from memory.sealed import Sealed, SealedRow


class ModelVersion(SealedRow, table=True):
    """One version; `id` is that of the model's file, `data` that of the table, `follows` the version before it."""

    __tablename__ = "model_versions"
    id: str = Field(primary_key=True)
    user: str = Field(index=True)
    run: str
    target: str = Field(sa_type=Sealed())
    source: str = Field(sa_type=Sealed())
    alias: str = Field(default="", sa_type=Sealed())
    data: str
    sha256: str
    version: int
    follows: str = ""
    metric: str
    score: float
    created_at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))


@dataclass(frozen=True)
class Trained:
    """What is told of a model that was trained: `data` is the file id of its table, `sha256` of what was in it."""

    run: str
    target: str
    source: str
    data: str
    sha256: str
    metric: str
    score: float


class ModelVersions:
    """The registry in one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, user: str, file: str, made: Trained) -> tuple[ModelVersion, ModelVersion | None]:
        """Enter a model as the next version of its series; returns it and the one before."""
        async with self._database.write() as session:
            rows = list(await session.exec(select(ModelVersion).where(ModelVersion.user == user)))
            series = [row for row in rows if (row.target, row.source) == (made.target, made.source)]
            last = max(series, key=lambda row: row.version, default=None)
            number = last.version + 1 if last else 1
            row = ModelVersion(id=file, user=user, version=number, follows=last.id if last else "", **vars(made))
            session.add(row)
            return row, last

    async def of(self, user: str) -> list[ModelVersion]:
        """The versions of a user, the newest first."""
        query = select(ModelVersion).where(ModelVersion.user == user).order_by(col(ModelVersion.created_at).desc())
        async with self._database.read() as session:
            return list(await session.exec(query))

    async def name(self, user: str, file: str, alias: str) -> bool:
        """Give a version a name, which no other then has; False when this user has no such version."""
        async with self._database.write() as session:
            rows = list(await session.exec(select(ModelVersion).where(ModelVersion.user == user)))
            if not any(row.id == file for row in rows):
                return False
            for row in rows:
                wanted = alias if row.id == file else "" if row.alias.casefold() == alias.casefold() else row.alias
                if row.alias != wanted:
                    row.alias = wanted
                    session.add(row)
            return True
