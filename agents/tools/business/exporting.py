"""The business as tables for other programs: CSV in one ZIP, with what falls due as a calendar.

Hours come with the columns of Toggl Track, which most programs take in; clients with those of Invoice Ninja.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from memory.business.invoice import Invoice
from memory.business.projects import Project
from memory.stores import Stores

Row = Sequence[Any]
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


async def tables(stores: Stores, user: str) -> dict[str, list[Row]]:
    """Every table by file name, the head first."""
    clients = await stores.clients.all(user)
    names = {client.id: client.name for client in clients}
    projects = {project.id: project for project in await stores.projects.all(user)}
    invoices = await stores.invoices.all(user)
    numbers = {invoice.id: invoice.number for invoice in invoices}
    hours: list[Row] = [("Client", "Project", "Description", "Billable", "Start date", "Start time", "Duration")]
    for one in await stores.time.all(user):
        project = projects.get(one.project or "")
        begins = f"{one.started_at:%H:%M:%S}" if one.started_at else "09:00:00"
        long = f"{(one.minutes or 0) // 60:02d}:{(one.minutes or 0) % 60:02d}:00"
        hours.append(
            (names.get(one.client or "", ""), project.title if project else "", one.note, "Yes", one.day, begins, long)
        )
    return {
        "hours.csv": hours,
        "clients.csv": [
            (
                "Client Name",
                "Client Email",
                "Client Phone",
                "Client Street",
                "Client Country",
                "Client VAT Number",
                "Client Currency",
            ),
            *((c.name, c.email, c.phone, c.address, c.country, c.tax_id, c.currency) for c in clients),
        ],
        "projects.csv": [
            ("Project", "Client", "State", "Estimated hours", "Rate", "Started", "Due", "Ended"),
            *(_project(one, names.get(one.client or "", "")) for one in projects.values()),
        ],
        "invoices.csv": [
            ("Number", "Kind", "State", "Client", "Date", "Due", "Net", "VAT", "Total", "Open", "Currency"),
            *(_invoice(one) for one in invoices),
        ],
        "payments.csv": [
            ("Date", "Invoice", "Amount", "Currency", "State", "Reference"),
            *(
                (
                    one.received_on,
                    numbers.get(one.invoice or "", ""),
                    one.amount,
                    one.currency,
                    one.state,
                    one.reference,
                )
                for one in await stores.payments.all(user)
            ),
        ],
        "expenses.csv": [
            ("Date", "Description", "Category", "Amount", "Currency", "Client"),
            *(
                (one.day, one.description, one.category, one.amount, one.currency, names.get(one.client or "", ""))
                for one in await stores.expenses.all(user)
            ),
        ],
        "leads.csv": [
            ("Came", "Lead", "Who", "Source", "Kind", "State", "Worth", "Currency"),
            *(
                (one.came_at.date(), one.title, one.person, one.source, one.niche, one.state, one.value, one.currency)
                for one in await stores.leads.all(user)
            ),
        ],
        "proposals.csv": [
            ("Proposal", "State", "Price", "Currency", "Hours", "Sent", "Answered"),
            *(
                (one.title, one.state, one.price, one.currency, one.hours, one.sent_at, one.answered_at)
                for one in await stores.proposals.all(user)
            ),
        ],
    }


def as_zip(found: dict[str, list[Row]], calendar: bytes) -> bytes:
    """The tables and the calendar in one file."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, rows in found.items():
            archive.writestr(name, as_csv(rows))
        archive.writestr("deadlines.ics", calendar)
    return packed.getvalue()


def as_csv(rows: Iterable[Row]) -> str:
    """A table that spreadsheets open without taking any cell for a formula."""
    written = io.StringIO()
    csv.writer(written).writerows([_cell(value) for value in row] for row in rows)
    return "\ufeff" + written.getvalue()


def calendar_of(invoices: Sequence[Invoice], projects: Sequence[Project], now: datetime) -> bytes:
    """The days on which open invoices and open projects are due, as iCalendar (RFC 5545)."""
    from icalendar import Calendar, Event

    due = [
        (one.id, one.due_on, f"Invoice {one.number} is due: {one.client_name}, {one.open.text()}")
        for one in invoices
        if one.state == "sent" and one.open.amount > 0
    ]
    due += [
        (one.id, one.due_on, f"Project is due: {one.title}") for one in projects if one.state == "open" and one.due_on
    ]
    calendar = Calendar()
    calendar.add("prodid", "-//FreelanceX//deadlines//EN")
    calendar.add("version", "2.0")
    for record, day, summary in due:
        event = Event()
        event.add("uid", f"{record}@freelancex")
        event.add("dtstamp", now)
        event.add("dtstart", day)
        event.add("dtend", day + timedelta(days=1))
        event.add("summary", summary)
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _invoice(one: Invoice) -> Row:
    sums = one.totals
    amounts = (sums.net.amount, sums.tax.amount, sums.total.amount, one.open.amount)
    return (one.number, one.kind, one.state, one.client_name, one.issued_on, one.due_on, *amounts, one.currency)


def _project(one: Project, client: str) -> Row:
    dates = (one.started_on, one.due_on, one.ended_on)
    return (one.title, client, one.state, one.estimated_hours, one.rate, *dates)


def _cell(value: Any) -> str:
    text = "" if value is None else value.isoformat() if isinstance(value, datetime) else str(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(_FORMULA) else text
