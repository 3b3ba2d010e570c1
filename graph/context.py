"""What the nodes of one turn work with besides its state; never checkpointed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from langgraph.runtime import Runtime

from agents.deps import Deps
from agents.spec import AgentSpec
from graph.breaker import Breaker
from graph.planner.planner import Planner
from graph.summaries import Summaries
from integrations.models.models import Models
from memory.agent_runs import AgentRun
from monitoring.metrics import Metrics
from monitoring.traces import Traces


@dataclass(frozen=True)
class TurnContext:
    """The open resources of one turn."""

    deps: Deps
    agents: Mapping[str, AgentSpec]
    planner: Planner
    metrics: Metrics
    models: Models
    summaries: Summaries
    breaker: Breaker
    traces: Traces
    runs: list[AgentRun]
    """What is kept of how agents did once the turn ends."""
    keep: Callable[[], Awaitable[None]]
    """Has what was done so far outlast a crash, and from now on each step."""


Context = Runtime[TurnContext]
"""What a node is handed besides its state."""
