"""Backups by the command line, by chat and by the clock; and the drill: back up, lose all, restore."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from agents import registry
from chainlit_app.command_line import main
from config.settings import Settings
from graph.events import Done
from graph.reply import Message, reply
from graph.runtime import open_runtime
from memory.backup_check import check
from memory.backups import listed
from privacy.keys.keepers import keeper, open_master

TALK = (
    "my name is Ana Silva",
    "create an invoice to Acme GmbH for 10 hours at 80 €",
)


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FREELANCEX_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("FREELANCEX_BACKUP_DIR", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("FREELANCEX_EMBEDDINGS", "off")


async def talk(*messages: str) -> list[str]:
    """Send messages in a runtime of their own; the answers."""
    own = {name: registry.load()[name] for name in ("profile", "bookkeeping", "system")}
    answers = []
    async with open_runtime(Settings(), serving=True, agents=own) as runtime:
        for message in messages:
            last: Any = [event async for event in reply(Message(message, "t"), runtime)][-1]
            assert isinstance(last, Done), last
            answers.append(last.text)
    return answers


async def test_the_drill_after_the_disk_is_gone_all_is_there_again(capsys: pytest.CaptureFixture[str]) -> None:
    *_, said = await talk(*TALK, "back up my data now")
    assert "tried out" in said
    settings = Settings()
    key = (settings.paths.secrets / "master.key").read_bytes()
    shutil.rmtree(settings.data_dir)  # the disk is gone; the backup is on another, and the key on paper
    settings.paths.make()
    (settings.paths.secrets / "master.key").write_bytes(key)
    assert restored() == 0
    assert "Everything is as it was" in capsys.readouterr().out
    assert "2026-0001" in (await talk("list my invoices"))[0]


def restored() -> int:
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(1) as thread:  # the command runs a loop of its own
        return thread.submit(main, ["restore", "--yes"]).result()


def test_commands_say_what_is_missing_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["backup"]) == 1
    assert capsys.readouterr().err == "There is nothing to back up yet.\n"
    assert main(["restore", "--yes"]) == 1
    assert "There is no backup" in capsys.readouterr().err


async def test_a_backup_is_listed_and_the_doctor_knows_its_age(capsys: pytest.CaptureFixture[str]) -> None:
    assert not check(Settings()).ok
    await talk("my name is Ana Silva")
    assert main(["backup"]) == 0
    assert "keep a copy of" in capsys.readouterr().out  # the key is not in it
    assert main(["backup", "list"]) == 0
    settings = Settings()
    (made,) = listed(settings, open_master(settings))
    assert made.folder.name in capsys.readouterr().out
    assert check(settings).ok
    made.folder.rename(made.folder.with_name((datetime.now(UTC) - timedelta(days=9)).strftime("%Y-%m-%dT%H%M%SZ")))
    assert not check(settings).ok


async def test_with_a_passphrase_the_backup_and_the_passphrase_are_all_a_new_machine_needs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FREELANCEX_KEYS", "passphrase")
    monkeypatch.setenv("FREELANCEX_PASSPHRASE", "plenty of herring")
    *_, said = await talk(*TALK, "back up my data now")
    assert "tried out" in said
    settings = Settings()
    assert getattr(keeper(settings), "kind", "") == "passphrase"
    shutil.rmtree(settings.data_dir)
    monkeypatch.setenv("FREELANCEX_PASSPHRASE", "another one")
    assert main(["restore", "--yes"]) == 1
    assert "passphrase" in capsys.readouterr().err
    monkeypatch.setenv("FREELANCEX_PASSPHRASE", "plenty of herring")
    assert restored() == 0
    assert "2026-0001" in (await talk("list my invoices"))[0]
