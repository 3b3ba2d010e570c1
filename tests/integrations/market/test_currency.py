"""Exchange rates: fetched whole, kept, and converted exactly."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_httpserver import HTTPServer

from integrations.http import Errand, HttpClient
from integrations.http_errors import Unreadable
from integrations.market.currency import Rates, fetch, kept_rates, parsed

ROWS = [
    {"date": "2026-11-20", "base": "EUR", "quote": "USD", "rate": 1.25},
    {"date": "2026-11-20", "base": "EUR", "quote": "JPY", "rate": 160},
    {"date": "2026-11-19", "base": "EUR", "quote": "BRL", "rate": 6.4},
]
TODAY = date(2026, 11, 21)


async def test_the_whole_table_is_fetched_so_that_nobody_learns_what_is_converted(
    httpserver: HTTPServer, client: HttpClient, tmp_path: Path
) -> None:
    httpserver.expect_request("/v2/rates").respond_with_json(ROWS)
    kept = tmp_path / "market" / "rates.json"
    errand = Errand("market", "ana", approved=True)
    rates = await fetch(client, errand, kept, TODAY, address=httpserver.url_for("").rstrip("/"))
    assert rates.day == date(2026, 11, 20)
    assert httpserver.log[0][0].query_string == b"base=EUR"
    assert await kept_rates(kept) == rates


def test_a_cross_rate_goes_through_the_euro() -> None:
    rates = parsed(ROWS, TODAY)
    assert rates.cross("USD", "JPY") == Decimal(128)
    assert rates.cross("EUR", "USD") == Decimal("1.25")
    assert rates.cross("USD", "USD") == 1


@given(st.decimals("0.0001", "100000", places=4), st.decimals("0.0001", "100000", places=4))
def test_there_and_back_again_is_where_one_started(one: Decimal, other: Decimal) -> None:
    rates = Rates(TODAY, TODAY, {"AAA": one, "BBB": other})
    assert abs(rates.cross("AAA", "BBB") * rates.cross("BBB", "AAA") - 1) < Decimal("1e-20")


@pytest.mark.parametrize(
    "rows",
    [
        None,
        {},
        [],
        [1],
        [{"base": "EUR"}],
        [{**ROWS[0], "rate": "NaN"}],
        [{**ROWS[0], "rate": -1}],
        [{**ROWS[0], "base": "USD"}],
    ],
)
def test_another_form_than_before_is_one_sentence(rows: object) -> None:
    with pytest.raises(Unreadable):
        parsed(rows, TODAY)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"day": "x"}', '{"day":"2026-11-20","fetched":"2026-11-20"}'])
async def test_a_damaged_file_counts_as_none(tmp_path: Path, text: str) -> None:
    path = tmp_path / "rates.json"
    path.write_text(text)
    assert await kept_rates(path) is None


async def test_no_file_is_none(tmp_path: Path) -> None:
    assert await kept_rates(tmp_path / "rates.json") is None
