"""What is known about one client: details, people, and what was done, from every record that names them."""

from __future__ import annotations

from datetime import UTC, datetime

from agents.deps import Deps
from agents.tools.billing.invoice_text import joined, sums_by_currency
from agents.tools.business.time_book import text_of
from agents.tools.text.markdown import plain
from config.dates import day_text
from integrations.job_boards.dedupe import company_key
from memory.business.clients import Client

LABELS = {
    "email": "Mail",
    "phone": "Phone",
    "address": "Address",
    "tax_id": "VAT ID",
    "country": "Country",
    "language": "Language",
    "currency": "Currency",
    "terms": "Pays within",
    "rate": "Rate",
}
MOST = 8
"""Lines of each kind that are shown."""


def details(client: Client) -> list[str]:
    """The details that are known, as list lines."""
    return [f"- {label}: {plain(value)}" for name, label in LABELS.items() if (value := getattr(client, name))]


async def card(client: Client, deps: Deps) -> tuple[str, dict[str, int]]:
    """A page about a client in markdown, and how many of each thing there are."""
    stores, user = deps.stores, deps.user
    people = await stores.contacts.people(user, client.id)
    notes = await stores.contacts.notes(user, client.id)
    open_ones = await stores.contacts.open(user, client=client.id)
    invoices = await stores.invoices.all(user, client=client.id)
    hours = await stores.time.all(user, client=client.id)
    projects = await stores.projects.all(user, client=client.id)
    expenses = await stores.expenses.all(user, client=client.id)
    key = company_key(client.name)
    jobs = [lead for lead in await stores.jobs.recent(user, 500) if lead.company and company_key(lead.company) == key]
    facts = [fact for fact in await stores.facts.of(user) if fact.client and company_key(fact.client) == key]
    parts = [f"**{plain(client.name)}**", "\n".join(details(client))]
    if people:
        lines = [", ".join(filter(None, (one.name, one.role, one.email, one.phone))) for one in people]
        parts.append("People:\n" + "\n".join(f"- {plain(line, 200)}" for line in lines))
    if open_ones:
        parts.append(
            "To get back to them:\n" + "\n".join(f"- {day_text(one.due)} {plain(one.text)}" for one in open_ones)
        )
    if jobs:
        parts.append("Jobs:\n" + "\n".join(f"- {plain(lead.title)} ({lead.status})" for lead in jobs[:MOST]))
    if projects:
        parts.append("Projects:\n" + "\n".join(f"- {plain(one.title)} ({one.state})" for one in projects[:MOST]))
    if hours:
        minutes = sum(one.ran(datetime.now(UTC)) for one in hours)
        free = sum(one.minutes or 0 for one in await stores.time.all(user, client=client.id, unbilled=True))
        parts.append(
            f"Hours: {text_of(minutes)} in all, the last on {day_text(hours[-1].day)}; {text_of(free)} unbilled."
        )
    standing = [one for one in invoices if one.state != "void"]
    if standing:
        unpaid = [one for one in standing if one.state == "sent"]
        late = [one for one in unpaid if one.overdue(deps.today)]
        line = f"Invoices: {len(standing)} over {joined(sums_by_currency(standing))}"
        line += f"; {joined(sums_by_currency(unpaid))} not paid yet" if unpaid else "; all paid" if all(
            one.state == "paid" for one in standing
        ) else ""  # fmt: skip
        parts.append(line + (f", {len(late)} overdue." if late else "."))
    if expenses:
        parts.append(f"Expenses: {len(expenses)}, the last {plain(expenses[0].description)}.")
    if notes:
        parts.append("Notes:\n" + "\n".join(f"- {day_text(one.day)}: {plain(one.text, 300)}" for one in notes[:MOST]))
    if facts:
        lines = [f"- {plain(fact.text, 200)} (said on {day_text(fact.said_on)})" for fact in facts[:MOST]]
        parts.append("What you told me:\n" + "\n".join(lines))
    counts = {
        "people": len(people),
        "notes": len(notes),
        "jobs": len(jobs),
        "projects": len(projects),
        "entries": len(hours),
        "invoices": len(standing),
        "facts": len(facts),
    }
    return "\n\n".join(part for part in parts if part), counts
