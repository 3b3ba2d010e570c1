"""The sums of a freelancer's business: hourly and day rates, margins, loans, interest, exchange at a given rate."""

from __future__ import annotations

import re
from fractions import Fraction

from agents.spec import AgentError
from agents.tools.expression import Node, evaluate
from agents.tools.numbers import CURRENCY, FIGURE, NUMBER, Figure, cents, currency_code, figure, number
from agents.tools.worked import Worked, percent, shown

HOURS_A_DAY = Fraction(8)
WEEKS_OFF = Fraction(6)
_A = rf"(?P<a>{FIGURE})"
_P = rf"(?P<p>{NUMBER})\s*(?:%|percent\b|per cent\b)"
_YEARLY = (
    r"\s*(?:(?:net|gross|before taxes|after taxes)\s*)?"
    r"(?:(?:a|per|/|each|every)\s*year|/\s*y(?:r|ear)?|annual\w*|yearly|p\.?a\.?)"
)
_COSTS = r"(?:costs?|overheads?|expenses|taxes|tax)"
PERIODS = {"monthly": 12, "month": 12, "quarterly": 4, "quarter": 4, "daily": 365, "day": 365, "weekly": 52, "week": 52}
PERIODS |= {"yearly": 1, "annually": 1, "annual": 1, "year": 1, "semiannually": 2, "half-yearly": 2}


def _first(pattern: str, text: str) -> re.Match[str] | None:
    return re.search(pattern, text, re.IGNORECASE)


def _number(match: re.Match[str] | None, group: str = "n") -> Fraction | None:
    return Fraction(number(match[group])) if match else None


def target_rate(text: str) -> Worked | None:
    """The hourly rate for an income: (income + costs) / (hours a week · (52 − weeks off)).

    A percentage of costs is taken of what is billed, since costs come out of it.
    """
    income = _first(rf"{_A}{_YEARLY}", text) or _first(
        rf"(?:annual|yearly|target)\s*(?:income|salary|earnings)[^\d€$£]*{_A}", text
    )
    if not income or not _first(r"\brate\b|\bcharge\b|\bhourly\b|\bper hour\b|\ban hour\b|billable", text):
        return None
    week = r"\s*(?:a|per|/|each|every)\s*(?:week|wk)"
    hours = _number(_first(rf"(?P<n>{NUMBER})\s*(?:billable |working |paid )?(?:hours?|hrs?|h){week}", text))
    if hours is None:
        raise AgentError("How many hours a week can you bill? Add for instance “30 billable hours a week”.")
    off = _number(_first(rf"(?P<n>{NUMBER})\s*weeks?\s*(?:off|(?:of )?(?:vacation|holidays?|leave|free))", text))
    weeks = 52 - (WEEKS_OFF if off is None else off)
    if hours <= 0 or weeks <= 0 or hours > 168:
        raise AgentError("With those hours there is no time left to bill; please check the hours and weeks off.")
    wanted = figure(income["a"])
    money = wanted.currency
    billed, lines = _to_bill(wanted, text)
    assumed = ", assuming 6 weeks off" if off is None else ""
    lines.append(f"Billable: {shown(hours)} h × {shown(weeks)} weeks = {shown(hours * weeks)} h a year{assumed}")
    result = billed / (hours * weeks)
    lines.append(f"{_sum(billed, money)} / {shown(hours * weeks)} h = {_sum(result, money)} an hour")
    return Worked(f"{_sum(result, money)} an hour", tuple(lines), result, money)


def _to_bill(wanted: Figure, text: str) -> tuple[Fraction, list[str]]:
    """What has to be billed for an income after the costs named in a text, with its working."""
    money = wanted.currency
    if share := _first(rf"{_P}\s*(?:of\s+)?{_COSTS}", text) or _first(rf"{_COSTS}\s*(?:of|are|is|at|:)?\s*{_P}", text):
        rate = Fraction(number(share["p"])) / 100
        if rate >= 1:
            raise AgentError("Costs of all that is billed leave no income; please check the percentage.")
        billed, part = wanted.value / (1 - rate), percent(rate)
        return billed, [f"To bill: {wanted} / (1 − {part}) = {_sum(billed, money)} a year, costs being {part} of it"]
    if fixed := _first(rf"{_A}\s*(?:(?:a|per)\s*year\s*)?(?:in |of |for )?{_COSTS}", text):
        costs = figure(fixed["a"])
        billed = wanted.value + costs.value
        return billed, [f"To bill: {wanted} + {costs} costs = {_sum(billed, money)} a year"]
    return wanted.value, []


_HOUR, _DAY = r"\s*(?:/|per|an?)\s*(?:h\b|hr\b|hour)", r"\b(?:day|daily)\b"
_TO_HOUR = (
    rf"\b(?:day|daily)[\s-]*rate\b[^\d€$£¥]*{_A}[^%]*\b(?:hour|hourly)\b",
    rf"\bhourly\b.*\b(?:day|daily)[\s-]*rate\b[^\d€$£¥]*{_A}",
    rf"{_A}\s*(?:/|per|an?)\s*day\b.*\b(?:hour|hourly)\b",
)
_TO_DAY = (
    rf"\b(?:day|daily)[\s-]*rate\b.*?\b(?:at|of|from|for|if|charge|is)\s+[^\d€$£¥]*{_A}{_HOUR}",
    rf"{_A}{_HOUR}[^%]*{_DAY}",
    rf"\bhourly rate\b[^\d€$£¥]*{_A}.*{_DAY}",
)


def day_rate(text: str) -> Worked | None:
    """An hourly rate from a day rate and back; eight hours a day unless told otherwise."""
    length = _first(rf"(?P<n>{NUMBER})[\s-]*(?:hours?|hrs?|h)\s*(?:a|per|/)?[\s-]*(?:working )?day", text)
    hours = _number(length) or HOURS_A_DAY
    rest = text[: length.start()] + "day" + text[length.end() :] if length else text
    assumed = "" if length else ", assuming 8 hours a day"
    for patterns, to_day in ((_TO_DAY, True), (_TO_HOUR, False)):
        for match in filter(None, (_first(pattern, rest) for pattern in patterns)):
            rate = figure(match["a"])
            result = rate.value * hours if to_day else rate.value / hours
            total = _sum(result, rate.currency)
            line = f"{rate} {'×' if to_day else '/'} {shown(hours)} h = {total}{assumed}"
            return Worked(f"{total} {'a day' if to_day else 'an hour'}", (line,), result, rate.currency)
    return None


def margin(text: str) -> Worked | None:
    """Markup (on cost) and margin (of price): from both, or the price for one of them."""
    if not _first(r"\bmargin\b|\bmark[\s-]?up\b", text):
        return None
    cost_words = (
        r"(?:costs?|cost price|buy(?:ing)?(?: price)?|purchase price)\s*(?:of|is|are|at|me|:|=|price)?\s*(?:of )?"
    )
    price_words = (
        r"(?:price|sell(?:ing)?(?: price| it)?(?: at| for)?|sold (?:at|for)|revenue|charge)\s*(?:of|is|at|for|:|=)?\s*"
    )
    cost = _first(rf"{cost_words}(?P<c>{FIGURE})(?!\s*%)", text) or _first(rf"(?P<c>{FIGURE})\s*(?:cost|costs)\b", text)
    price = _first(rf"{price_words}(?P<c>{FIGURE})(?!\s*%)", text)
    rate = _first(rf"{_P}", text)
    is_markup = bool(_first(r"\bmark[\s-]?up\b", text))
    if cost and price and not rate:
        c, p = figure(cost["c"]), figure(price["c"])
        if not c.value or not p.value:
            raise AgentError("A margin needs a cost and a price above zero.")
        profit = p.value - c.value
        of_price, on_cost, money = profit / p.value, profit / c.value, p.currency or c.currency
        working = (
            f"Profit {p} − {c} = {shown(profit, money)}",
            f"Margin {shown(profit, money)} / {p} = {percent(of_price)}",
            f"Markup {shown(profit, money)} / {c} = {percent(on_cost)}",
        )
        chosen = on_cost if is_markup and not _first(r"\bmargin\b", text) else of_price
        return Worked(f"{percent(of_price)} margin, {percent(on_cost)} markup", working, chosen * 100, "%")
    if not rate:
        return None
    share = Fraction(number(rate["p"])) / 100
    rest = text[: rate.start()] + " " + text[rate.end() :]
    base = cost or _first(rf"(?P<c>{FIGURE})", rest)
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


def loan(text: str) -> Worked | None:
    """The equal monthly payment of a loan: the annuity A = P · r / (1 − (1 + r)⁻ⁿ) with r a month over n months."""
    if not _first(r"\bloan\b|\bmortgage\b|\binstal+ments?\b|\brepay\w*|\bmonthly payments?\b|\bannuity\b", text):
        return None
    rate, term = _first(_P, text), _first(r"(?P<n>\d+(?:[.,]\d+)?)[\s-]*(?P<unit>months?|years?|yrs?)\b", text)
    rest = text
    for match in sorted((m for m in (rate, term) if m), key=lambda m: -m.start()):
        rest = rest[: match.start()] + " " + rest[match.end() :]
    amount = _first(_A, rest)
    if not (rate and term and amount):
        missing = "the interest rate" if not rate else "the term" if not term else "the sum"
        raise AgentError(
            f"For the payment I need {missing} too; write for instance “20,000 € loan at 5% over 48 months”."
        )
    principal, yearly = figure(amount["a"]), Fraction(number(rate["p"])) / 100
    months = Fraction(number(term["n"])) * (12 if term["unit"].lower().startswith("y") else 1)
    if months.denominator != 1 or not 1 <= months <= 600:
        raise AgentError("The term has to be a whole number of months, at most 600.")
    count, monthly, money = int(months), yearly / 12, principal.currency
    payment = (
        principal.value / count if monthly == 0 else principal.value * monthly / (1 - _raised(1 + monthly, -count))
    )
    total = payment * count
    text_total = _sum(payment, money)
    working = (
        f"r = {percent(yearly)} / 12 a month, n = {count} months",
        f"A = {principal} · r / (1 − (1 + r)^−{count}) = {text_total} a month",
        f"In all {_sum(total, money)}, of which interest {_sum(total - principal.value, money)}",
    )
    return Worked(
        f"{text_total} a month",
        working,
        payment,
        money,
        "annuity formula A = P · r / (1 − (1 + r)⁻ⁿ), paid at each month's end",
    )


def interest(text: str) -> Worked | None:
    """What a sum grows to: compound P · (1 + r/m)^(m·t), or simple P · (1 + r·t)."""
    if not _first(r"\binterest\b|\bcompound\w*\b|\bgrow\w*\b|\binvest\w*\b|\bsav(?:e|ed|ings)\b|\bworth\b", text):
        return None
    rate, term = _first(_P, text), _first(r"(?P<n>\d+(?:[.,]\d+)?)[\s-]*(?P<unit>months?|years?|yrs?|days?)\b", text)
    if not rate or not term:
        return None
    rest = text
    for match in sorted((rate, term), key=lambda m: -m.start()):
        rest = rest[: match.start()] + " " + rest[match.end() :]
    amount = _first(_A, rest)
    if not amount:
        return None
    principal, yearly, money = figure(amount["a"]), Fraction(number(rate["p"])) / 100, figure(amount["a"]).currency
    per_year = {"m": 12, "d": 365}.get(term["unit"][0].lower(), 1)
    years = Fraction(number(term["n"])) / per_year
    often = _first(r"\b(" + "|".join(PERIODS) + r")\b(?!\s*(?:rate|interest))", rest)
    times = PERIODS[often[1].lower()] if often and _first(r"compound", text) else 1
    if _first(r"\bsimple\b", text):
        total, how = principal.value * (1 + yearly * years), f"{principal} · (1 + {percent(yearly)} · {shown(years)})"
    else:
        if times * years > 20_000:
            raise AgentError("That is a longer time than I can compound; please shorten it.")
        total = principal.value * _raised(1 + yearly / times, times * years)
        step = f"{percent(yearly)}/{times}" if times > 1 else percent(yearly)
        how = f"{principal} · (1 + {step})^{shown(times * years)}"
    line = f"{how} = {_sum(total, money)}, interest {_sum(total - principal.value, money)}"
    name = "simple interest P · (1 + r·t)" if _first(r"\bsimple\b", text) else "compound interest P · (1 + r/m)^(m·t)"
    return Worked(_sum(total, money), (line,), total, money, name)


def exchange(text: str) -> Worked | None:
    """A sum in another currency at the rate given in the text. Raises AgentError when no rate is given."""
    rate_match = _first(
        rf"(?P<n>{NUMBER})\s*(?P<to>{CURRENCY})\s*(?:per|/|for (?:1|one)|an?)\s*(?:1 |one )?(?P<of>{CURRENCY})", text
    ) or _first(
        rf"(?:1|one)\s*(?P<of>{CURRENCY})\s*(?:=|is|equals|at|buys|to)\s*(?P<n>{NUMBER})\s*(?P<to>{CURRENCY})", text
    )
    rest = text if not rate_match else text[: rate_match.start()] + " " + text[rate_match.end() :]
    bare_pattern = rf"(?:\bat\b|@|\brate(?: of)?|\bexchange rate\b)[^\d]{{0,25}}(?P<n>{NUMBER})\s*$"
    bare_rate = None if rate_match else _first(bare_pattern, text.strip(" ?."))
    if bare_rate:
        rest = text[: bare_rate.start()]
    asked = _first(rf"{_A}\s*(?:to|in|into|as|=)\s*(?P<t>{CURRENCY})", rest) or _first(
        rf"how (?:many|much)\s+(?P<t>{CURRENCY})\s+(?:are|is|in|for|do i get for|would be)\s+{_A}", rest
    )
    amount = asked or (_first(_A, rest) if rate_match else None)
    if not amount or not figure(amount["a"]).currency:
        return None
    source = figure(amount["a"])
    target = currency_code(asked["t"]) if asked else ""
    if rate_match:
        of, to, rate = (
            currency_code(rate_match["of"]),
            currency_code(rate_match["to"]),
            Fraction(number(rate_match["n"])),
        )
        target = target or (to if source.currency == of else of)
        if {of, to} != {source.currency, target} or not rate:
            raise AgentError(
                f"The rate given is between {of} and {to}, but I need one between {source.currency} and {target}."
            )
        result, sign = (source.value * rate, "×") if source.currency == of else (source.value / rate, "/")
        line = f"{source} {sign} {shown(rate)} {to} per {of} = {Figure(result, target)}"
    elif target == source.currency:
        return None
    elif bare_rate:
        rate = Fraction(number(bare_rate["n"]))
        result = source.value * rate
        line = f"{source} × {shown(rate)} {target} per {source.currency} = {Figure(result, target)}"
    else:
        raise AgentError(
            f"To convert {source.currency} to {target} I need the exchange rate; write for instance "
            f"“{shown(source.value)} {source.currency} to {target} at 0.92 {target} per {source.currency}”."
        )
    return Worked(str(Figure(result, target)), (line,), result, target)


def _raised(base: Fraction, exponent: Fraction | int) -> Fraction:
    """A power rounded to 40 digits: exact fractions of hundreds of months would have thousands."""
    power = Fraction(exponent)
    steps, result = abs(power), Fraction(1)
    while steps > 0:  # in parts small enough for the evaluator's limits
        part = min(steps, Fraction(24))
        piece = evaluate(
            Node("^", (Node("number", value=base.limit_denominator(10**30)), Node("number", value=part)))
        ).value
        result = (result * piece).limit_denominator(10**40)
        steps -= part
    return 1 / result if power < 0 else result


def _sum(value: Fraction, money: str) -> str:
    """As money, also where no currency was named."""
    return shown(value, money) if money else f"{cents(value):,}"
