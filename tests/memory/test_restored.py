"""An older backup restored: who was erased since is gone again, and the audit trail goes on from there."""

from __future__ import annotations

import json

import pytest

from config.settings import Settings
from memory.backups import make
from memory.erasure import erase_client
from memory.ledger import Ledger
from memory.portability import rows_of
from memory.restored import settle
from memory.restoring import finish, replaced, restore
from memory.stores import open_stores
from memory.trail_check import Heads

MARK = "Zaubernussbaum"


@pytest.fixture
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """On the file of every installation: another database is backed up by its own means."""
    return Settings(data_dir=tmp_path_factory.mktemp("data"), open_browser=False)


async def test_a_client_who_was_erased_does_not_come_back(settings: Settings) -> None:
    stores, heads, ledger = await open_stores(settings), Heads.open(settings), Ledger.open(settings)
    client = await stores.clients.save("ana", MARK, email="a@b.example")
    await stores.clients.save("ana", "Nova")
    await stores.files.put(MARK.encode(), f"{MARK}.txt", user="ana")
    backup = make(settings, stores.keys.master)
    had = await erase_client(stores, settings, "ana", client.id)
    assert had is not None
    await ledger.add("ana", client.id, rows=had.total, files=had.files)
    await stores.consents.grant("ana", "research")
    await heads.sign(stores.database)
    await stores.close()

    restore(backup, settings, stores.keys.master)
    finish(settings.paths)
    stores = await open_stores(settings)
    assert [one.name for one in await stores.clients.all("ana")] == ["Nova", MARK]  # as the backup had it
    await settle(stores, settings)
    assert [one.name for one in await stores.clients.all("ana")] == ["Nova"]
    assert MARK not in json.dumps(await rows_of(stores, "ana"))
    assert not replaced(settings.paths).exists()
    assert (await heads.verify(stores.database)).ok
    await stores.close()
