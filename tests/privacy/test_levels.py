"""Which level a text deserves, and what a level allows."""

from __future__ import annotations

import pytest

from privacy.levels import ALLOWED, Level, level_of


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("Average price by cut, please.", Level.INTERNAL),
        ("Write to ana@example.pt", Level.CONFIDENTIAL),
        ("IBAN DE89 3704 0044 0532 0130 00", Level.CONFIDENTIAL),
        ("card 4111 1111 1111 1111", Level.RESTRICTED),
        ("SSN 536-22-8726", Level.RESTRICTED),
        ("password: hunter2hunter2", Level.RESTRICTED),
        ("-----BEGIN RSA PRIVATE KEY-----", Level.RESTRICTED),
        ("the diagnosis of the patient", Level.RESTRICTED),
    ],
)
def test_a_text_gets_the_level_of_the_worst_in_it(text: str, level: Level) -> None:
    assert level_of(text) is level


def test_a_known_name_makes_a_text_confidential() -> None:
    assert level_of("Acme called") is Level.INTERNAL
    assert level_of("Acme called", ["Acme"]) is Level.CONFIDENTIAL


def test_nothing_becomes_public_because_nothing_was_found() -> None:
    assert level_of("") is Level.INTERNAL


def test_restricted_is_never_embedded_sent_to_a_model_elsewhere_or_logged() -> None:
    allowed = ALLOWED[Level.RESTRICTED]
    assert (allowed.embedded, allowed.elsewhere, allowed.logged, allowed.sealed) == (False, "never", False, True)
