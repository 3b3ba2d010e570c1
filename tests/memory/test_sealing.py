"""A database of before anything was sealed: what was looked up is still found, and nothing stays readable in the file.

That no value of any version is lost is in `test_older_versions`.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from config.settings import Settings
from memory.sealing import UNVACUUMED
from memory.stores import Stores, open_stores

OLD = Path(__file__).parent / "old" / "version7.sql"
ANA = "ana"


@pytest.fixture
def old(tmp_path: Path) -> Settings:
    found = Settings(data_dir=tmp_path / "data")
    with closing(sqlite3.connect(found.paths.make().database)) as opened:
        opened.execute("PRAGMA journal_mode=WAL")
        opened.executescript(OLD.read_text("utf-8"))
    return found


def readable(settings: Settings) -> bool:
    """Whether a text that was there before can be read in the database's files."""
    files = settings.paths.database.parent.glob(f"{settings.paths.database.name}*")
    everything = b"".join(path.read_bytes() for path in files)
    return any(word in everything for word in ("steps output größer".encode(), b"facts text", b"clients tax_id"))


async def test_what_was_searched_and_looked_up_is_found(old: Settings) -> None:
    stores = await open_stores(old)
    assert [row.id for row in (await stores.conversations.page(ANA, search="output grosser")).threads] == ["thread-1"]
    (passage,) = await stores.documents.search(["text", "grosser"], user=ANA)
    assert (passage.place, passage.heading) == ("passages place größer", "passages heading größer")
    assert await stores.searches.untold(ANA, ["told_jobs job größer", "other"]) == {"other"}
    (due,) = [one for one in await stores.schedules.due(datetime(2027, 1, 1, tzinfo=UTC)) if one.kind == "search"]
    assert due.subject == "saved_searches-1"
    await stores.close()


async def test_nothing_of_it_can_be_read_in_the_file(old: Settings) -> None:
    assert readable(old)
    stores = await open_stores(old)
    try:
        assert not readable(old)
    finally:
        await stores.close()
    assert not readable(old)


async def test_free_space_is_emptied_even_if_the_process_died_before(settings: Settings, stores: Stores) -> None:
    sqlite = stores.database.engine.dialect.name == "sqlite"
    mark = "PRAGMA user_version = 1" if sqlite else f"COMMENT ON TABLE facts IS '{UNVACUUMED}'"
    state = "PRAGMA user_version" if sqlite else "SELECT count(obj_description('facts'::regclass, 'pg_class'))"
    place = "PRAGMA page_count" if sqlite else "SELECT pg_relation_filenode('facts')"
    async with stores.database.write() as session:
        await (await session.connection()).execute(text(mark))
    async with stores.database.read() as session:
        before = (await (await session.connection()).execute(text(place))).scalar()
    again = await open_stores(settings)
    async with again.database.read() as session:
        connection = await session.connection()
        assert (await connection.execute(text(state))).scalar() == 0
        assert sqlite or (await connection.execute(text(place))).scalar() != before  # written anew elsewhere
    await again.close()
