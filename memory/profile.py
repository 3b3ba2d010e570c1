"""Who the freelancer is: name, title, skills, rate, languages, and whatever else they told.

Every field is one row, so that a fact can be listed, corrected and erased on its own.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import DateTime, Table, bindparam
from sqlmodel import Field, col, delete

from memory.database import Database, now
from memory.sealed import Sealed, SealedRow

LISTS = ("skills", "languages", "experience", "portfolio")
"""Fields that hold several values; all others hold one text."""


class ProfileField(SealedRow, table=True):
    """One fact about the user: `value` is a text or a list of texts."""

    __tablename__ = "profile"
    user: str = Field(primary_key=True)
    name: str = Field(primary_key=True)
    value: Any = Field(sa_type=Sealed("json"), nullable=False)
    updated_at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))


_PROFILE: Table = ProfileField.__table__  # type: ignore[attr-defined]
_OF_USER = _PROFILE.select().where(_PROFILE.c.user == bindparam("owner"))


class Profiles:
    """The profiles in one database.

    Known fields: name, title, company, email, phone, address, tax_id, iban, rate (``"80 EUR"`` an hour), currency,
    vat_percent, country, bio, availability, and the lists in `LISTS`.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def load(self, user: str) -> dict[str, Any]:
        """All fields of one user; empty for someone new."""
        rows = await self._database.rows(_PROFILE, _OF_USER, owner=user)
        return {row["name"]: row["value"] for row in rows}

    async def save(self, user: str, **fields: Any) -> dict[str, Any]:
        """Set these fields, leave the others, and return the whole. A field set to None is removed."""
        async with self._database.write() as session:
            for name, value in fields.items():
                await session.exec(
                    delete(ProfileField).where(col(ProfileField.user) == user, col(ProfileField.name) == name)
                )
                if value is not None:
                    session.add(ProfileField(user=user, name=name, value=value))
        return await self.load(user)
