"""Leads and goals as freelancers note them in passing."""

from __future__ import annotations

from typing import Any

import pytest

from agents.tools.business.pipeline_words import read_pipeline


@pytest.mark.parametrize(
    ("text", "held"),
    [
        (
            "lead: somebody called Petra needs a brochure, maybe 800",
            {"action": "lead", "name": "Petra", "amount": "800"},
        ),
        ("put Greta down as a lead, packaging, 900-ish", {"action": "lead", "name": "Greta", "amount": "900"}),
        ("Tilda called: roughly 2.4k. stick it in the leads", {"action": "lead", "name": "Tilda", "amount": "2400"}),
        ("neuer Interessent: Herr Okoro, rund 3000 Euro", {"action": "lead", "name": "Okoro", "amount": "3000 EUR"}),
        ("Petra's lead went cold, close it", {"action": "move", "state": "lost", "name": "Petra"}),
        ("my goal is to make 48k this year", {"action": "goal", "measure": "revenue", "amount": "48000"}),
        ("goal: 4000 a month", {"action": "goal", "measure": "revenue", "period": "month"}),
        ("my goal is 30 hours a week", {"action": "goal", "measure": "hours", "count": "30"}),
        ("show my leads", {"action": "leads"}),
        ("which jobs are running?", {"action": "projects"}),
    ],
)
def test_leads_and_goals_are_read_with_their_sums(text: str, held: dict[str, Any]) -> None:
    assert held.items() <= read_pipeline(text).items()
