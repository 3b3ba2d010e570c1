"""Reads the fields that boards write in their own ways: pay in numbers, times, lists."""

from __future__ import annotations

import html
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from integrations.job_boards.post import Pay, Period

_PERIODS: dict[str, Period] = {
    "hour": "h", "day": "day", "dai": "day", "week": "week", "month": "month", "year": "year", "annual": "year",
    "project": "project",
}  # fmt: skip


def amount(value: Any) -> Decimal | None:
    """A positive amount, or None: boards write 0 and "" for what is not told."""
    try:
        number = Decimal(str(value).replace(",", "").strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() and number > 0 else None


def pay_range(low: Any, high: Any, currency: Any, period: Any) -> Pay | None:
    """Pay from a board's numbers, or None when neither is told."""
    least, most = amount(low), amount(high)
    if least is None and most is None:
        return None
    if least and most and least > most:
        least, most = most, least
    name = str(period or "").casefold()
    known: Period = next((kept for start, kept in _PERIODS.items() if name.startswith(start)), "")
    return Pay(low=least, high=most, currency=str(currency or "").upper()[:3], period=known)


def moment(value: Any) -> datetime | None:
    """A time from seconds since 1970 or ISO 8601, in UTC when it names no zone; None when it is neither."""
    try:
        if isinstance(value, int | float) or str(value).isdigit():
            return datetime.fromtimestamp(float(value), UTC)
        time = datetime.fromisoformat(str(value).strip().replace(" ", "T", 1))
    except (ValueError, OverflowError, OSError):
        return None
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def words(value: Any) -> tuple[str, ...]:
    """A list of short texts from a list or from a text with commas."""
    items = value if isinstance(value, list) else str(value or "").split(",")
    return tuple(dict.fromkeys(text for item in items if (text := html.unescape(str(item)).strip())))[:40]
