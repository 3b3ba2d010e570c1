"""Makes books of rows as they were read. Plain work for a thread."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, NamedTuple

from memory.business.totals import Line, totals
from memory.money import Money, parse_price
from memory.overview.books import Aim, Bill, Books, Chance, Cost, Offer, Receipt, Undertaking, Work

Rows = list[dict[str, Any]]
Amounts = dict[tuple[str, tuple[Line, ...]], tuple[Decimal, Decimal, Decimal]]
"""What lines of a currency come to: net, tax and total."""


class Read(NamedTuple):
    """The rows of each table; `hidden` are the restricted clients."""

    hidden: set[str]
    clients: Rows
    bills: Rows
    lines: Rows
    work: Rows
    costs: Rows
    projects: Rows
    payments: Rows
    leads: Rows
    offers: Rows
    goals: Rows
    own: Rows


def bound(read: Read, known: Amounts) -> tuple[Books, Amounts]:
    """The books of what was read; amounts that are `known` are not worked out again."""

    def seen(rows: Rows) -> Iterable[dict[str, Any]]:
        return (row for row in rows if row["client"] not in read.hidden)

    amounts: Amounts = {}
    of_bill: dict[str, list[Line]] = {}
    for row in read.lines:
        if row["quantity"] is not None and row["price"] is not None:
            of_bill.setdefault(row["invoice"], []).append(Line("", row["quantity"], "", row["price"], row["vat"]))
    for bill in read.bills:
        key = (bill["currency"], tuple(of_bill.get(bill["id"], ())))
        if key not in amounts:
            amounts[key] = known.get(key) or _amounts(*key)
        bill["amounts"] = amounts[key]
    receipts, bills = _settled(list(seen(read.bills)), list(seen(read.payments)))
    standing = {row["id"] for row in read.bills if row["state"] != "void"}
    clients = {row["id"]: row for row in read.clients if row["id"] not in read.hidden}
    own = {row["name"]: row["value"] for row in read.own}
    return Books(
        bills=bills,
        receipts=receipts,
        leads=tuple(_chance(row) for row in seen(read.leads)),
        offers=tuple(_offer(row) for row in seen(read.offers)),
        goals=tuple(_aim(row) for row in read.goals if row["state"] != "dropped" and row["target"] is not None),
        work=tuple(_work(row, standing) for row in seen(read.work)),
        costs=tuple(_cost(row, standing) for row in seen(read.costs) if row["amount"] is not None),
        projects=tuple(_project(row) for row in seen(read.projects)),
        clients={name: row["name"] or "" for name, row in clients.items()},
        rates={name: rate for name, row in clients.items() if (rate := _rate(row["rate"]))},
        own_rate=_rate(own["rate"]) if "rate" in own else None,
        tax_percent=_percent(own.get("tax_percent")),
        hidden=len(read.hidden),
    ), amounts


def _amounts(currency: str, lines: tuple[Line, ...]) -> tuple[Decimal, Decimal, Decimal]:
    came = totals(lines, currency)
    return came.net.amount, came.tax.amount, came.total.amount


def _settled(rows: Rows, payments: Rows) -> tuple[tuple[Receipt, ...], tuple[Bill, ...]]:
    """What came in, and the invoices with what of each was paid.

    An invoice marked paid before payments were kept counts as paid in full, on the day it says.
    """
    receipts = [
        Receipt(row["received_on"], row["amount"], row["currency"], row["client"] or "", row["invoice"] or "")
        for row in payments
        if row["state"] == "received" and row["amount"] is not None
    ]
    paid: dict[str, Decimal] = {}
    for one in receipts:
        paid[one.bill] = paid.get(one.bill, Decimal(0)) + one.amount
    credited: dict[str, Decimal] = {}
    for row in rows:
        if row["corrects"] and row["state"] != "void":
            credited[row["corrects"]] = credited.get(row["corrects"], Decimal(0)) - row["amounts"][2]
    for row in rows:
        if row["state"] == "paid" and row["id"] not in paid and row["id"] not in credited:
            paid[row["id"]] = row["amounts"][2]
            day = row["paid_on"] or row["due_on"]
            receipts.append(Receipt(day, row["amounts"][2], row["currency"], row["client"] or "", row["id"]))
    zero = Decimal(0)
    return tuple(receipts), tuple(_bill(row, paid.get(row["id"], zero), credited.get(row["id"], zero)) for row in rows)


def _bill(row: dict[str, Any], paid: Decimal, credited: Decimal) -> Bill:
    net, tax, total = row["amounts"]
    return Bill(
        id=row["id"],
        number=f"{row['year']}-{row['sequence']:04d}",
        state=row["state"],
        client=row["client"] or "",
        project=row["project"] or "",
        issued=row["issued_on"],
        due=row["due_on"],
        paid_on=row["paid_on"],
        currency=row["currency"],
        net=net,
        tax=tax,
        total=total,
        paid=paid,
        credited=credited,
        credit=row["kind"] == "credit",
    )


def _chance(row: dict[str, Any]) -> Chance:
    return Chance(
        id=row["id"],
        title=row["title"] or "",
        client=row["client"] or "",
        state=row["state"],
        source=row["source"],
        niche=row["niche"],
        value=row["value"],
        currency=row["currency"],
        came=row["came_at"],
        answered=row["answered_at"],
        closed=row["closed_at"],
    )


def _offer(row: dict[str, Any]) -> Offer:
    return Offer(
        id=row["id"],
        title=row["title"] or "",
        client=row["client"] or "",
        state=row["state"],
        lead=row["lead"] or "",
        price=row["price"],
        currency=row["currency"],
        made=row["created_at"],
        sent=row["sent_at"],
        answered=row["answered_at"],
    )


def _aim(row: dict[str, Any]) -> Aim:
    return Aim(row["id"], row["measure"], row["target"], row["currency"], row["since"], row["until"])


def _work(row: dict[str, Any], standing: set[str]) -> Work:
    return Work(
        id=row["id"],
        client=row["client"] or "",
        project=row["project"] or "",
        day=row["day"],
        minutes=row["minutes"],
        started=row["started_at"],
        billed=row["invoice"] in standing,
    )


def _cost(row: dict[str, Any], standing: set[str]) -> Cost:
    own = row["converted"] is not None and row["converted_to"]
    return Cost(
        id=row["id"],
        day=row["day"],
        category=row["category"],
        amount=row["converted"] if own else row["amount"],
        currency=row["converted_to"] if own else row["currency"],
        paid=Money(row["amount"], row["currency"]) if own else None,
        client=row["client"] or "",
        to_bill=bool(row["rebillable"]) and row["invoice"] not in standing,
    )


def _project(row: dict[str, Any]) -> Undertaking:
    return Undertaking(
        id=row["id"],
        title=row["title"] or "",
        client=row["client"] or "",
        state=row["state"],
        estimated=row["estimated_hours"],
        rate=_rate(row["rate"]),
        due=row["due_on"],
    )


def _percent(text: Any) -> Decimal | None:
    return Decimal(str(text)) if text not in (None, "") else None


def _rate(text: Any) -> Money | None:
    """An hour's price as it was told, or None where it cannot be read as one."""
    try:
        price = parse_price(str(text))
    except ValueError:
        return None
    return price.money if price.unit in ("h", "") else None
