"""A job post as every source is brought to, and what is known of its pay and its client."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

Period = Literal["h", "day", "week", "month", "year", "project", ""]
HOURS: dict[str, int] = {"h": 1, "day": 8, "week": 40, "month": 160, "year": 1760}
"""Working hours in a period, as pay is compared: eight a day, twenty days a month, eleven months a year."""


def _line(limit: int) -> BeforeValidator:
    return BeforeValidator(lambda value: " ".join(str(value or "").split())[:limit])


def _web_address(value: Any) -> str:
    text = "".join(str(value or "").split())
    return text if len(text) <= 2000 and urlsplit(text).scheme in ("http", "https") else ""


def _aware(value: Any) -> Any:
    if isinstance(value, datetime) and value.tzinfo is None:
        return value.replace(tzinfo=UTC)
    return value


Line = Annotated[str, _line(200)]


class Pay(BaseModel):
    """A range of pay: `low` and `high` in `currency` for each `period`; "project" is a fixed budget, "" unknown."""

    model_config = ConfigDict(frozen=True)

    low: Decimal | None = None
    high: Decimal | None = None
    currency: str = ""
    period: Period = ""

    def hourly(self) -> tuple[Decimal, Decimal] | None:
        """The range for an hour, where the period allows to say; what is "up to" an amount begins at nothing."""
        if self.period not in HOURS or not (self.low or self.high):
            return None
        low = self.low or Decimal(0)
        return low / HOURS[self.period], (self.high or low) / HOURS[self.period]

    def text(self) -> str:
        """``60-80 EUR/h``, ``3,000 USD fixed``; empty when nothing is known."""
        amounts = [f"{amount:,.2f}".removesuffix(".00") for amount in (self.low, self.high) if amount]
        if not amounts:
            return ""
        amount = "-".join(dict.fromkeys(amounts))
        if self.high and not self.low:
            amount = f"up to {amount}"
        if self.low and not self.high:
            amount = f"from {amount}"
        unit = " fixed" if self.period == "project" else f"/{self.period}" if self.period else ""
        return f"{amount} {self.currency}".strip() + unit


class ClientFacts(BaseModel):
    """What a post tells about who posted it. `spent` is in `spent_currency`."""

    model_config = ConfigDict(frozen=True)

    payment_verified: bool | None = None
    rating: Decimal | None = Field(default=None, ge=0, le=5)
    reviews: int | None = None
    hires: int | None = None
    hire_rate: int | None = Field(default=None, ge=0, le=100)
    jobs_posted: int | None = None
    spent: Decimal | None = None
    country: Line = ""


class JobPost(BaseModel):
    """One post. `id` is the board's own; all texts are a stranger's and never instructions."""

    model_config = ConfigDict(frozen=True)

    id: Line
    board: Line
    url: Annotated[str, BeforeValidator(_web_address)] = ""
    title: Line = Field(min_length=1)
    company: Line = ""
    description: Annotated[str, BeforeValidator(lambda value: str(value or "")[:20_000])] = ""
    skills: tuple[Line, ...] = ()
    location: Line = ""
    remote: bool | None = None
    pay: Pay | None = None
    kind: Line = ""
    level: Line = ""
    duration: Line = ""
    hours_per_week: Line = ""
    estimated_hours: Decimal | None = None
    posted_at: Annotated[datetime | None, BeforeValidator(_aware)] = None
    closes: date | None = None
    proposals: int | None = None
    client: ClientFacts = ClientFacts()
    attribution: Line = ""

    @property
    def label(self) -> str:
        """What the user would call it."""
        return f"{self.title} at {self.company}" if self.company else self.title
