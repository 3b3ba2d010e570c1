"""A folder of declarations: each file one, and a broken one named with its path."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from integrations.declared import BrokenDeclaration, declared


class Thing:
    def __init__(self, name: str) -> None:
        self.name = name


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    package = tmp_path / "things_of_a_test"
    package.mkdir()
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setitem(sys.modules, "thing_kind", type(sys)("thing_kind"))
    sys.modules["thing_kind"].Thing = Thing  # type: ignore[attr-defined]
    (package / "plain.py").write_text("")
    (package / "one.py").write_text("from thing_kind import Thing\nTHING = Thing('one')\n")
    yield package
    for name in [name for name in sys.modules if name.startswith("things_of_a_test")]:
        del sys.modules[name]


def test_each_file_declares_one_and_others_are_left_out(folder: Path) -> None:
    assert list(declared(folder, "things_of_a_test", "THING", Thing)) == ["one"]


@pytest.mark.parametrize(
    "text", ["THING = 1\n", "from thing_kind import Thing\nTHING = Thing('one')\n", "raise ValueError('no')\n"]
)
def test_a_broken_or_second_one_is_named_with_its_path(folder: Path, text: str) -> None:
    (folder / "two.py").write_text(text)
    with pytest.raises(BrokenDeclaration, match=r"two\.py"):
        declared(folder, "things_of_a_test", "THING", Thing)
