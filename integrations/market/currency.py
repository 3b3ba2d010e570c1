"""Exchange rates of the central banks by Frankfurter, kept on disk so that conversion works offline.

The whole table is fetched, so nobody is told which currencies the user deals in or how much.
Protocol: GET /v2/rates?base=EUR answers ``[{"date", "base", "quote", "rate"}]``.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from integrations.http import Errand, HttpClient
from integrations.http_errors import Unreadable

NAME, ADDRESS = "frankfurter", "https://api.frankfurter.dev"
BASE = "EUR"
ATTRIBUTION = "reference rates via frankfurter.dev"


@dataclass(frozen=True)
class Rates:
    """What one euro is worth in each currency, on a day, and the day it was fetched."""

    day: date
    fetched: date
    table: dict[str, Decimal]

    def cross(self, base: str, quote: str) -> Decimal:
        """How much of `quote` one `base` is worth, exactly. Raises KeyError for an unknown currency."""
        table = {BASE: Decimal(1), **self.table}
        return table[quote] / table[base]


async def fetch(http: HttpClient, errand: Errand, kept: Path, today: date, address: str) -> Rates:
    """Fetch today's table and keep it. Raises HttpError."""
    reply = await http.get(f"{address}/v2/rates", errand, params={"base": BASE})
    rates = parsed(reply.json(), today)
    await asyncio.to_thread(_keep, rates, kept)
    return rates


def parsed(rows: Any, today: date) -> Rates:
    """The table in an answer. Raises Unreadable."""
    try:
        table = {str(row["quote"]): Decimal(str(row["rate"])) for row in rows if row["base"] == BASE}
        day = max(date.fromisoformat(row["date"]) for row in rows)
        if not table or not all(rate.is_finite() and rate > 0 for rate in table.values()):
            raise ValueError("no rate, or one that is not positive")
    except (KeyError, TypeError, ValueError, InvalidOperation) as error:
        raise Unreadable("Frankfurter answers in another form than it used to, so the rates cannot be read.") from error
    return Rates(day, today, table)


async def kept_rates(path: Path) -> Rates | None:
    """The table fetched last, None when there is none."""
    return await asyncio.to_thread(_read, path)


def _read(path: Path) -> Rates | None:
    try:
        data = json.loads(path.read_bytes())
        table = {code: Decimal(rate) for code, rate in data["table"].items()}
        return Rates(date.fromisoformat(data["day"]), date.fromisoformat(data["fetched"]), table)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, InvalidOperation):
        return None


def _keep(rates: Rates, path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    table = {code: str(rate) for code, rate in rates.table.items()}
    fresh.write_text(json.dumps({"day": str(rates.day), "fetched": str(rates.fetched), "table": table}))
    fresh.replace(path)
