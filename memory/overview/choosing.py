"""The records behind a figure: the same choice makes the figure, its link, and the list it leads to."""

from __future__ import annotations

from datetime import date

from memory.overview.books import Bill, Books, Chance, Cost, Offer, Receipt, Undertaking, Work

SENT = ("sent", "accepted", "declined")
"""What a proposal is once it went out."""


def bills(
    books: Books, today: date, *, state: str = "", client: str = "", month: str = "", currency: str = ""
) -> list[Bill]:
    """Invoices by state (open, due and overdue are parts of sent), client, month of issue and currency."""

    def wanted(bill: Bill) -> bool:
        return (
            (not currency or bill.currency == currency)
            and (not client or bill.client == _none(client))
            and (not month or f"{bill.issued:%Y-%m}".startswith(month))
            and (not state or _is(bill, state, today))
        )

    return [bill for bill in books.bills if wanted(bill)]


def _is(bill: Bill, state: str, today: date) -> bool:
    match state:
        case "open":
            return bill.open > 0
        case "due":
            return bill.open > 0 and not bill.overdue(today)
        case "overdue":
            return bill.open > 0 and bill.overdue(today)
        case _:
            return bill.state == state


def receipts(books: Books, *, month: str = "", client: str = "", currency: str = "") -> list[Receipt]:
    """Money received by month or year, client and currency."""
    return [
        one
        for one in books.receipts
        if (not currency or one.currency == currency)
        and (not client or one.client == _none(client))
        and (not month or f"{one.day:%Y-%m}".startswith(month))
    ]


def costs(books: Books, *, month: str = "", category: str = "", currency: str = "") -> list[Cost]:
    """Expenses by month or year, category and currency."""
    return [
        one
        for one in books.costs
        if (not currency or one.currency == currency)
        and (not category or one.category == category)
        and (not month or f"{one.day:%Y-%m}".startswith(month))
    ]


def work(
    books: Books, *, state: str = "", client: str = "", project: str = "", since: str = "", until: str = ""
) -> list[Work]:
    """Hours by state (billed or unbilled), client, project and days, both included."""
    first, last = date.fromisoformat(since or "0001-01-01"), date.fromisoformat(until or "9999-12-31")
    return [
        one
        for one in books.work
        if first <= one.day <= last
        and (not client or one.client == _none(client))
        and (not project or one.project == project)
        and (not state or (one.minutes is not None and one.billed == (state == "billed")))
    ]


def leads(books: Books, *, state: str = "", source: str = "", since: str = "") -> list[Chance]:
    """Leads by state (open is new or proposed, closed is won or lost), source and the day they came."""
    states = {"open": ("new", "proposed"), "closed": ("won", "lost")}.get(state, (state,))
    return [
        one
        for one in books.leads
        if (not state or one.state in states)
        and (not source or (one.source or "unknown") == source)
        and one.came.date().isoformat() >= since
    ]


def offers(books: Books, *, state: str = "", since: str = "") -> list[Offer]:
    """Proposals by state (out is all that were ever sent) and the day they were made."""
    states = SENT if state == "out" else (state,)
    return [one for one in books.offers if (not state or one.state in states) and one.made.date().isoformat() >= since]


def projects(books: Books, *, state: str = "", client: str = "") -> list[Undertaking]:
    """Projects by state and client."""
    return [
        one
        for one in books.projects
        if (not state or one.state == state) and (not client or one.client == _none(client))
    ]


def _none(client: str) -> str:
    return "" if client == "none" else client
