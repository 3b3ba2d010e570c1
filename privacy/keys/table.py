"""The table of data keys, each wrapped by the master key."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import DateTime, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel


class DataKeyRow(SQLModel, table=True):
    """One data key. `client` is the client whose data it seals, "" for the user's own; the newest one writes."""

    __tablename__ = "data_keys"
    __table_args__ = (UniqueConstraint("user", "kind", "client", "number"),)
    id: bytes = Field(primary_key=True, sa_type=LargeBinary(16))
    user: str
    kind: str
    client: str = ""
    number: int
    wrapped: bytes = Field(sa_type=LargeBinary)
    made_at: datetime = Field(sa_type=DateTime(timezone=True))
    retired_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
