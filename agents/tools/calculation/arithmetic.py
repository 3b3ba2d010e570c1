"""Arithmetic as people say it: percentages, discounts, averages, and plain expressions, with the working shown."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from statistics import median

from agents.spec import AgentError
from agents.tools.calculation.evaluation import evaluate
from agents.tools.calculation.expression import NotAnExpression, parse
from agents.tools.calculation.numbers import FIGURE, NUMBER, Figure, figure, number
from agents.tools.calculation.quantities import durations
from agents.tools.calculation.worked import Worked, percent, shown

PERCENT = rf"(?P<p>{NUMBER})\s*(?:%|percent\b|per cent\b|prozent\b)"
_LEAD = re.compile(
    r"^\W*(?:(?:hey|hi|hello|please|pls|ok|so|and|then|now|can you|could you|would you|tell me|give me|show me|"
    r"i need|calculate|compute|work out|figure out|evaluate|calc|what(?:'s|s| is| are| would be| does)|"
    r"how much (?:is|are|does|would)|how many|the (?:result|value|total) of|result of|value of|was (?:ist|sind)|"
    r"wie ?viel (?:ist|sind|macht)|berechne)\b[\s:,]*)+",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"(?:[\s,]*\b(?:please|pls|for me|make|equals?|come to|cost|be|in total|altogether|total|"
    r"rate)\b)*(?:[\s=?.]|(?<!\d)!)*$",
    re.I,
)
_WORDS = (
    (r"\bto the power of\b", "^"),
    (r"\bsquared\b", "^2"),
    (r"\bcubed\b", "^3"),
    (r"\bmultiplied by\b|\btimes\b|\bmal\b", "*"),
    (r"\bdivided by\b|\bgeteilt durch\b", "/"),
    (r"(?<=[\d)])\s*\bover\b\s*(?=[\d(])", "/"),
    (r"\bplus\b", "+"),
    (r"\bminus\b|\bless\b", "-"),
    (r"\bmodulo\b", "mod"),
    (r"\bpercent\b|\bper cent\b|\bprozent\b", "%"),
    (r"(?<=[\d)])\s*[x×]\s*(?=[\d(€$£])", "*"),
    (r"\b(?:the )?square root of\s*(\d[\d.,]*|\()", r"sqrt \1"),
    (r"\b(?:a |one )?half of\b", "0.5 *"),
    (r"\b(?:a |one )?third of\b", "1/3 *"),
    (r"\b(?:a |one )?quarter of\b", "0.25 *"),
    (r"\bdouble\b|\btwice\b", "2 *"),
    (r"\s*\bfactorial\b", "!"),
    (r"\bmy\b", " "),
    (r"\bsplit\s+(.{1,60}?)\s+(?:by|in|into|between|among)\s+(\d+)(?:\s+[a-z]+)?\s*$", r"\1 / \2"),
    (r"\bround\s+(.{1,60}?)\s+to\s+(\d+)\s+(?:decimals?|digits|places|decimal places)\s*$", r"round(\1; \2)"),
    (r"\bvon\b", "of"),
    (r"(?<=\d)\s*deg(?:rees)?\b", "°"),
)


@dataclass(frozen=True)
class Sum:
    """A value with its currency and how it came about; `exact` as in `expression.Value`."""

    value: Fraction
    currency: str
    how: str
    exact: bool = True

    def __str__(self) -> str:
        return shown(self.value, self.currency, exact=self.exact)


def bare(text: str) -> str:
    """The text without what people put around a calculation."""
    return _TAIL.sub("", _LEAD.sub("", text.strip())).strip()


def symbols(text: str) -> str:
    """Words of calculation as signs."""
    for words, sign in _WORDS:
        text = re.sub(words, sign, text, flags=re.IGNORECASE)
    return re.sub(r"sqrt (\d[\d.,]*\d|\d)", r"sqrt(\1)", text).replace("sqrt (", "sqrt(")


def value_of(text: str) -> Sum | None:
    """The value of a calculation in words or signs, time at a rate included; None when it is none."""
    text = bare(text)
    if timed := time_at_rate(text):
        return timed
    try:
        parsed = parse(symbols(text))
    except NotAnExpression:
        return None
    result = evaluate(parsed.tree)
    return Sum(result.value, parsed.currency, " ".join(symbols(text).split()), result.exact)


def time_at_rate(text: str) -> Sum | None:
    """``3 h 45 min at 80 €/h``, ``12.5 hours at 80 €``, ``3 days at 600 a day``."""
    per = r"\s*(?:(?:/|per|an?|each|pro)\s*(?P<per>hour|hr|h|std|stunde|day|d|tag)\b\.?)?"
    at = rf"^\s*(?:at|@|x|×|\*|times|for|zu|à)\s*(?:an? (?:hourly |day )?rate of )?(?P<rate>{FIGURE}){per}\s*$"
    found = list(durations(text))
    if found and not re.search(r"[\d+*/=^]", text[: found[0][1].start()]):
        match = re.match(at, text[found[-1][1].end() :], re.IGNORECASE)
        between = "".join(text[a.end() : b.start()] for (_, a), (_, b) in pairwise(found))
        if match and not re.sub(r"[\s+,]|and|plus", "", between) and (match["per"] or "h")[0].lower() in "hs":
            rate, hours = figure(match["rate"]), sum((h for h, _ in found), Fraction(0))
            return Sum(hours * rate.value, rate.currency, f"{shown(hours)} h × {rate}")
    if days := re.match(rf"(?P<n>{NUMBER})\s*(?:days?|d|tage?)\b", text, re.IGNORECASE):
        match = re.match(at, text[days.end() :], re.IGNORECASE)
        if match and (match["per"] or "d")[0].lower() in "dt":
            rate, count = figure(match["rate"]), Fraction(number(days["n"]))
            return Sum(count * rate.value, rate.currency, f"{shown(count)} days × {rate}")
    return None


def plain(text: str) -> Worked | None:
    """Any calculation that `value_of` understands."""
    found = value_of(text)
    if found is None or not re.search(r"\d", text):
        return None
    if re.fullmatch(FIGURE, bare(text)):
        return None  # a number alone asks nothing
    return Worked(str(found), (f"{found.how} = {found}".replace("= ≈", "≈"),), found.value, found.currency)


def percentages(text: str) -> Worked | None:
    """What percent one number is of another, the change between two, a number raised or lowered by a percentage."""
    words = bare(text)
    a, b = rf"(?P<a>{FIGURE})", rf"(?P<b>{FIGURE})"
    for pattern in (
        rf"{a}\s+(?:is |as |=\s*)?(?:what|which|how many|a)\s+(?:percent(?:age)?|per cent|%)\s+(?:of |share of )*{b}",
        rf"(?:what |which )?(?:percent(?:age)?|per cent|%)\s+(?:of|share of)\s+{b}\s+(?:is|are|does|makes?)\s+{a}",
        rf"{a}\s+(?:out of|of)\s+{b}\s+(?:in|as)\s+(?:a )?(?:percent(?:age)?|%)",
    ):
        if match := re.search(pattern, words, re.I):
            part, whole = figure(match["a"]), figure(match["b"])
            share = _divided(part.value, whole.value)
            return Worked(percent(share), (f"{part} / {whole} = {percent(share)}",), share * 100, "%")
    change_words = r"(?:change|increase|decrease|growth|difference|drop|rise)"
    if match := re.search(
        rf"{change_words}\s+(?:in percent\s+)?(?:from|between)\s+{a}\s+(?:to|and)\s+{b}", words, re.I
    ):
        old, new = figure(match["a"]), figure(match["b"])
        change = _divided(new.value - old.value, old.value)
        sign = "+" if change > 0 else ""
        return Worked(
            f"{sign}{percent(change)}", (f"({new} − {old}) / {old} = {sign}{percent(change)}",), change * 100, "%"
        )
    tip_words = r"(?P<what>tip|commission|fee|surcharge|bonus)"
    if tip := re.search(rf"{PERCENT}\s*{tip_words}\s*(?:on|of|for)\s*{a}\s*$", words, re.I):
        base, rate = figure(tip["a"]), Fraction(number(tip["p"])) / 100
        added, total = shown(base.value * rate, base.currency), shown(base.value * (1 + rate), base.currency)
        working = (f"{percent(rate)} of {base} = {added}", f"Together {total}")
        return Worked(f"{added} {tip['what'].lower()}", working, base.value * rate, base.currency)
    raised = re.search(
        rf"\b(?P<verb>increase|raise|grow|add|decrease|reduce|lower|cut|discount|take)\w*\s+{a}\s+by\s+{PERCENT}",
        words,
        re.I,
    ) or re.search(rf"(?P<verb>add|take)\s+{PERCENT}\s+(?:to|off|from)\s+{a}\s*$", words, re.I)
    if raised:
        up = raised["verb"].lower() in ("increase", "raise", "grow", "add")
        return _changed(figure(raised["a"]), Fraction(number(raised["p"])) / 100, up=up)
    reduction = r"(?:discount|rebate|off|skonto|reduction)\b"
    off = re.search(rf"{PERCENT}\s*{reduction}\s*(?:on|of|for|from)?\s*{a}\s*$", words, re.I) or re.search(
        rf"{a}(?:\s*,\s*|\s+)(?:with|less|minus|after|at|and)?\s*(?:an?\s+)?{PERCENT}\s*{reduction}", words, re.I
    )
    return _changed(figure(off["a"]), Fraction(number(off["p"])) / 100, up=False) if off else None


def _changed(base: Figure, rate: Fraction, *, up: bool) -> Worked:
    change, sign = base.value * rate, "+" if up else "−"
    result = base.value + change if up else base.value - change
    total = shown(result, base.currency)
    step = f"{percent(rate)} of {base} = {shown(change, base.currency)}"
    return Worked(total, (step, f"{base} {sign} {shown(change, base.currency)} = {total}"), result, base.currency)


def _divided(one: Fraction, other: Fraction) -> Fraction:
    if other == 0:
        raise AgentError("A percentage of zero has no meaning; please check the numbers.")
    return one / other


def statistics(text: str) -> Worked | None:
    """The average, median, sum, smallest or largest of the numbers listed."""
    match = re.search(
        r"\b(?P<what>average|mean|median|sum|total|add up|minimum|smallest|maximum|largest|highest|lowest)\b"
        r"(?:\s+(?:of|from|up|value|number|these|the|following|numbers|figures|amounts|values|hours|and))*[\s:]*(?P<list>.*\d.*)$",
        bare(text), re.I | re.S,
    )  # fmt: skip
    if not match:
        return None
    listed = re.sub(r"(?:/|\bper|\ban?)\s*(?:h|hr|hour|day|week|month)\b", "", match["list"], flags=re.I).strip(" ?.")
    pieces = [p for p in re.split(r",\s+|;|\s*\band\b\s*|\s*\+\s*|\s*&\s*|\n", listed) if p.strip(" ,")]
    if len(pieces) == 1:
        pieces = pieces[0].split("," if "," in pieces[0] else None)
    if len(pieces) < 2 or not all(re.fullmatch(rf"\s*-?\s*{FIGURE}\s*,?", piece) for piece in pieces):
        return None
    figures = [figure(piece) for piece in pieces]
    values = [-f.value if p.strip().startswith("-") else f.value for f, p in zip(figures, pieces, strict=True)]
    currencies = {f.currency for f in figures if f.currency}
    if len(currencies) > 1:
        raise AgentError("Several currencies stand in that list; please convert them first.")
    money = next(iter(currencies), "")
    total, what = sum(values, Fraction(0)), match["what"].lower()
    added = " + ".join(shown(value, money) for value in values[:12]) + (" + …" if len(values) > 12 else "")
    working: tuple[str, ...] = (f"{added} = {shown(total, money)}",)
    if what in ("average", "mean"):
        result = total / len(values)
        working += (f"{shown(total, money)} / {len(values)} = {shown(result, money)}".replace("= ≈", "≈"),)
    elif what in ("sum", "total", "add up"):
        result = total
    else:
        result = (
            median(values)
            if what == "median"
            else min(values)
            if what in ("minimum", "smallest", "lowest")
            else max(values)
        )
        working = (f"The {what} of {len(values)} numbers",)
    return Worked(shown(result, money), working, result, money)
