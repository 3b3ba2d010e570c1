"""Messages cut into requests where their pieces speak more clearly apart."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.planner.segments import MOST_PIECES, cut, pieces

WORDS = {"invoice": "money", "paid": "money", "rain": "weather", "sunny": "weather", "python": "jobs"}


def shares(text: str) -> Mapping[str, float]:
    """Labels by their words, as surely as these agree."""
    found = [WORDS[word] for word in re.findall(r"\w+", text.casefold()) if word in WORDS]
    labels = sorted(set(WORDS.values()))
    if not found:
        return dict.fromkeys(labels, 1 / len(labels))
    return {label: 0.9 * found.count(label) / len(found) + 0.1 / len(labels) for label in labels}


def requests(text: str) -> list[str]:
    return [text[piece.start : piece.end] for piece in cut(text, shares)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("send the invoice and tell me if it will rain", ["send the invoice", "tell me if it will rain"]),
        ("hello there, send the invoice", ["hello there, send the invoice"]),
        ("will it rain, be sunny, or rain again", ["will it rain, be sunny, or rain again"]),
        ("is the invoice paid? will it rain?", ["is the invoice paid?", "will it rain?"]),
        ("is the invoice paid and was it paid in full", ["is the invoice paid and was it paid in full"]),
        ("tell me a) is the invoice paid b) will it rain", ["tell me a) is the invoice paid", "will it rain"]),
        ("find python work, then send the invoice", ["find python work", "send the invoice"]),
        ("no no, send the invoice", ["no no, send the invoice"]),
        ("is the invoice paid? ok, if yes will it rain", ["is the invoice paid?", "ok, if yes will it rain"]),
        ("", []),
    ],
)
def test_a_message_is_cut_between_its_requests_only(text: str, wanted: list[str]) -> None:
    assert requests(text) == wanted


def test_two_sides_plainly_for_different_agents_are_cut_but_not_a_list() -> None:
    def surely(text: str) -> Mapping[str, float]:
        weather = len(re.findall(r"rain|sunny", text))
        both = {"money": "invoice" in text, "weather": weather}
        return {label: 0.96 if worth else 0.02 for label, worth in both.items()} | {"nothing": 0.02}

    text = "the invoice for May and sunny days"
    assert [text[piece.start : piece.end] for piece in cut(text, surely)] == ["the invoice for May", "sunny days"]
    assert len(cut("the invoice for May, sunny days", surely)) == 1


def test_nothing_is_cut_within_a_quotation() -> None:
    text = "send the invoice with “it will rain. Will it be sunny” and find python work"
    assert requests(text) == ["send the invoice with “it will rain. Will it be sunny”", "find python work"]


def test_what_follows_a_then_knows_it() -> None:
    assert [piece.then for piece in cut("find python work and then send the invoice", shares)] == [False, True]


def test_a_very_long_message_has_few_pieces() -> None:
    assert len(pieces("Send it. " * 200)) == MOST_PIECES


@given(st.text(alphabet="ab ,.and\nthen?", max_size=80))
def test_pieces_are_stretches_of_the_text_in_order(text: str) -> None:
    found = pieces(text)
    assert all(0 <= piece.start < piece.end <= len(text) for piece in found)
    assert all(one.end <= other.start for one, other in pairwise(found))
