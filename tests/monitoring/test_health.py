"""Health says what works, what is missing, and how to mend it."""

import socket
from pathlib import Path

import pytest

from config.settings import Settings
from memory.stores import Stores
from monitoring import health


def test_every_check_has_a_detail_and_each_name_is_there_once(settings: Settings) -> None:
    checks = health.check_all(settings)
    assert all(check.detail for check in checks)
    assert len({check.name for check in checks}) == len(checks)


def test_what_is_needed_and_missing_says_how_to_mend_it(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "PACKAGES", ("chainlit", "no-such-package"))
    check = health.packages(settings)
    assert not check.ok and "no-such-package" in check.detail and check.fix


async def test_a_sound_database_is_sound_and_a_damaged_one_is_not(settings: Settings, stores: Stores) -> None:
    assert health.database(settings).ok
    await stores.close()
    content = bytearray(settings.paths.database.read_bytes())
    content[100:4000] = b"\xff" * 3900
    settings.paths.database.write_bytes(bytes(content))
    damaged = health.database(settings)
    assert not damaged.ok and "restore" in damaged.fix


def test_a_data_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    check = health.data_folder(Settings(data_dir=tmp_path / "file" / "data"))
    assert not check.ok and "FREELANCEX_DATA_DIR" in check.fix


def test_a_taken_port_is_noticed() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        assert not health.port(Settings(port=other.getsockname()[1])).ok


def test_a_check_that_breaks_does_not_take_the_others_down(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(path: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(health.shutil, "disk_usage", broken)
    checks = {check.name: check for check in health.check_all(settings)}
    assert not checks["disk"].ok and checks["Python"].ok
