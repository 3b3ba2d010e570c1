"""Settling invoices by chat: in parts, by a credit note, late, again every month, and as e-invoice."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import facturx
import pytest

from agents.deps import Deps
from agents.spec import AgentError, Finding, Given
from agents.specialists.bookkeeping import AGENT, read
from agents.tools.billing.invoice_book import InvoiceTask
from memory.business.recurring import due_invoices

Say = Callable[..., Awaitable[Finding]]
ANA = {
    "name": "Ana Weber",
    "address": "Lindenstr. 5\n10969 Berlin",
    "country": "Germany",
    "tax_id": "DE123456789",
    "email": "ana@weber.example",
    "phone": "+49 30 1",
    "iban": "DE89370400440532013000",
}


@pytest.fixture
def say(table_deps: Deps) -> Say:
    """What bookkeeping answers to a sentence, so many days later."""

    async def said(text: str, days: int = 0) -> Finding:
        deps = replace(table_deps, today=table_deps.today + timedelta(days=days))
        return await AGENT.run(InvoiceTask(**read(text)), Given(text, text), deps)

    return said


@pytest.fixture
async def sent(say: Say, table_deps: Deps) -> Deps:
    """Invoice 2026-0001 over 1,190 € is sent to Acme in Hamburg, due in 14 days."""
    await table_deps.stores.profiles.save("mara", **ANA)
    address = {"address": "Straße 5\n20095 Hamburg", "country": "DE", "email": "pay@acme.example"}
    await table_deps.stores.clients.save("mara", "Acme GmbH", **address)
    await say("create an invoice for Acme GmbH, 10 hours at 100 € with 19 % VAT")
    await say("mark invoice 2026-0001 as sent")
    return table_deps


async def test_a_part_then_too_much_is_paid(say: Say, sent: Deps) -> None:
    answer = await say("Acme paid 500 € of invoice 2026-0001")
    assert "**690.00 €** of 1,190.00 € is still open" in answer.text
    answer = await say("received 700 € for invoice 2026-0001")
    assert "with 10.00 € too much" in answer.text
    with pytest.raises(AgentError, match="nothing is to be paid"):
        await say("received 1 € for invoice 2026-0001")


async def test_a_credit_note_over_an_amount_takes_its_vat_with_it(say: Say, sent: Deps) -> None:
    answer = await say("write a credit note of 119 € for invoice 2026-0001")
    assert "Credit note **2026-0002** for **Acme GmbH** corrects invoice 2026-0001" in answer.text
    assert answer.data["total"] == "-119.00" and answer.data["vat"] == "-19.00"
    assert "Still open on 2026-0001: 1,071.00 €" in answer.text
    assert answer.artifacts[0].name == "Credit note 2026-0002.pdf" and answer.data["e_invoice"]


async def test_what_is_late_gets_reminders_of_three_levels_and_the_interest_of_the_law(say: Say, sent: Deps) -> None:
    with pytest.raises(AgentError, match="not overdue"):
        await say("payment reminder for invoice 2026-0001")
    answer = await say("how much late interest does Acme owe me?", days=44)
    assert "Interest: **10.04 €** (10.27 % a year for 30 days: 1.27 % base rate of 1 July 2025" in answer.text
    assert "Flat fee: **40.00 €**" in answer.text and "§ 288 BGB" in answer.text
    levels = [await say("payment reminder for invoice 2026-0001", days=44) for _ in range(3)]
    assert [one.data["level"] for one in levels] == [1, 2, 3]
    assert "It may have been overlooked" in levels[0].text and "interest" not in levels[0].data["text"]
    assert "interest of 10.04 €" in levels[1].text
    assert "and a flat fee of 40.00 €" in levels[2].text and "legal steps" in levels[2].text


async def test_something_billed_every_month_becomes_drafts_when_its_day_comes(say: Say, sent: Deps) -> None:
    answer = await say("invoice Acme GmbH 900 € for hosting every month, plus 19 % VAT")
    assert "Every month, starting today" in answer.text and "900.00 € before VAT" in answer.text
    made = await due_invoices(sent.stores, "mara", sent.today + timedelta(days=40))
    assert [one.totals.total.amount for one in made] == [Decimal("1071.00")] * 2
    assert "| Acme GmbH | month |" in (await say("my recurring invoices")).text
    await say("stop the recurring invoice for Acme")
    assert await due_invoices(sent.stores, "mara", sent.today + timedelta(days=400)) == []


async def test_an_xrechnung_needs_what_the_norm_needs_and_names_the_authority(say: Say, sent: Deps) -> None:
    answer = await say("invoice 2026-0001 as XRechnung, Leitweg-ID 04011000-12345-06")
    file = await sent.stores.files.get(answer.artifacts[0].id, user="mara")
    assert file
    xml = await sent.stores.files.read(file)
    assert b"xrechnung_3.0" in xml and b"04011000-12345-06" in xml
    assert "as XRechnung 3.0 (UBL)" in (await say("invoice 2026-0001 as XRechnung in UBL")).text
    assert facturx.xml_check_xsd(xml, level="en16931")
    await sent.stores.profiles.save("mara", phone=None)
    with pytest.raises(AgentError, match="An XRechnung also says your phone number"):
        await say("invoice 2026-0001 as XRechnung")


async def test_the_pdf_is_an_e_invoice_when_enough_is_known_and_says_what_lacks_when_not(say: Say, sent: Deps) -> None:
    answer = await say("show invoice 2026-0001")
    assert "The PDF is an e-invoice as well" in answer.text
    answer = await say("create an invoice for Nobody Ltd, 1 hour at 100 €")
    assert answer.data["lacks"] == ["the client's country"] and "e-invoice as well" not in answer.text
