"""What looks and reads here is listed with how to get what is missing."""

from __future__ import annotations

import pytest

from config.settings import Settings
from integrations.media import status


def test_every_kind_of_file_has_an_engine_that_comes_along(settings: Settings) -> None:
    lines = status.checks(settings)
    names = " ".join(line.name for line in lines)
    for task in ("Text in pictures", "Pictures", "Codes", "Faces", "Films", "Scenes", "PDF", "Documents"):
        assert task in names
    assert all(
        line.ok and line.detail.startswith("embedded")
        for line in lines
        if not any(word in line.name for word in ("Tesseract", "detector", "sees"))
    )


def test_what_is_missing_is_told_with_the_command_that_brings_it(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(status, "ENGINES", (status.Engine("Films", "no-such-package", "Nothing, for nothing"),))
    monkeypatch.setenv("PATH", "")
    films, tesseract, detector, seeing = status.checks(settings)
    assert (films.ok, films.detail, films.fix) == (False, "not installed, for nothing", "pip install no-such-package")
    assert not tesseract.ok and "apt-get install tesseract-ocr" in tesseract.fix
    assert (detector.ok, detector.fix) == (False, "set FREELANCEX_DETECTOR to its path")
    assert not seeing.ok and "3.3 GB" in seeing.detail
    assert seeing.fix == "python -m chainlit_app models install vision"
    assert not films.needed
