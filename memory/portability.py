"""Everything a user has here, in one ZIP that opens anywhere: for programs, for people, their files and AutoML runs."""

from __future__ import annotations

import base64
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import anyio
from sqlalchemy import Connection, RowMapping, Table, select

from memory.database import now
from memory.files import Files
from memory.ownership import owned, runs_of, tables
from memory.readable import as_csv, conversations, page
from memory.sealed import opened
from memory.stores import Stores

EXPORTER = "privacy"
"""Who makes exports: earlier ones are left out, or each would hold all before it."""
KEPT_BACK = {"data_keys", "chunks", "samples"}
"""Tables that say nothing more about the user: keys that open what is sealed here, and only here, the index by
which the rest is found, and figures of this computer."""
SECRETS = {
    "accounts": {"password", "totp", "recovery"},
    "sessions": {"refresh", "former"},
    "api_keys": {"digest"},
    "invitations": {"digest"},
}
"""Columns that only prove who somebody is: a copy of them would help nobody but a thief."""
README = """Everything FreelanceX keeps about you, as of {at}.

everything.html  all of it to read, in a browser
conversations/   what was said, one text for each conversation
tables/          each table as JSON (a list of objects, amounts as exact text, times in UTC) and as CSV
files/           what you uploaded and what was made for you, in folders named by id (see tables/files.json)
runs/            your AutoML runs, with their reports and models
other/           what is kept outside the database, such as the log of what left this machine
"""


@dataclass(frozen=True)
class Export:
    """What went into a ZIP: rows by table, and the numbers of files and runs."""

    rows: dict[str, int]
    files: int
    runs: int


async def rows_of(stores: Stores, user: str) -> dict[str, list[dict[str, Any]]]:
    """Every row of a user by table, as JSON. One moment in time: all tables are read in one transaction."""
    found: dict[str, list[dict[str, Any]]] = {}
    async with stores.database.read() as session:
        connection = await session.connection()
        for table in tables():
            if table.name in KEPT_BACK:
                continue
            result = await connection.execute(select(table).where(owned(table, user)))
            rows = await connection.run_sync(_opened, table, result.mappings().all())
            secret = SECRETS.get(table.name, set())
            found[table.name] = [
                {key: _plain(value) for key, value in row.items() if key not in secret} for row in rows
            ]
    return found


async def export(
    stores: Stores,
    runs: Path,
    user: str,
    target: Path,
    *,
    other: Mapping[str, Any] | None = None,
    words: Mapping[str, str] | None = None,
) -> Export:
    """Write everything of a user to `target`; each of `other` becomes a JSON file, `words` say what is in a table.

    The ZIP is plain: make it on the desk, and seal it or hand it out. Raises OSError, Tampered or Shredded.
    """
    rows = await rows_of(stores, user)
    readable = page(rows, words or {}, now().isoformat(timespec="seconds"))
    outside = {
        "everything.html": readable,
        **{f"other/{name}.json": _json(value) for name, value in (other or {}).items()},
    }
    return await anyio.to_thread.run_sync(_write, rows, stores.files, runs_of(runs, user), outside, target)


def _write(
    rows: dict[str, list[dict[str, Any]]], store: Files, runs: list[Path], texts: dict[str, str], target: Path
) -> Export:
    files = 0
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        archive.writestr("README.txt", README.format(at=now().isoformat(timespec="seconds")))
        for name, table in rows.items():
            archive.writestr(f"tables/{name}.json", _json(table))
            archive.writestr(f"tables/{name}.csv", as_csv(table))
        for name, text in {**texts, **dict(conversations(rows["threads"], rows["steps"]))}.items():
            archive.writestr(name, text)
        for row in rows["files"]:
            if row["made_by"] != EXPORTER and (store.folder / row["id"]).is_dir():
                with archive.open(f"files/{row['id']}/{row['name']}", "w", force_zip64=True) as entry:
                    for piece in store.pieces(row["id"]):
                        entry.write(piece)
                files += 1
        for run in runs:
            for path in sorted(run.rglob("*")):
                if path.is_file() and not path.is_symlink():
                    archive.write(path, f"runs/{run.name}/{path.relative_to(run).as_posix()}")
    return Export({name: len(table) for name, table in rows.items()}, files, len(runs))


def _opened(connection: Connection, table: Table, rows: Sequence[RowMapping]) -> list[dict[str, Any]]:
    return [opened(connection, table, dict(row)) for row in rows]


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value
