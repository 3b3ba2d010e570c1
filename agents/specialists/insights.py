"""What the books teach: win rate, how estimates held, an hour's worth by client, money to come, tax to set aside."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from pydantic import BaseModel

from agents.deps import Deps
from agents.spec import AgentSpec, Finding, Given
from agents.tools.billing.invoice_requests import days_of, read_period
from agents.tools.billing.invoice_text import cell
from agents.tools.billing.tax_aside import tax_aside
from agents.tools.business.standing import STANDING, standing
from memory.business.insights import Share, estimate_fit, hourly_rates, win_rate, win_rates
from memory.money import Money, plain
from memory.overview.books import Books
from memory.overview.money import forecast

NAME = "insights"
WEEKS = (4, 8, 12)
_BY = (
    ("price", r"\bpric\w*|\bband|\bexpensive\b|\bcheap|\bpreis\w*|\bprecio|\bprix\b"),
    ("niche", r"\bnich\w*|\bkinds? of work\b|\btypes? of (?:work|project)|\bfield\b"),
    ("source", r"\bsource\w*|\bwhere\b|\bboards?\b|\bplatforms?\b|\bchannels?\b|\bquelle"),
    (
        "answer",
        r"\btime to (?:answer|reply|respond)|\bresponse time|\bhow (?:fast|quick|soon)|\banswer\w* (?:fast|quick)",
    ),
)
_CLIENTS = r"(?:clients?|customers?|kund\w+|clientes?|clienti?)"
_ACTIONS = (
    (
        "aside",
        r"\b(?:vat|tax(?:es)?|gst|umsatzsteuer)\b.{0,30}\b(?:i|we) (?:owe|have to pay|must pay|need to pay)\b"
        r"|\b(?:owe|pay)\b.{0,30}\b(?:vat|tax(?:es)?|gst)\b"
        r"|\b(?:vat|tax|gst)\b.{0,20}\b(?:owe[ds]?|due|muss|zahlen|pagar|payer|pagare)\b"
        r"|\bset aside\b|\bput (?:aside|away|back)\b|\bfor (?:the )?tax(?:es|man)?\b|\brücklage\w*|\bzurücklegen",
    ),
    (
        "forecast",
        r"\bforecast\b|\bcash ?flow\b|\bcom(?:e|ing) in\b|\bexpect\w*\b[^.?!]{0,30}\b(?:money|cash|payments?)"
        r"|\b(?:money|cash|payments?)\b[^.?!]{0,20}\bexpect|\bliquidität\w*|\bflujo de caja|\btrésorerie",
    ),
    (
        "hourly",
        r"\beffective\b|\breal(?:ly)? (?:hourly|earn)|\bworth (?:my|an|the) (?:time|hour)"
        rf"|\b(?:hour(?:ly)?|hora|heure|stunde)\b[^.?!]{{0,30}}\b{_CLIENTS}\b"
        rf"|\b{_CLIENTS}\b[^.?!]{{0,40}}\b(?:best|worst|pays?|most|least|profitable|mejor|hora|mieux)\b"
        rf"|\b(?:most|least|best|worst)[\w -]{{0,20}}\b{_CLIENTS}\b",
    ),
    (
        "estimates",
        r"\bestimat\w+\b[^.?!]{0,40}\b(?:actual\w*|hold|held|accurate|good|off|right|real\w*)|\bactuals?\b"
        r"|\b(?:how )?(?:accurate|good|far off)\b[^.?!]{0,30}\bestimat\w+|\bgeschätzt\b",
    ),
)


class InsightTask(BaseModel):
    """Which figure, by what, for which time."""

    action: Literal["wins", "estimates", "hourly", "forecast", "aside", "standing"] = "wins"
    by: Literal["price", "niche", "source", "answer"] | None = None
    period: str | None = None
    percent: Decimal | None = None


def read(clause: str) -> dict[str, Any]:
    """Which figure is asked for."""
    fields: dict[str, Any] = {}
    if any(re.search(cue, clause) for cue in STANDING):
        compared = re.search(r"\bthan last\b", clause, re.IGNORECASE)  # that is about the time after it
        return {"action": "standing", "period": None if compared else read_period(clause)}
    fields["action"] = next((name for name, cue in _ACTIONS if re.search(cue, clause, re.IGNORECASE)), "wins")
    fields["by"] = next((name for name, cue in _BY if re.search(cue, clause, re.IGNORECASE)), None)
    fields["period"] = read_period(clause)
    if fields["action"] == "aside" and (percent := re.search(r"(\d{1,2}(?:[.,]\d+)?)\s*(?:%|percent)", clause)):
        fields["percent"] = percent[1].replace(",", ".")
    return {name: value for name, value in fields.items() if value is not None}


async def run(task: InsightTask, given: Given, deps: Deps) -> Finding:
    """Answer from the books."""
    if any(re.search(cue, given.text) for cue in STANDING):  # in the user's own language, which a gloss may blur
        task = InsightTask(action="standing", period=task.period)
    books = await deps.stores.overview.books(deps.user)
    since, until = days_of(task.period, deps.today) if task.period else (None, None)
    match task.action:
        case "estimates":
            return _estimates(books)
        case "hourly":
            return _hourly(books, since, until)
        case "forecast":
            return _forecast(books, deps.today)
        case "aside":
            return await tax_aside(NAME, task.period, task.percent, deps)
        case "standing":
            return standing(NAME, task.period, books, deps.today)
    return _wins(books, task.by, since)


def _wins(books: Books, by: str | None, since: date | None) -> Finding:
    whole = win_rate(books, since=since)
    if not whole.count:
        text = "No lead was won or lost yet. Tell me what became of a job, such as “I won the second one”."
        return Finding(NAME, True, text, data={"won": 0, "count": 0})
    text = f"You win **{whole.rate:.0%}** of what is decided: {whole.won} of {whole.count}. {_range(whole)}"
    for name in [by] if by else ["price", "source", "niche", "answer"]:
        parts = win_rates(books, name, since=since)
        if len(parts) > 1 or by:
            text += f"\n\n{_table(name, parts)}"
    data = {"won": whole.won, "count": whole.count, "rate": round(whole.rate, 4)}
    return Finding(NAME, True, text, data=data, offers=("my leads", "which client pays best per hour?"))


def _table(by: str, parts: Sequence[Share]) -> str:
    names = {"price": "Price", "source": "Came by", "niche": "Kind of work", "answer": "Answered"}
    rows = [f"| {names[by]} | Won | Decided | Rate | Likely between |", "|---|--:|--:|--:|---|"]
    for one in parts:
        rows.append(
            f"| {cell(one.label)} | {one.won} | {one.count} | {one.rate:.0%} | {one.low:.0%} and {one.high:.0%} |"
        )
    return "\n".join(rows)


def _range(one: Share) -> str:
    few = " With so few, take it as a hint." if one.count < 10 else ""
    return f"Nine times out of ten the true rate lies between {one.low:.0%} and {one.high:.0%}.{few}"


def _estimates(books: Books) -> Finding:
    fit = estimate_fit(books)
    if fit is None:
        text = "No finished project has both an estimate and logged hours yet. Say “the Acme shop is done” when one is."
        return Finding(NAME, True, text, data={"projects": 0})
    text = (
        f"Over {fit.projects} finished {'project' if fit.projects == 1 else 'projects'} you worked "
        f"**{fit.middle:.2f} times** the estimated hours; the middle half lies from {fit.low:.2f} to {fit.high:.2f}."
    )
    return Finding(NAME, True, text, data={"projects": fit.projects, "middle": round(fit.middle, 4)})


def _hourly(books: Books, since: date | None, until: date | None) -> Finding:
    found = hourly_rates(books, since=since, until=until)
    if not found:
        return Finding(NAME, True, "There are no hours and invoices to compare yet.", data={"clients": []})
    rows = ["| Client | Hours | Unbilled | Billed, net | Costs | An hour brought |", "|---|--:|--:|--:|--:|--:|"]
    for one in found:
        cells = [cell(books.name(one.client)), plain(round(one.hours, 1)), plain(round(one.unbilled, 1))]
        rate = one.rate.text() if one.rate else "no hours"
        rows.append(f"| {' | '.join([*cells, one.billed.text(), one.costs.text(), rate])} |")
    text = "What an hour brought, after unpaid time and costs nobody pays back:\n\n" + "\n".join(rows)
    data = {"clients": [{"client": books.name(one.client), "rate": str(one.rate or "")} for one in found]}
    return Finding(NAME, True, text, data=data, offers=("unbilled hours",))


def _forecast(books: Books, today: date) -> Finding:
    code = books.currencies[0]
    weeks = forecast(books, today, code, max(WEEKS))
    if not weeks[-1][2]:
        return Finding(NAME, True, "No sent invoice is open, so no money is on its way.", data={"weeks": []})
    rows = ["| Within | At least | Likely | At most |", "|---|--:|--:|--:|"]
    for number in WEEKS:
        amounts = " | ".join(Money(value, code).text() for value in weeks[number - 1])
        rows.append(f"| {number} weeks | {amounts} |")
    text = "What your open invoices should bring, judged by how late clients paid so far:\n\n" + "\n".join(rows)
    data = {"currency": code, "weeks": [[str(value) for value in week] for week in weeks]}
    return Finding(NAME, True, text, data=data, offers=("which invoices are overdue?",))


AGENT = AgentSpec(
    name=NAME,
    title="Insights",
    description="Says what your records teach: win rate, how estimates held, an hour's worth, cash to come, tax.",
    examples=(
        "what is my win rate?",
        "my win rate by price",
        "win rate by source",
        "do I win more when I answer fast?",
        "how often do I win proposals?",
        "how accurate are my estimates?",
        "estimates against actual hours",
        "which client pays best per hour?",
        "my effective hourly rate per client",
        "who is my least profitable client?",
        "cash flow forecast",
        "how much money will come in over the next weeks?",
        "how much should I set aside for tax?",
        "set aside 25 % for tax this quarter",
        "wie hoch ist meine Erfolgsquote?",
        "wie viel muss ich für die Steuer zurücklegen?",
        "¿qué cliente me paga mejor por hora?",
        "mon taux de réussite par prix",
    ),
    task=InsightTask,
    surely=STANDING,
    run=run,
    read=read,
    cues=(
        r"^(?!.*\d+\s*%).*\b(?:how much|what)\b[^.?!]{0,15}\b(?:vat|tax|taxes|gst)\b[^.?!]{0,20}"
        r"\b(?:do|must|will|have|should|shall)\b[^.?!]{0,15}\b(?:i|we)\b|\b(?:umsatzsteuer|mehrwertsteuer|mwst|steuern?)\b[^.?!]{0,20}\bzahlen\b|"
        r"\b(?:cuánto|quanto|combien)\b[^.?!]{0,15}\b(?:iva|tva|impuestos|impostos|tasse|impôts?)\b[^.?!]{0,30}\b"
        r"(?:pagar|payer|pagare|debo|devo|dois)\b",
        r"\bwin(?:ning)? rate\b|\bsuccess rate\b|\bconversion rate\b|\berfolgsquote\b|\btaux de réussite\b",
        r"\beffective (?:hourly )?rate\b|\b(?:most|least) profitable\b|\bpays? (?:me )?(?:best|worst|most|least)\b",
        r"\bcash ?flow\b|\bforecast\b(?!.*\b(?:weather|rain)\b)",
        r"\b(?:set|put) (?:\w+ ){0,4}?aside\b|\bhow much\b[^.?!]{0,30}\bfor (?:the )?tax(?:es)?\b|\bzurücklegen\b",
        r"\bestimates?\b[^.?!]{0,30}\b(?:actuals?|accurate|held|hold)\b|\baccurate\b[^.?!]{0,20}\bestimat",
    ),
)
