"""A sample business to look around in: a year of clients, leads, projects, hours, invoices and expenses.

Every row's id begins with `MARK`, its invoices are numbered from 9001, and nothing of it goes into the history: taken
away again, the books are as they were before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any
from uuid import UUID

from sqlmodel import SQLModel, col, delete, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from memory.blind_search import blinds
from memory.business.book import Refused
from memory.business.clients import Client, key_of
from memory.business.contacts import ClientNote, Contact, FollowUp
from memory.business.expenses import Expense
from memory.business.goals import Goal
from memory.business.invoice import MARK, InvoiceLineRow, InvoiceRow
from memory.business.leads import Lead
from memory.business.payments import Payment
from memory.business.projects import Project
from memory.business.proposals import Proposal
from memory.business.quotes import Quote
from memory.business.recurring import RecurringInvoice
from memory.business.time_entries import TimeEntry
from memory.business.totals import Line, totals
from memory.stores import Stores

FIRST_NUMBER = 9001
OPEN_DAYS = 40
"""How old the proposals that still wait are at most."""
TABLES: tuple[Any, ...] = (
    Payment, TimeEntry, Expense, InvoiceRow, Project, Proposal, Lead, Contact, Goal, Client,
)  # fmt: skip
"""Those that others refer to last: rows are removed in this order and made in the other one."""
_UNNAMED: tuple[Any, ...] = (Quote, InvoiceRow, TimeEntry, Expense, Project, Proposal, Lead, Payment)
_CLIENTS = (
    ("Nordlicht Design GmbH", "Hamburg", "Germany", "DE811111111", "Jana Petersen"),
    ("Atelier Lumière SARL", "Lyon", "France", "FR81123456789", "Luc Bernard"),
    ("Casa Verde SL", "Valencia", "Spain", "ESB12345674", "Marta Ruiz"),
    ("Brightwater Ltd", "Bristol", "United Kingdom", "", "Owen Clarke"),
    ("Fjord Analytics AS", "Bergen", "Norway", "", "Ingrid Dahl"),
    ("Studio Nove Srl", "Torino", "Italy", "IT12345678903", "Paolo Greco"),
)
_WORK = (
    ("Website redesign", "website", 60, 85),
    ("Online shop", "shop", 90, 90),
    ("Data dashboard", "data", 45, 95),
    ("Brand identity", "design", 35, 80),
    ("Newsletter set-up", "marketing", 20, 75),
    ("Booking system", "website", 70, 88),
)
_SOURCES = ("referral", "upwork", "linkedin", "website", "repeat")
_COSTS = (("Software", "software", 49), ("Train ticket", "travel", 64), ("Co-working desk", "office", 180))


@dataclass
class _Making:
    """What is made so far, and chance that comes out the same every time."""

    user: str
    today: date
    rows: list[Any] = field(default_factory=list)
    chance: Random = field(default_factory=lambda: Random(20_26))

    def keep(self, row: Any) -> Any:
        row.id = MARK + UUID(int=self.chance.getrandbits(128)).hex[len(MARK) :]
        self.rows.append(row)
        return row


async def is_there(stores: Stores, user: str) -> bool:
    """Whether the sample business is in the user's books."""
    async with stores.database.read() as session:
        query = select(Client.id).where(Client.user == user, col(Client.id).startswith(MARK)).limit(1)
        return (await session.exec(query)).first() is not None


async def fill(stores: Stores, user: str, today: date) -> dict[str, int]:
    """Make the sample business; returns how many rows of each table. Raises Refused beside own invoices, or twice."""
    if await is_there(stores, user):
        raise Refused("The sample business is there already; say “remove the sample business” to take it away.")
    if await stores.invoices.all(user, limit=1):
        raise Refused("Your books hold invoices of your own, and a sample among them would spoil your figures.")
    making = _Making(user, today)
    _make(making)
    async with stores.database.write() as session:
        await _add(session, making)
    counts: dict[str, int] = {}
    for row in making.rows:
        counts[row.__tablename__] = counts.get(row.__tablename__, 0) + 1
    return counts


async def remove(stores: Stores, user: str) -> int:
    """Take the sample business away; returns how many rows.

    What the user wrote on it since goes too: notes, people, payments. Their own invoices, hours and expenses stay, and
    name no client then.
    """
    gone = 0
    async with stores.database.write() as session:
        for table in _UNNAMED:
            of_sample = (col(table.client).startswith(MARK), col(table.id).not_like(f"{MARK}%"))
            await session.exec(update(table).where(*of_sample).values(client=None))
        of_leads = (col(Proposal.lead).startswith(MARK), col(Proposal.id).not_like(f"{MARK}%"))
        await session.exec(update(Proposal).where(*of_leads).values(lead=None))
        gone += (await session.exec(delete(Payment).where(col(Payment.invoice).startswith(MARK)))).rowcount
        for table in (ClientNote, FollowUp, RecurringInvoice, Contact):
            gone += (await session.exec(delete(table).where(col(table.client).startswith(MARK)))).rowcount
        clients = await session.exec(select(Client.id).where(Client.user == user, col(Client.id).startswith(MARK)))
        marked = (col(InvoiceLineRow.user) == user, col(InvoiceLineRow.invoice).startswith(MARK))
        gone += (await session.exec(delete(InvoiceLineRow).where(*marked))).rowcount
        names = list(clients)
        for table in TABLES:
            mine = (col(table.user) == user, col(table.id).startswith(MARK))
            gone += (await session.exec(delete(table).where(*mine))).rowcount
        connection = await session.connection()
        for client in names:
            await connection.run_sync(stores.keys.shred, user, client)
    return gone


async def _add(session: AsyncSession, making: _Making) -> None:
    clients = [row for row in making.rows if isinstance(row, Client)]
    keys = await blinds(session, making.user, "clients", [key_of(one.name) for one in clients])
    for client, key in zip(clients, keys, strict=True):
        client.key = key
    order: Sequence[type[SQLModel]] = (*reversed(TABLES), InvoiceLineRow)
    for table in order:
        session.add_all([row for row in making.rows if type(row) is table])
        await session.flush()


def _make(making: _Making) -> None:
    user, today, chance = making.user, making.today, making.chance
    clients = []
    for name, town, country, tax, person in _CLIENTS:
        email = f"{person.split()[0].lower()}@{key_of(name).split()[0]}.example"
        client = Client(user=user, key="", name=name, address=f"{town}\n{country}", country=country, tax_id=tax)
        client.email, client.currency = email, "EUR"
        clients.append(making.keep(client))
        making.keep(Contact(user=user, client=client.id, name=person, email=email, role="owner"))
    for month in range(12):
        first = today - timedelta(days=365 - 30 * month)
        for place in range(2):
            client = clients[(month + place * 3) % len(clients)]
            _job(making, client, first + timedelta(days=place * 12), won=chance.random() < 0.55)
        for description, category, amount in _COSTS:
            day = min(today, first + timedelta(days=chance.randrange(28)))
            spent = Decimal(amount) + Decimal(chance.randrange(2000)) / 100
            expense = Expense(
                user=user, day=day, description=description, category=category, amount=spent, currency="EUR"
            )
            making.keep(expense)
    for place, (title, niche, hours, rate) in enumerate(_WORK[2:4]):
        lead = Lead(user=user, title=f"{title} for {clients[place].name}", source=_SOURCES[place], niche=niche)
        lead.client, lead.person, lead.value, lead.currency = clients[place].id, "", Decimal(hours * rate), "EUR"
        lead.came_at = datetime.combine(today - timedelta(days=2 + place), time(9), UTC)
        making.keep(lead)
    since, until = date(today.year, 1, 1), date(today.year, 12, 31)
    year = Goal(user=user, measure="revenue", target=Decimal(60_000), currency="EUR", since=since, until=until)
    making.keep(year)


def _job(making: _Making, client: Client, came: date, *, won: bool) -> None:
    chance = making.chance
    title, niche, hours, rate = chance.choice(_WORK)
    at = datetime.combine(came, time(9), UTC)
    answered = at + timedelta(hours=chance.choice((0.5, 3, 8, 30, 100)))
    price = Decimal(hours * rate)
    state = "won" if won else "lost"
    fresh = (making.today - came).days <= OPEN_DAYS
    lead = making.keep(
        Lead(user=making.user, title=f"{title} for {client.name}", source=chance.choice(_SOURCES), niche=niche)
    )
    lead.client, lead.state, lead.value, lead.currency = client.id, "proposed" if fresh else state, price, "EUR"
    lead.came_at, lead.answered_at, lead.person = at, answered, client.name
    lead.closed_at = at + timedelta(days=9) if lead.state in ("won", "lost") else None
    answer = {"won": "accepted", "lost": "declined"}.get(lead.state, "sent")
    offer = Proposal(user=making.user, title=lead.title, state=answer, lead=lead.id, client=client.id, niche=niche)
    offer.price, offer.currency, offer.hours, offer.sent_at = price, "EUR", Decimal(hours), answered
    offer.answered_at = lead.closed_at
    making.keep(offer)
    if lead.state == "won":
        _project(making, client, lead, offer, came + timedelta(days=10), hours, rate)


def _project(making: _Making, client: Client, lead: Lead, offer: Proposal, start: date, hours: int, rate: int) -> None:
    chance, user = making.chance, making.user
    worked = hours * chance.uniform(0.85, 1.45)
    project = Project(user=user, title=lead.title, kind=lead.niche, client=client.id, lead=lead.id, proposal=offer.id)
    project.estimated_hours, project.rate, project.started_on = Decimal(hours), f"{rate} EUR/h", start
    project.due_on = start + timedelta(days=hours // 2)
    making.keep(project)
    entries, day = [], start
    while worked > 0 and day <= making.today:
        if day.weekday() < 5:
            minutes = min(round(worked * 60), chance.choice((120, 180, 240, 300, 360)))
            entry = TimeEntry(user=user, client=client.id, project=project.id, day=day, minutes=max(15, minutes))
            entries.append(making.keep(entry))
            worked -= minutes / 60
        day += timedelta(days=1)
    if worked <= 0.25 and entries:
        project.state, project.ended_on = "done", entries[-1].day
        _invoice(making, client, project, entries, Decimal(rate))
    else:
        project.due_on = max(project.due_on, making.today + timedelta(days=5))


def _invoice(making: _Making, client: Client, project: Project, entries: list[TimeEntry], rate: Decimal) -> None:
    user, today, chance = making.user, making.today, making.chance
    issued = min(today, entries[-1].day + timedelta(days=3))
    paid_on = issued + timedelta(days=14 + chance.choice((-6, 0, 2, 9, 25)))
    paid = paid_on <= today and chance.random() < 0.92
    number = FIRST_NUMBER + sum(isinstance(row, InvoiceRow) and row.year == issued.year for row in making.rows)
    due = issued + timedelta(days=14)
    row = InvoiceRow(user=user, year=issued.year, sequence=number, issued_on=issued, due_on=due, currency="EUR")
    row.client, row.project, row.billed_to, row.sent_on = client.id, project.id, client.details(), issued
    row.state, row.paid_on = ("paid", paid_on) if paid else ("sent", None)
    row.served_from, row.served_until = entries[0].day, entries[-1].day
    vat = Decimal(19 if client.country == "Germany" else 0)
    row.treatment = "standard" if vat else "reverse_charge" if client.tax_id else "outside"
    making.keep(row)
    hours = (Decimal(sum(one.minutes or 0 for one in entries)) / 60).quantize(Decimal("0.01"))
    line = Line(project.title, hours, "h", rate, vat)
    text = line.description
    one = InvoiceLineRow(invoice=row.id, position=1, user=user, description=text, quantity=hours, price=rate, vat=vat)
    one.unit = "h"
    making.rows.append(one)
    for entry in entries:
        entry.invoice = row.id
    if paid:
        amount = totals([line], "EUR").total.amount
        making.keep(
            Payment(user=user, invoice=row.id, client=client.id, amount=amount, currency="EUR", received_on=paid_on)
        )
