"""Requests in five languages, read word for word in English and given back in the user's words."""

from __future__ import annotations

from datetime import date

import pytest

from agents import registry
from graph.planner.gloss import gloss
from graph.planner.known import Known
from graph.planner.slots import Clause, fill

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("language", "said", "english"),
    [
        ("de", "Rechnung über 12,5 Stunden zu 1.200,50 € für ACME", "Invoice for 12.5 hours at 1200.50 € for ACME"),
        ("es", "factura de 10 horas a 80 € para Müller SL", "invoice for 10 hours at 80 € for Müller SL"),
        ("fr", "Rappelle-moi demain d'appeler", "Remind me tomorrow to call"),
        ("it", "chi mi deve soldi?", "who owes me money?"),
        ("pt", "fatura para a ACME", "invoice for ACME"),
        ("es", "soy traductora de Sevilla", "i am a translator from Sevilla"),
        ("es", "soy traductora de libros", "i am a translator of libros"),
        ("de", "15,00 oder 2026-0001 oder 1,2,3", "15.00 or 2026-0001 or 1,2,3"),
    ],
)
def test_small_words_phrases_and_numbers_become_english_and_names_stay(language: str, said: str, english: str) -> None:
    assert gloss(said, language).text == english


def test_what_was_read_as_a_text_is_given_back_as_the_user_wrote_it() -> None:
    found = gloss("Erinnere mich am Freitag daran, die Bank anzurufen", "de")
    assert found.text == "Remind me on Freitag to, the Bank anzurufen"
    read = {"title": "the Bank anzurufen", "action": "remind", "lines": [{"description": "the Bank"}], "count": 3}
    assert found.back(read) == {
        "title": "die Bank anzurufen",
        "action": "remind",
        "lines": [{"description": "die Bank"}],
        "count": 3,
    }


def test_a_number_that_was_a_word_stays_a_number() -> None:
    found = gloss("due ore a cinque euro", "it")
    assert found.back({"quantity": "2", "price": "5 EUR"}) == {"quantity": "2", "price": "5 EUR"}


def test_a_value_that_is_no_stretch_of_whole_words_stays() -> None:
    assert gloss("Rechnung für ACME", "de").back({"client": "ACM", "currency": "EUR", "note": ""}) == {
        "client": "ACM",
        "currency": "EUR",
        "note": "",
    }


@pytest.mark.parametrize(
    ("agent", "words", "wanted"),
    [
        ("bookkeeping", "Wer schuldet mir noch Geld?", {"action": "list", "state": "unpaid"}),
        ("bookkeeping", "Quelles factures sont impayées ?", {"action": "list", "state": "unpaid"}),
        ("payments", "link de pago para la factura de Quiroga", {"action": "link"}),
        ("calendar", "Ricordami di rinnovare l'assicurazione venerdì", {"title": "Rinnovare l'assicurazione"}),
    ],
)
def test_agents_that_read_english_understand_the_common_requests(
    agent: str, words: str, wanted: dict[str, object]
) -> None:
    task = fill(registry.load()[agent], Clause(words), Known(), {}, TODAY).task
    assert {name: task.get(name) for name in wanted} == wanted
