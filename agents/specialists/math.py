"""Calculates: sums, percentages, tax, units, rates, loans, and algebra; exactly, and with the working shown."""

from __future__ import annotations

import asyncio
import re
from typing import Any

from pydantic import BaseModel

from agents.deps import Deps
from agents.spec import AgentError, AgentSpec, Finding, Given, Source
from agents.tools.calculation import algebra, arithmetic, finance, quantities, rates, tax
from agents.tools.calculation.numbers import with_digits
from agents.tools.calculation.worked import Worked
from agents.tools.pricing import engagement

# The more particular comes first: a loan also holds a percentage, and a tax also a sum.
RECOGNISERS = (
    finance.payoff,
    finance.loan,
    rates.target_rate,
    rates.margin,
    rates.day_rate,
    engagement.weekly,
    engagement.hours_for,
    engagement.fee,
    engagement.period,
    tax.tax,
    arithmetic.percentages,
    finance.exchange,
    quantities.duration_sum,
    quantities.conversion,
    arithmetic.statistics,
    arithmetic.plain,
    finance.interest,
)
UNREADABLE = (
    "I see no calculation in that; write for instance “15% of 2,400”, “convert 5 miles to km” or “solve 2x + 3 = 9”."
)


class MathTask(BaseModel):
    """The calculation in the user's words."""

    request: str = ""


def read(clause: str) -> dict[str, Any]:
    """The whole clause: each recogniser takes from it what it knows."""
    return {"request": " ".join(clause.split())}


GERMAN_VAT = re.compile(r"\b(?:mwst|mehrwertsteuer|umsatzsteuer|ust)\b", re.IGNORECASE)
MAX_CHARACTERS = 1_000
"""Nobody writes a longer calculation in words; what is longer holds something else."""


def calculate(text: str) -> Worked | algebra.Request | None:
    """Work out a text, or say what algebra it asks for; None when it holds no calculation. Raises AgentError."""
    if len(text) > MAX_CHARACTERS:
        return None
    text = with_digits(text)
    asked = algebra.request(text)
    if asked is not None:
        return asked
    for recognise in RECOGNISERS:
        try:
            worked = recognise(text)
        except ValueError:  # a number that cannot be read: another recogniser may see something else in it
            continue
        if worked is not None:
            return worked
    return None


async def run(task: MathTask, given: Given, deps: Deps) -> Finding:
    """Calculate. Raises AgentError when there is nothing to calculate or something is missing, and JobError."""
    # The first of them compiles a hundred patterns, which takes longer than the event loop may wait.
    try:
        found = await asyncio.to_thread(calculate, task.request or given.text)
    except tax.NoRate:
        if not (usual := await _usual_vat(given, deps)):
            raise
        found = await asyncio.to_thread(calculate, f"{task.request.rstrip(' ?.')} incl. {usual}% VAT")
    if found is None and task.request:  # what was read in English may say less than the user's own words
        found = await asyncio.to_thread(calculate, given.text)
    if found is None and given.message != given.text:
        # A calculation may have been cut at a comma or an "and".
        found = await asyncio.to_thread(calculate, given.message)
    if found is None:
        raise AgentError(UNREADABLE)
    if isinstance(found, algebra.Request):
        done = await deps.jobs.run(
            "agents.tools.calculation.symbolic:work",
            found.arguments,
            seconds=algebra.SECONDS,
            memory_mb=algebra.MEMORY_MB,
        )
        found = Worked(done["answer"], tuple(done["working"]))
    lines = [f"**{found.answer}**", *found.working]
    if found.formula:
        lines.append(f"By the {found.formula}.")
    return Finding(
        agent="math",
        ok=True,
        text="\n\n".join(_plain(line, first=index == 0) for index, line in enumerate(lines)),
        data=dict(found.data),
        sources=(Source(found.formula),) if found.formula else (),
    )


async def _usual_vat(given: Given, deps: Deps) -> str:
    """The VAT in percent of the user's own, else of the country whose word for it they use; empty for neither."""
    profile = await deps.stores.profiles.load(deps.user)
    return str(profile.get("vat_percent") or ("19" if GERMAN_VAT.search(given.text) else ""))


def _plain(line: str, *, first: bool) -> str:
    return line if first else line.replace("*", "\\*")


AGENT = AgentSpec(
    name="math",
    title="Math",
    description=(
        "Calculates exactly: sums, percentages, VAT, discounts, averages, units, hours at a rate, loans, interest, "
        "hourly rates for an income, equations, derivatives and integrals."
    ),
    examples=(
        "what is 15% of 2,400",
        "12.5 * 80 plus 19% VAT",
        "add 19% VAT to 1000 €",
        "net of 1190 € incl. 19% VAT",
        "solve x^2 - 5x + 6 = 0",
        "derivative of x^3",
        "integrate x^2 from 0 to 3",
        "convert 5 miles to km",
        "how much is 3 h 45 min at 80 €/h",
        "monthly payment on a 20,000 € loan at 5% over 48 months",
        "I want 60k a year, 30 billable hours a week, 6 weeks off, 25% costs, what hourly rate is that?",
        "average of 3, 5 and 10",
        "what day rate is 80 € per hour",
        "convert 100 USD to EUR at 0.92",
        "30 is what percent of 120?",
        "what is the margin if it costs 80 and I sell it for 100",
        "how much is 5,000 € at 3% compound interest for 10 years",
        "calculate 17 * 23",
        "what is the square root of 144",
        "20% discount on 250 €",
        "how much is 3 days at 640",
        "what's 8.5 hours at 95 an hour",
        "7.5h x 62",
        "how much VAT is in 238 €",
        "take 12% off 1,850",
        "what is 2,000 plus 7.7% tax",
        "if upwork keeps 10% what must I charge to get 2000",
        "split 4,500 € into three payments",
        "what is 45 minutes as decimal hours",
        "how many km is 26 miles",
        "what would 350 € a day be per month",
        "what's a third of 2,700",
        "half of 1,380 €",
        "increase 75 € by 8 percent",
        "double my 60 € rate",
        "what do I need to charge to net 3,500 a month after 30% tax",
        "what's the yearly total of 85 € times 22 hours a week",
        "round 1234.567 to two decimals",
        "how long does it take to pay off 5,000 at 200 a month",
        "was sind 7 % von 2.430 euro",
    ),
    cues=(
        r"^\W*(?:what(?:'s| is)|calculate|compute|how much is|work out)?\s*[-(]?\d[\d.,]*\s*[-+*/^×÷x]\s*[(]?\d",
        r"\b(?:calculate|compute|solve|differentiate|integrate|factori[sz]e|simplify)\b",
        r"\b(?:derivative|integral|antiderivative|square root|cube root|average|mean|median|sum) of\b",
        r"\d+\s*(?:%|percent) (?:of|off|discount|markup|margin)\b",
        r"\bwhat percent(?:age)?\b|\bpercentage (?:change|of|increase)\b",
        r"\bconvert\b.*\d|\bhow many \w+ (?:are )?in (?:an? |\d)",
        r"\b(?:net|gross) of \d|\badd \d+(?:[.,]\d+)?\s?% (?:vat|tax)",
        r"\b(?:monthly payment|compound interest|simple interest|loan at)\b",
        r"\b(?:hourly|day|daily) rate (?:for|from|if|to|of|is)\b",
        r"\bbillable hours\b.*\b(?:year|income)\b|\d+k? a year\b.*\bhours\b",
        r"\bhow (?:many|much) \w+ (?:is|are|in|makes?)\b.*\d",
        r"\bhow much (?:is|are|would|do(?:es)?|comes?|should i (?:quote|charge|ask))\b.*\d",
        r"\d+(?:[.,]\d+)?\s*(?:%|percent) (?:of|from|on|off)\b",
        r"\b(?:takes|keeps|minus|less|fee of)\s+\d+(?:[.,]\d+)?\s*%",
        r"\d\s*(?:h|hours?|hrs?|days?)\s+(?:at|@|x|×|times)\s*[€$£]?\d.*\?",
        r"^\W*\d+(?:[.,]\d+)?\s*(?:h|hours?|hrs?|days?)\s*(?:at|@|x|×|times)\s*[€$£]?\d",
        r"\b(?:what|which|how much)\b.*\b(?:do|should|must|would) i (?:quote|charge|ask|earn|need|make)\b.*\d",
        r"\d.*\b(?:what|how much) (?:do|should|must) i (?:quote|charge|ask)\b",
        r"\b(?:in|to|into) (?:kg|lbs?|pounds|miles|km|metres?|meters?|feet|inches|cm|celsius|fahrenheit|"
        r"litres?|liters?|gallons?|hours|minutes|gb|mb)\b.*",
        r"\d\s*(?:kg|lbs?|km|miles|cm|inch(?:es)?|°?[cf])\b.*\b(?:in|to|into|is)\b",
    ),
    task=MathTask,
    run=run,
    read=read,
)
