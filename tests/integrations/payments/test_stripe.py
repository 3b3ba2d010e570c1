"""Stripe: the true protocol on loopback, a link made once, sums exact in every currency."""

from __future__ import annotations

import base64
from datetime import date
from decimal import Decimal
from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_httpserver import HTTPServer

from config.settings import Settings
from integrations.http import Errand, HttpClient
from integrations.http_errors import Unreadable
from integrations.payments.stripe import Stripe, StripeError, payments_in, restricted_key, units
from memory.money import EXPONENTS
from privacy.audit import AuditLog

LINK = {"id": "plink_1", "object": "payment_link", "url": "https://buy.stripe.com/test_1", "active": True}


def session(invoice: str, amount: int, currency: str = "eur", **other: object) -> dict[str, object]:
    return {"id": f"cs_{invoice}", "metadata": {"invoice": invoice}, "payment_status": "paid", "amount_total": amount,
            "currency": currency, "created": 1_795_000_000, **other}  # fmt: skip


@pytest.fixture
def stripe(client: HttpClient, httpserver: HTTPServer) -> Stripe:
    errand = Errand("payment_links", "ana", approved=True)
    return Stripe(client, errand, "rk_test_abc", httpserver.url_for("").rstrip("/"))


async def test_a_link_is_asked_for_with_the_sum_and_a_key_that_makes_it_once(
    stripe: Stripe, httpserver: HTTPServer, audit: AuditLog
) -> None:
    httpserver.expect_request("/v1/payment_links", method="POST").respond_with_json(LINK)
    url = await stripe.link("inv1", "2026-0001", Decimal("1190.00"), "EUR")
    await stripe.link("inv1", "2026-0001", Decimal("1190.00"), "EUR")
    first, second = (request for request, _ in httpserver.log)
    form = {name: values[0] for name, values in parse_qs(first.get_data(as_text=True)).items()}
    assert url == "https://buy.stripe.com/test_1"
    assert form["line_items[0][price_data][unit_amount]"] == "119000"
    assert form["line_items[0][price_data][currency]"] == "eur"
    assert form["metadata[invoice]"] == "inv1"
    assert first.headers["Idempotency-Key"] == second.headers["Idempotency-Key"]
    assert base64.b64decode(first.headers["Authorization"].removeprefix("Basic ")) == b"rk_test_abc:"
    assert "rk_test" not in str(await audit.read())


async def test_payments_are_read_page_by_page(stripe: Stripe, httpserver: HTTPServer) -> None:
    pages = [
        {"data": [session("a", 1000), session("b", 500, payment_status="unpaid")], "has_more": True},
        {"data": [session("c", 1500, "jpy"), {"id": "cs_x", "metadata": {}}], "has_more": False},
    ]
    for page in pages:
        httpserver.expect_ordered_request("/v1/checkout/sessions").respond_with_json(page)
    found = await stripe.payments(date(2026, 11, 1))
    assert [(one.invoice, one.amount, one.currency) for one in found] == [
        ("a", Decimal("10.00"), "EUR"),
        ("c", Decimal(1500), "JPY"),
    ]
    assert "starting_after=cs_b" in httpserver.log[1][0].query_string.decode()


@pytest.mark.parametrize(
    "status, sentence", [(401, "refuses the key"), (400, "did not take"), (402, "error 402"), (500, "try again")]
)
async def test_a_refusal_is_one_sentence(stripe: Stripe, httpserver: HTTPServer, status: int, sentence: str) -> None:
    httpserver.expect_request("/v1/payment_links").respond_with_json({"error": {}}, status=status)
    with pytest.raises(StripeError, match=sentence):
        await stripe.link("inv1", "2026-0001", Decimal(1), "EUR")


async def test_another_form_than_before_is_one_sentence(stripe: Stripe, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/v1/payment_links").respond_with_json([])
    httpserver.expect_request("/v1/checkout/sessions").respond_with_json({"data": None})
    with pytest.raises(Unreadable):
        await stripe.link("inv1", "2026-0001", Decimal(1), "EUR")
    with pytest.raises(Unreadable):
        await stripe.payments(date(2026, 11, 1))


@given(st.integers(1, 10**9), st.sampled_from(sorted(EXPONENTS)))
def test_what_is_counted_there_and_back_is_the_same_sum(count: int, currency: str) -> None:
    amount = Decimal(count).scaleb(-EXPONENTS[currency])
    try:
        counted = units(amount, currency)
    except StripeError:
        return
    (payment,) = payments_in([session("x", counted, currency.lower())])
    assert payment.amount == amount


@pytest.mark.parametrize("amount, currency", [("0", "EUR"), ("-5", "EUR"), ("0.001", "EUR"), ("10.5", "JPY")])
def test_sums_that_cannot_be_paid_are_refused(amount: str, currency: str) -> None:
    with pytest.raises(StripeError, match="takes no payment"):
        units(Decimal(amount), currency)


@pytest.mark.parametrize("key, sentence", [(None, "as FREELANCEX_STRIPE_KEY"), ("sk_live_x", "no restricted key")])
def test_only_a_restricted_key_is_used(settings: Settings, key: str | None, sentence: str) -> None:
    with pytest.raises(StripeError, match=sentence):
        restricted_key(settings.model_copy(update={"stripe_key": key}))


def test_the_key_is_not_shown_where_stripe_is(stripe: Stripe) -> None:
    assert stripe.key not in repr(stripe)
