"""The agents: what each can do, the fields of its task, its tools, and how it did."""

from __future__ import annotations

from typing import Any

from fastapi import HTTPException
from pydantic import BaseModel

from chainlit_app.api.access import Opened, User, may
from chainlit_app.api.fields import Given
from chainlit_app.api.resource import Resource
from graph.runtime import Runtime

router = Resource(prefix="/agents", tags=["agents"], dependencies=[may("agents", "read")])


class Agent(BaseModel):
    """An agent. `task` is the JSON schema of its task; `effects` name what it may do once the user agreed."""

    name: str
    title: str
    description: str
    examples: list[str]
    task: dict[str, Any]
    tools: list[str]
    effects: list[str]
    consents: list[str]


class AgentMetrics(BaseModel):
    """How an agent did for the user in the last 90 days; durations are in seconds, null without a run."""

    runs: int
    failures: int
    by_failure: dict[str, int]
    median_s: float | None
    slowest_s: float | None


@router.get("")
async def list_agents(runtime: Opened) -> list[Agent]:
    """Every agent by name."""
    return [_shown(name, runtime) for name in sorted(runtime.agents)]


@router.get("/{name}")
async def get_agent(name: Given, runtime: Opened) -> Agent:
    """One agent."""
    return _shown(name, runtime)


@router.get("/{name}/metrics")
async def agent_metrics(name: Given, runtime: Opened, user: User) -> AgentMetrics:
    """How one agent did."""
    _shown(name, runtime)
    runs = [one for one in await runtime.stores.runs.of(user) if one.agent == name]
    failed = [one.failure or "unexpected" for one in runs if not one.ok]
    times = sorted(one.seconds for one in runs)
    return AgentMetrics(
        runs=len(runs),
        failures=len(failed),
        by_failure={kind: failed.count(kind) for kind in sorted(set(failed))},
        median_s=round(times[len(times) // 2], 3) if times else None,
        slowest_s=round(times[-1], 3) if times else None,
    )


def _shown(name: str, runtime: Runtime) -> Agent:
    spec = runtime.agents.get(name)
    if spec is None:
        raise HTTPException(404, "There is no such agent.")
    return Agent(
        name=spec.name,
        title=spec.title,
        description=spec.description,
        examples=list(spec.examples),
        task=spec.task.model_json_schema(),
        tools=list(spec.tools),
        effects=sorted(spec.effects),
        consents=list(spec.consents),
    )
