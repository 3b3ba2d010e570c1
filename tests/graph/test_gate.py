"""A message that is too long or brings too much is not taken, and is told why."""

from __future__ import annotations

import pytest

from config.settings import Settings
from graph.gate import Refused, check


@pytest.mark.parametrize(("text", "files"), [("  ", 0), ("x" * 101, 0), ("look", 3)])
def test_what_is_empty_too_long_or_too_much_is_refused(text: str, files: int) -> None:
    own = Settings(max_message_chars=100, max_files=2)
    with pytest.raises(Refused):
        check(text, files, own)
    check("x" * 100, 2, own)
