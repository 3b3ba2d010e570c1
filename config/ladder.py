"""The ladder of language models, read from models.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

LADDER = Path(__file__).with_name("models.yaml")
HUB = "https://huggingface.co"
"""Where the files come from, unless the setting `addresses` says otherwise for ``models``."""


class Shape(BaseModel):
    """What decides how much memory reading takes; `kv_layers` where not every layer keeps what was read."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    layers: int = Field(gt=0)
    kv_layers: int | None = Field(default=None, gt=0)
    width: int = Field(gt=0)
    heads: int = Field(gt=0)
    kv_heads: int = Field(gt=0)
    head_length: int = Field(gt=0)
    feed_forward: int = Field(gt=0)
    vocabulary: int = Field(gt=0)


class Rung(BaseModel):
    """One step of the ladder. Sizes in bytes, context in tokens; `sha256` is empty where it is not certain."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    title: str
    about: str
    engine: Literal["none", "llama.cpp", "llama-server", "bundled"] = "llama.cpp"
    repository: str = Field(default="", pattern=r"^([\w.-]+/[\w.-]+)?$")
    file: str = Field(default="", pattern=r"^([\w.-]+\.gguf)?$")
    quantisation: str = ""
    size: int = Field(default=0, ge=0)
    sha256: str = Field(default="", pattern=r"^([0-9a-f]{64})?$")
    projector: str = Field(default="", pattern=r"^([\w.-]+\.gguf)?$")
    projector_size: int = Field(default=0, ge=0)
    licence: str = ""
    context: int = Field(default=0, ge=0)
    shape: Shape | None = None
    template: str = ""
    serves: tuple[Literal["fast", "balanced", "powerful", "vision"], ...] = ()

    @property
    def downloadable(self) -> bool:
        return bool(self.file)

    @property
    def whole_size(self) -> int:
        """Bytes of all of its files."""
        return self.size + self.projector_size

    def urls(self, hub: str = HUB) -> dict[str, str]:
        """Where each of its files comes from, by name."""
        files = filter(None, (self.file, self.projector))
        return {file: f"{hub.rstrip('/')}/{self.repository}/resolve/main/{file}" for file in files}


@cache
def ladder(file: Path = LADDER) -> Mapping[str, Rung]:
    """Every rung by its name, from the smallest to the largest."""
    entries = yaml.safe_load(file.read_text("utf-8"))
    return {name: Rung(name=name, **entry) for name, entry in entries.items()}
