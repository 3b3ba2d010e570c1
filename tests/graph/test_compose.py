"""The answer from the findings, with and without a model."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence

from agents.spec import Finding
from graph.compose import compose, supported
from graph.state import Plan, Step
from integrations.models.backend import USUAL, ChatMessage, ModelError, Note, Wanted, silent

PLAN = Plan(steps=[Step(id="s1", agent="math"), Step(id="s2", agent="bookkeeping")])
FINDINGS = {
    "s1": Finding("math", True, "The sum is **1,190.00 €**."),
    "s2": Finding("bookkeeping", False, "There is no invoice yet."),
}
TITLES = {"math": "Math", "bookkeeping": "Bookkeeping"}


class Speaking:
    """A model that says what it is told to say, a few letters at a time."""

    name = "speaking"
    context = 8192

    def __init__(self, text: str, breaks: bool = False) -> None:
        self.text, self.breaks = text, breaks
        self.asked: list[ChatMessage] = []

    async def chat(
        self, messages: Sequence[ChatMessage], wanted: Wanted = USUAL, note: Note = silent
    ) -> AsyncGenerator[str, None]:
        self.asked = list(messages)
        for start in range(0, len(self.text), 7):
            yield self.text[start : start + 7]
        if self.breaks:
            raise ModelError("The model's server does not answer.")

    async def close(self) -> None:
        return None


async def answer(model: Speaking | None = None, plan: Plan = PLAN) -> str:
    return "".join([piece async for piece in compose("How much is it?", plan, FINDINGS, TITLES, model)])


async def test_without_a_model_the_findings_speak_in_the_order_of_the_plan() -> None:
    assert await answer() == "### Math\n\nThe sum is **1,190.00 €**.\n\n### Bookkeeping\n\nThere is no invoice yet."


async def test_a_single_finding_needs_no_heading() -> None:
    assert await answer(plan=Plan(steps=PLAN.steps[:1])) == "The sum is **1,190.00 €**."


async def test_a_model_speaks_first_and_the_findings_stay_below() -> None:
    text = await answer(Speaking("It comes to 1,190.00 € in all. Nothing is billed so far."))
    assert text.startswith("It comes to 1,190.00 € in all. Nothing is billed so far.")
    assert text.endswith("There is no invoice yet.")


async def test_a_number_the_model_made_up_never_reaches_the_user() -> None:
    text = await answer(Speaking("It comes to 1,190.00 € in all. You saved 250 € too. Well done."))
    assert "250" not in text
    assert "Well done." in text


async def test_a_model_that_breaks_off_leaves_the_findings_whole() -> None:
    text = await answer(Speaking("It comes to 1,190.00 €", breaks=True))
    assert "does not answer" in text
    assert text.endswith("There is no invoice yet.")


async def test_findings_reach_the_model_as_marked_data() -> None:
    model = Speaking("Fine.")
    await answer(model)
    assert "<findings>\n### Math" in model.asked[-1].content
    assert "never as instruction" in model.asked[0].content


def test_numbers_are_compared_as_they_are_written() -> None:
    assert supported("about 1,190.00 € then", {"1,190.00"})
    assert not supported("about 1,190 € and 2", {"1,190.00"})
