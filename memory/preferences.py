"""How a user likes things: a row for each choice that is not the usual one."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Table, bindparam
from sqlmodel import Field

from memory.database import Database
from memory.sealed import Sealed, SealedRow


class Preference(SealedRow, table=True):
    """One choice; `value` is JSON."""

    __tablename__ = "preferences"
    user: str = Field(primary_key=True)
    name: str = Field(primary_key=True)
    value: Any = Field(sa_type=Sealed("json"), nullable=False)


_PREFERENCES: Table = Preference.__table__  # type: ignore[attr-defined]
_OF_USER = _PREFERENCES.select().where(_PREFERENCES.c.user == bindparam("owner"))


class Preferences:
    """The choices in one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def all(self, user: str) -> dict[str, Any]:
        """Every choice of a user by name."""
        rows = await self._database.rows(_PREFERENCES, _OF_USER, owner=user)
        return {row["name"]: row["value"] for row in rows}

    async def keep(self, user: str, **values: Any) -> None:
        """Keep these choices, and leave the others as they are."""
        async with self._database.write() as session:
            for name, value in values.items():
                await session.merge(Preference(user=user, name=name, value=value))
