"""A business of a year and more, written into a data folder at once: for looking at dashboards and timing them."""

from __future__ import annotations

import asyncio
import math
import random
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from config.settings import Settings
from memory.agent_runs import AgentRun
from memory.business.clients import Client
from memory.business.expenses import Expense
from memory.business.goals import Goal
from memory.business.invoice import InvoiceLineRow, InvoiceRow
from memory.business.leads import Lead
from memory.business.payments import Payment
from memory.business.projects import Project
from memory.business.proposals import Proposal
from memory.business.time_entries import TimeEntry
from memory.demand import JobAsk
from memory.jobs import JobLead
from memory.samples import Sample
from memory.stores import open_stores

USER = "local"
NAMES = (
    "Acme", "Nordwind", "Blue Harbour", "Kaffeewerk", "Lumen Labs", "Orchard & Co", "Pixelhof", "Riverside Clinic",
    "Studio Vela", "Terra Maps", "Umbra Films", "Zephyr Cargo", "Atelier Brun", "Casa Verde", "Delta Foods",
    "Ember Audio", "Fjord Travel", "Gamma Robotics", "Helio Solar", "Iris Optics",
)  # fmt: skip
WORK = ("Web shop", "Booking app", "Data pipeline", "Landing page", "Inventory tool", "Brand site", "Reporting", "API")
SKILLS = ("Python", "React", "TypeScript", "SQL", "Django", "AWS", "Figma", "Go", "Data engineering", "Kubernetes")
BOARDS = ("remotive", "arbeitnow", "hacker_news")
SOURCES = ("referral", "upwork", "mail", "linkedin", "website")


async def fill(data: Path, records: int = 10_000, *, now: datetime | None = None, seed: int = 7) -> int:
    """Write about so many business records and a year of measurements; returns how many records there are."""
    at = now or datetime.now(UTC)
    rows = list(_records(random.Random(seed), records, at))
    stores = await open_stores(Settings(data_dir=data, open_browser=False))
    try:
        async with stores.database.write() as session:
            session.add_all(row for row in rows if isinstance(row, Client))
            await session.flush()
            session.add_all(row for row in rows if isinstance(row, Lead | InvoiceRow))
            await session.flush()
            session.add_all(row for row in rows if not isinstance(row, Client | Lead | InvoiceRow))
        async with stores.database.write() as session:
            session.add_all(_beside(random.Random(seed), at))
    finally:
        await stores.close()
    return len(rows)


def _records(r: random.Random, records: int, at: datetime) -> Iterator[Any]:
    today = at.astimezone().date()
    clients = [Client(user=USER, key=name.lower(), name=name, rate=f"{r.choice((75, 85, 95))} EUR/h") for name in NAMES]
    yield from clients
    projects = [
        Project(
            user=USER,
            title=f"{r.choice(WORK)} for {client.name}",
            client=client.id,
            state="open" if number % 4 == 0 else "done",
            estimated_hours=Decimal(r.randrange(20, 160)),
            created_at=at - timedelta(days=r.randrange(500)),
        )
        for number, client in enumerate(clients * 3)
    ]
    yield from projects
    made = len(clients) + len(projects)
    for number in range(records * 8 // 100):
        yield from _lead(r, r.choice(clients), at, number)
        made += 2
    numbers: dict[int, int] = {}
    day = today - timedelta(days=420)
    bills, billed = records * 9 // 100, []
    for number in range(bills):
        issued = day + timedelta(days=number * 420 // bills)
        numbers[issued.year] = numbers.get(issued.year, 0) + 1
        paper = list(_invoice(r, r.choice(clients), issued, numbers[issued.year], today))
        made += len(paper)
        billed.append(paper[0].id)
        yield from paper
    for _ in range(records * 4 // 100):
        yield Expense(
            user=USER,
            day=today - timedelta(days=r.randrange(420)),
            description="as booked",
            category=r.choice(("software", "travel", "hardware", "office", "training")),
            amount=Decimal(r.randrange(900, 14_000)) / 100,
            currency="EUR",
        )
        made += 1
    for goal in (("revenue", "90000", "EUR"), ("hours", "1400", "")):
        start, end = today.replace(month=1, day=1), today.replace(month=12, day=31)
        yield Goal(user=USER, measure=goal[0], target=Decimal(goal[1]), currency=goal[2], since=start, until=end)
    for _ in range(max(0, records - made)):
        yield _hours(r, r.choice(projects), today, r.choice(billed))


def _lead(r: random.Random, client: Client, at: datetime, number: int) -> Iterator[Any]:
    source = SOURCES[number % len(SOURCES)]
    came = at - timedelta(days=r.randrange(400), hours=r.randrange(24))
    chance = {"referral": 0.62, "website": 0.45, "mail": 0.34, "linkedin": 0.25, "upwork": 0.18}[source]
    old = came < at - timedelta(days=25)
    state = ("won" if r.random() < chance else "lost") if old else r.choice(("new", "proposed"))
    value = Decimal(r.randrange(8, 90) * 100)
    lead = Lead(
        user=USER, title=f"{r.choice(WORK)} ({client.name})", source=source, niche="web", state=state,
        client=client.id, value=value, currency="EUR", came_at=came,
        answered_at=came + timedelta(hours=r.randrange(1, 90)) if state != "new" else None,
        closed_at=came + timedelta(days=r.randrange(3, 24)) if old else None,
    )  # fmt: skip
    yield lead
    answer = {"won": "accepted", "lost": "declined", "proposed": "sent", "new": "draft"}[state]
    yield Proposal(
        user=USER, title=lead.title, state=answer, lead=lead.id, client=client.id, price=value, currency="EUR",
        sent_at=came + timedelta(days=1) if answer != "draft" else None, created_at=came,
    )  # fmt: skip


def _invoice(r: random.Random, client: Client, issued: Any, sequence: int, today: Any) -> Iterator[Any]:
    due = issued + timedelta(days=14)
    late = max(-10, round(r.gauss(4, 9)))
    paid_on = due + timedelta(days=late)
    paid = paid_on < today and r.random() < 0.985
    state = "paid" if paid else "draft" if issued > today - timedelta(days=2) else "sent"
    row = InvoiceRow(
        user=USER, year=issued.year, sequence=sequence, state=state, client=client.id, issued_on=issued, due_on=due,
        sent_on=issued, paid_on=paid_on if paid else None, currency="EUR", billed_to={"name": client.name},
    )  # fmt: skip
    yield row
    whole = Decimal(0)
    for position in (1, 2):
        quantity = Decimal(r.randrange(1, 5)) / 2
        price = Decimal(r.choice((75, 85, 85, 95)))
        whole += quantity * price
        yield InvoiceLineRow(
            invoice=row.id, position=position, user=USER, description="Work", quantity=quantity, unit="h",
            price=price, vat=Decimal(0),
        )  # fmt: skip
    if paid:
        yield Payment(user=USER, invoice=row.id, client=client.id, amount=whole, currency="EUR", received_on=paid_on)


def _hours(r: random.Random, project: Project, today: Any, bill: str) -> TimeEntry:
    back = int(r.betavariate(1, 1.4) * 400)
    return TimeEntry(
        user=USER, client=project.client, project=project.id, note="work", day=today - timedelta(days=back),
        minutes=r.choice((15, 20, 25, 30)), invoice=None if back < 12 else bill,
    )  # fmt: skip


def _beside(r: random.Random, at: datetime) -> Iterator[Any]:
    """Jobs, runs of agents, and the history of the machine in every ring."""
    for number in range(400):
        title, board = f"{r.choice(SKILLS)} developer, {r.choice(WORK).lower()}", r.choice(BOARDS)
        yield JobLead(
            user=USER, board=board, source=f"{number:032x}", title=title, company=r.choice(NAMES),
            post={"id": f"{number}", "board": board, "title": title},
            status=r.choice(("found", "found", "matched", "proposed", "dismissed")),
            fit=r.choice((None, *range(20, 97))),
            found_at=at - timedelta(days=int(r.betavariate(1, 2) * 80)),
        )  # fmt: skip
    for number in range(1500):
        skills = r.sample(SKILLS, 3)
        pay = 45 + 6 * SKILLS.index(skills[0]) + r.randrange(25)
        yield JobAsk(
            user=USER, job=f"{number:032x}", day=(at - timedelta(days=r.randrange(300))).date(), skills=skills,
            hourly=Decimal(pay) if r.random() < 0.6 else None, currency="EUR",
        )  # fmt: skip
    agents = ("bookkeeping", "time", "job_search", "job_match", "proposal", "documents", "math", "web_research")
    for _ in range(900):
        agent = r.choice(agents)
        slow = 3 if agent in ("job_search", "web_research") else 0.2
        ok = r.random() < (0.9 if agent == "web_research" else 0.98)
        yield AgentRun(
            user=USER, agent=agent, ok=ok, failure="" if ok else r.choice(("cannot", "transient", "unexpected")),
            seconds=r.lognormvariate(math.log(slow), 0.6), at=at - timedelta(days=r.random() * 30),
        )  # fmt: skip
    for step, kept in ((60, 86_400), (300, 31 * 86_400), (3600, 366 * 86_400)):
        first = int(at.timestamp()) // step * step
        for second in range(first - kept + step, first + 1, step):
            hour = datetime.fromtimestamp(second, UTC).hour
            day = 0.5 + 0.5 * math.sin((hour - 9) / 24 * 2 * math.pi)
            figures = {"cpu": 8 + 40 * day + r.random() * 12, "memory": 46 + 9 * day + r.random(), "disk": 61.0}
            yield Sample(
                user=USER, step=step, at=second, figures={name: [one, one * 1.2, 6] for name, one in figures.items()}
            )


if __name__ == "__main__":
    print(asyncio.run(fill(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 10_000)))
