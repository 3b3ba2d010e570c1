"""What can go wrong with a table or a run."""

from __future__ import annotations

from config.errors import Mendable


class DataError(Mendable):
    """The data cannot be used as they are. The message is one sentence that says what to do."""
