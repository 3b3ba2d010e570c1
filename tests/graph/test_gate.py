"""A message that is too long, brings too much, or comes too fast is not taken, and is told why."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from config.settings import Settings
from graph.gate import Refused, check

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def test_messages_that_come_too_fast_are_refused_until_a_minute_has_passed() -> None:
    own = Settings(messages_per_minute=3)
    earlier = [NOW - timedelta(seconds=seconds) for seconds in (1, 20, 59)]
    with pytest.raises(Refused, match="3"):
        check("hello", 0, earlier, NOW, own)
    check("hello", 0, earlier, NOW + timedelta(seconds=2), own)


@pytest.mark.parametrize(("text", "files"), [("  ", 0), ("x" * 101, 0), ("look", 3)])
def test_what_is_empty_too_long_or_too_much_is_refused(text: str, files: int) -> None:
    own = Settings(max_message_chars=100, max_files=2)
    with pytest.raises(Refused):
        check(text, files, [], NOW, own)
    check("x" * 100, 2, [], NOW, own)
