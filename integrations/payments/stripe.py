"""Payment links by Stripe, with a restricted key of the user's: made once however often it is tried, and looked after.

Protocol: forms in, JSON out; the key as the name of a basic sign-in; `Idempotency-Key` makes a repeated POST answer
what the first one did. What a payment link's metadata holds is copied to each payment made by it.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from config.settings import Settings
from integrations.http import Errand, HttpClient
from integrations.http_errors import BadStatus, HttpError, Unreadable
from integrations.http_messages import Ask

NAME, ADDRESS = "stripe", "https://api.stripe.com"
VERSION = "2025-07-30.basil"
"""The version of the interface spoken here; payment links take prices inline since."""
MOST_PAGES = 10
ASK = Ask(retries=2)
# Stripe counts these in whole units, and these in thousandths of which the last digit is zero.
WHOLE = frozenset("BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF UGX VND VUV XAF XOF XPF".split())
THOUSANDTHS = frozenset("BHD JOD KWD OMR TND".split())


class StripeError(HttpError):
    """Stripe cannot be used. The message is one sentence."""


@dataclass(frozen=True)
class Payment:
    """One payment made by a link: its own name at Stripe, for which invoice, how much, and when."""

    id: str
    invoice: str
    amount: Decimal
    currency: str
    paid_on: date


@dataclass(frozen=True)
class Stripe:
    """Stripe with one key. Every method raises HttpError."""

    http: HttpClient
    errand: Errand
    key: str = field(repr=False)
    address: str = ADDRESS

    async def link(self, invoice: str, number: str, amount: Decimal, currency: str) -> str:
        """The address of a page on which this sum can be paid; the same one when asked again for the same sum."""
        form = {
            "line_items[0][price_data][currency]": currency.lower(),
            "line_items[0][price_data][unit_amount]": str(units(amount, currency)),
            "line_items[0][price_data][product_data][name]": f"Invoice {number}",
            "line_items[0][quantity]": "1",
            "metadata[invoice]": invoice,
            "restrictions[completed_sessions][limit]": "1",
        }
        key = f"link-{invoice}-{units(amount, currency)}-{currency.lower()}"
        made = await self._sent("POST", "/v1/payment_links", form, key)
        try:
            return str(made["url"])
        except (KeyError, TypeError) as error:
            raise Unreadable("Stripe answers in another form than it used to.") from error

    async def payments(self, since: date) -> list[Payment]:
        """What was paid by links since a day, the newest first."""
        found: list[Payment] = []
        query = {
            "status": "complete",
            "limit": "100",
            "created[gte]": str(int(datetime(since.year, since.month, since.day, tzinfo=UTC).timestamp())),
        }
        for _ in range(MOST_PAGES):
            page = await self._sent("GET", f"/v1/checkout/sessions?{urlencode(query)}", {}, "")
            if not isinstance(page, dict) or not isinstance(page.get("data"), list):
                raise Unreadable("Stripe answers in another form than it used to.")
            found += payments_in(page["data"])
            last = page["data"][-1] if page["data"] else None
            if not (page.get("has_more") and isinstance(last, dict) and last.get("id")):
                break
            query["starting_after"] = str(last["id"])
        return found

    async def _sent(self, method: str, path: str, form: dict[str, str], once: str) -> Any:
        headers = {
            "authorization": f"Basic {base64.b64encode(f'{self.key}:'.encode()).decode()}",
            "stripe-version": VERSION,
        }
        if once:
            headers |= {"idempotency-key": once, "content-type": "application/x-www-form-urlencoded"}
        try:
            reply = await self.http.request(
                method, self.address + path, self.errand, headers=headers, body=urlencode(form).encode(), ask=ASK
            )
        except BadStatus as error:
            raise StripeError(_reason(error.status)) from error
        return reply.json()


def restricted_key(settings: Settings) -> str:
    """The key to use. Raises StripeError when there is none, or one that may do more than it should."""
    key = settings.stripe_key or ""
    if not key:
        raise StripeError(
            "Payment links need an account at Stripe, and none is connected. Make a restricted key of test mode in its "
            "dashboard, write it into the file .env in my folder as FREELANCEX_STRIPE_KEY, and start me again."
        )
    if not key.startswith(("rk_test_", "rk_live_")):
        raise StripeError(
            "FREELANCEX_STRIPE_KEY is no restricted key; make one in Stripe's dashboard that may write payment links "
            "and read checkout sessions, and nothing else. It begins with rk_test_ or rk_live_."
        )
    return key


def units(amount: Decimal, currency: str) -> int:
    """A sum in the unit Stripe counts in. Raises StripeError when it is not a positive, whole number of them."""
    exponent = 0 if currency in WHOLE else 3 if currency in THOUSANDTHS else 2
    counted = amount.scaleb(exponent)
    if counted <= 0 or counted != counted.to_integral_value() or (exponent == 3 and int(counted) % 10):
        raise StripeError(f"Stripe takes no payment of {amount} {currency}.")
    return int(counted)


def payments_in(rows: list[Any]) -> Iterator[Payment]:
    """The payments for invoices among checkout sessions."""
    for row in rows:
        try:
            invoice, paid = row["metadata"].get("invoice"), row["payment_status"] == "paid"
            currency = str(row["currency"]).upper()
            exponent = 0 if currency in WHOLE else 3 if currency in THOUSANDTHS else 2
            amount = Decimal(int(row["amount_total"])).scaleb(-exponent)
            day = datetime.fromtimestamp(int(row["created"]), UTC).date()
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
            continue
        if invoice and paid:
            yield Payment(str(row.get("id", "")), str(invoice), amount, currency, day)


def _reason(status: int | None) -> str:
    if status in (401, 403):
        return "Stripe refuses the key; check FREELANCEX_STRIPE_KEY and what it may do."
    if status == 400:
        return "Stripe did not take the request; the sum or its currency may not be allowed for your account."
    return f"Stripe answered with error {status}; nothing is known to have changed, so try again."
