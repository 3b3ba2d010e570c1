"""A mail says what it was to say, and a draft is changed by a few words about it."""

from __future__ import annotations

import pytest

from agents.tools.writing.mail_draft import changed
from agents.tools.writing.mail_words import letter, read_mail

DRAFT = {"body": "Hello Sarah,\n\nI'm ill on Tuesday.\n\nBest regards\nMia"}


@pytest.mark.parametrize(
    ("text", "name", "body"),
    [
        ("write a mail to Sarah that I'm ill on Tuesday", "Sarah", "I'm ill on Tuesday"),
        (
            "schreib Petra eine Mail, dass der Workshop um 9 Uhr beginnt",
            "Petra",
            "ich schreibe Ihnen, dass der Workshop um 9 Uhr beginnt",
        ),
        ("escribe un correo a Marta: las fotos estarán el lunes", "Marta", "las fotos estarán el lunes"),
    ],
)
def test_what_stands_behind_that_or_a_colon_is_what_the_mail_says(text: str, name: str, body: str) -> None:
    assert read_mail(text) == {"action": "write", "name": name, "body": body}


def test_the_first_words_of_a_mail_are_its_subject_where_they_are_few() -> None:
    subject, text = letter("", "I'm ill on Tuesday and we move to Friday", "Sarah", "Mia")
    assert subject == "I'm ill on Tuesday"
    assert text == "Hello Sarah,\n\nI'm ill on Tuesday and we move to Friday.\n\nBest regards\nMia"


def test_a_sentence_is_added_before_the_closing() -> None:
    assert changed(DRAFT, "add that I'm sorry") == (
        "Hello Sarah,\n\nI'm ill on Tuesday.\n\nI'm sorry.\n\nBest regards\nMia"
    )


def test_a_friendlier_mail_greets_and_closes_warmly() -> None:
    assert changed(DRAFT, "make it friendlier") == (
        "Hi Sarah,\n\nI hope you are well.\n\nI'm ill on Tuesday.\n\nWarm regards\nMia"
    )


def test_words_that_wish_no_change_make_none() -> None:
    assert changed(DRAFT, "any new mail from Acme?") is None


def test_a_draft_is_made_more_formal_in_its_own_language() -> None:
    body = changed(DRAFT, "more formal please")
    assert body == "Dear Sarah,\n\nI am ill on Tuesday.\n\nKind regards\nMia"
    german = {"body": "Hallo Petra,\n\nder Workshop beginnt am Montag um 9 Uhr.\n\nViele Grüße\nMia"}
    assert str(changed(german, "förmlicher")).startswith("Guten Tag Petra,")
