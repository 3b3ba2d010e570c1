"""Rates that people say without a currency."""

from __future__ import annotations

import pytest

from agents.tools.remembering.profile_words import read_profile


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("rate is 52 now", {"rate": "52"}),
        ("my new hourly fee is 48 from next month", {"rate": "48"}),
        ("from now on i take 65/h", {"rate": "65"}),
        ("I charge 600 a day now", {"day_rate": "600"}),
    ],
)
def test_a_rate_without_currency_is_one(text: str, fields: dict[str, str]) -> None:
    assert read_profile(text)["fields"] == fields


@pytest.mark.parametrize("text", ["rate 5% higher", "I charge 4 hours for Acme", "i take 2 days off"])
def test_other_figures_are_no_rate(text: str) -> None:
    assert "rate" not in read_profile(text).get("fields", {})
