"""The labelled messages are fit to measure with: labels that exist, both halves alike, nothing twice."""

from __future__ import annotations

from collections import Counter

import pytest

from bench.planner import Message, messages

AGENTS = {
    "math", "bookkeeping", "documents", "data_analyst", "automl", "explain",
    "job_search", "job_match", "proposal", "profile", "privacy", "system",
    "market", "web_research", "scholar", "calendar", "mail", "payments", "mcp", "career",
    "scraper", "saved_searches", "job_outcome",
}  # fmt: skip


@pytest.fixture(scope="module")
def labelled() -> list[Message]:
    return messages()


def test_there_are_413_of_every_kind_and_none_twice(labelled: list[Message]) -> None:
    assert len(labelled) == 413
    assert len({(message.text, *message.files) for message in labelled}) == 413
    assert Counter(message.kind for message in labelled) == {"plan": 373, "talk": 15, "out_of_scope": 25}


def test_only_plans_have_agents_and_every_agent_has_its_share(labelled: list[Message]) -> None:
    assert all(bool(message.agents) == (message.kind == "plan") for message in labelled)
    single = Counter(message.agents[0] for message in labelled if len(message.agents) == 1)
    assert set(single) == AGENTS
    assert min(single.values()) >= 14
    several = [message for message in labelled if len(message.agents) > 1]
    assert len(several) == 48
    assert {name for message in several for name in message.agents} == AGENTS


def test_a_dependency_points_from_a_later_step_to_an_earlier_one(labelled: list[Message]) -> None:
    for message in labelled:
        assert all(0 <= first < later < len(message.agents) for later, first in message.depends), message.text


def test_both_halves_have_the_same_mix(labelled: list[Message]) -> None:
    halves = [[m for m in labelled if m.split == split] for split in ("build", "unseen")]
    mixes = [Counter(m.agents[0] if len(m.agents) == 1 else f"{m.kind} {len(m.agents) > 1}" for m in h) for h in halves]
    assert mixes[0].keys() == mixes[1].keys()
    assert all(abs(mixes[0][group] - mixes[1][group]) <= 1 for group in mixes[0])
