"""The labelled messages are fit to measure with: labels that exist, every agent and language, nothing twice."""

from __future__ import annotations

from collections import Counter

import pytest

from agents import registry
from bench.planner import Message, messages
from graph.planner.language import LANGUAGES


@pytest.fixture(scope="module")
def labelled() -> list[Message]:
    return messages()


def test_there_are_more_than_600_and_none_twice(labelled: list[Message]) -> None:
    assert len(labelled) >= 600
    assert sum(message.split == "unseen" for message in labelled) >= 300
    assert len({(message.text, *message.files) for message in labelled}) == len(labelled)
    kinds = Counter(message.kind for message in labelled)
    assert kinds["out_of_scope"] >= 40
    assert kinds["talk"] >= 20


def test_only_plans_have_agents_and_every_agent_has_its_share(labelled: list[Message]) -> None:
    assert all(bool(message.agents) == (message.kind == "plan") for message in labelled)
    named = {name for message in labelled for wanted in (message.agents, *message.also) for name in wanted}
    single = Counter(message.agents[0] for message in labelled if len(message.agents) == 1)
    assert named >= set(registry.load())
    assert min(single.values()) >= 8
    assert sum(len(message.agents) > 1 for message in labelled) >= 100


def test_six_languages_are_spoken(labelled: list[Message]) -> None:
    spoken = Counter(message.language for message in labelled)
    assert set(spoken) == set(LANGUAGES)
    assert min(spoken.values()) >= 20


def test_a_dependency_points_from_a_later_step_to_an_earlier_one(labelled: list[Message]) -> None:
    for message in labelled:
        assert all(0 <= first < later < len(message.agents) for later, first in message.depends), message.text
