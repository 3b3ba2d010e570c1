"""The smallest pieces of a message."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.planner.segments import MOST_PIECES, pieces


def parts(text: str) -> list[str]:
    return [text[piece.start : piece.end] for piece in pieces(text)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("send the invoice and find work, then rest", ["send the invoice", "find work", "rest"]),
        ("is it paid? will it rain?", ["is it paid?", "will it rain?"]),
        ("tell me a) is it paid b) will it rain", ["tell me", "is it paid", "will it rain"]),
        ("no no, send the invoice", ["no no, send the invoice"]),
        ("for Anna, Bo, and Cem", ["for Anna, Bo", "Cem"]),
        ("", []),
    ],
)
def test_a_text_falls_apart_at_its_sentences_and_joints(text: str, wanted: list[str]) -> None:
    assert parts(text) == wanted


def test_nothing_is_cut_within_a_quotation() -> None:
    text = "send the invoice with “it will rain. Will it be sunny” and find python work"
    assert parts(text) == ["send the invoice with “it will rain. Will it be sunny”", "find python work"]


def test_what_follows_a_then_knows_it() -> None:
    assert [piece.then for piece in pieces("find python work and then send the invoice")] == [False, True]


def test_a_very_long_message_has_few_pieces() -> None:
    assert len(pieces("Send it. " * 200)) == MOST_PIECES


@given(st.text(alphabet="ab ,.and\nthen?", max_size=80))
def test_pieces_are_stretches_of_the_text_in_order(text: str) -> None:
    found = pieces(text)
    assert all(0 <= piece.start < piece.end <= len(text) for piece in found)
    assert all(one.end <= other.start for one, other in pairwise(found))
