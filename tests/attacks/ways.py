"""All ways in, by entry."""

from __future__ import annotations

from tests.attacks import ways_files, ways_kept, ways_outside, ways_pasted  # noqa: F401 - each declares its own
from tests.attacks.way import WAYS, Way

__all__ = ["WAYS", "Way", "ways"]


def ways(entry: str) -> list[Way]:
    """The ways into one entry."""
    return [one for one in WAYS if one.entry == entry]
