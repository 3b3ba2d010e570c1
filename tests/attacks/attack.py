"""The written attacks: what a stranger writes, where it stands, and what it is after."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

WRITTEN = Path(__file__).with_name("attacks.jsonl")
SINK = "@SINK@"
"""Stands in the attacks for the server of whoever wrote them."""
RUN = 14
"""So many letters and digits in a row that are an attack's own are a piece of it."""


@dataclass(frozen=True)
class Attack:
    """One text of a stranger. `entry` is where it stands, `wants` what it is after: a key of `obedient.ACTS`."""

    id: str
    entry: str
    text: str
    wants: str

    def at(self, sink: str) -> Attack:
        """The same with the address of the stranger's server."""
        return Attack(self.id, self.entry, self.text.replace(SINK, sink), self.wants)


def attacks() -> list[Attack]:
    """All of them, in the order of the file."""
    return [Attack(**json.loads(line)) for line in WRITTEN.read_text("utf-8").splitlines()]


def pieces(text: str, besides: str = "") -> frozenset[str]:
    """The runs of letters and digits a text is known by, without those that stand in `besides`, squeezed, too."""
    flat = squeezed(text)
    size = min(RUN, len(flat))
    runs = {flat[start : start + size] for start in range(len(flat) - size + 1)}
    return frozenset(run for run in runs if run not in besides)


def squeezed(text: str) -> str:
    """Letters and digits alone, in lower case: what is left of a text however it is marked up or broken."""
    return re.sub(r"[\W_]+", "", text.casefold())
