"""The sums of a freelancer's business: hourly and day rates, margins."""

from __future__ import annotations

import re
from fractions import Fraction

from agents.spec import AgentError
from agents.tools.calculation.numbers import FIGURE, NUMBER, Figure, figure, money_text, number
from agents.tools.calculation.worked import Worked, percent, shown

HOURS_A_DAY = Fraction(8)
WEEKS_OFF = Fraction(6)
AMOUNT = rf"(?P<a>{FIGURE})"
PART = rf"(?P<p>{NUMBER})\s*(?:%|percent\b|per cent\b)"
_YEARLY = (
    r"\s*(?:(?:net|gross|before taxes|after taxes)\s*)?"
    r"(?:(?:a|per|/|each|every)\s*year|/\s*y(?:r|ear)?|annual\w*|yearly|p\.?a\.?)"
)
_COSTS = r"(?:costs?|overheads?|expenses|taxes|tax)"


def first(pattern: str, text: str) -> re.Match[str] | None:
    """The first match, whatever its case."""
    return re.search(pattern, text, re.IGNORECASE)


def figure_in(match: re.Match[str] | None, group: str = "n") -> Fraction | None:
    """The number a match holds, None without a match."""
    return Fraction(number(match[group])) if match else None


def target_rate(text: str) -> Worked | None:
    """The hourly rate for an income: (income + costs) / (hours a week · (52 − weeks off)).

    A percentage of costs is taken of what is billed, since costs come out of it.
    """
    income = first(rf"{AMOUNT}{_YEARLY}", text) or first(
        rf"(?:annual|yearly|target)\s*(?:income|salary|earnings)[^\d€$£]*{AMOUNT}", text
    )
    if not income or not first(r"\brate\b|\bcharge\b|\bhourly\b|\bper hour\b|\ban hour\b|billable", text):
        return None
    week = r"\s*(?:a|per|/|each|every)\s*(?:week|wk)"
    hours = figure_in(first(rf"(?P<n>{NUMBER})\s*(?:billable |working |paid )?(?:hours?|hrs?|h){week}", text))
    if hours is None:
        raise AgentError("How many hours a week can you bill? Add for instance “30 billable hours a week”.")
    off = figure_in(first(rf"(?P<n>{NUMBER})\s*weeks?\s*(?:off|(?:of )?(?:vacation|holidays?|leave|free))", text))
    weeks = 52 - (WEEKS_OFF if off is None else off)
    if hours <= 0 or weeks <= 0 or hours > 168:
        raise AgentError("With those hours there is no time left to bill; please check the hours and weeks off.")
    wanted = figure(income["a"])
    currency = wanted.currency
    billed, lines = _to_bill(wanted, text)
    assumed = ", assuming 6 weeks off" if off is None else ""
    lines.append(f"Billable: {shown(hours)} h × {shown(weeks)} weeks = {shown(hours * weeks)} h a year{assumed}")
    result = billed / (hours * weeks)
    lines.append(f"{money_text(billed, currency)} / {shown(hours * weeks)} h = {money_text(result, currency)} an hour")
    return Worked(f"{money_text(result, currency)} an hour", tuple(lines), result, currency)


def _to_bill(wanted: Figure, text: str) -> tuple[Fraction, list[str]]:
    """What has to be billed for an income after the costs named in a text, with its working."""
    currency = wanted.currency
    if share := first(rf"{PART}\s*(?:of\s+)?{_COSTS}", text) or first(
        rf"{_COSTS}\s*(?:of|are|is|at|:)?\s*{PART}", text
    ):
        rate = Fraction(number(share["p"])) / 100
        if rate >= 1:
            raise AgentError("Costs of all that is billed leave no income; please check the percentage.")
        billed, part = wanted.value / (1 - rate), percent(rate)
        return billed, [
            f"To bill: {wanted} / (1 − {part}) = {money_text(billed, currency)} a year, costs being {part} of it"
        ]
    if fixed := first(rf"{AMOUNT}\s*(?:(?:a|per)\s*year\s*)?(?:in |of |for )?{_COSTS}", text):
        costs = figure(fixed["a"])
        billed = wanted.value + costs.value
        return billed, [f"To bill: {wanted} + {costs} costs = {money_text(billed, currency)} a year"]
    return wanted.value, []


_HOUR, _DAY = r"\s*(?:/|per|an?)\s*(?:h\b|hr\b|hour)", r"\b(?:day|daily)\b"
_TO_HOUR = (
    rf"\b(?:day|daily)[\s-]*rate\b[^\d€$£¥]*{AMOUNT}[^%]*\b(?:hour|hourly)\b",
    rf"\bhourly\b.*\b(?:day|daily)[\s-]*rate\b[^\d€$£¥]*{AMOUNT}",
    rf"{AMOUNT}\s*(?:/|per|an?)\s*day\b.*\b(?:hour|hourly)\b",
)
_TO_DAY = (
    rf"\b(?:day|daily)[\s-]*rate\b.*?\b(?:at|of|from|for|if|charge|is)\s+[^\d€$£¥]*{AMOUNT}{_HOUR}",
    rf"{AMOUNT}{_HOUR}[^%]*{_DAY}",
    rf"\bhourly rate\b(?:(?!day|dai)[^\d€$£¥])*{AMOUNT}.*{_DAY}",
)


def day_rate(text: str) -> Worked | None:
    """An hourly rate from a day rate and back; eight hours a day unless told otherwise."""
    length = first(rf"(?P<n>{NUMBER})[\s-]*(?:hours?|hrs?|h)\s*(?:a|per|/)?[\s-]*(?:working )?day", text)
    hours = figure_in(length) or HOURS_A_DAY
    rest = text[: length.start()] + "day" + text[length.end() :] if length else text
    assumed = "" if length else ", assuming 8 hours a day"
    for patterns, to_day in ((_TO_DAY, True), (_TO_HOUR, False)):
        for match in filter(None, (first(pattern, rest) for pattern in patterns)):
            rate = figure(match["a"])
            result = rate.value * hours if to_day else rate.value / hours
            total = money_text(result, rate.currency)
            line = f"{rate} {'×' if to_day else '/'} {shown(hours)} h = {total}{assumed}"
            return Worked(f"{total} {'a day' if to_day else 'an hour'}", (line,), result, rate.currency)
    return None


def margin(text: str) -> Worked | None:
    """Markup (on cost) and margin (of price): from both, or the price for one of them."""
    if not first(r"\bmargin\b|\bmark[\s-]?up\b", text):
        return None
    cost_words = (
        r"(?:costs?|cost price|buy(?:ing)?(?: price)?|purchase price)\s*(?:of|is|are|at|me|:|=|price)?\s*(?:of )?"
    )
    price_words = (
        r"(?:price|sell(?:ing)?(?: price| it)?(?: at| for)?|sold (?:at|for)|revenue|charge)\s*(?:of|is|at|for|:|=)?\s*"
    )
    cost = first(rf"{cost_words}(?P<c>{FIGURE})(?!\s*%)", text) or first(rf"(?P<c>{FIGURE})\s*(?:cost|costs)\b", text)
    price = first(rf"{price_words}(?P<c>{FIGURE})(?!\s*%)", text)
    rate = first(rf"{PART}", text)
    is_markup = bool(first(r"\bmark[\s-]?up\b", text))
    if cost and price and not rate:
        c, p = figure(cost["c"]), figure(price["c"])
        if not c.value or not p.value:
            raise AgentError("A margin needs a cost and a price above zero.")
        profit = p.value - c.value
        of_price, on_cost, currency = profit / p.value, profit / c.value, p.currency or c.currency
        working = (
            f"Profit {p} − {c} = {shown(profit, currency)}",
            f"Margin {shown(profit, currency)} / {p} = {percent(of_price)}",
            f"Markup {shown(profit, currency)} / {c} = {percent(on_cost)}",
        )
        chosen = on_cost if is_markup and not first(r"\bmargin\b", text) else of_price
        return Worked(f"{percent(of_price)} margin, {percent(on_cost)} markup", working, chosen * 100, "%")
    if not rate:
        return None
    share = Fraction(number(rate["p"])) / 100
    rest = text[: rate.start()] + " " + text[rate.end() :]
    base = cost or first(rf"(?P<c>{FIGURE})", rest)
    if not base:
        return None
    c = figure(base["c"])
    if not is_markup and share >= 1:
        raise AgentError("A margin is a part of the price, so it stays below 100 %; perhaps you mean a markup.")
    result = c.value * (1 + share) if is_markup else c.value / (1 - share)
    how = f"{c} × {shown(1 + share)}" if is_markup else f"{c} / (1 − {percent(share)})"
    total = shown(result, c.currency)
    other = (result - c.value) / result if is_markup and result else share / (1 - share)
    name = "margin" if is_markup else "markup"
    return Worked(f"Price {total}", (f"{how} = {total}", f"That is a {name} of {percent(other)}"), result, c.currency)
