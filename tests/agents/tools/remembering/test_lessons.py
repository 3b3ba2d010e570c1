"""What a changed draft teaches, and what it does not."""

from __future__ import annotations

from agents.tools.remembering.lessons import lessons
from agents.tools.remembering.wishes import wishes

LETTER = """Hello Anna,

I am writing to follow up about the job we discussed. It would be a job of three weeks, and I could begin with it on
Monday. Is there anything you still need from me to go on? I would also be glad to talk the plan through in a call.

Best regards
Mara"""


def test_another_greeting_and_closing_are_learned() -> None:
    changed = LETTER.replace("Hello Anna", "Hi Anna").replace("Best regards", "Cheers,")
    assert lessons(LETTER, changed) == ["Begin mails with “Hi”", "End mails with “Cheers”"]


def test_a_text_cut_to_half_teaches_to_be_short() -> None:
    short = "Hello Anna,\n\nIs there anything you still need from me?\n\nBest regards\nMara"
    assert lessons(LETTER, short) == ["I prefer short mails"]


def test_a_word_replaced_wherever_it_stands_is_learned_and_one_replaced_once_is_not() -> None:
    assert lessons(LETTER, LETTER.replace("job", "project")) == ["Say “project” instead of “job”"]
    assert lessons(LETTER, LETTER.replace("plan", "idea")) == []


def test_other_facts_teach_nothing() -> None:
    changed = LETTER.replace("Anna", "Tom").replace("Monday", "Friday").replace("three", "4")
    assert lessons(LETTER, changed) == lessons(LETTER, LETTER) == lessons(LETTER, "") == []


def test_every_lesson_is_understood_as_a_wish() -> None:
    changed = LETTER.replace("Hello", "Hi").replace("Best regards", "Cheers").replace("job", "project")
    found = lessons(LETTER, changed)
    assert len(found) == 3 and all(wishes(text) for text in found)
