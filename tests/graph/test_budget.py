"""What a model reads of a long conversation keeps within what that model can read, small or large."""

from __future__ import annotations

from datetime import date

import pytest

from agents.spec import Finding
from agents.tools.models.context_budget import tokens
from graph.conversation import Earlier
from graph.reading import Brief, reading
from graph.state import Plan, Step
from memory.turns import Turn

SAID = "The quarterly report of Acme says that revenue rose by 12 percent. "


def long_brief(findings: int) -> Brief:
    """Forty turns, a summary of those before, and more facts, passages and findings than most models read."""
    turns = [
        Turn(id=str(number), thread="t", message="m", user="u", text=f"{number}: {SAID * 3}", answer=SAID * 12)
        for number in range(40)
    ]
    steps = [Step(id=f"s{number}", agent="web") for number in range(findings)]
    return Brief(
        SAID * 30,
        Plan(steps=steps),
        {step.id: Finding("web", True, SAID * 100, trust="outside") for step in steps},
        {},
        date(2026, 11, 21),
        {"name": "Ana", "bio": SAID * 20},
        Earlier(turns, SAID * 50),
        [SAID] * 20,
        [SAID * 10] * 8,
    )


@pytest.mark.parametrize("context", [512, 1024, 2048, 4096, 8192, 32_768])
@pytest.mark.parametrize("findings", [0, 1, 8])
def test_all_that_is_read_and_written_fits_the_model(context: int, findings: int) -> None:
    made = reading(long_brief(findings), context)
    assert sum(tokens(message.content) for message in made.messages) + made.most <= context
    assert made.messages[-1].content.startswith("The quarterly report"), "the message itself is always read"


def test_a_model_that_reads_more_is_given_more_of_the_conversation() -> None:
    read = [len(reading(long_brief(1), context).messages) for context in (2_048, 8_192, 32_768)]
    assert read == sorted(read) and read[0] < read[-1]


def test_of_the_conversation_the_newest_is_read_word_for_word_and_the_rest_in_short() -> None:
    made = reading(long_brief(1), 32_768)
    said = [message.content for message in made.messages if message.role == "user"][:-1]
    assert said[-1].startswith("39: ") and len(said) < 40
    assert "- The user: 20: " in made.messages[0].content
