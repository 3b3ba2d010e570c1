"""The stores' tests run twice: on the SQLite file of every installation, and on a private PostgreSQL."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from config.settings import Settings
from tests import postgres

CLEAR = """
DO $$ BEGIN EXECUTE (
    SELECT coalesce('TRUNCATE ' || string_agg(format('%I', tablename), ', ') || ' RESTART IDENTITY', 'SELECT 1')
    FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'schema_version'
); END $$
"""
"""A database for each test would take half a second; one whose tables are emptied takes little."""


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    programs = postgres.binaries()
    if programs is None:
        if os.environ.get("CI"):
            pytest.fail("There is no PostgreSQL here: apt-get install postgresql")
        pytest.skip("there is no PostgreSQL here: apt-get install postgresql")
    with postgres.server(programs) as address:
        yield address


@pytest.fixture(params=["sqlite", "postgresql"])
async def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    own = Settings(data_dir=tmp_path / "data", open_browser=False)
    if request.param == "sqlite":
        return own
    address: str = request.getfixturevalue("postgres_server")
    engine = create_async_engine(address)
    async with engine.begin() as connection:
        await connection.execute(text(CLEAR))
    await engine.dispose()
    return own.model_copy(update={"database_url": address})
