"""A message's language is told from a few words, and names, files and addresses do not mislead."""

from datetime import date

import pytest

from agents import registry
from graph.planner.known import Known
from graph.planner.language import language_of
from graph.planner.planner import Planner


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("who owes me money", "en"),
        ("invoice for Müller GmbH, 3 hours at 80 €", "en"),
        ("read https://exemple.fr/qui-sommes-nous.html and tell me what it says", "en"),
        ("show Rechnung-Mai.pdf", "en"),
        ("wer schuldet mir noch Geld", "de"),
        ("lass gut sein", "de"),
        ("rechnung an Acme, 3 Stunden", "de"),
        ("¿quién me debe dinero?", "es"),
        ("olvídalo", "es"),
        ("qui me doit de l'argent", "fr"),
        ("laisse tomber", "fr"),
        ("chi mi deve dei soldi", "it"),
        ("lascia stare", "it"),
        ("quem me deve dinheiro", "pt"),
        ("deixa pra lá", "pt"),
    ],
)
def test_a_few_words_tell_the_language(text: str, language: str) -> None:
    assert language_of(text) == language


@pytest.mark.parametrize("text", ["85", "ACME", "https://example.com", "", "👍"])
def test_what_tells_nothing_stays_with_the_last_language(text: str) -> None:
    assert language_of(text, "fr") == "fr"


def test_a_plan_says_the_language_of_the_message_and_what_answers_its_question_keeps_it() -> None:
    planner = Planner(registry.load())
    asked = planner.plan("erstelle bitte eine Rechnung über 12 Stunden", Known(), date(2026, 11, 21))
    assert asked.language == "de"
    whole = planner.complete(asked, "70 €", Known(), date(2026, 11, 21))
    assert whole is not None
    assert whole.language == "de"


def test_what_is_pasted_does_not_change_the_language() -> None:
    message = "passt das zu mir?\n\n```\nWe are looking for a developer who will work with us on the new shop.\n```"
    assert Planner(registry.load()).plan(message, Known(), date(2026, 11, 21)).language == "de"
