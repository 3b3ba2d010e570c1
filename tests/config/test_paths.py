"""Where things lie, and who may read them."""

from __future__ import annotations

from pathlib import Path

from config.paths import Paths
from config.settings import Settings


def test_everything_remembered_is_for_its_owner_alone(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir(mode=0o755)
    paths = Paths(data, tmp_path / "cache").make()
    for folder in (paths.data, paths.files, paths.runs, paths.logs, paths.secrets):
        assert folder.stat().st_mode & 0o777 == 0o700


def test_settings_need_no_configuration() -> None:
    settings = Settings()
    assert (settings.host, settings.port) == ("127.0.0.1", 8000)
    assert settings.paths.database.is_relative_to(settings.data_dir)
