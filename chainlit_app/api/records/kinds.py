"""The kinds of business records as the API shows and takes them, each declared once.

Kind(path, table, fields …) ──▶ list · make · read · change · remove · state · history, in `records.routes`
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from chainlit_app.api.fields import Amount, Body, Currency, Day, Id, Line, Name, Text, Whole, Yes
from memory.business.clients import Client
from memory.business.contacts import Contact
from memory.business.expenses import Expense
from memory.business.goals import Goal, GoalState, Measure
from memory.business.leads import Lead, LeadState
from memory.business.payments import Payment
from memory.business.projects import Project
from memory.business.proposals import Proposal, ProposalState
from memory.business.recurring import RecurringInvoice, RecurringState
from memory.business.reminders import Reminder
from memory.business.time_entries import TimeEntry


class ClientFields(Body):
    """Who is worked for and billed. `language` is a code such as de; `rate` is in words, as in “80 EUR”."""

    name: Name = Field(examples=["Nova Studio GmbH"])
    email: Line = ""
    address: Text = ""
    tax_id: Line = ""
    country: Line = Field("", examples=["DE"])
    currency: Annotated[str, StringConstraints(pattern=r"^([A-Z]{3})?$")] = Field("", examples=["EUR"])
    phone: Line = ""
    language: Annotated[str, StringConstraints(pattern=r"^([a-z]{2})?$")] = ""
    terms: Line = ""
    rate: Line = ""


class ContactFields(Body):
    """A person at a client."""

    client: Id
    name: Name = Field(examples=["Mia Berg"])
    email: Line = ""
    phone: Line = ""
    role: Line = ""


class LeadFields(Body):
    """Somebody who may give work, how they came, and what it may bring."""

    title: Name = Field(examples=["Shop in Django"])
    person: Line = ""
    source: Line = Field("", examples=["referral"])
    niche: Line = ""
    client: Id | None = None
    value: Amount | None = None
    currency: Currency | Literal[""] = ""
    reason: Text = ""


class ProposalFields(Body):
    """What was offered, for which lead, at what price."""

    title: Name = Field(examples=["Shop in Django, fixed price"])
    lead: Id | None = None
    client: Id | None = None
    file: Id | None = None
    niche: Line = ""
    price: Amount | None = None
    currency: Currency | Literal[""] = ""
    hours: Amount | None = None


class ProjectFields(Body):
    """Work that was agreed, and how long it was thought to take."""

    title: Name = Field(examples=["Shop for Nova"])
    kind: Line = ""
    client: Id | None = None
    proposal: Id | None = None
    lead: Id | None = None
    estimated_hours: Amount | None = None
    told_hours: Amount | None = None
    rate: Line = ""
    started_on: Day | None = None
    ended_on: Day | None = None


class TimeFields(Body):
    """Hours worked on a day; without `minutes` a timer starts now, and the one that ran stops."""

    minutes: Annotated[Whole, Field(ge=1, le=1440)] | None = Field(None, examples=[90])
    day: Day | None = None
    client: Id | None = None
    project: Id | None = None
    note: Text = ""


class ExpenseFields(Body):
    """What was spent, tax included. `rebillable` means that the client pays it back."""

    description: Name = Field(examples=["Train to Berlin"])
    amount: Amount = Field(examples=["89.00"])
    currency: Currency = Field(examples=["EUR"])
    day: Day | None = None
    category: Line = "other"
    vat: Amount | None = None
    client: Id | None = None
    rebillable: Yes = False
    receipt: Id | None = None


class PaymentFields(Body):
    """Money that came for an invoice; without an `amount`, all that is open."""

    invoice: Id
    amount: Amount | None = None
    received_on: Day | None = None
    reference: Line = ""


class GoalFields(Body):
    """So much of a measure from one day to another; `currency` only for revenue."""

    measure: Measure
    target: Amount = Field(examples=["60000"])
    currency: Currency | Literal[""] = ""
    since: Day
    until: Day


class ReminderFields(Body):
    """What to think of, on which day, and at what time on the clock of an IANA zone."""

    text: Name = Field(examples=["Send the offer to Nova"])
    day: Day
    at: Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")] | None = Field(
        None, examples=["09:30"]
    )
    zone: Annotated[str, StringConstraints(max_length=60)] = Field("UTC", examples=["Europe/Berlin"])


class LineFields(Body):
    """One line of an invoice: so many of a unit at a price each, taxed at `vat` percent."""

    description: Name = Field(examples=["Development"])
    quantity: Amount = Field(examples=["12.5"])
    unit: Line = Field("", examples=["h"])
    price: Amount = Field(examples=["80.00"])
    vat: Amount = Field("0", examples=["19"], validate_default=True)


class RecurringFields(Body):
    """What is billed every week, month, quarter or year, first on `next_on`."""

    client: Id
    every: Literal["week", "month", "quarter", "year"]
    next_on: Day
    until: Day | None = None
    due_days: Annotated[Whole, Field(ge=0, le=365)] = 14
    currency: Currency = Field(examples=["EUR"])
    treatment: Literal["standard", "reverse_charge", "small_business", "outside", "exempt"] = "standard"
    note: Text = ""
    lines: list[LineFields] = Field(min_length=1, max_length=200)


@dataclass(frozen=True)
class Kind:
    """One kind of record: `name` is what the history calls it, `states` what a client may ask for.

    `more` are columns that are shown beside the fields that are sent, `fixed` fields that cannot be changed later.
    """

    path: str
    name: str
    table: type[Any]
    fields: type[Body]
    states: tuple[str, ...] = ()
    more: tuple[str, ...] = ()
    fixed: tuple[str, ...] = ()
    removable: bool = True
    changeable: bool = True

    @property
    def plural(self) -> str:
        """What several of them are called."""
        return f"{self.name[:-1]}ies" if self.name.endswith("y") else f"{self.name}s"

    @property
    def word(self) -> str:
        """What its operations are called by: ``time_entry``."""
        return self.name.replace(" ", "_")

    @property
    def title(self) -> str:
        """What its models are called: ``TimeEntry``."""
        return "".join(word.title() for word in self.name.split())


def _of(states: Any) -> tuple[str, ...]:
    return tuple(str(one) for one in states)


KINDS = (
    Kind("clients", "client", Client, ClientFields),
    Kind("contacts", "contact", Contact, ContactFields, fixed=("client",)),
    Kind("leads", "lead", Lead, LeadFields, _of(LeadState), ("state", "came_at", "answered_at", "closed_at")),
    Kind("proposals", "proposal", Proposal, ProposalFields, _of(ProposalState), ("state", "sent_at", "answered_at")),
    Kind("projects", "project", Project, ProjectFields, ("open", "done"), ("state",)),
    Kind("time", "time entry", TimeEntry, TimeFields, ("stopped",), ("started_at", "invoice")),
    Kind("expenses", "expense", Expense, ExpenseFields, more=("invoice",)),
    Kind(
        "payments",
        "payment",
        Payment,
        PaymentFields,
        ("reversed",),
        ("state", "currency"),
        removable=False,
        changeable=False,
    ),
    Kind("goals", "goal", Goal, GoalFields, _of(GoalState), ("state",)),
    Kind(
        "reminders",
        "reminder",
        Reminder,
        ReminderFields,
        ("done",),
        ("due", "whole_day", "done_at"),
        fixed=("text", "zone"),
        removable=False,
    ),
    Kind("recurring", "recurring invoice", RecurringInvoice, RecurringFields, _of(RecurringState), ("state",)),
)
REFERENCES: dict[str, type[Any]] = {"client": Client, "project": Project, "lead": Lead, "proposal": Proposal}
"""Fields that name another record of the same user."""
