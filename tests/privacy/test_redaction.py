"""Personal data replaced before a text leaves, and put back into the answer."""

from __future__ import annotations

from collections.abc import AsyncIterator
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from privacy.redaction import Redaction, mask

TEXT = "Dear Carla Mendes, write to carla@mendes.pt or call +351 912 345 678. Regards, Carla Mendes"


def test_nothing_personal_is_left_and_the_same_value_gets_the_same_placeholder() -> None:
    redaction = Redaction(["Carla Mendes"])
    hidden = redaction.hide(TEXT)
    assert hidden == "Dear [NAME_1], write to [EMAIL_1] or call [PHONE_1]. Regards, [NAME_1]"
    assert redaction.replaced == 3


def test_the_answer_gets_the_values_back() -> None:
    redaction = Redaction(["Carla Mendes"])
    redaction.hide(TEXT)
    assert redaction.show("I wrote to [NAME_1] at [EMAIL_1].") == "I wrote to Carla Mendes at carla@mendes.pt."


def test_a_placeholder_that_was_never_given_stays_as_it_is() -> None:
    assert Redaction().show("[EMAIL_7] and [note]") == "[EMAIL_7] and [note]"


def test_what_looks_like_a_placeholder_already_is_not_taken_for_a_value() -> None:
    redaction = Redaction()
    hidden = redaction.hide("[EMAIL_1] is not ana@example.pt")
    assert hidden == "[EMAIL_1] is not [EMAIL_2]"
    assert redaction.show(hidden) == "[EMAIL_1] is not ana@example.pt"


@settings(max_examples=60, deadline=None)
@given(cuts=st.lists(st.integers(0, 60), max_size=12))
async def test_a_stream_gives_the_same_text_wherever_it_is_cut(cuts: list[int]) -> None:
    redaction = Redaction(["Carla Mendes"])
    hidden = redaction.hide(TEXT)
    places = [0, *sorted(cuts), len(hidden)]

    async def pieces() -> AsyncIterator[str]:
        for start, end in pairwise(places):
            yield hidden[start:end]

    assert "".join([piece async for piece in redaction.shown(pieces())]) == TEXT


def test_logs_keep_only_the_kind() -> None:
    assert mask("failed for ana@example.pt from 8.8.4.4") == "failed for [email] from [ip]"
    assert mask("ready on http://127.0.0.1:8000") == "ready on http://127.0.0.1:8000"
