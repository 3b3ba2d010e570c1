"""Payments by chat: a link for exactly what was shown, and invoices marked paid only for the whole sum."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from pytest_httpserver import HTTPServer

from agents.deps import Deps
from agents.spec import AgentError, Finding, Given
from agents.specialists.payments import AGENT, PaymentTask, run
from agents.tools.billing.payment_words import read_payment
from config.errors import Mendable
from integrations.http import HttpClient
from integrations.payments.stripe import StripeError
from memory.business.invoice import Invoice
from memory.business.totals import Line
from privacy.audit import AuditLog

NOTHING = Given(text="", message="")


@pytest.fixture
async def deps(table_deps: Deps, httpserver: HTTPServer) -> AsyncIterator[Deps]:
    keys = {"stripe_key": "rk_test_abc", "addresses": {"stripe": httpserver.url_for("").rstrip("/")}}
    settings = table_deps.settings.model_copy(update=keys)
    audit = AuditLog.open(settings)
    own = frozenset({f"{httpserver.host}:{httpserver.port}"})
    http = HttpClient(settings, audit, table_deps.stores.consents.granted, allow_hosts=own, retry_wait=0.001)
    yield replace(table_deps, settings=settings, http=http, audit=audit, today=date(2026, 11, 21))
    await http.close()


@pytest.fixture
async def invoice(deps: Deps) -> Invoice:
    line = Line("Design", Decimal(10), "h", Decimal(100), Decimal(19))
    day = date(2026, 11, 2)
    made = await deps.stores.invoices.create(
        user="mara", client="Acme", lines=[line], currency="EUR", issued_on=day, due_on=date(2026, 11, 16)
    )
    return await deps.stores.invoices.move(made.id, "sent", user="mara", on=day)


async def done(finding: Finding, deps: Deps) -> Finding:
    assert finding.effect is not None
    return await AGENT.effects[finding.effect.name](finding.effect.arguments, deps)


def paid(invoice: Invoice, amount: int, currency: str = "eur") -> dict[str, object]:
    return {"id": "cs_1", "metadata": {"invoice": invoice.id}, "payment_status": "paid", "amount_total": amount,
            "currency": currency, "created": 1_795_000_000}  # fmt: skip


async def test_a_link_is_made_for_the_sum_that_was_shown(deps: Deps, invoice: Invoice, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/v1/payment_links").respond_with_json({"url": "https://buy.stripe.com/test_9"})
    finding = await run(PaymentTask(action="link", number=invoice.number), NOTHING, deps)
    assert finding.effect is not None and finding.effect.consent is None
    assert "**test mode**" in finding.effect.preview and "1,190.00 €" in finding.effect.preview
    assert not httpserver.log
    made = await done(finding, deps)
    assert made.data["url"] == "https://buy.stripe.com/test_9"


async def test_a_link_over_a_part_can_be_made_instead_and_never_over_more(
    deps: Deps, invoice: Invoice, httpserver: HTTPServer
) -> None:
    httpserver.expect_request("/v1/payment_links").respond_with_json({"url": "https://buy.stripe.com/test_9"})
    effect = (await run(PaymentTask(action="link", number=invoice.number), NOTHING, deps)).effect
    assert effect is not None and (effect.editable, effect.lasts_h) == (("amount",), 24)
    changed = await AGENT.edits["make_link"]({**effect.arguments, "amount": "300.50"}, deps)
    assert "**300.50 €**, a part of 1,190.00 €" in changed.preview
    for amount, sentence in (
        ("1190.01", "more than"),
        ("a lot", "plain number"),
        ("-3", "no payment"),
        ("NaN", "plain"),
    ):
        with pytest.raises(Mendable, match=sentence):
            await AGENT.edits["make_link"]({**effect.arguments, "amount": amount}, deps)
    await AGENT.effects["make_link"](changed.arguments, deps)
    assert "30050" in httpserver.log[0][0].get_data(as_text=True)


async def test_an_invoice_changed_after_the_approval_gets_no_link(
    deps: Deps, invoice: Invoice, httpserver: HTTPServer
) -> None:
    finding = await run(PaymentTask(action="link", number=invoice.number), NOTHING, deps)
    assert finding.effect is not None
    changed = replace(finding, effect=replace(finding.effect, arguments={**finding.effect.arguments, "total": "5 EUR"}))
    with pytest.raises(AgentError, match="has changed since"):
        await done(changed, deps)
    assert not httpserver.log


async def test_an_invoice_paid_in_full_is_marked_paid_once(
    deps: Deps, invoice: Invoice, httpserver: HTTPServer
) -> None:
    httpserver.expect_request("/v1/checkout/sessions").respond_with_json({"data": [paid(invoice, 119000)]})
    finding = await run(PaymentTask(action="check"), NOTHING, deps)
    assert (await done(finding, deps)).data["paid"] == [invoice.number]
    found = await deps.stores.invoices.get(invoice.id, user="mara")
    assert found is not None and found.state == "paid"
    assert (await done(finding, deps)).data["paid"] == []


async def test_a_part_is_kept_once_and_the_next_link_asks_for_the_rest(
    deps: Deps, invoice: Invoice, httpserver: HTTPServer
) -> None:
    httpserver.expect_request("/v1/checkout/sessions").respond_with_json({"data": [paid(invoice, 19000)]})
    finding = await run(PaymentTask(action="check"), NOTHING, deps)
    assert (await done(finding, deps)).data["in_part"] == [invoice.number]
    assert (await done(finding, deps)).data["in_part"] == []
    link = await run(PaymentTask(action="link", number=invoice.number), NOTHING, deps)
    assert link.effect is not None and link.effect.arguments["amount"] == "1000.00"


@pytest.mark.parametrize("amount, currency", [(119001, "eur"), (119000, "usd")])
async def test_another_sum_is_said_and_changes_nothing(
    deps: Deps, invoice: Invoice, httpserver: HTTPServer, amount: int, currency: str
) -> None:
    httpserver.expect_request("/v1/checkout/sessions").respond_with_json({"data": [paid(invoice, amount, currency)]})
    checked = await done(await run(PaymentTask(action="check"), NOTHING, deps), deps)
    assert checked.data["paid"] == [] and "instead of 1,190.00 €" in checked.text
    found = await deps.stores.invoices.get(invoice.id, user="mara")
    assert found is not None and found.state == "sent"


async def test_somebody_elses_invoice_is_never_touched(deps: Deps, invoice: Invoice, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/v1/checkout/sessions").respond_with_json({"data": [paid(invoice, 119000)]})
    other = replace(deps, user="ben")
    assert (await done(await run(PaymentTask(action="check"), NOTHING, other), other)).data["paid"] == []


async def test_without_a_key_it_says_which_to_make(deps: Deps) -> None:
    keyless = replace(deps, settings=deps.settings.model_copy(update={"stripe_key": None}))
    with pytest.raises(StripeError, match="FREELANCEX_STRIPE_KEY"):
        await run(PaymentTask(action="check"), NOTHING, keyless)


@pytest.mark.parametrize(
    "words, found",
    [
        ("make a payment link for invoice 2026-0003", {"action": "link", "number": "2026-0003"}),
        ("check payments", {"action": "check"}),
        ("have my payment links been paid", {"action": "check"}),
        ("Erstelle einen Zahlungslink für die Rechnung", {"action": "link"}),
    ],
)
def test_what_is_wanted_is_read_from_one_sentence(words: str, found: dict[str, object]) -> None:
    assert read_payment(words) == found
