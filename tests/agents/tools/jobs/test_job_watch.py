"""What a saved search looks for, as people say it."""

from __future__ import annotations

import pytest

from agents.tools.jobs.job_watch import without_rhythm


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
