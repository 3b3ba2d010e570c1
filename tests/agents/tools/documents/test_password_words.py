"""A stated password is told from the rest of a message, and from words that only speak of one."""

from __future__ import annotations

import pytest

from agents.tools.documents.password_words import Waiting, password_in, waiting_request
from memory.turns import Turn


@pytest.mark.parametrize(
    ("text", "password", "rest"),
    [
        ("the password is Sommer24", "Sommer24", ""),
        ("The password of the PDF is Sommer24.", "Sommer24", ""),
        ("das Passwort ist Sommer24", "Sommer24", ""),
        ("le mot de passe est été2024", "été2024", ""),
        ("la contraseña es “two words”", "two words", ""),
        ("password: x9, what is the notice period?", "x9", "what is the notice period?"),
        ("is the password mentioned in it?", "", "is the password mentioned in it?"),
        ("what does it say about password rules?", "", "what does it say about password rules?"),
    ],
)
def test_a_password_is_read_as_people_state_it(text: str, password: str, rest: str) -> None:
    assert password_in(text) == (password, rest)


def turn(text: str, error: str = "", status: str = "failed") -> Turn:
    findings = {"s1": {"error": error}} if error else {}
    plan = {"steps": [{"id": "s1", "agent": "contract"}]}
    return Turn(id=text, thread="t", message=text, user="u", text=text, status=status, plan=plan, findings=findings)


LOCKED = "The PDF is locked with a password; write “the password is …” and I will open it."
WRONG = "That is not the password of the PDF; please try another one."


def test_the_request_that_waits_is_the_newest_that_a_lock_stopped() -> None:
    turns = [turn("the password is x", WRONG), turn("what is the fee?", LOCKED), turn("hello", status="done")]
    assert waiting_request(turns) == Waiting("what is the fee?", "contract")


def test_nothing_waits_once_it_was_answered() -> None:
    assert waiting_request([turn("thanks", status="done"), turn("what is the fee?", LOCKED)]) is None
    assert waiting_request([]) is None
