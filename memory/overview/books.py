"""The records that figures come from: light, frozen, everything of one user at once."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property

from memory.money import Money

STANDARD = "EUR"
"""The currency of figures where no record has one."""


@dataclass(frozen=True, slots=True)
class Bill:
    """One invoice or credit note: its amounts, what of it was paid, and what credit notes took off."""

    id: str
    number: str
    state: str
    client: str
    project: str
    issued: date
    due: date
    paid_on: date | None
    currency: str
    net: Decimal
    tax: Decimal
    total: Decimal
    paid: Decimal
    credited: Decimal
    credit: bool

    @property
    def open(self) -> Decimal:
        """What is still to come, of an invoice that was sent."""
        return self.total - self.paid - self.credited if self.state == "sent" and not self.credit else Decimal(0)

    def overdue(self, today: date) -> bool:
        return self.state == "sent" and not self.credit and self.due < today


@dataclass(frozen=True, slots=True)
class Receipt:
    """Money that came on a day for an invoice; negative where it was given back."""

    day: date
    amount: Decimal
    currency: str
    client: str
    bill: str


@dataclass(frozen=True, slots=True)
class Work:
    """Time worked on one day; `minutes` is None while the timer runs."""

    id: str
    client: str
    project: str
    day: date
    minutes: int | None
    started: datetime | None
    billed: bool


@dataclass(frozen=True, slots=True)
class Cost:
    """One expense, in the currency the books are kept in where it was converted; `paid` is then what was paid."""

    id: str
    day: date
    category: str
    amount: Decimal
    currency: str
    client: str
    to_bill: bool
    paid: Money | None = None


@dataclass(frozen=True, slots=True)
class Undertaking:
    """One project, with its own price of an hour where it has one."""

    id: str
    title: str
    client: str
    state: str
    estimated: Decimal | None
    rate: Money | None
    due: date | None = None


@dataclass(frozen=True, slots=True)
class Chance:
    """One lead: who may give work, worth `value`."""

    id: str
    title: str
    client: str
    state: str
    source: str
    niche: str
    value: Decimal | None
    currency: str
    came: datetime
    answered: datetime | None
    closed: datetime | None


@dataclass(frozen=True, slots=True)
class Offer:
    """One proposal, for a lead."""

    id: str
    title: str
    client: str
    state: str
    lead: str
    price: Decimal | None
    currency: str
    made: datetime
    sent: datetime | None
    answered: datetime | None


@dataclass(frozen=True, slots=True)
class Aim:
    """One goal: so much of a measure from a day to another."""

    id: str
    measure: str
    target: Decimal
    currency: str
    since: date
    until: date


@dataclass(frozen=True)
class Books:
    """Everything a user's figures come from. `hidden` is how many clients are left out because they are restricted.

    `tax_percent` is the part of the profit that the user puts aside for income tax, where they said so.
    """

    bills: tuple[Bill, ...] = ()
    work: tuple[Work, ...] = ()
    costs: tuple[Cost, ...] = ()
    projects: tuple[Undertaking, ...] = ()
    receipts: tuple[Receipt, ...] = ()
    leads: tuple[Chance, ...] = ()
    offers: tuple[Offer, ...] = ()
    goals: tuple[Aim, ...] = ()
    clients: dict[str, str] = field(default_factory=dict)
    rates: dict[str, Money] = field(default_factory=dict)
    own_rate: Money | None = None
    tax_percent: Decimal | None = None
    hidden: int = 0

    @cached_property
    def currencies(self) -> tuple[str, ...]:
        """The currencies of invoices and expenses, the most frequent first."""
        seen = Counter(bill.currency for bill in self.bills)
        seen.update(dict.fromkeys((cost.currency for cost in self.costs if cost.currency not in seen), 0))
        return tuple(name for name, _ in seen.most_common()) or (self.own_rate.currency if self.own_rate else STANDARD,)

    @cached_property
    def titles(self) -> dict[str, str]:
        """What each project is called."""
        return {one.id: one.title for one in self.projects}

    @cached_property
    def agreed(self) -> dict[str, Money]:
        """The price of an hour by project."""
        return {one.id: one.rate for one in self.projects if one.rate}

    def name(self, client: str) -> str:
        """What a client is called."""
        return self.clients.get(client, "") or "No client"

    def price(self, work: Work) -> Money | None:
        """The price of an hour of this work: the project's, the client's, or one's own."""
        return self.agreed.get(work.project) or self.rates.get(work.client) or self.own_rate
