"""What a new conversation begins with, and the commands: each leads to agents that are here."""

from __future__ import annotations

from datetime import date

import pytest

from agents import registry
from chainlit_app import commands
from chainlit_app.framework import FACE
from chainlit_app.starters import BEGINNINGS, Beginning, sample_for
from graph.planner.known import Known
from graph.planner.planner import Planner
from memory.file_kinds import kind_of, mime_of
from memory.files import FileRef

AGENTS = {
    "Write an invoice": ["bookkeeping"],
    "Train and explain a model": ["automl", "explain"],
    "Ask a document": ["documents"],
    "Match a job post": ["job_match", "proposal"],
    "Set up my profile": ["profile"],
    "What can you do?": ["system"],
}


@pytest.fixture(scope="module")
def planner() -> Planner:
    return Planner(registry.load())


@pytest.mark.parametrize("beginning", BEGINNINGS, ids=lambda one: one.label)
def test_each_beginning_works_at_once(planner: Planner, beginning: Beginning) -> None:
    sample = sample_for(beginning.message)
    assert (sample is not None) == bool(beginning.sample)
    name = beginning.sample
    files = [FileRef("f1", name, mime_of(name), 1, kind_of(name))] if sample else []
    plan = planner.plan(beginning.message, Known(files=files), date(2026, 1, 1))
    assert plan.missing is None
    assert [step.agent for step in plan.steps] == AGENTS[beginning.label]
    assert (FACE / "public" / "avatars" / f"{beginning.icon}.svg").is_file()


def test_other_messages_bring_no_sample() -> None:
    assert sample_for("Train a model") is None


def test_every_command_has_its_agent() -> None:
    assert {one["id"] for one in commands.offered()} == {one.name for one in commands.COMMANDS}
    assert commands.agent("invoice") == "bookkeeping"
    assert commands.agent("unknown") == commands.agent("") == ""
    assert commands.named("bookkeeping") == "invoice"


@pytest.mark.parametrize("command", [one for one in commands.COMMANDS if one.alone], ids=lambda one: one.name)
def test_a_command_alone_reaches_its_agent(planner: Planner, command: commands.Command) -> None:
    plan = planner.plan(command.alone, Known(files=[]), date(2026, 1, 1), command=command.agent)
    assert plan.missing or [step.agent for step in plan.steps] == [command.agent]
