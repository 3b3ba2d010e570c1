"""The record of a run: what went in, what was done, what came out, with hashes; `manifest.json` in the run's folder."""

from __future__ import annotations

import hashlib
import secrets
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, Field, ValidationError

from automl.errors import DataError

FILE = "manifest.json"


def new_run_id() -> str:
    """A fresh run id that sorts by time: ``20250131-093000-1f2e3d``."""
    return f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(3)}"


class SourceFile(BaseModel):
    """The file a run was made from, as it was read."""

    name: str
    sha256: str
    format: str
    rows: int
    columns: int


class Stored(BaseModel):
    """A file of the run, by its path in the run's folder, with the SHA-256 it had."""

    path: str
    sha256: str


class RunManifest(BaseModel):
    """One run. `config` is what was asked and decided, `results` what came of it, `timings` are seconds by stage."""

    run_id: str
    created_at: datetime = Field(default_factory=lambda: datetime.now(UTC))
    status: Literal["running", "done", "failed"] = "running"
    source: SourceFile | None = None
    config: dict[str, Any] = Field(default_factory=dict)
    results: dict[str, Any] = Field(default_factory=dict)
    artifacts: dict[str, Stored] = Field(default_factory=dict)
    timings: dict[str, float] = Field(default_factory=dict)
    versions: dict[str, str] = Field(default_factory=dict)
    error: str | None = None

    def save(self, folder: Path) -> None:
        """Write it whole or not at all."""
        fresh = folder / f"{FILE}.new"
        fresh.write_text(self.model_dump_json(indent=2), encoding="utf-8")
        fresh.replace(folder / FILE)

    def keep(self, name: str, path: Path, folder: Path) -> None:
        """Note a file of the run with its hash."""
        self.artifacts[name] = Stored(path=path.relative_to(folder).as_posix(), sha256=sha256(path))

    def file(self, name: str, folder: Path) -> Path:
        """The path of a file of the run, unchanged since it was written. Raises DataError otherwise."""
        stored = self.artifacts.get(name)
        if stored is None:
            raise DataError(f"The run {self.run_id} has no {name}; train the model again.")
        path = (folder / stored.path).resolve()
        if not path.is_relative_to(folder.resolve()) or not path.is_file() or sha256(path) != stored.sha256:
            raise DataError(f"{stored.path} of the run {self.run_id} was changed or removed; train the model again.")
        return path


def read_manifest(folder: str | Path) -> RunManifest:
    """The manifest of a run, done or not. Raises DataError."""
    folder = Path(folder)
    try:
        return RunManifest.model_validate_json((folder / FILE).read_text(encoding="utf-8"))
    except OSError as error:
        raise DataError(f"{folder} holds no run; give the folder that `automl run` printed.") from error
    except ValidationError as error:
        raise DataError(f"{folder / FILE} is damaged; train the model again.") from error


def load_manifest(folder: str | Path) -> RunManifest:
    """The manifest of a run that is done. Raises DataError."""
    manifest = read_manifest(folder)
    if manifest.status != "done":
        raise DataError(f"The run {manifest.run_id} did not finish; train the model again.")
    return manifest


def sha256(path: Path) -> str:
    """The file's SHA-256 in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
