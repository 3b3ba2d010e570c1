"""The system agent says what works here and what can be asked for."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any, cast

import pytest

from agents import registry
from agents.deps import Deps
from agents.spec import Finding, Given
from agents.specialists.system import AGENT, SystemTask, read_system
from config.settings import Settings
from integrations.http import HttpClient
from integrations.models.choose import source
from integrations.models.models import Models
from memory.stores import Stores
from privacy.audit import AuditLog


@pytest.fixture
async def deps(settings: Settings, stores: Stores) -> AsyncIterator[Deps]:
    audit = AuditLog.open(settings)
    http = HttpClient(settings, audit, stores.consents.granted)
    jobs = cast(Any, SimpleNamespace(processes=1))
    yield Deps("ana", "t", settings, stores, http=http, jobs=jobs, audit=audit, today=date(2026, 3, 1))
    await http.close()


async def say(text: str, deps: Deps) -> Finding:
    return await AGENT.run(SystemTask.model_validate(read_system(text)), Given(text=text, message=text), deps)


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("what can you do", "help"),
        ("/help", "help"),
        ("how can you help me", "help"),
        ("which model is loaded", "model"),
        ("do you use a language model", "model"),
        ("which versions are installed", "versions"),
        ("how do i add a local model", "model"),
        ("how do I update you", "update"),
        ("what are your commands", "help"),
        ("what works here", "health"),
        ("how much disk space is left", "health"),
    ],
)
def test_the_action_is_read(text: str, action: str) -> None:
    assert read_system(text)["action"] == action


async def test_health_lists_every_check_and_the_workers(deps: Deps) -> None:
    finding = await say("what works here", deps)
    names = {check["name"] for check in finding.data["checks"]}
    assert {"Python", "Packages", "Database", "Disk", "llama.cpp", "Model", "Workers"} <= names
    assert "1 worker processes alive" in finding.text


async def test_a_narrow_question_gets_a_narrow_answer(deps: Deps) -> None:
    finding = await say("how much disk space is left", deps)
    assert [check["name"] for check in finding.data["checks"]] == ["Disk"]


async def test_without_a_model_it_says_how_to_add_one(deps: Deps) -> None:
    finding = await say("which model is loaded", deps)
    assert finding.data == {"models": []} and "which models this computer can run" in finding.text


async def test_with_models_it_says_what_each_is_for_and_how_it_does(deps: Deps) -> None:
    chosen = deps.settings.model_copy(update={"model": "ollama:qwen3:4b", "model_spare": "http://127.0.0.1:9/v1#own"})
    finding = await say("which model is loaded", replace(deps, models=Models(source(chosen, deps.http))))
    assert "| ollama:qwen3:4b | everything | kept by its own server | – | not yet | none |" in finding.text
    assert "| own at 127.0.0.1 | when another cannot |" in finding.text
    assert [model["requests"] for model in finding.data["models"]] == [0, 0]


async def test_help_names_every_agent_with_an_example(deps: Deps) -> None:
    finding = await say("what can you do", deps)
    for spec in registry.load().values():
        assert spec.title in finding.text and spec.examples[0].replace("|", "\\|") in finding.text


async def test_versions_are_those_installed(deps: Deps) -> None:
    assert "not installed" not in (await say("which versions are installed", deps)).text
