"""What papers for a client say, in the client's language."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from agents.tools.billing.invoice_pdf import draw
from agents.tools.proposals.proposal_draft import Offer, draft, unfounded
from agents.tools.proposals.proposal_questions import questions_for
from agents.tools.writing.papers import FILE, listed, say, written_in
from integrations.job_boards.post import JobPost
from memory.money import Money

SIX = ["en", "de", "es", "fr", "it", "pt"]
PROFILE: dict[str, Any] = {
    "name": "Jana Vogel",
    "title": "Data analyst",
    "skills": ["Python", "SQL"],
    "experience": ["Built a sales dashboard in Python for a hotel in 2024"],
    "rate": "75 EUR",
    "availability": "20 hours a week",
}
POST = JobPost(
    board="pasted",
    id="1",
    title="Dashboard",
    company="Acme",
    description="We need a Python dashboard for our sales data.\n- Load the data with SQL\n- Show the revenue by month",
    skills=("Python", "SQL"),
)
OFFER = Offer(
    Money(Decimal(3100), "EUR"), Decimal("44.5"), Money(Decimal(75), "EUR"), True, Money(Decimal(2650), "EUR")
)


def test_every_sentence_is_there_in_all_six_languages_with_the_same_fields() -> None:
    sentences = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    assert written_in() == SIX
    for english, others in sentences.items():
        assert list(others) == SIX[1:], english
        for other in others.values():
            assert len(re.findall(r"\{\d?\}", other)) == english.count("{}"), other


def test_a_sentence_is_filled_in_the_order_of_its_language() -> None:
    late = "on {} my invoice {} was due. {} is still open, although I reminded you before."
    assert say(late, "pt", "1 de maio de 2026", "2026-0001", "90,00 €").startswith(
        "a minha fatura 2026-0001 venceu em 1 de maio de 2026."
    )
    assert listed(["SQL", "Python", "R"], "de") == "SQL, Python und R"


@pytest.mark.parametrize("language", SIX)
def test_a_proposal_is_whole_in_each_language_and_claims_nothing_new(language: str) -> None:
    made = draft(PROFILE, POST, offer=OFFER, advance=True, language=language)
    assert unfounded(made, PROFILE, POST) == []
    for question in questions_for(POST):
        assert say(question, language) in made.text
    if language != "en":
        own = " ".join(map(str, [*PROFILE.values(), POST.description, POST.title, POST.company]))
        english = re.findall(r"\b(?:the|you|would|my name|best regards|hours)\b", made.text, re.IGNORECASE)
        assert [word for word in english if word not in own] == []


def test_a_german_proposal_writes_sums_as_germans_do() -> None:
    text = draft(PROFILE, POST, offer=OFFER, language="de").text
    assert "Festpreis von 3.100,00 €" in text and "Mit freundlichen Grüßen" in text and "Guten Tag" in text


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("de", ("Rechnung", "1. März 2026", "1.190,00 €", "Bitte zahlen Sie", "USt. 19 %", "3 Tage")),
        ("es", ("Factura", "1 de marzo de 2026", "1.190,00 €", "IVA 19 %", "3 días")),
        ("fr", ("Facture", "1 mars 2026", "TVA 19 %", "Merci de régler", "3 jours")),
    ],
)
def test_an_invoice_is_drawn_in_the_clients_language(language: str, words: tuple[str, ...], tmp_path: Path) -> None:
    import pdfplumber

    invoice: dict[str, Any] = {
        "number": "2026-0001",
        "state": "sent",
        "client": {"name": "Müller Druck GmbH"},
        "issued_on": "2026-03-01",
        "due_on": "2026-03-15",
        "paid_on": None,
        "currency": "EUR",
        "note": "",
        "lines": [["Logo", "1", "item", "400", "19"], ["Web", "3", "day", "200", "19"]],
    }
    path = tmp_path / "paper.pdf"
    draw(invoice, {"name": "Jana Vogel"}, str(path), language)
    with pdfplumber.open(path) as pdf:
        text = "\n".join(page.extract_text() for page in pdf.pages)
    for word in words:
        assert word in text
    assert not re.search(r"\b(?:Invoice|Billed|Please|Quantity|Net)\b", text)
