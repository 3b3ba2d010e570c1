"""The compiled state machine."""

from __future__ import annotations

from typing import Any

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph import END, START, StateGraph

from graph import approvals, nodes
from graph.context import TurnContext
from graph.state import State

STEPS_LIMIT = 200
"""How many supersteps one turn may take before it is taken for a loop."""


def build(checkpointer: BaseCheckpointSaver[Any] | None) -> Any:
    """Wire the nodes and compile; see `graph.nodes` for the drawing."""
    graph = StateGraph(State, context_schema=TurnContext)
    graph.add_node("gate", nodes.check)
    graph.add_node("plan", nodes.plan)
    graph.add_node("executive", nodes.executive)
    graph.add_node("agent", nodes.agent)
    graph.add_node("approve", approvals.approve)
    graph.add_node("perform", approvals.perform)
    graph.add_node("compose", nodes.answer)
    graph.add_node("remember", nodes.remember)
    graph.add_edge(START, "gate")
    graph.add_edge("gate", "plan")
    graph.add_edge("plan", "executive")
    for node in ("agent", "approve", "perform"):
        graph.add_edge(node, "executive")
    graph.add_edge("compose", "remember")
    graph.add_edge("remember", END)
    return graph.compile(checkpointer)
