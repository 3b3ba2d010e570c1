"""Who says it can stand in for another agent gives tasks of its own that are valid, or says it cannot."""

from __future__ import annotations

from typing import Any

import pytest

from agents import registry

TASKS = [
    ("web_research", "scholar", {"words": "price anchoring", "days": 30}, {"words": "price anchoring", "days": 30}),
    ("scholar", "web_research", {"words": "price anchoring"}, {"words": "price anchoring"}),
    ("scholar", "web_research", {"words": "it", "urls": ["https://example.com"]}, None),
    ("scholar", "web_research", {"words": "it", "sources": ["wikipedia"]}, None),
    ("job_match", "job_search", {"post": "We look for a Python developer"}, {"post": "We look for a Python developer"}),
    ("job_match", "job_search", {"words": "python"}, None),
    ("documents", "contract", {"document": "f1", "topics": ["ip"]}, {"document": "f1", "actions": ["summary"]}),
    ("documents", "contract", {"earlier": "f1", "compare": True}, {"earlier": "f1", "actions": ["compare"]}),
]


@pytest.mark.parametrize(("name", "planned", "task", "own"), TASKS)
def test_a_task_becomes_ones_own(name: str, planned: str, task: dict[str, Any], own: dict[str, Any] | None) -> None:
    spec = registry.load()[name]
    assert spec.stands_in[planned](task) == own
    if own is not None:
        spec.task.model_validate(own)


def test_everyone_that_is_stood_in_for_exists() -> None:
    agents = registry.load()
    assert {planned for spec in agents.values() for planned in spec.stands_in} <= agents.keys()
