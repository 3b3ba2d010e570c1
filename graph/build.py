"""The compiled state machine.

Steps that depend on each other form a branch, which is a graph of its own: a quick branch goes on while a slow one
still works on its first step, and one that waits for the user's word holds up none of the others.
"""

from __future__ import annotations

from typing import Any

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph import END, START, StateGraph
from langgraph.types import Send

from graph import effects, nodes
from graph.context import TurnContext
from graph.state import Gathered, Plan, State, Step

WORK = ("agent", "approve", "perform")
STEPS_LIMIT = 200
"""How many supersteps one turn may take before it is taken for a loop."""


def build(checkpointer: BaseCheckpointSaver[Any] | None) -> Any:
    """Wire the nodes and compile; see `graph.nodes` for the drawing."""
    graph = StateGraph(State, context_schema=TurnContext)
    graph.add_node("plan", nodes.plan)
    graph.add_node("branch", _branch())
    graph.add_node("compose", nodes.answer)
    graph.add_conditional_edges(START, _first, ["plan", "branch", "compose", END])
    graph.add_conditional_edges("plan", _after_plan, ["branch", "compose", END])
    graph.add_edge("branch", "compose")
    graph.add_edge("compose", END)
    return graph.compile(checkpointer)


def branches(steps: list[Step]) -> list[list[Step]]:
    """The steps in groups that hang together by what they depend on, the most urgent group first."""
    groups: list[list[Step]] = []
    for step in steps:
        near = {step.id, *step.depends_on, *step.binds.values()}
        joined = [group for group in groups if any(_touch(one, step, near) for one in group)]
        groups = [group for group in groups if group not in joined]
        groups.append([*(one for group in joined for one in group), step])
    return sorted(groups, key=lambda group: -max(step.priority for step in group))


def _touch(one: Step, step: Step, near: set[str]) -> bool:
    return one.id in near or step.id in (*one.depends_on, *one.binds.values())


def _branch() -> Any:
    graph = StateGraph(State, context_schema=TurnContext, output_schema=Gathered)
    graph.add_node("executive", nodes.executive)
    graph.add_node("agent", nodes.agent)
    graph.add_node("approve", effects.approve)
    graph.add_node("perform", effects.perform)
    graph.add_conditional_edges(START, nodes.first_steps, [*WORK, END])
    for node in WORK:
        graph.add_conditional_edges(node, nodes.after_step, ["executive", *WORK, END])
    return graph.compile()


async def _first(state: State) -> str | list[Send]:
    return await _after_plan(state) if state.get("plan") else "plan"


async def _after_plan(state: State) -> str | list[Send]:
    """Send each branch of the plan on its way; a plan that lacks something ends here, to ask."""
    made = Plan.model_validate(state["plan"])
    if made.missing:
        return END
    sends = []
    for group in branches(made.steps):
        part = made.model_copy(update={"steps": group}).model_dump(mode="json")
        sends.append(Send("branch", {**state, "plan": part}))
    return sends or "compose"
