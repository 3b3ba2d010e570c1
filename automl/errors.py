"""What can go wrong with a table or a run."""

from __future__ import annotations

from config.errors import Mendable

STOPPED = "It was stopped before there was a model; nothing was kept."
NO_ROOM = (
    "There is not enough memory for this table here; close other programs, "
    "or leave out columns and rows that are not needed."
)
_SAID = (
    "bad_alloc",
    "bad allocation",
    "out of memory",
    "unable to allocate",
    "cannot allocate",
    "std::length_error",
    "launch worker thread",  # a thread's stack had no room
    "can't start new thread",
)


class DataError(Mendable):
    """The data cannot be used as they are. The message is one sentence that says what to do."""


def lacks_memory(error: BaseException) -> bool:
    """Whether an error says, as each library does in its own way, that memory ran out."""
    return isinstance(error, MemoryError) or any(words in str(error).casefold() for words in _SAID)
