"""How often people want something, as a rule of a calendar, in words again, and what is left of the sentence."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from agents.tools.today.notice_words import read_notices
from agents.tools.today.rhythm import rhythm_of
from agents.tools.today.schedule_words import read_schedule


@pytest.mark.parametrize(
    ("text", "said", "rest"),
    [
        ("every weekday at 8 send me the briefing", "every weekday at 8:00", "send me the briefing"),
        ("Every Monday and Thursday morning list my invoices", "every Monday and Thursday at 8:00", "list my invoices"),
        ("daily at 7pm show my hours", "every day at 19:00", "show my hours"),
        ("every evening at 7 show my hours", "every day at 19:00", "show my hours"),
        ("weekly show unpaid invoices", "every Monday at 8:00", "show unpaid invoices"),
        ("every two weeks on Friday at 16:00 sum up", "every 2 weeks on Friday at 16:00", "sum up"),
        ("every other Friday sum up", "every 2 weeks on Friday at 8:00", "sum up"),
        ("on the first Monday of every month sum up", "on the first Monday of every month at 8:00", "sum up"),
        ("monthly on the 15th sum up", "every month on the 15th at 8:00", "sum up"),
        ("on the last day of every month sum up", "every month on the last day at 8:00", "sum up"),
        ("every quarter show my VAT", "every quarter on the 1st at 8:00", "show my VAT"),
        ("every year on 1 March sum up", "every year on the 1st of March at 8:00", "sum up"),
        ("every 3 hours check my mail", "every 3 hours", "check my mail"),
        ("every minute check my mail", "every 5 minutes", "check my mail"),
        ("jobs over 50 € an hour daily at 9", "every day at 9:00", "jobs over 50 € an hour"),
    ],
)
def test_a_sentence_says_how_often_and_what(text: str, said: str, rest: str) -> None:
    found = rhythm_of(text)
    assert found is not None
    assert (found.said, found.rest) == (said, rest)
    assert found.starting(datetime(2026, 11, 21, 12, tzinfo=UTC), "UTC").after(datetime(2026, 11, 21, 12, tzinfo=UTC))


@pytest.mark.parametrize("text", ["send me the briefing", "what is scheduled?", "I meet Acme on Monday at 9"])
def test_a_sentence_without_a_rhythm_has_none(text: str) -> None:
    assert rhythm_of(text) is None


def test_of_every_second_friday_the_next_is_the_first() -> None:
    found = rhythm_of("every other Friday at 9 sum up")
    assert found is not None
    saturday = datetime(2026, 11, 21, 12, tzinfo=UTC)
    when = found.starting(saturday, "UTC")
    first = when.after(saturday)
    assert first == datetime(2026, 11, 27, 9, tzinfo=UTC)
    assert when.after(first) == datetime(2026, 12, 11, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("every weekday at 8 send me the briefing", "plan"), ("what is scheduled?", "list"), ("pause it", "pause"),
        ("please resume the briefing", "resume"), ("stop the weekly search", "stop"),
        ("don't send me the briefing any more", "stop"), ("move the briefing to 9", "move"),
        ("run the briefing at nine instead", "move"), ("every Monday stop at 9 and check my mail", "plan"),
    ],
)  # fmt: skip
def test_a_sentence_says_what_to_do_with_the_schedule(text: str, action: str) -> None:
    assert read_schedule(text)["action"] == action


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("what did you notify me of?", {"action": "list", "unread": False}),
        ("any unread notifications", {"action": "list", "unread": True}),
        ("quiet hours from 22 to 7", {"action": "quiet", "start": "22:00", "end": "07:00"}),
        ("quiet time from 9:30pm to 6am", {"action": "quiet", "start": "21:30", "end": "06:00"}),
        ("don't disturb me at night", {"action": "quiet", "start": "22:00", "end": "07:00"}),
        ("no quiet hours any more", {"action": "loud"}),
        ("mail me my notifications, too", {"action": "way", "about": "mail", "on": True}),
        ("stop mailing me notifications", {"action": "way", "about": "mail", "on": False}),
        ("do not notify me of saved searches", {"action": "mute", "about": "search", "on": True}),
        ("which alerts are there?", {"action": "alerts"}),
        ("mark all notifications as read", {"action": "read"}),
    ],
)
def test_a_sentence_says_how_to_be_notified(text: str, fields: dict[str, object]) -> None:
    assert read_notices(text) == fields
