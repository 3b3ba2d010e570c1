"""Loans, interest, and currencies at the rate that the text gives."""

from __future__ import annotations

from fractions import Fraction

from agents.spec import AgentError
from agents.tools.calculation.evaluation import evaluate
from agents.tools.calculation.expression import Node
from agents.tools.calculation.numbers import FIGURE, NUMBER, Figure, figure, money_text, number
from agents.tools.calculation.rates import AMOUNT, PART, first
from agents.tools.calculation.worked import Worked, percent, shown
from memory.money import CURRENCY, currency_of

PERIODS = {"monthly": 12, "month": 12, "quarterly": 4, "quarter": 4, "daily": 365, "day": 365, "weekly": 52, "week": 52}
PERIODS |= {"yearly": 1, "annually": 1, "annual": 1, "year": 1, "semiannually": 2, "half-yearly": 2}


def loan(text: str) -> Worked | None:
    """The equal monthly payment of a loan: the annuity A = P · r / (1 − (1 + r)⁻ⁿ) with r a month over n months."""
    if not first(r"\bloan\b|\bmortgage\b|\binstal+ments?\b|\brepay\w*|\bmonthly payments?\b|\bannuity\b", text):
        return None
    rate, term = first(PART, text), first(r"(?P<n>\d+(?:[.,]\d+)?)[\s-]*(?P<unit>months?|years?|yrs?)\b", text)
    rest = text
    for match in sorted((m for m in (rate, term) if m), key=lambda m: -m.start()):
        rest = rest[: match.start()] + " " + rest[match.end() :]
    amount = first(AMOUNT, rest)
    if not (rate and term and amount):
        missing = "the interest rate" if not rate else "the term" if not term else "the sum"
        raise AgentError(
            f"For the payment I need {missing} too; write for instance “20,000 € loan at 5% over 48 months”."
        )
    principal, yearly = figure(amount["a"]), Fraction(number(rate["p"])) / 100
    months = Fraction(number(term["n"])) * (12 if term["unit"].lower().startswith("y") else 1)
    if months.denominator != 1 or not 1 <= months <= 600:
        raise AgentError("The term has to be a whole number of months, at most 600.")
    count, monthly, currency = int(months), yearly / 12, principal.currency
    payment = (
        principal.value / count if monthly == 0 else principal.value * monthly / (1 - _raised(1 + monthly, -count))
    )
    total = payment * count
    text_total = money_text(payment, currency)
    working = (
        f"r = {percent(yearly)} / 12 a month, n = {count} months",
        f"A = {principal} · r / (1 − (1 + r)^−{count}) = {text_total} a month",
        f"In all {money_text(total, currency)}, of which interest {money_text(total - principal.value, currency)}",
    )
    return Worked(
        f"{text_total} a month",
        working,
        payment,
        currency,
        "annuity formula A = P · r / (1 − (1 + r)⁻ⁿ), paid at each month's end",
    )


def payoff(text: str) -> Worked | None:
    """``how long does it take to pay off 5,000 at 200 a month``, with the interest of a year where one is named."""
    owed = rf"\b(?:pay(?:ing)? (?:off|back)|repay)\b[^\d€$£]*{AMOUNT}"
    match = first(rf"{owed}[^\d€$£]*(?P<b>{FIGURE})\s*(?:a|per|/|each)\s*month", text)
    if not match:
        return None
    rate = first(PART, text[match.end() :])
    debt, each = figure(match["a"]), figure(match["b"])
    monthly = Fraction(number(rate["p"])) / 1200 if rate else Fraction(0)
    if each.value <= debt.value * monthly:
        raise AgentError("That payment does not even cover the interest; please raise it.")
    left, months = debt.value, 0
    while left > 0:
        left = (left * (1 + monthly) - each.value).limit_denominator(10**12)
        months += 1
        if months > 1_200:
            raise AgentError("That would take more than a hundred years; please raise the payment.")
    last = money_text(each.value + left, debt.currency)
    line = f"{months - 1} payments of {each} and a last one of {last}"
    return Worked(f"{months} months", (line,), Fraction(months), "months")


def interest(text: str) -> Worked | None:
    """What a sum grows to: compound P · (1 + r/m)^(m·t), or simple P · (1 + r·t)."""
    if not first(r"\binterest\b|\bcompound\w*\b|\bgrow\w*\b|\binvest\w*\b|\bsav(?:e|ed|ings)\b|\bworth\b", text):
        return None
    rate, term = first(PART, text), first(r"(?P<n>\d+(?:[.,]\d+)?)[\s-]*(?P<unit>months?|years?|yrs?|days?)\b", text)
    if not rate or not term:
        return None
    rest = text
    for match in sorted((rate, term), key=lambda m: -m.start()):
        rest = rest[: match.start()] + " " + rest[match.end() :]
    amount = first(AMOUNT, rest)
    if not amount:
        return None
    principal, yearly, currency = figure(amount["a"]), Fraction(number(rate["p"])) / 100, figure(amount["a"]).currency
    per_year = {"m": 12, "d": 365}.get(term["unit"][0].lower(), 1)
    years = Fraction(number(term["n"])) / per_year
    often = first(r"\b(" + "|".join(PERIODS) + r")\b(?!\s*(?:rate|interest))", rest)
    times = PERIODS[often[1].lower()] if often and first(r"compound", text) else 1
    if first(r"\bsimple\b", text):
        total, how = principal.value * (1 + yearly * years), f"{principal} · (1 + {percent(yearly)} · {shown(years)})"
    else:
        if times * years > 20_000:
            raise AgentError("That is a longer time than I can compound; please shorten it.")
        total = principal.value * _raised(1 + yearly / times, times * years)
        step = f"{percent(yearly)}/{times}" if times > 1 else percent(yearly)
        how = f"{principal} · (1 + {step})^{shown(times * years)}"
    line = f"{how} = {money_text(total, currency)}, interest {money_text(total - principal.value, currency)}"
    name = "simple interest P · (1 + r·t)" if first(r"\bsimple\b", text) else "compound interest P · (1 + r/m)^(m·t)"
    return Worked(money_text(total, currency), (line,), total, currency, name)


def exchange(text: str) -> Worked | None:
    """A sum in another currency at the rate given in the text. Raises AgentError when no rate is given."""
    rate_match = first(
        rf"(?P<n>{NUMBER})\s*(?P<to>{CURRENCY})\s*(?:per|/|for (?:1|one)|an?)\s*(?:1 |one )?(?P<of>{CURRENCY})", text
    ) or first(
        rf"(?:1|one)\s*(?P<of>{CURRENCY})\s*(?:=|is|equals|at|buys|to)\s*(?P<n>{NUMBER})\s*(?P<to>{CURRENCY})", text
    )
    rest = text if not rate_match else text[: rate_match.start()] + " " + text[rate_match.end() :]
    bare_pattern = rf"(?:\bat\b|@|\brate(?: of)?|\bexchange rate\b)[^\d]{{0,25}}(?P<n>{NUMBER})\s*$"
    bare_rate = None if rate_match else first(bare_pattern, text.strip(" ?."))
    if bare_rate:
        rest = text[: bare_rate.start()]
    asked = first(rf"{AMOUNT}\s*(?:to|in|into|as|=)\s*(?P<t>{CURRENCY})", rest) or first(
        rf"how (?:many|much)\s+(?P<t>{CURRENCY})\s+(?:are|is|in|for|do i get for|would be)\s+{AMOUNT}", rest
    )
    amount = asked or (first(AMOUNT, rest) if rate_match else None)
    if not amount or not figure(amount["a"]).currency:
        return None
    source = figure(amount["a"])
    target = currency_of(asked["t"]) if asked else ""
    if rate_match:
        of, to, rate = (
            currency_of(rate_match["of"]),
            currency_of(rate_match["to"]),
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
