"""No agent acts on the world, deletes or overwrites on its own: all that its `run` can reach is read here.

What needs the user's word is done by the functions an agent declares as `effects`; the graph calls those after the yes.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator
from types import FunctionType, ModuleType
from typing import Any

import pytest

from agents import registry
from agents.spec import AgentSpec

AGENTS = registry.load()

TAKES_AWAY = {
    "begin_install", "clear", "delete", "detach", "drop", "erase", "forget", "move", "purge", "remove", "revoke",
    "rmtree", "unlink", "use", "void", "withdraw",
}  # fmt: skip
"""Methods of stores, files and models that delete, overwrite, or cannot be taken back."""

ALLOWED = {
    (
        "agents.specialists.bookkeeping._move",
        "deps.stores.invoices.move",
    ): "to sent, to paid, and back again",
    (
        "agents.tools.billing.invoice_paid._marked",
        "deps.stores.invoices.move",
    ): "to paid, where the user names the invoice, and back again",
    (
        "agents.tools.remembering.privacy_answers.revoke",
        "deps.stores.consents.revoke",
    ): "allows less, and the user can allow again",
    ("agents.tools.business.reminders.later", "deps.stores.reminders.move"): "to another time, and back again",
    ("agents.tools.business.chain.move_lead", "deps.stores.leads.move"): "to another state; undone by a word",
    ("agents.tools.business.chain.move_proposal", "deps.stores.proposals.move"): "to another state; undone by a word",
    (
        "agents.tools.business.chain.drafted",
        "deps.stores.proposals.move",
    ): "a draft that a newer one replaces stays listed",
    (
        "agents.tools.billing.invoice_settling.recur_stop",
        "deps.stores.recurring.move",
    ): "ended, not deleted; undone by a word",
    ("agents.specialists.pipeline._drop", "deps.stores.goals.move"): "set aside, not deleted; undone by a word",
    ("agents.specialists.schedule._move", "deps.stores.schedules.move"): "to another time, and back again",
    ("agents.tools.business.timer.stop", "deps.stores.time.remove"): "a timer that ran for less than a minute",
}
"""What is done at the user's word alone, and why that is safe."""


def reached(function: Callable[..., Any], seen: set[Callable[..., Any]]) -> Iterator[FunctionType]:
    """A function and all functions of the agents that it can call, by their names."""
    function = inspect.unwrap(function)
    if not isinstance(function, FunctionType) or function in seen or not function.__module__.startswith("agents."):
        return
    seen.add(function)
    yield function
    for node in ast.walk(tree_of(function)):
        for other in (named(node, function),) if isinstance(node, ast.Name | ast.Attribute) else ():
            if isinstance(other, FunctionType):
                yield from reached(other, seen)


def changeable(function: FunctionType) -> Iterator[str]:
    """The names of the effects that a function proposes with arguments the user may change."""
    for node in ast.walk(tree_of(function)):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "Effect":
            named = {keyword.arg: keyword.value for keyword in node.keywords}
            name = node.args[0] if node.args else named["name"]
            if "editable" in named:
                assert isinstance(name, ast.Constant)
                yield str(name.value)


def tree_of(function: FunctionType) -> ast.AST:
    return ast.parse(textwrap.dedent(inspect.getsource(function)))


def named(node: ast.AST, function: FunctionType) -> Any:
    """What a name in a function means, where it is of a module."""
    if isinstance(node, ast.Name):
        return function.__globals__.get(node.id)
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        module = function.__globals__.get(node.value.id)
        return getattr(module, node.attr, None) if isinstance(module, ModuleType) else None
    return None


def acts(function: FunctionType) -> Iterator[str]:
    """What a function does that needs the user's word."""
    for node in ast.walk(tree_of(function)):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "Errand" and any(map(approves, node.keywords)):
            yield "Errand"  # without its word the one way out asks for a standing permission by itself
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and takes_away(node.func):
            yield ast.unparse(node.func)


def approves(keyword: ast.keyword) -> bool:
    no = isinstance(keyword.value, ast.Constant) and not keyword.value.value
    return keyword.arg == "approved" and not no


def takes_away(method: ast.Attribute) -> bool:
    owner = ast.unparse(method.value)
    return method.attr in TAKES_AWAY and any(word in owner for word in ("store", "deps", "Path", "shutil"))


@pytest.mark.parametrize("agent", AGENTS.values(), ids=list(AGENTS))
def test_what_an_agent_can_reach_before_the_yes_harms_nothing(agent: AgentSpec) -> None:
    effects = {inspect.unwrap(effect) for effect in agent.effects.values()}
    wrong = [
        f"{function.__module__}.{function.__name__}: {act}"
        for function in reached(agent.run, set(effects))
        for act in acts(function)
        if (function.__module__ + "." + function.__name__, act) not in ALLOWED
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("agent", AGENTS.values(), ids=list(AGENTS))
def test_what_the_user_may_change_is_checked_by_its_agent(agent: AgentSpec) -> None:
    offered = {name for function in reached(agent.run, set()) for name in changeable(function)}
    assert offered == set(agent.edits) and offered <= set(agent.effects)


def test_the_walk_sees_what_is_there() -> None:
    mail = AGENTS["mail"]
    assert {name for function in reached(mail.run, set()) for name in changeable(function)} == {"send_mail"}
    assert "Errand" in {act for function in reached(mail.effects["send_mail"], set()) for act in acts(function)}
