"""Databases as earlier versions left them: opened by this one, nothing is lost, and nothing stays in clear."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from config.settings import Settings
from memory.migrations import MIGRATIONS
from memory.ownership import tables
from memory.portability import rows_of
from memory.sealed import Sealed
from memory.stores import open_stores

OLD = sorted(Path(__file__).with_name("old").glob("version*.sql"))
"""One for each version that there was, with a row of Ana's in every table it had."""
DERIVED = {("clients", "key"), ("job_asks", "job"), ("job_leads", "source"), ("told_jobs", "job")}
"""What was kept to be found by, and is a blind index now."""
DERIVED |= {("saved_searches", name) for name in ("every", "hour", "problem")}
"""When a search runs is in its schedule now."""

pytestmark = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


@pytest.fixture(params=OLD, ids=[path.stem for path in OLD])
def before(request: pytest.FixtureRequest, settings: Settings) -> dict[str, list[dict[str, Any]]]:
    """The rows of an older database that lies where this version will look for its own."""
    with closing(sqlite3.connect(settings.paths.make().database)) as opened:
        opened.executescript(request.param.read_text("utf-8"))
        opened.row_factory = sqlite3.Row
        names = {table.name for table in tables()} - {"data_keys", "trail"}
        there = [row[0] for row in opened.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: [dict(row) for row in opened.execute(f"SELECT * FROM {name}")] for name in there if name in names}


async def test_every_value_is_still_there_and_what_is_sealed_now_is_nowhere_in_clear(
    settings: Settings, before: dict[str, list[dict[str, Any]]]
) -> None:
    stores = await open_stores(settings)
    after = await rows_of(stores, "ana")
    for name, rows in before.items():
        assert len(after[name]) >= len(rows) > 0, name
        kept = {_plain(value) for row in after[name] for value in row.values()}
        for row in rows:
            lost = {
                column: value
                for column, value in row.items()
                if _plain(value) not in kept and (name, column) not in DERIVED
            }
            assert not lost, name
    async with stores.database.read() as session:
        version = await (await session.connection()).execute(text("SELECT MAX(version) FROM schema_version"))
        assert version.scalar() == len(MIGRATIONS)
    await stores.close()
    written = b"".join(path.read_bytes() for path in settings.data_dir.glob("freelancex.db*"))
    sealed = [(table.name, column) for table in tables() for column in table.columns if isinstance(column.type, Sealed)]
    assert sealed
    for name, column in sealed:
        for row in before.get(name, ()):
            value = str(row.get(column.name) or "")
            assert len(value) < 8 or value.encode() not in written, column


def _plain(value: Any) -> str:
    """A value as both sides write it: without the spaces of JSON, times without zone and fraction."""
    said = re.sub(r"\\u([0-9a-f]{4})", lambda code: chr(int(code[1], 16)), str(value))
    said = re.sub(r"[\s\"'{}\[\]]", "", said)
    said = re.sub(r"^(\d{4}-\d\d-\d\d)T?(\d\d:\d\d:\d\d)(\.0+)?(\+00:00)?$", r"\1\2", said)
    return {"False": "0", "True": "1", "None": ""}.get(said, said)
