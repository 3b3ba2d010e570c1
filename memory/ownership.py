"""Which rows and files belong to a user: found by walking every table, so that no table can be forgotten.

A table says whose a row is by its column `user`, or by `thread` through the conversation. A table with neither is a
mistake, and is refused rather than left out.
"""

from __future__ import annotations

import json
from pathlib import Path

from sqlalchemy import ColumnElement, Table, and_, or_, select
from sqlmodel import SQLModel

from memory import tables as _every_table  # noqa: F401  registers them all
from memory.conversations import Thread
from privacy.access.principal import LOCAL


class UnownedTable(Exception):
    """A table whose rows belong to nobody; the message names it."""


def tables() -> list[Table]:
    """Every table, those that others refer to first."""
    return list(SQLModel.metadata.sorted_tables)


def owned(table: Table, user: str) -> ColumnElement[bool]:
    """The condition for the rows of a user. Raises UnownedTable."""
    columns = table.columns
    threads = select(Thread.__table__.c.id).where(Thread.__table__.c.user == user)  # type: ignore[attr-defined]
    if "user" in columns and "thread" in columns:
        return or_(columns["user"] == user, and_(columns["user"] == "", columns["thread"].in_(threads)))
    if "user" in columns:
        return columns["user"] == user
    if "thread" in columns:
        return columns["thread"].in_(threads)
    raise UnownedTable(f"The table '{table.name}' has neither a column 'user' nor 'thread'.")


def runs_of(folder: Path, user: str) -> list[Path]:
    """The AutoML runs of a user. Those that name no owner were made at this computer, or cut short there."""
    if not folder.is_dir():
        return []
    return [run for run in sorted(folder.iterdir()) if run.is_dir() and _owner(run) == user]


def _owner(run: Path) -> str:
    try:
        manifest = json.loads((run / "manifest.json").read_text("utf-8"))
        return str(manifest.get("config", {}).get("owner", "")) or LOCAL.user
    except (OSError, ValueError, AttributeError):
        return LOCAL.user
