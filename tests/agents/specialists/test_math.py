"""The math agent: a result with its working, algebra in another process, and a plain word where it cannot."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import pytest

from agents.deps import Deps
from agents.spec import AgentError, Finding, Given
from agents.specialists.math import AGENT, MathTask, read
from config.settings import Settings
from graph.jobs import ProcessJobs


@pytest.fixture
async def jobs() -> AsyncIterator[ProcessJobs]:
    jobs = ProcessJobs(workers=1)
    yield jobs
    await jobs.close()


async def ask(text: str, message: str = "", jobs: Any = None) -> Finding:
    nothing: Any = None
    deps = Deps(
        user="mara",
        thread="t",
        settings=Settings(),
        stores=nothing,
        http=nothing,
        jobs=jobs,
        audit=nothing,
        today=date(2026, 3, 1),
    )
    return await AGENT.run(MathTask(**read(text)), Given(text=text, message=message or text), deps)


async def test_a_sum_is_answered_with_its_working() -> None:
    finding = await ask("12.5 * 80 € plus 19% VAT")
    assert finding.text.startswith("**1,190.00 € including VAT**")
    assert "12.5 \\* 80 € = 1,000.00 € net" in finding.text
    assert finding.data["gross"] == "1190.00"
    assert finding.trust == "own"


async def test_a_formula_names_its_source() -> None:
    finding = await ask("monthly payment on a 20,000 € loan at 5% over 48 months")
    assert "460.59 €" in finding.text
    assert "annuity formula" in finding.sources[0].title


async def test_algebra_is_worked_in_another_process(jobs: ProcessJobs) -> None:
    finding = await ask("solve x^2 - 5x + 6 = 0", jobs=jobs)
    assert "x = 2 or x = 3" in finding.text


async def test_a_calculation_cut_in_two_is_read_from_the_whole_message() -> None:
    finding = await ask("the average", "the average of 3, 5 and 10")
    assert finding.text.startswith("**6**")


async def test_no_calculation_is_said_with_an_example() -> None:
    with pytest.raises(AgentError, match="15% of"):
        await ask("tell me about the weather")
