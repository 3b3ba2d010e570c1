"""What of a model's bytes reaches the user."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.models.llama.shown import Shown


def shown(*parts: str | bytes, **how: bool) -> str:
    made = Shown(**how)
    return "".join(made.feed(part.encode() if isinstance(part, str) else part) for part in parts) + made.end()


@given(st.text(alphabet=st.characters(exclude_characters="<", exclude_categories=["Cs"])), st.integers(1, 4))
def test_a_character_broken_over_tokens_is_shown_whole(text: str, size: int) -> None:
    data = text.encode()
    assert shown(*(data[at : at + size] for at in range(0, len(data), size))) == text.lstrip()


def test_a_character_never_completed_is_left_out() -> None:
    assert shown("ten ", "€".encode()[:2]) == "ten "


def test_bytes_that_are_no_text_are_shown_as_such() -> None:
    assert shown(b"a\xffb") == "a\ufffdb"
    assert shown(b"a\xffb", raw=True) == "ab"


@pytest.mark.parametrize("size", [1, 2, 3, 50])
def test_thoughts_are_not_shown_however_the_marks_are_split(size: int) -> None:
    text = "<think>\nhm, 2 < 3\n</think>\n\nIt is <b>4</b>.<think>?</think>"
    assert shown(*(text[at : at + size] for at in range(0, len(text), size))) == "It is <b>4</b>."


def test_a_thought_that_the_prompt_began_is_not_shown() -> None:
    assert shown("so</thi", "nk> Yes", thinking=True) == "Yes"


def test_a_thought_that_never_ends_shows_nothing() -> None:
    assert shown("<think>on and on") == ""


def test_what_may_become_a_mark_waits_and_is_shown_when_it_does_not() -> None:
    made = Shown()
    assert made.feed(b"a <thi") == "a "
    assert made.feed(b"s") == "<this"


def test_raw_text_is_left_alone() -> None:
    assert shown(' {"a": "<think>"}', raw=True) == ' {"a": "<think>"}'
