"""What somebody pastes is told by its looks, in six languages, and what they say looks like nothing."""

from __future__ import annotations

import pytest

from graph.planner.shown import looks_like

POST = "Illustrator wanted for a children's app\nRemote, 20 hours a week, $40 an hour. Apply with three samples."
CONTRACT = "SERVICE AGREEMENT\nbetween Nordlicht AG and the Supplier.\n1. Term: 12 months.\n2. Fees: 400 a day."
MAIL = "Dear Ms Okoye, the proofs look fine, only page 9 is too dark. Kind regards, Ines"
TABLE = "month;income\nJanuary;2300\nFebruary;1800\nMarch;3100"
HOURS = "Mo 2,5 Std Konzept\nDi 4 Std Text\nDo 3 Std Korrekturen"
BILL = "Copy Corner\nPaper A4 12.90 €\nTotal 12.90 €\nVAT 19 % 2.06 €"
CARD = "Sanjay Rao\nKestrel Logistics\n14 Residency Road, Bengaluru\nsanjay@kestrel.example"


@pytest.mark.parametrize(
    ("looks", "text"),
    [
        ("job", POST),
        ("job", "Wir suchen eine Texterin für Newsletter, 250 € je Ausgabe, Start sofort, Bewerbung mit Proben."),
        ("job", "Hello, we are looking for a translator for our shop. Budget 900 €, start in May. Regards, Kim"),
        ("contract", CONTRACT),
        ("contract", "§ 7 Der Auftragnehmer haftet unbeschränkt für alle mittelbaren Schäden."),
        ("contract", "The Client may terminate at any time without payment for work in progress."),
        ("mail", MAIL),
        ("mail", "Bonjour Madame, seriez-vous libre en mars ? Cordialement, Hélène Caron"),
        ("mail", "From: b.osei@gold.example\nSubject: Boxes\nHello, do you take rush jobs?"),
        ("table", TABLE),
        ("hours", HOURS),
        ("bill", BILL),
        ("card", CARD),
    ],
)
def test_a_pasted_text_is_told_by_its_looks(looks: str, text: str) -> None:
    assert looks_like(text) == looks


@pytest.mark.parametrize(
    "text",
    [
        "write a proposal for the second job",
        "fass mir den vertrag kurz zusammen bitte",
        "looking for a 3-month contract, English speaking team",
        "Hi, could you kindly list every deadline in the attached tender? Thank you so much.",
        "rechnung an Müller GmbH, 8 Stunden à 85 euro, 19% mwst bitte",
        "Rent, food, 3 shirts",
        "",
    ],
)
def test_what_is_said_looks_like_nothing(text: str) -> None:
    assert looks_like(text) == ""
