"""A whole project by chat alone: from a pasted job post to a paid invoice, and the win rate that follows from it."""

from __future__ import annotations

from decimal import Decimal

from graph.runtime import Runtime
from tests.graph.business.conftest import Ask

POST = """Data pipeline engineer wanted

We at North, a small lab, need an Airflow pipeline that brings 4 sources into Snowflake every night.

Skills: Python, Airflow, SQL
Budget: $3,000
You will:
- connect the 4 sources
- write tests and a schedule
- hand it over with short documentation
"""


async def test_from_a_pasted_post_to_a_paid_invoice_and_a_new_win_rate(runtime: Runtime, ask: Ask) -> None:
    stores = runtime.stores
    await ask("I'm Mara Weber, a data engineer from Berlin; my skills are Python, SQL and Airflow; my rate is 60 $/h")
    assert "No lead was won or lost yet" in await ask("what is my win rate?")

    answer = await ask(f"Price this job and write a proposal for it\n\n{POST}")
    assert "A draft for" in answer
    (lead,) = await stores.leads.all("local")
    (proposal,) = await stores.proposals.all("local")
    assert (lead.state, proposal.state, proposal.lead) == ("new", "draft", lead.id)
    assert lead.source == "pasted" and proposal.price and proposal.currency == "USD"

    assert "is now sent" in await ask("I sent the proposal")
    assert "is now a project" in await ask("They accepted the recommended quote for North")
    (lead,) = await stores.leads.all("local")
    (proposal,) = await stores.proposals.all("local")
    (project,) = await stores.projects.all("local")
    assert (lead.state, proposal.state, project.state) == ("won", "accepted", "open")
    assert (project.lead, project.proposal) == (lead.id, proposal.id)

    assert "Logged **10:00 h**" in await ask("log 10 hours for North on the data pipeline")
    assert "Logged **5:30 h**" in await ask("log 5.5 hours for North on the data pipeline yesterday")
    answer = await ask("invoice my unbilled hours for North")
    assert "is ready as a draft" in answer
    (invoice,) = await stores.invoices.all("local")
    assert invoice.totals.net.amount == Decimal("930.00") and invoice.currency == "USD"
    assert invoice.served_from and invoice.served_until and invoice.served_from < invoice.served_until

    assert "now marked sent" in await ask(f"I have sent invoice {invoice.number}")
    assert "**$630.00** of $930.00 is still open" in await ask(f"North paid $300 of invoice {invoice.number}")
    assert "is now marked paid" in await ask(f"invoice {invoice.number} is paid")
    (invoice,) = await stores.invoices.all("local")
    assert invoice.state == "paid" and invoice.open.amount == 0
    assert sorted(one.amount for one in await stores.payments.all("local")) == [Decimal(300), Decimal(630)]

    answer = await ask("The data pipeline project is done")
    assert "with 15:30 h logged of 77.5 h estimated" in answer
    assert "**100%** of what is decided: 1 of 1" in await ask("what is my win rate?")
    assert "$60.00" in await ask("which client pays best per hour?")
