"""Texts are cut where a reader would: at headings, paragraphs and sentences."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from memory.recall.cutting import MOST, Piece, cut


def test_a_piece_keeps_to_its_heading() -> None:
    assert cut("Hello.\n\n# Fees\n\nTen euros.\nAn hour.\n\n**Dates**\n\nIn May.") == [
        Piece("Hello.", "", 1),
        Piece("Ten euros.\nAn hour.", "Fees", 5),
        Piece("In May.", "Dates", 10),
    ]


def test_a_long_paragraph_is_cut_between_sentences() -> None:
    sentence = "The report covers nine regions and ends in May."
    pieces = cut(" ".join([sentence] * 40))
    assert len(pieces) > 1
    for piece in pieces:
        assert len(piece.text.split()) <= MOST
        assert piece.text.startswith("The")
        assert piece.text.endswith("May.")


def test_nothing_is_made_of_nothing() -> None:
    assert cut("") == cut("\n---\n\n| | |\n") == []


@given(st.text(st.sampled_from("ab .\n#*|"), max_size=400))
def test_no_word_comes_twice_and_no_piece_is_empty(text: str) -> None:
    pieces = cut(text)
    assert sum(len(piece.text.split()) for piece in pieces) <= len(text.split())
    assert all(piece.text.strip() for piece in pieces)
