"""What work comes to: hours a week over weeks, hours for a sum, pay by the day as by the month, a platform's fee."""

from __future__ import annotations

from fractions import Fraction

from agents.spec import AgentError
from agents.tools.calculation.numbers import FIGURE, NUMBER, figure, money_text, number
from agents.tools.calculation.rates import AMOUNT, PART, figure_in, first
from agents.tools.calculation.worked import Worked, percent, shown

HOURS = {
    "hour": Fraction(1),
    "day": Fraction(8),
    "week": Fraction(40),
    "month": Fraction(520, 3),
    "year": Fraction(2080),
}
"""Hours in each period at 8 hours a day, 5 days a week, 52 weeks a year."""
_PERIOD = r"(?:/|per|an?|each)\s*(?P<{0}>hour|day|week|month|year)\b"


def weekly(text: str) -> Worked | None:
    """``20 hours a week for 4 weeks at 75 €``: hours a week, weeks (52 for a year) and a rate."""
    hours = first(rf"(?P<n>{NUMBER})\s*(?:hours?|hrs?|h)\s*(?:a|per|/|each|every)\s*(?:week|wk)\b", text)
    weeks = first(rf"(?<![\d.,])(?P<n>{NUMBER})\s*(?:weeks?|wks?)\b", text)
    rate = first(rf"(?:\bat|@|×|\bx)\s*{AMOUNT}\s*(?:/\s*h\b|per hour|an hour|hourly)?\W*$", text) or first(
        rf"{AMOUNT}\s*(?:an hour\s*|per hour\s*|/h\s*)?(?:times|×|x|\*)", text
    )
    count = figure_in(weeks) if weeks else Fraction(52) if first(r"\byear(?:ly)?\b|\bannual", text) else None
    per_week = figure_in(hours)
    if count is None or per_week is None or not rate:
        return None
    each = figure(rate["a"])
    result = count * per_week * each.value
    total = money_text(result, each.currency)
    line = f"{shown(count)} weeks × {shown(per_week)} h × {each} = {total}"
    return Worked(total, (line,), result, each.currency)


def hours_for(text: str) -> Worked | None:
    """``how many hours is 2,000 € at 80 €/h``, and ``1,200 € / 15 h`` the other way round."""
    if match := first(rf"how many hours\b[^\d€$£]*{AMOUNT}\s*(?:at|with|@|for)[^\d€$£]*(?P<b>{FIGURE})", text):
        total, rate = figure(match["a"]), figure(match["b"])
        if not rate.value:
            raise AgentError("At a rate of zero no hours pay for anything; please check the rate.")
        hours = total.value / rate.value
        return Worked(f"{shown(hours)} h", (f"{total} / {rate} = {shown(hours)} h".replace("= ≈", "≈"),), hours, "h")
    spent = rf"{AMOUNT}\s*(?:/|divided by|for|in)\s*(?P<n>{NUMBER})\s*(?:hours?|hrs?|h)"
    match = first(rf"{spent}\W*$", text) or first(rf"{spent}\b.*\b(?:rate|hourly)\b", text)
    worked = figure_in(match)
    if not match or not worked:
        return None
    total = figure(match["a"])
    result = total.value / worked
    each = money_text(result, total.currency)
    return Worked(f"{each} an hour", (f"{total} / {shown(worked)} h = {each}",), result, total.currency)


def period(text: str) -> Worked | None:
    """``what would 350 € a day be per month``: pay for one period as pay for another."""
    match = first(rf"{AMOUNT}\s*{_PERIOD.format('one')}.*?{_PERIOD.format('other')}", text)
    if not match or match["one"].lower() == match["other"].lower() or "%" in text:
        return None
    one, other = match["one"].lower(), match["other"].lower()
    given, times = figure(match["a"]), HOURS[other] / HOURS[one]
    result = given.value * times
    total = money_text(result, given.currency)
    line = f"{given} × {HOURS[other] / HOURS[one] if times.denominator == 1 else round(float(times), 4)} = {total}"
    assumed = "Assuming 8 hours a day, 5 days a week, 52 weeks a year"
    return Worked(f"{total} a {other}".replace("a hour", "an hour"), (line, assumed), result, given.currency)


def fee(text: str) -> Worked | None:
    """What stays after a platform's or the state's part, a · (1 − p); or what to quote so that a stays, a / (1 − p)."""
    verbs = r"\b(?:takes?|keeps?|charges?|deducts?|cut of|fee of|fees? (?:is|are)|commission (?:of|is))"
    part = (
        first(rf"{verbs}\s*(?:a )?{PART}", text)
        or first(rf"{PART}\s*(?:platform |service |upwork |fiverr )?(?:fees?|commission|cut)\b", text)
        or first(rf"\bafter\s+{PART}\s*(?:income )?(?:tax(?:es)?|deductions)\b", text)
    )
    if not part:
        return None
    amount = first(AMOUNT, text[: part.start()] + " " + text[part.end() :])
    share = Fraction(number(part["p"])) / 100
    if not amount or share >= 1:
        return None
    given = figure(amount["a"])
    wanted = (
        r"\b(?:quote|ask for|must i|do i need|to (?:get|receive|keep|earn|have|net)|i (?:want|need)|so that i|"
        r"end up with)\b"
    )
    if first(wanted, text):
        result, how, name = given.value / (1 - share), f"{given} / (1 − {percent(share)})", "to charge"
    else:
        result, how, name = given.value * (1 - share), f"{given} × (1 − {percent(share)})", "left"
    total = money_text(result, given.currency)
    line = f"{percent(share)} of it is {money_text(abs(result - given.value), given.currency)}"
    return Worked(f"{total} {name}", (f"{how} = {total}", line), result, given.currency)
