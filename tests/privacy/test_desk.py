"""The desk: private, wiped when a turn ends, when the process ends, and when the next one starts after a crash."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from privacy import desk as desk_module
from privacy.desk import Desk


def test_a_place_is_private_and_wiped_alone(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    one, other = desk.place("one"), desk.place("other")
    (one / "a.txt").write_text("a")
    (other / "b.txt").write_text("b")
    assert {path.stat().st_mode & 0o777 for path in (desk.folder, one, other)} == {0o700}
    desk.wipe("one")
    assert not one.exists() and (other / "b.txt").exists()
    desk.close()
    assert not desk.folder.exists()
    desk.close()


def test_what_a_killed_process_left_is_removed_and_what_a_living_one_uses_stays(tmp_path: Path) -> None:
    living = Desk(tmp_path)
    (living.place("t") / "a.txt").write_text("a")
    code = (
        "import os, sys; from pathlib import Path; from privacy.desk import Desk; desk = Desk(Path(sys.argv[1]));"
        "(desk.place('t') / 'left.txt').write_text('x'); print(desk.folder, flush=True); os.kill(os.getpid(), 9)"
    )
    killed = subprocess.run([sys.executable, "-c", code, tmp_path], capture_output=True, text=True, check=False)
    left = Path(killed.stdout.strip())
    assert left.is_dir()
    another = Desk(tmp_path)
    assert not left.exists() and (living.place("t") / "a.txt").exists()
    another.close()
    living.close()


def test_without_room_in_memory_it_lies_in_the_data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk_module, "ROOM", 2**63)
    desk = Desk(tmp_path)
    assert desk.place("t").is_relative_to(tmp_path / "desk")
    desk.close()
    assert not (tmp_path / "desk").exists()


def test_what_is_too_large_for_memory_lies_in_the_data_folder(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    large = desk.place("t", size=2**62)
    assert large.is_relative_to(tmp_path / "desk")
    desk.wipe("t")
    assert not large.exists()
    desk.close()


def test_a_folder_of_somebody_else_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    memory = tmp_path / "memory"
    memory.mkdir()
    (memory / f"freelancex-{desk_module.os.getuid()}").symlink_to(tmp_path)
    monkeypatch.setattr(desk_module, "MEMORY", memory)
    monkeypatch.setattr(desk_module, "ROOM", 0)
    desk = Desk(tmp_path / "data")
    assert desk.folder.is_relative_to(tmp_path / "data")
    desk.close()
