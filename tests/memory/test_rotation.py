"""Exchanging keys: everything stays readable, and what the former keys sealed is gone."""

from __future__ import annotations

import asyncio

import pytest

from config.settings import Settings
from memory import rotation
from memory.backups import make, read, unpack
from memory.business.clients import Client
from memory.rotation import counts, rotate_data, rotate_master
from memory.stores import Stores, open_stores
from privacy.keys.keepers import keeper, sealed_master
from privacy.keys.master import Master
from privacy.keys.ring import KeyName


async def fill(stores: Stores) -> str:
    await stores.profiles.save("ana", name="Ana Silva")
    await stores.clients.save("ana", "Acme")
    return (await stores.files.put(b"a,b\n1,2\n", "sales.csv", user="ana")).id


async def check(stores: Stores, file_id: str) -> None:
    kept = await stores.files.get(file_id, user="ana")
    assert kept is not None and await stores.files.read(kept) == b"a,b\n1,2\n"
    assert (await stores.profiles.load("ana"))["name"] == "Ana Silva"
    assert [client.name for client in await stores.clients.all("ana")] == ["Acme"]


async def test_a_new_master_key_opens_everything_also_after_a_restart(settings: Settings, stores: Stores) -> None:
    file_id, before = await fill(stores), stores.keys.master.id
    done = await rotate_master(stores, settings)
    assert done.keys == sum((await counts(stores)).values()) > 0
    await check(stores, file_id)
    again = await open_stores(settings)
    assert again.keys.master.id != before
    await check(again, file_id)
    await again.close()


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
async def test_new_data_keys_write_everything_anew(settings: Settings, stores: Stores) -> None:
    file_id = await fill(stores)
    record, file = (stores.keys.current(KeyName("ana", kind)) for kind in ("record", "file"))
    done = await rotate_data(stores)
    assert done.keys >= 2 and done.rows >= 2 and done.files == 1
    assert stores.keys.current(KeyName("ana", "record")).id != record.id
    assert stores.keys.current(KeyName("ana", "file")).id != file.id
    again = await open_stores(settings)
    assert not again.keys.has(record.id)
    await check(again, file_id)
    await again.close()


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
async def test_keys_are_exchanged_while_others_write_and_remove_and_nothing_is_lost(
    settings: Settings, stores: Stores, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rotation, "BATCH", 3)
    file_id = await fill(stores)
    early = [await stores.clients.save("ana", f"Early {number}") for number in range(12)]
    written, done = 0, asyncio.Event()

    async def work() -> None:
        nonlocal written
        while not done.is_set():
            written += 1
            await stores.clients.save("ana", f"Late {written}")
            if early:
                async with stores.database.write() as session:
                    await session.delete(await session.get(Client, early.pop().id))
            assert (await stores.profiles.load("ana"))["name"] == "Ana Silva"

    working = asyncio.create_task(work())
    await rotate_data(stores)
    await rotate_master(stores, settings)
    await rotate_data(stores)
    done.set()
    await working
    again = await open_stores(settings)
    names = {client.name for client in await again.clients.all("ana")}
    assert written >= 3 and names >= {"Acme", *(f"Late {number}" for number in range(1, written + 1))}
    kept = await again.files.get(file_id, user="ana")
    assert kept is not None and await again.files.read(kept) == b"a,b\n1,2\n"
    await again.close()


async def test_a_former_key_that_still_seals_a_row_is_kept(stores: Stores, monkeypatch: pytest.MonkeyPatch) -> None:
    await fill(stores)

    async def as_if_written_since(*_: object) -> int:
        return 0

    monkeypatch.setattr(rotation, "_rewrite", as_if_written_since)
    former = stores.keys.current(KeyName("ana", "record"))
    await rotate_data(stores)
    assert stores.keys.current(KeyName("ana", "record")).id != former.id
    assert (await stores.profiles.load("ana"))["name"] == "Ana Silva"


async def test_the_master_key_is_where_the_settings_wish_it(settings: Settings) -> None:
    stores = await open_stores(settings)
    file_id = await fill(stores)
    await stores.close()
    moved = settings.model_copy(update={"keys": "passphrase", "passphrase": "correct horse"})
    stores = await open_stores(moved)
    await check(stores, file_id)
    await stores.close()
    kept = keeper(moved)
    assert kept is not None and kept.kind == "passphrase"
    assert not (settings.paths.secrets / "master.key").exists()


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
@pytest.mark.parametrize("kept", ["file", "passphrase"])
async def test_backups_made_before_open_with_the_new_master_key_alone(settings: Settings, kept: str) -> None:
    own = settings.model_copy(update={"keys": kept, "passphrase": "plenty of herring"})
    stores = await open_stores(own)
    await stores.profiles.save("ana", name="Ana Silva")
    before = await asyncio.to_thread(make, own, stores.keys.master)
    await rotate_master(stores, own)
    newest = Master(stores.keys.master.keys[-1:])
    await asyncio.to_thread(unpack, read(before.folder, newest), newest, own.paths.data / "trial")
    if kept == "passphrase":
        assert sealed_master(own, before.folder / "master.sealed") == stores.keys.master
    await stores.close()
