"""Quotes are kept with exact figures and belong to one user."""

from __future__ import annotations

from decimal import Decimal

from memory.business.quotes import Quote
from memory.stores import Stores


async def test_a_quote_comes_back_as_it_was_kept_and_only_to_its_user(stores: Stores) -> None:
    tiers = [{"name": "Essential", "hours": "12.5", "total": "1000", "scope": ["Draft"]}]
    made = await stores.quotes.save(Quote(user="ana", title="Logo", rate=Decimal("79.90"), currency="EUR", tiers=tiers))
    found = await stores.quotes.get(made.id, user="ana")
    assert found is not None and (found.rate, found.tiers) == (Decimal("79.9"), tiers)
    assert await stores.quotes.get(made.id, user="ben") is None
    assert await stores.quotes.all("ben") == []
