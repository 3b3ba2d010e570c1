"""What is asked about a quote that was made, in a freelancer's words."""

from __future__ import annotations

import re
from typing import Any

import pytest

from agents.specialists.pricing import AGENT
from agents.tools.pricing.pricing_words import read_pricing


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("what if I drop the rate to 60", {"action": "discount", "each": "60"}),
        ("and if my rate was 95 €/h? what if the rate is 95", {"action": "quote"}),
        ("what if I give 10 % discount", {"action": "discount"}),
        ("ok, they accepted the recommended one", {"action": "accept", "tier": "recommended"}),
        ("why so expensive?", {"action": "why"}),
    ],
)
def test_what_is_asked_of_a_quote(text: str, held: dict[str, Any]) -> None:
    assert held.items() <= read_pricing(text).items()


@pytest.mark.parametrize(
    "text",
    ["what if I drop the rate to 60", "was wenn ich den Stundensatz auf 60 senke?", "et si je baisse le tarif à 60 ?"],
)
def test_another_rate_is_surely_about_the_quote(text: str) -> None:
    assert any(re.search(one, text) for one in AGENT.surely)
