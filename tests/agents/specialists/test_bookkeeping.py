"""Bookkeeping does what a sentence asks, and computes exactly."""

import importlib
import io
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date
from typing import Any, cast

import pypdfium2
import pytest

from agents.deps import Deps
from agents.spec import AgentError, Finding, Given, Which
from agents.specialists.bookkeeping import AGENT, needs, read
from agents.tools.billing.invoice_book import InvoiceTask
from agents.tools.billing.invoice_requests import read_request
from bench.receipts import LAYOUTS, receipts
from config.settings import Settings
from memory.stores import Stores


class HereJobs:
    """Runs a job in this process."""

    async def run(self, function: str, arguments: dict[str, Any], **limits: Any) -> Any:
        module, _, name = function.partition(":")
        return getattr(importlib.import_module(module), name)(**arguments)


@pytest.fixture
def deps(settings: Settings, stores: Stores) -> Deps:
    nothing = cast(Any, None)
    return Deps("ana", "t1", settings, stores, http=nothing, jobs=HereJobs(), audit=nothing, today=date(2026, 3, 1))


Ask = Callable[..., Awaitable[Finding]]


@pytest.fixture
def ask(deps: Deps) -> Ask:
    async def ask(text: str, **known: Any) -> Finding:
        task = InvoiceTask.model_validate({**known, **read_request(text)})
        today = known.pop("today", deps.today)
        return await AGENT.run(task, Given(text=text, message=text), replace(deps, today=today))

    return ask


async def test_the_invoice_everyone_asks_for(ask: Ask, deps: Deps) -> None:
    finding = await ask("create an invoice for 12.5 hours at 80 € with 19 % VAT")
    assert finding.ok and "2026-0001" in finding.text
    for amount in ("1,000.00 €", "190.00 €", "**1,190.00 €**", "15 March 2026"):
        assert amount in finding.text
    assert finding.data["net"] == "1000.00" and finding.data["vat"] == "190.00" and finding.data["total"] == "1190.00"
    assert [(record.kind, record.label) for record in finding.records] == [("invoice", "2026-0001")]
    assert "for Acme GmbH" in finding.text  # it says how to name the client
    [pdf] = finding.artifacts
    assert pdf.mime == "application/pdf"
    with pypdfium2.PdfDocument(await deps.stores.files.read(pdf)) as document:
        assert "1,190.00 €" in document[0].get_textpage().get_text_bounded()


async def test_several_lines_for_a_client(ask: Ask) -> None:
    finding = await ask("invoice Acme GmbH for 10 h design at 70 € and 5 h development at 90 €, 19 % VAT, net 30")
    assert finding.data["client"] == "Acme GmbH"
    assert finding.data["net"] == "1150.00" and finding.data["total"] == "1368.50"
    assert finding.data["due_on"] == "2026-03-31"
    assert "Design" in finding.text and "Development" in finding.text


async def test_a_price_that_includes_tax_is_taken_apart(ask: Ask) -> None:
    finding = await ask("invoice Acme 1,190 € including 19 % VAT for the logo")
    assert finding.data["net"] == "1000.00" and finding.data["total"] == "1190.00"


async def test_reverse_charge_is_noted(ask: Ask) -> None:
    finding = await ask("bill Bolt Ltd $1,200 for the landing page, reverse charge")
    assert finding.data["vat"] == "0.00" and "Reverse charge" in finding.text
    assert finding.data["currency"] == "USD"


async def test_the_profile_fills_what_was_left_out(ask: Ask, stores: Stores) -> None:
    await stores.profiles.save("ana", rate="75 EUR", vat_percent="23")
    finding = await ask("bill Maria for 2 hours at my usual rate")
    assert finding.data["total"] == "184.50" and "Professional services" in finding.text


async def test_without_a_tax_none_is_added_and_it_says_so(ask: Ask) -> None:
    finding = await ask("invoice Acme 3 days at 640 EUR")
    assert finding.data["total"] == "1920.00" and 'say "with 19 % VAT"' in finding.text


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("create an invoice", ["quantity", "price"]),
        ("create an invoice for 10 hours", ["price"]),
        ("create an invoice for website work at 80 €/h", ["quantity"]),
        ("create an invoice for 10 hours at my rate", []),
        ("invoice Acme 500 € for the logo", []),
        ("list my invoices", []),
        ("that invoice is paid", []),
    ],
)
def test_only_what_is_missing_is_asked_for(text: str, missing: list[str]) -> None:
    assert needs(read_request(text)) == missing


async def test_an_answer_to_the_question_completes_the_invoice(ask: Ask) -> None:
    finding = await ask("create an invoice for 10 hours", price="80 EUR/h")
    assert finding.data["total"] == "800.00"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("invoice 10 hours at 80", "currency"),
        ("invoice 1 h at 80 € and 1 h at $90", "one currency"),
        ("invoice 3 days at 80 €/h", "same unit"),
        ("invoice 2 hours at my rate", "do not know your rate"),
        ("mark invoice 2026-0009 paid", "no invoice 2026-0009"),
        ("mark the invoice as paid", "no invoice for that"),
        ("list invoices for Nobody", "no client called Nobody"),
    ],
)
async def test_what_cannot_be_done_is_said_in_one_sentence(ask: Ask, text: str, reason: str) -> None:
    with pytest.raises(AgentError, match=reason):
        await ask(text)


async def test_paid_unpaid_and_overdue_are_kept_apart(ask: Ask) -> None:
    for client in ("Acme", "Bolt", "Cora"):
        await ask(f"invoice {client} 1 h at 100 €")
    await ask("mark invoice 2026-0001 as sent")
    await ask("mark invoice 2 paid")
    listed = await ask("list my invoices")
    assert [record.label for record in listed.records] == ["2026-0003", "2026-0002", "2026-0001"]
    assert [i["number"] for i in (await ask("which invoices are unpaid")).data["invoices"]] == [
        "2026-0003",
        "2026-0001",
    ]
    overdue = await ask("which invoices are overdue", today=date(2026, 4, 1))
    assert [i["number"] for i in overdue.data["invoices"]] == ["2026-0001"]
    assert "overdue" in overdue.text
    assert "Acme" in (await ask("invoices for Acme")).text


async def test_the_invoice_meant_before_is_the_one_paid(ask: Ask) -> None:
    first = await ask("invoice Acme 1 h at 100 €")
    await ask("invoice Bolt 1 h at 100 €")
    finding = await ask("that invoice is paid", invoice=first.records[0].id)
    assert finding.data["number"] == "2026-0001" and finding.data["state"] == "paid"


async def test_a_client_who_has_paid_is_enough_to_know_which_and_the_user_looks_at_it_first(
    ask: Ask, deps: Deps
) -> None:
    await ask("invoice Acme GmbH 1 h at 100 €")
    await ask("invoice Bolt 1 h at 100 €")
    proposed = await ask("Acme has paid")
    assert proposed.data["number"] == "2026-0001" and proposed.data["state"] == "draft"
    assert proposed.effect is not None and "100.00 €" in proposed.effect.preview
    done = await AGENT.effects[proposed.effect.name](proposed.effect.arguments, deps)
    assert "2026-0001" in done.text and done.data["state"] == "paid"
    with pytest.raises(AgentError, match="has changed since"):
        await AGENT.effects[proposed.effect.name](proposed.effect.arguments, deps)


async def test_when_several_could_be_meant_it_asks(ask: Ask) -> None:
    await ask("invoice Acme 1 h at 100 €")
    await ask("invoice Acme 2 h at 100 €")
    with pytest.raises(Which, match=r"1\. 2026-0002, Acme, 200\.00 €\n2\. 2026-0001, Acme, 100\.00 €"):
        await ask("Acme has paid")


async def test_the_year_is_summed_without_what_is_void(ask: Ask, deps: Deps) -> None:
    await ask("invoice Acme 10 h at 100 € with 19 % VAT")
    await ask("invoice Bolt 1 h at $50")
    gone = await ask("invoice Cora 7 h at 100 €")
    await AGENT.effects["void"]({"invoice": gone.records[0].id}, deps)
    await ask("invoice 2026-0001 is paid")
    finding = await ask("how much did I bill this year?")
    assert "1,190.00 € and $50.00" in finding.text and "Paid: 1,190.00 €" in finding.text
    assert finding.data["billed"] == ["1190 EUR", "50 USD"]
    assert "nothing" in (await ask("how much did I bill last year?")).text


async def test_voiding_waits_for_a_word_and_then_keeps_the_number(ask: Ask, deps: Deps, stores: Stores) -> None:
    await ask("invoice Acme 1 h at 100 €")
    finding = await ask("void invoice 2026-0001")
    assert finding.effect is not None and "100.00 €" in finding.effect.preview
    assert (await stores.invoices.find("2026-0001", user="ana")).state == "draft"  # type: ignore[union-attr]
    done = await AGENT.effects[finding.effect.name](finding.effect.arguments, deps)
    assert done.data["state"] == "void"
    with pytest.raises(AgentError, match="cannot become void"):
        await AGENT.effects[finding.effect.name](finding.effect.arguments, deps)
    assert (await ask("invoice Acme 1 h at 100 €")).data["number"] == "2026-0002"


async def test_a_draft_can_be_put_right_by_chat(ask: Ask) -> None:
    await ask("create an invoice for 10 hours at 80 €")
    assert (await ask("for Acme GmbH")).data["client"] == "Acme GmbH"
    assert (await ask("make it 85 €")).data["total"] == "850.00"
    assert (await ask("with 19 % VAT")).data["total"] == "1011.50"
    assert (await ask("due in 30 days")).data["due_on"] == "2026-03-31"
    added = await ask("add 2 hours of testing at 50 € to it")
    assert added.data["net"] == "950.00" and "Testing" in added.text
    await ask("mark it as sent")
    with pytest.raises(AgentError, match="no invoice for that"):
        await ask("make it 90 €")


async def test_a_client_in_a_known_name_is_recognised_however_it_is_written(ask: Ask) -> None:
    await ask("invoice Acme GmbH 1 h at 100 €")
    assert (await ask("create an invoice over 2 h at 90 € for acme")).data["client"] == "Acme GmbH"


async def test_the_same_client_is_the_newest_one(ask: Ask) -> None:
    await ask("invoice Acme GmbH 1 h at 100 €")
    await ask("invoice Bolt Ltd 1 h at 100 €")
    assert (await ask("invoice the same client again for 4 hours at 90 €")).data["client"] == "Bolt Ltd"


async def test_a_name_cannot_break_the_table(ask: Ask) -> None:
    finding = await ask('invoice Acme 1 h "A | B" at 100 €')
    assert "A \\| B" in finding.text


async def test_a_receipt_sent_with_the_words_is_read_and_proposed(table_deps: Deps) -> None:
    ((image, truth),) = receipts(1, (LAYOUTS[1],), seed=4)
    written = io.BytesIO()
    image.save(written, "PNG")
    file = await table_deps.stores.files.put(
        written.getvalue(), "lunch.png", user=table_deps.user, thread=table_deps.thread
    )
    given = Given("book this", "book this", files=(file,))
    found = await AGENT.run(InvoiceTask(**read("book this")), given, table_deps)
    assert found.effect is not None
    assert (found.effect.arguments["amount"], found.effect.arguments["receipt"]) == (str(truth.total), file.id)
