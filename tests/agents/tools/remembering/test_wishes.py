"""What a statement wishes of texts, and what it does not."""

from __future__ import annotations

import pytest

from agents.tools.remembering.fact_words import tidy
from agents.tools.remembering.wishes import LATE, in_comment, wishes


@pytest.mark.parametrize(
    ("told", "kind", "value", "places"),
    [
        ("never use the word kindly", "never", "kindly", ()),
        ("don't use exclamation marks in mails", "never", "!", ("mail",)),
        ("always add my portfolio link to proposals", "always", "my portfolio link", ("proposal",)),
        ("ACME prefers short mails", "length", "short", ("mail",)),
        ("ACME hates long mails", "length", "short", ("mail",)),
        ("Schreib kurze Mails", "length", "short", ("mail",)),
        ("Acme wants invoices in German", "language", "de", ("invoice",)),
        ("Zeta only speaks French", "language", "fr", ()),
        ("begin mails with “Hi”", "greeting", "Hi", ("mail",)),
        ("sign off with Cheers", "closing", "Cheers", ()),
        ("I prefer a casual tone", "tone", "casual", ()),
        ("I prefer a formal tone", "tone", "formal", ()),
    ],
)
def test_a_wish_is_read_with_the_texts_it_is_for(told: str, kind: str, value: str, places: tuple[str, ...]) -> None:
    (wish,) = wishes(told)
    assert (wish.kind, wish.value, wish.places) == (kind, value, frozenset(places))


def test_a_word_can_be_wished_in_the_place_of_another_and_several_be_banned() -> None:
    (wish,) = wishes("say “project” instead of “job”")
    assert (wish.value, wish.old) == ("project", "job")
    assert [one.value for one in wishes("Never use the words “just” or “synergy”")] == ["just", "synergy"]


@pytest.mark.parametrize(
    "told",
    [
        "I like tea", "I prefer calls in the morning", "ACME always pays late", "I always add tax",
        "Zeta hates phone calls",
        "Globex wants invoices in PDF", "Acme never reads attachments", "I prefer working in Berlin",
    ],
)  # fmt: skip
def test_what_is_about_something_else_wishes_nothing_of_texts(told: str) -> None:
    assert wishes(told) == []


@pytest.mark.parametrize(
    ("comment", "kept"),
    [
        ("too long", ["I prefer short texts"]),
        ("way too stiff for me", ["I prefer a casual tone"]),
        ("in German please", ["I want my texts in German"]),
        ("never use the word kindly", ["never use the word kindly"]),
        ("the numbers are wrong", []),
    ],
)
def test_a_comment_beside_a_thumb_is_read_as_a_wish(comment: str, kept: list[str]) -> None:
    assert in_comment(comment) == kept
    assert all(wishes(text) for text in kept)


@pytest.mark.parametrize(
    ("told", "late"),
    [("ACME always pays late", True), ("Zeta zahlt immer zu spät", True), ("ACME never pays late", False)],
)
def test_who_pays_late_is_told_from_who_does_not(told: str, late: bool) -> None:
    assert bool(LATE.search(told)) is late


def test_a_quotation_at_the_end_of_a_statement_keeps_its_marks() -> None:
    assert tidy("begin mails with “Hi”.") == "Begin mails with “Hi”"
    assert tidy("“ACME pays late”") == "ACME pays late"
