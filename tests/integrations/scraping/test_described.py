"""Records that pages describe for search engines."""

from __future__ import annotations

import json
from typing import Any

import pytest

from integrations.scraping.names import tidy
from integrations.scraping.parsing import parse

PRODUCT = {
    "@context": "https://schema.org",
    "@type": "Product",
    "name": "Nordic kettle",
    "sku": 4711,
    "image": ["https://a.example/k.jpg"],
    "brand": {"@type": "Brand", "name": "Nordic"},
    "offers": [{"@type": "Offer", "price": "49.90", "priceCurrency": "EUR"}, {"price": "59.90"}],
    "aggregateRating": {"ratingValue": 4.5, "reviewCount": 12},
    "isFamilyFriendly": True,
}


def found(*said: Any) -> dict[str, list[dict[str, str]]]:
    scripts = "".join(f'<script type="application/ld+json">{json.dumps(one)}</script>' for one in said)
    facts = parse(f"<html><head>{scripts}</head><body>x</body></html>".encode(), "https://a.example/")
    return {rows.name: rows.rows for rows in facts.found}


def test_a_product_is_one_row_with_its_price_and_rating() -> None:
    assert found(PRODUCT) == {
        "product": [
            {"name": "Nordic kettle", "sku": "4711", "image": "https://a.example/k.jpg", "brand": "Nordic",
             "price": "49.90", "price_currency": "EUR", "rating_value": "4.5", "review_count": "12"}
        ]
    }  # fmt: skip


def test_the_members_of_a_list_are_rows() -> None:
    members = [
        {"@type": "ListItem", "item": {"@type": "Event", "name": f"Talk {n}", "startDate": "2026-12-01"}}
        for n in (1, 2)
    ]
    rows = found({"@graph": [{"@type": "ItemList", "itemListElement": members}]})["event"]
    assert [row["name"] for row in rows] == ["Talk 1", "Talk 2"]
    assert rows[0]["start_date"] == "2026-12-01"


@pytest.mark.parametrize(
    "said", [{"@type": "WebSite", "name": "A", "url": "x"}, {"@type": "Thing", "name": "A"}, {}, [], 7]
)
def test_what_is_about_the_site_or_says_little_is_no_record(said: Any) -> None:
    assert found(said) == {}


def test_names_of_fields_are_written_one_way() -> None:
    assert [tidy(name) for name in ("priceCurrency", "price-currency", "  Price (EUR) ", "№")] == [
        "price_currency", "price_currency", "price_eur", "text"
    ]  # fmt: skip
