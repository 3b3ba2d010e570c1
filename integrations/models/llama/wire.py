"""What the two sides say to each other: one JSON object a line.

in    {"load": {…}}  once, then  {"ask": 1, "messages": [...], …}  one after the other, and  {"stop": 1}  at any time
out   {"loaded": {…}}  or  {"failed": "weights", "why": "…"}
      {"piece": "text"}  any number of times, then  {"done": {…}}  or  {"failed": "too_long", "why": "…"}
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Ending = Literal["complete", "length", "stopped"]
SNAPSHOT_BYTES = 512 * 1024 * 1024


class Failed(Exception):
    """Something that the other side is told: `kind` for it, the message for the log or for the user."""

    kind = "decode"


@dataclass(frozen=True)
class Load:
    """How a file is loaded. Sizes in tokens and bytes."""

    path: str
    context: int
    gpu_layers: int
    kv: Literal["f16", "q8_0"]
    flash: bool
    batch: int
    threads: int
    snapshot_bytes: int = SNAPSHOT_BYTES


@dataclass(frozen=True)
class Ask:
    """One question. `temperature` 0 chooses the most likely token each time."""

    ask: int
    messages: list[dict[str, str]]
    max_tokens: int
    temperature: float
    schema: Mapping[str, Any] | None


@dataclass(frozen=True)
class Done:
    """What became of an answer. Times in seconds since the child began with it."""

    ended: Ending
    prompt_tokens: int
    reused_tokens: int
    answer_tokens: int
    first_s: float
    seconds: float
    snapshots: int
    snapshot_bytes: int


def line(message: Mapping[str, Any]) -> bytes:
    """A message as it travels: ASCII, one line."""
    return json.dumps(message).encode("ascii") + b"\n"
