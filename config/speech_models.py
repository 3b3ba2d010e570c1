"""What can be installed for listening and for speaking, read from speech_models.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

LIST = Path(__file__).with_name("speech_models.yaml")


class SpeechModel(BaseModel):
    """A model of several files; `files` are paths in the repository with about how many bytes each has."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    title: str
    about: str
    engine: Literal["whisper", "piper"]
    repository: str = Field(pattern=r"^[\w.-]+/[\w.-]+$")
    licence: str
    files: Mapping[str, int] = Field(min_length=1)

    @property
    def whole_size(self) -> int:
        """Bytes of all of its files, about."""
        return sum(self.files.values())

    def places(self, models: Path) -> dict[str, Path]:
        """Where each file lies under the folder of models: Whisper in a folder of its own, voices side by side."""
        if self.engine == "whisper":
            return {file: models / self.name / PurePosixPath(file).name for file in self.files}
        voice = next(PurePosixPath(file).stem for file in self.files if file.endswith(".onnx"))
        return {
            file: models / "voices" / (f"{voice}.{name}" if (name := PurePosixPath(file).name).isupper() else name)
            for file in self.files
        }


@cache
def speech_models(file: Path = LIST) -> Mapping[str, SpeechModel]:
    """Every model by its name."""
    entries = yaml.safe_load(file.read_text("utf-8"))
    return {name: SpeechModel(name=name, **entry) for name, entry in entries.items()}
