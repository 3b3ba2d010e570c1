"""Every table in one place to import, so that a migration sees them all."""

from __future__ import annotations

from sqlalchemy import Connection

from memory.files import StoredFile
from memory.profile import ProfileField

__all__ = ["ProfileField", "StoredFile", "create_search"]


def create_search(connection: Connection) -> None:
    """The full-text indexes, which SQLModel cannot declare."""
