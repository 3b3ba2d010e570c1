"""Messages whose requests are marked: from them it is learned where requests begin, and whom each is for."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

MARKED = Path(__file__).with_name("marked.jsonl")


class Marked(BaseModel):
    """A message and its requests, each as (its exact words, its agent), in the order they are written.

    `depends` are pairs (later, earlier) of places in `requests` where the later one needs the earlier.
    """

    model_config = ConfigDict(extra="forbid")

    text: str
    requests: list[tuple[str, str]]
    depends: list[tuple[int, int]] = []
    language: str = "en"


@cache
def marked(path: Path = MARKED) -> tuple[Marked, ...]:
    """The messages whose requests are known. Raises pydantic.ValidationError."""
    return tuple(Marked.model_validate_json(line) for line in path.read_text(encoding="utf-8").splitlines())
