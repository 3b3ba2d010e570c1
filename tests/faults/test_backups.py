"""Backups: made while work goes on, sealed, whole or not there, and restored without what was erased since."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from config.settings import Settings
from config.setup.claim import Claim
from memory import backups, restoring
from memory.backups import BackupError, listed, make, read
from memory.erasure import erase
from memory.restored import settle
from memory.restoring import finish, replaced, restore, serving
from memory.stores import Stores, open_stores
from privacy.audit import AuditLog
from privacy.keys.master import Master, NoMaster
from privacy.keys.ring import Tampered

MONDAY = datetime(2026, 11, 16, 9, tzinfo=UTC)
SECRET = b"the margin is forty per cent"


@pytest.fixture
async def stores(settings: Settings) -> AsyncIterator[Stores]:
    opened = await open_stores(settings)
    await opened.profiles.save("ana", name="Ana Silva")
    yield opened
    await opened.close()


@pytest.fixture
def master(stores: Stores) -> Master:
    return stores.keys.master


async def again(settings: Settings) -> Stores:
    """The stores as the next start opens them."""
    finish(settings.paths)
    opened = await open_stores(settings)
    await settle(opened, settings)
    return opened


async def test_what_was_there_is_there_again(settings: Settings, stores: Stores, master: Master) -> None:
    file = await stores.files.put(SECRET, "margins.txt", user="ana")
    backup = make(settings, master)
    await stores.profiles.save("ana", name="Somebody else")
    await stores.files.delete(file.id, user="ana")
    restore(read(backup.folder, master), settings, master)
    opened = await again(settings)
    assert await opened.profiles.load("ana") == {"name": "Ana Silva"}
    found = await opened.files.get(file.id, user="ana")
    assert found is not None and await opened.files.read(found) == SECRET
    assert (replaced(settings.paths) / "freelancex.db").exists()
    await opened.close()


async def test_it_is_made_while_others_write_and_holds_one_moment(
    settings: Settings, stores: Stores, master: Master
) -> None:
    with closing(sqlite3.connect(settings.paths.database)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert make(settings, master).size > 0


async def test_nothing_of_it_can_be_read_without_the_key(settings: Settings, stores: Stores, master: Master) -> None:
    await stores.files.put(SECRET, "margins.txt", user="ana")
    backup = make(settings, master)
    written = b"".join(path.read_bytes() for path in backup.folder.rglob("*") if path.is_file())
    assert SECRET not in written and b"Ana Silva" not in written and b"SQLite format" not in written
    with pytest.raises(NoMaster):
        read(backup.folder, Master.fresh())


async def test_only_the_newest_are_kept(settings: Settings, stores: Stores, master: Master) -> None:
    own = settings.model_copy(update={"backups_kept": 2})
    made = [make(own, master, MONDAY + timedelta(days=day)) for day in range(4)]
    assert [one.made_at for one in listed(own, master)] == [made[3].made_at, made[2].made_at]
    assert not made[0].folder.exists()


@pytest.mark.parametrize("cut", ["list", "key", "0"])
async def test_half_a_backup_is_none_and_the_one_before_still_counts(
    settings: Settings, stores: Stores, master: Master, cut: str
) -> None:
    whole = make(settings, master, MONDAY)
    half = make(settings, master, MONDAY + timedelta(days=1))
    (half.folder / cut).unlink()
    if cut == "0":  # a list without its pieces
        with pytest.raises(BackupError, match="lacks a piece"):
            restore(half, settings, master)
    else:
        assert [one.folder for one in listed(settings, master)] == [whole.folder]
        backups.sweep(settings)
        assert half.folder.exists() == (cut == "key")
    finish(settings.paths)
    assert await stores.profiles.load("ana") == {"name": "Ana Silva"}


async def test_a_changed_byte_anywhere_is_found_before_anything_is_replaced(
    settings: Settings, stores: Stores, master: Master
) -> None:
    await stores.files.put(os.urandom(3000), "noise.bin", user="ana")
    backup = make(settings, master)
    for path in sorted(backup.folder.iterdir()):
        kept = path.read_bytes()
        for place in range(0, len(kept), max(1, len(kept) // 9)):
            path.write_bytes(kept[:place] + bytes([kept[place] ^ 1]) + kept[place + 1 :])
            with pytest.raises((Tampered, NoMaster, BackupError)) as said:
                restore(read(backup.folder, master), settings, master)
            assert str(said.value)
        path.write_bytes(kept)
    assert not replaced(settings.paths).exists()


@pytest.mark.parametrize("moves", range(6))
async def test_cut_short_in_the_exchange_the_next_start_finishes_it(
    settings: Settings, stores: Stores, master: Master, moves: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup = make(settings, master)
    await stores.profiles.save("ana", name="Somebody else")
    left, replace = [moves], Path.replace

    def move(path: Path, target: Path) -> Path:
        if "begun" in {one.name for one in restoring._coming(settings.paths).iterdir()}:
            if not left[0]:
                raise KeyboardInterrupt
            left[0] -= 1
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", move)
    with pytest.raises(KeyboardInterrupt):
        restore(backup, settings, master)
    monkeypatch.undo()
    opened = await again(settings)
    assert await opened.profiles.load("ana") == {"name": "Ana Silva"}
    assert not restoring._coming(settings.paths).exists()
    await opened.close()


async def test_what_was_erased_since_stays_erased(settings: Settings, stores: Stores, master: Master) -> None:
    backup = make(settings, master, datetime.now(UTC) - timedelta(minutes=1))
    await erase(stores, settings, "ana")
    await note_erasure(settings)
    restore(backup, settings, master)
    opened = await again(settings)
    assert await opened.profiles.load("ana") == {}
    await opened.close()


async def note_erasure(settings: Settings) -> Any:
    from memory.ledger import Ledger

    return await Ledger.open(settings).add("ana", rows=1, files=0)


async def test_nothing_is_restored_under_a_server_that_runs(settings: Settings, stores: Stores, master: Master) -> None:
    backup = make(settings, master)
    with Claim(serving(settings.paths)), pytest.raises(BackupError, match="stop it, then restore"):
        restore(backup, settings, master)


async def test_no_room_is_said_before_anything_is_written(
    settings: Settings, stores: Stores, master: Master, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backups, "SPARE", 10**18)
    with pytest.raises(BackupError, match="no room for a backup"):
        make(settings, master)
    assert listed(settings, master) == []


async def test_two_at_once_do_not_harm_each_other(settings: Settings, stores: Stores, master: Master) -> None:
    made = make(settings, master, MONDAY)
    with pytest.raises(BackupError, match="at this very moment"):
        make(settings, master, MONDAY)
    assert read(made.folder, master) == made


@pytest.mark.parametrize("lost", [False, True], ids=["the log is here", "the log is lost with the disk"])
async def test_the_log_of_what_left_goes_on_and_forgets_nothing_that_left_since(
    settings: Settings, stores: Stores, master: Master, lost: bool
) -> None:
    log = AuditLog.open(settings, master)
    await log.record("request", host="before.example")
    backup = make(settings, master)
    await log.record("request", host="since.example")
    await stores.close()
    if lost:
        settings.paths.audit.unlink()
    restore(backup, settings, master)
    opened = await again(settings)
    known = [entry.get("host") or entry["kind"] for entry in await AuditLog.open(settings, master).read()]
    assert known == (["restored", "before.example"] if lost else ["restored", "since.example", "before.example"])
    assert (await AuditLog.open(settings).verify()).ok
    await opened.close()
