"""Files made to harm whoever opens them: refused before they are unpacked, and made harmless on their way out."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from agents.tools.documents.field_extraction import as_csv
from automl.ingest import read_table
from automl.studio import _harmless
from config.errors import Mendable
from integrations.media.documents.archive import check_archive
from memory.readable import as_csv as exported

FORMULAS = ("=1+1", "+cmd|' /C calc'!A0", "-2+3+cmd", "@SUM(A1)", "\t=1", "\r=1")


@pytest.fixture
def bomb(tmp_path: Path) -> Path:
    """A quarter of a megabyte that would unpack to 256 MB."""
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as parts:
        for number in range(8):
            parts.writestr(f"xl/worksheets/sheet{number}.xml", b"0" * 32 * 1024**2)
    return path


def test_a_bomb_is_refused_by_every_reader_of_archives(bomb: Path) -> None:
    with pytest.raises(Mendable):
        check_archive(bomb)
    with pytest.raises(Mendable, match="more than is safe"):
        read_table(bomb, "bomb.xlsx")


@pytest.mark.parametrize("cell", FORMULAS)
def test_no_formula_leaves_in_any_table(cell: str) -> None:
    assert "'" + cell[:1] in as_csv([[cell]]).decode()
    assert "'" + cell[:1] in exported([{"said": cell}])
    assert _harmless(cell) == f"'{cell}"


def test_numbers_stay_numbers() -> None:
    assert [_harmless(cell) for cell in ("-5", "+3.2", "-1,200.50", 7)] == ["-5", "+3.2", "-1,200.50", 7]
