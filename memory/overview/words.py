"""How figures are written in views: short, in the form the chat uses."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from config.currencies import PREFIX, SIGNS
from memory.money import Money, rounded

WHOLE_FROM = 1_000
"""From this amount on, tiles leave the cents out."""


def money(amount: Decimal, currency: str) -> str:
    """An amount to the cent."""
    return Money(amount, currency).text()


def sum_of(amount: Decimal, currency: str) -> str:
    """An amount for a tile: in whole units where it is large, or nothing."""
    return money(amount, currency) if 0 < abs(amount) < WHOLE_FROM else whole(amount, currency)


def whole(amount: Decimal | float, currency: str) -> str:
    """An amount without cents, such as the price of an hour."""
    digits, sign = f"{abs(rounded(Decimal(amount), 0)):,f}", "-" if amount < 0 else ""
    if currency in PREFIX:
        return f"{sign}{PREFIX[currency]}{digits}"
    return f"{sign}{digits} {SIGNS.get(currency, currency)}"


def hours(minutes: int) -> str:
    """Time worked: ``7 h 30 min``."""
    whole, rest = divmod(minutes, 60)
    if whole >= 100:
        return f"{round(minutes / 60):,} h"
    return f"{whole} h {rest:02d} min" if whole and rest else f"{whole} h" if whole or not rest else f"{rest} min"


def percent(part: float) -> str:
    """A share, which is between 0 and 1."""
    return f"{100 * part:.0f} %"


def seconds(value: float) -> str:
    """How long something took."""
    if value < 1:
        return f"{1000 * value:.0f} ms"
    return f"{value:.1f} s" if value < 60 else f"{int(value // 60)} min {int(value % 60):02d} s"


def size(count: float) -> str:
    """So many bytes."""
    for unit in ("B", "kB", "MB", "GB"):
        if count < 1000 or unit == "GB":
            return f"{count:.0f} {unit}" if unit == "B" else f"{count:.1f} {unit}"
        count /= 1000
    raise AssertionError


def count(number: int, one: str, many: str = "") -> str:
    """``1 invoice``, ``1,204 invoices``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


SITES = {"hacker_news": "Hacker News", "linkedin": "LinkedIn", "remoteok": "Remote OK", "freelancer": "Freelancer.com"}


def site(name: str) -> str:
    """A job board, or where a lead came from, as it writes its own name."""
    return SITES.get(name.lower(), upper(name))


def upper(text: str) -> str:
    """With a capital in front, the rest as it is."""
    return text[:1].upper() + text[1:]


def day(at: date) -> str:
    """``3 Nov 2026``."""
    return f"{at.day} {at:%b %Y}"


def change(now: float, before: float, than: str) -> str:
    """How much more or less than before; empty where there is nothing to compare with."""
    if before <= 0:
        return ""
    part = now / before - 1
    return (
        f"{abs(part) * 100:.0f} % {'more' if part > 0 else 'less'} than {than}" if abs(part) >= 0.005 else f"as {than}"
    )


def month_of(at: date) -> str:
    """``2026-11``."""
    return f"{at:%Y-%m}"


def months_until(today: date, many: int) -> list[str]:
    """The last so many months, this one included."""
    first = today.year * 12 + today.month - many
    return [f"{number // 12}-{number % 12 + 1:02d}" for number in range(first, first + many)]


def month_name(month: str) -> str:
    """``2026-11`` as ``Nov 2026``."""
    return f"{date.fromisoformat(month + '-01'):%b %Y}"


def monday(at: date) -> date:
    """The first day of a day's week."""
    return at - timedelta(days=at.weekday())


def quantile(values: Sequence[float], part: float) -> float:
    """The value below which this part of the values lies, by the nearest rank; 0 of none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))] if ordered else 0.0
