"""A stranger's words and addresses in markdown: nothing they hold does anything there."""

from __future__ import annotations

from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.tools.text.markdown import address, plain
from integrations.job_boards.post import JobPost
from integrations.research.source import Hit

EVIL = "https://a.example/x)\n\n# Now bold\n> quote | cell <b> ![p](http://evil.example/p.png)"


@given(st.text())
def test_no_address_ends_its_link_its_line_or_its_cell(rest: str) -> None:
    written = address(f"https://a.example/{rest}")
    assert not set(written) & set('()<>|\\`" \t\r\n')


@pytest.mark.parametrize("url", ["https://a.example/b?c=1&d=%20e#f", "https://[2606:4700::1]/~x/_y*z;v=1,2"])
def test_a_usual_address_stays_as_it_is(url: str) -> None:
    assert address(url) == url


def test_an_address_in_other_letters_leads_to_the_same_place() -> None:
    assert unquote(address("https://a.example/über")) == "https://a.example/über"


def test_words_stay_words_on_one_line() -> None:
    assert plain("# [a](http://b)\n\n*c* | d") == r"\# \[a\](http:" + "\u200b" + r"//b) \*c\* \| d"


def test_an_address_of_several_lines_is_none_that_a_board_or_source_gives() -> None:
    assert "\n" not in JobPost(id="1", board="remotive", title="T", url=EVIL).url
    with pytest.raises(ValueError, match="url"):
        Hit(title="T", url=EVIL)
