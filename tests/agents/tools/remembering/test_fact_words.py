"""What is to be remembered, listed, corrected or forgotten is read from plain words, and what is stated by the way."""

from __future__ import annotations

import pytest

from agents.tools.remembering.fact_words import read_memory, stated, subject


@pytest.mark.parametrize(
    ("said", "action", "text"),
    [
        ("remember that ACME always pays late", "remember", "ACME always pays late"),
        ("Please remember: I prefer calls in the morning.", "remember", "I prefer calls in the morning"),
        ("don't forget that Zeta needs a purchase order", "remember", "Zeta needs a purchase order"),
        ("merk dir, dass ACME immer zu spät zahlt", "remember", "ACME immer zu spät zahlt"),
        ("recuerda que prefiero llamadas por la mañana", "remember", "Prefiero llamadas por la mañana"),
        ("I prefer short proposals", "remember", "I prefer short proposals"),
        ("what do you know about ACME?", "list", "ACME"),
        ("was weißt du über ACME?", "list", "ACME"),
        ("what do you remember", "list", ""),
        ("did I tell you about the discount?", "list", "The discount"),
        ("that's wrong, ACME pays on time", "correct", "ACME pays on time"),
        ("forget that I like mornings", "forget", "I like mornings"),
        ("vergiss, dass ich Tee mag", "forget", "Ich Tee mag"),
        ("forget everything about ACME", "forget", "Everything about ACME"),
        ("don't remember that", "forget", ""),
        ("tell me what you keep, then forget everything about Grupo Sáenz", "forget", "Everything about Grupo Sáenz"),
        ("pls dont ever suggest calls before 10, keep that in mind", "remember", "Dont ever suggest calls before 10"),
        ("I already told you that ACME is a slow payer", "remember", "ACME is a slow payer"),
        ("olha, guarda aí que a Aval só aceita nota até o dia 20", "remember", "A Aval só aceita nota até o dia 20"),
        ("did i ever tell you anything about how Farkas names files", "list", "How Farkas names files"),
        ("list what you know about me", "list", "Me"),
        ("what do you remember of Farkas", "list", "Farkas"),
        ("does ACME always pay late?", "list", "Does ACME always pay late"),
    ],
)
def test_words_say_what_to_do_and_with_what(said: str, action: str, text: str) -> None:
    read = read_memory(said)
    assert (read["action"], read["text"]) == (action, text)


def test_a_fact_is_corrected_by_its_number() -> None:
    assert read_memory("correct 2: ACME pays within 60 days") == {
        "action": "correct",
        "text": "ACME pays within 60 days",
        "number": 2,
    }


@pytest.mark.parametrize(
    ("text", "client"),
    [
        ("ACME always pays late", "ACME"),
        ("Zeta Labs wants weekly reports", "Zeta Labs"),
        ("they at acme pay late", "Acme GmbH"),
        ("I prefer calls in the morning", None),
        ("My rate is never negotiable", None),
        ("Mondays are for deep work", None),
    ],
)
def test_a_statement_is_about_a_client_it_names_or_begins_with(text: str, client: str | None) -> None:
    assert subject(text, ["Acme GmbH"] if "acme" in text else []) == client


def test_what_is_stated_plainly_and_for_long_is_noted() -> None:
    words = "Write a proposal for Zeta. ACME always pays late. I prefer calls in the morning. Any questions?"
    assert stated(words, []) == ["ACME always pays late", "I prefer calls in the morning"]
    assert stated("Zeta never answers on Fridays.", ["Zeta"]) == ["Zeta never answers on Fridays"]


@pytest.mark.parametrize(
    "words",
    [
        "They always pay late.",
        "Customers often ask for discounts.",
        "I prefer this one.",
        "Does ACME always pay late?",
        "ACME usually pays today.",
        "I prefer it shorter.",
        "ACME always pays late " + "and late " * 60,
    ],
)
def test_what_is_vague_passing_or_asked_is_not_noted(words: str) -> None:
    assert stated(words, []) == []
