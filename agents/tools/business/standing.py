"""How business stands: what was billed, paid and worked in a time, beside the time before, up to the same day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from agents.spec import Finding
from agents.tools.billing.invoice_requests import days_of
from config.dates import day_text
from memory.business.insights import win_rate
from memory.money import Money, plain, total
from memory.overview.books import Bill, Books

STANDING = (
    r"(?i)^\W*(?:so |and |ok,? )?how (?:am i|are we|is (?:my |the )?business|is (?:my )?freelancing) "
    r"(?:doing|going)\b(?=[^.?!]{0,12}\b(?:year|quarter|month|week|financially|business|compared)\b|.{0,2}$)",
    r"(?i)^\W*how(?:['’]s|s| is) (?:my |the )?business(?: doing| going)?\b[^.?!]{0,25}\W*$|"
    r"^\W*am i doing (?:better|worse|well|ok(?:ay)?)\b[^.?!]{0,30}\W*$",
    r"(?i)^\W*(?:und )?wie (?:läuft|lief|steht)(?:['’]s| es)? (?:(?:bei mir|für mich|so|denn) )*(?:dieses|"
    r"in diesem|das|mein|im|diesen|um mein)\b[^.?!]{0,20}\b(?:jahr|geschäft|monat|quartal)\b|"
    r"^\W*(?:¿)?c[oó]mo (?:voy|me va|va (?:el|mi) negocio)\b[^.?!]{0,20}\W*$|"
    r"^\W*comment (?:ça|cela) (?:va|marche|se passe)\b[^.?!]{0,20}\bann[ée]e\b|"
    r"^\W*come (?:sto andando|va (?:l['’]attività|quest['’]anno))\b|"
    r"^\W*como (?:estou indo|vai o (?:meu )?neg[óo]cio)\b",
)
"""What asks it, case counting nowhere."""


def standing(agent: str, period: str | None, books: Books, today: date) -> Finding:
    """Answer for an agent, in the currency that is billed most. The time runs to today at most."""
    since, until = days_of(period or "this year", today)
    until = min(until, today)
    first, last = day_text(since, "%-d %b"), day_text(until, "%-d %b %Y")
    code = books.currencies[0]
    billed = [one for one in books.bills if since <= one.issued <= until and _counts(one, code)]
    worked = sum(one.minutes or 0 for one in books.work if since <= one.day <= until)
    if not billed and not worked:
        text = (
            f"From {first} to {last} nothing is billed or logged, so there is nothing to judge. Write an invoice, or "
            "log your hours, and ask again."
        )
        return Finding(agent, True, text, data={"billed": "0", "minutes": 0})
    net = _sum((one.net for one in billed), code)
    count = f"{len(billed)} {'invoice' if len(billed) == 1 else 'invoices'}"
    lines = [f"- Billed: **{net.text()}** before tax on {count}.{_before(books, since, until, code, net)}"]
    if not billed:
        lines = ["- Billed: nothing yet"]
    paid = _sum((one.amount for one in books.receipts if since <= one.day <= until and one.currency == code), code)
    lines.append(f"- Received: {paid.text()}")
    if open_ := [one for one in books.bills if one.open and one.currency == code]:
        late = _sum((one.open for one in open_ if one.overdue(today)), code)
        words = f" Of that **{late.text()}** is overdue." if late.amount else " None of it is overdue."
        lines.append(f"- Still to come: {_sum((one.open for one in open_), code).text()}.{words}")
    costs = _sum((one.amount for one in books.costs if since <= one.day <= until and one.currency == code), code)
    if costs.amount:
        lines.append(f"- Expenses: {costs.text()}, which leaves {(net - costs).text()} before tax")
    if worked:
        hours = (Decimal(worked) / 60).quantize(Decimal("0.1"))
        left = sum(one.minutes or 0 for one in books.work if not one.billed and since <= one.day <= until)
        rest = (Decimal(left) / 60).quantize(Decimal("0.1"))
        lines.append(f"- Hours: {plain(hours)} h logged, {plain(rest)} h of them not billed yet")
    won = win_rate(books, since=since)
    if won.count:
        lines.append(f"- Won: {won.won} of {won.count} jobs that were decided")
    data = {"billed": str(net), "received": str(paid), "minutes": worked, "won": won.won, "decided": won.count}
    offers = ("which invoices are overdue?", "cash flow forecast", "my win rate")
    return Finding(agent, True, f"From {first} to {last}:\n\n" + "\n".join(lines), data=data, offers=offers)


def _counts(bill: Bill, currency: str) -> bool:
    return bill.currency == currency and bill.state in ("sent", "paid")


def _before(books: Books, since: date, until: date, currency: str, now: Money) -> str:
    """How that stands to the same days of the year before; empty where nothing was billed then."""
    first, last = (day.replace(year=day.year - 1, day=min(day.day, 28)) for day in (since, until))
    before = _sum((one.net for one in books.bills if first <= one.issued <= last and _counts(one, currency)), currency)
    if not before.amount:
        return ""
    change = (now.amount / before.amount - 1) * 100
    return (
        f" That is {abs(change):.0f} % {'more' if change >= 0 else 'less'} than the {before.text()} of a year before."
    )


def _sum(amounts: Iterable[Decimal], currency: str) -> Money:
    return total((Money(amount, currency) for amount in amounts), currency)
