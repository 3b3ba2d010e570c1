"""What of the money received is owed as tax: VAT collected, and a part of the profit for income tax."""

from __future__ import annotations

from decimal import Decimal

from agents.deps import Deps
from agents.spec import Finding
from agents.tools.billing.invoice_requests import days_of
from config.dates import day_text
from memory.business.insights import USUAL_PERCENT, set_aside
from memory.money import plain


async def tax_aside(agent: str, period: str | None, said: Decimal | None, deps: Deps) -> Finding:
    """Answer for an agent: of what came in this year, or in a period, which part is not the user's.

    `said` is the percent of the profit that goes to income tax, kept where the user names it.
    """
    since, until = days_of(period or "this year", deps.today)
    if said is not None:
        await deps.stores.profiles.save(deps.user, tax_percent=plain(said))
    books = await deps.stores.overview.books(deps.user)
    code = books.currencies[0]
    kept = books.tax_percent if said is None else said
    percent = USUAL_PERCENT if kept is None else kept
    found = set_aside(books, code, since, until, percent)
    text = (
        f"Of {found.received.text()} received from {day_text(since, '%-d %b')} to {day_text(until, '%-d %b %Y')}, "
        f"put **{found.total.text()}** "
        f"aside: {found.vat.text()} VAT and {found.income_tax.text()} for income tax, {plain(percent)} % of the profit "
        f"({found.profit.text()}, after {found.costs.text()} expenses).\n\n"
        "VAT you paid on expenses comes off what you pass on."
    )
    if said is not None:
        text += f" I keep the {plain(percent)} % for next time, and for your money dashboard."
    elif kept is None:
        text += (
            f"\n\n{plain(percent)} % is a rule of thumb. Which part of your profit goes to income tax? Say it once, "
            "such as “set aside 25 % for tax”, and I keep it."
        )
    data = {"vat": str(found.vat), "income_tax": str(found.income_tax), "total": str(found.total)}
    return Finding(agent, True, text, data=data)
