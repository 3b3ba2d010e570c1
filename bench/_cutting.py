"""Searches the constants that cut messages into requests on the labelled messages that may be looked at.

Each constant of `graph.planner.segments` is moved by itself, up and down, and kept where more messages get the right
agents in the right order; what a message's pieces say is asked once and remembered. It prints what it finds and changes
nothing.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from bench.planner import Message, Outcome, messages, planned

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from graph.planner.planner import Planner

STEPS = {
    "ORDER": (-0.2, -0.1, 0.1, 0.2),
    "THEN": (-0.4, -0.2, 0.2, 0.4),
    "ASKS": (-0.4, -0.2, 0.2, 0.4),
    "OTHER": (-0.4, -0.2, 0.2, 0.4),
    "ELSE": (-0.3, -0.15, 0.15, 0.3),
    "BOTH": (-0.3, -0.15, 0.15, 0.3),
    "PLAIN": (-0.15, -0.07, 0.05),
}
"""How far each constant is moved."""
ROUNDS = 2
SPLITS = ("build", "tuning")


def run() -> dict[str, Any]:
    """Search; returns the constants found and how many messages are right with them and with those in use."""
    from agents import registry
    from config.settings import Settings
    from graph.learning import learn
    from graph.planner import segments
    from graph.planner.planner import Planner
    from integrations.models.embeddings.embedder import open_embedder

    settings = Settings()
    planner = Planner(registry.load())
    learn(planner, open_embedder(settings), settings)
    _remember(planner)
    asked = [one for one in messages() if one.split in SPLITS and one.kind == "plan"]
    used = {name: getattr(segments, name) for name in STEPS}
    best, worth = dict(used), _right(planner, asked)
    before = worth
    for _ in range(ROUNDS):
        for name, steps in STEPS.items():
            for step in steps:
                tried = best | {name: round(best[name] + step, 3)}
                _set(tried)
                if (right := _right(planner, asked)) > worth:
                    best, worth = tried, right
                    print(f"{worth} right with {best}", flush=True)
        _set(best)
    _set(used)
    return {"messages": len(asked), "before": before, "after": worth, "constants": best}


def show(result: Mapping[str, Any]) -> None:
    """Print what was found."""
    print(f"right of {result['messages']}: {result['before']} as it is, {result['after']} with {result['constants']}")


def _set(constants: Mapping[str, float]) -> None:
    from graph.planner import segments

    for name, value in constants.items():
        setattr(segments, name, value)


def _right(planner: Planner, asked: Sequence[Message]) -> int:
    outcomes: list[Outcome] = [planned(planner, one) for one in asked]
    return sum(one.ordered for one in outcomes)


def _remember(planner: Planner) -> None:
    """Let the planner ask once about each text, for the search asks about the same ones a hundred times."""
    from graph.planner.intents import Learned

    intents = planner._intents
    learned = intents._learned
    assert learned is not None
    intents._learned = Learned(cache(learned.by_words), cache(learned.by_all))
    intents._heard = cache(intents._hear)


if __name__ == "__main__":
    show(run())
