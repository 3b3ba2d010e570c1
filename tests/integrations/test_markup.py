"""Scraps of markup as text: what is meant to be read, and never more work than they are long."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.markup import LONGEST, plain_line, plain_text


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>Build <b>APIs</b> &amp; pipelines.</p><ul><li>Python</li><li>SQL</li></ul>",
         "Build APIs & pipelines.\nPython\nSQL"),
        ("React.<br>Typescript.<script>alert(1)</script>", "React.\nTypescript."),
        ("seen<!-- <b>hidden</b> --> by all<style>p {}", "seen by all"),
        ("a < b and c > d", "a < b and c > d"),
        (None, ""),
    ],
)  # fmt: skip
def test_markup_is_its_text(markup: str | None, text: str) -> None:
    assert plain_text(markup) == text


def test_on_one_line_blocks_stay_apart() -> None:
    assert plain_line("<jats:title>Abstract</jats:title><jats:p>It wins.</jats:p>") == "Abstract It wins."


@given(st.text(alphabet="<>/!-abp script&;#0 \n"))
def test_lines_of_any_markup_are_trimmed_and_blocks_never_far_apart(markup: str) -> None:
    text = plain_text(markup)
    assert "\n\n\n" not in text and all(line == line.strip() for line in text.split("\n"))


@pytest.mark.parametrize("piece", ["<p ", " <br", "<!--", "<script", "<title>", "</script "])
@pytest.mark.timeout(5)
def test_tags_that_never_end_are_read_in_a_moment(piece: str) -> None:
    plain_text(piece * LONGEST)
