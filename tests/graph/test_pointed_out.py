"""A model points at the words of a missing field; what does not stand in the message is dropped."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from graph.events import Done, Question, ReplyEvent
from graph.runtime import Runtime
from integrations.models.backend import Gone
from tests.graph.test_model_in_the_flow import asked, with_model

Say = Callable[..., Awaitable[list[ReplyEvent]]]


async def test_words_that_stand_in_the_message_fill_the_field_and_nobody_is_asked(runtime: Runtime, say: Say) -> None:
    assert isinstance((await say("sell the wood, 900 would do"))[-1], Question), "without a model it asks"
    model = with_model(runtime, '{"words": "900"}', "Sold.")
    done = (await say("sell the wood, 900 would do", model, thread="t2"))[-1]
    assert isinstance(done, Done) and "Sold for 900 EUR." in done.text
    assert asked(model).wanted[0].schema is not None, "it answers under a grammar"


@pytest.mark.parametrize(
    "answer",
    ['{"words": "1200"}', '{"words": ""}', '{"words": "the wood"}', '{"price": 900}', "900", Gone("It is gone.")],
)
async def test_what_is_invented_empty_or_no_such_value_leaves_the_question(
    runtime: Runtime, say: Say, answer: str | Exception
) -> None:
    question = (await say("sell the wood, 900 would do", with_model(runtime, answer)))[-1]
    assert isinstance(question, Question) and question.text == "At what price?"
