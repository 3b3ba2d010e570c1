"""Languages by their names in six languages, and by the codes translators write."""

from __future__ import annotations

import pytest

from agents.tools.text.languages import named


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("from German into French", ["de", "fr"]),
        ("make it norwegian", ["no"]),
        ("en néerlandais de Belgique", ["nl"]),
        ("ins Niederländische, formell", ["nl"]),
        ("una traducción alemana", ["de"]),
        ("in polacco, per favore", ["pl"]),
        ("EN>DE: payment due on receipt", ["en", "de"]),
        ("polish this text", []),
        ("it is done", []),
    ],
)
def test_languages_are_known_by_their_names_and_codes(text: str, codes: list[str]) -> None:
    assert named(text) == codes
