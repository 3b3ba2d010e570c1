"""When a saved search runs, and what it looks for, as people say it."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from agents.tools.job_watch import Rhythm, rhythm_of, without_rhythm

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=timezone(timedelta(hours=1)))  # a Saturday


@pytest.mark.parametrize(
    ("text", "rhythm"),
    [
        ("save this search", "every day at 8:00"),
        ("tell me every morning about Python jobs", "every day at 8:00"),
        ("send me new gigs each evening", "every day at 18:00"),
        ("alert me daily at 9 about jobs", "every day at 9:00"),
        ("every day at 7pm", "every day at 19:00"),
        ("every Monday send me React work", "every Monday at 8:00"),
        ("every friday evening", "every Friday at 18:00"),
        ("weekly", "every week at 8:00"),
        ("jobs at 60 € an hour every week", "every week at 8:00"),
    ],
)
def test_how_often(text: str, rhythm: str) -> None:
    assert rhythm_of(text).text() == rhythm


def test_a_weekday_is_the_next_one_and_not_the_hour_that_is_over() -> None:
    assert rhythm_of("every Monday").start(NOW) == NOW.replace(day=23, hour=7, minute=59, second=59)
    saturday = Rhythm("week", 8, weekday=5)
    assert saturday.start(NOW).date() == (NOW + timedelta(days=7)).date()
    assert Rhythm().start(NOW) == NOW


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("Tell me every morning about new remote Python jobs", "new remote Python jobs"),
        ("Notify me when there are React gigs", "React gigs"),
        ("Every Monday at 9 send me UX work in Berlin", "UX work in Berlin"),
        ("Set up a job alert for Rust", "Rust"),
    ],
)
def test_what_is_left_is_what_to_look_for(text: str, rest: str) -> None:
    assert without_rhythm(text) == rest
