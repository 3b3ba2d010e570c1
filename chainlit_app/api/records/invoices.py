"""Invoices: numbered without gaps, never deleted, with their PDF and XML."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

import anyio
from fastapi import HTTPException, Query, Response
from pydantic import BaseModel, Field

from agents.tools.billing.invoice_text import as_json
from agents.tools.billing.invoice_xml import cii, lacks
from chainlit_app.api.access import Opened, User, may
from chainlit_app.api.fields import Body, Currency, Day, Exact, Given, Id, Name, Text, Whole
from chainlit_app.api.pages import Page, Paged, place
from chainlit_app.api.records.changes import Changed, changes_of
from chainlit_app.api.records.kinds import LineFields
from chainlit_app.api.records.shown import LineShown
from chainlit_app.api.resource import Resource
from chainlit_app.api.versions import tag_of
from graph.runtime import Runtime
from memory.business.invoice import Invoice, InvoiceRow, State, read
from memory.business.totals import Line

router = Resource(prefix="/records/invoices", tags=["records"], dependencies=[may("records")])

Treatments = Literal["standard", "reverse_charge", "small_business", "outside", "exempt"]
Ids = Annotated[list[Id], Field(max_length=500)]


class NewInvoice(Body):
    """What to bill whom. `client` is a name; `hours` and `expenses` are ids of what the invoice bills.

    Without `issued_on` it is dated today; it is due after `due_days`.
    """

    client: Name = Field(examples=["Nova Studio GmbH"])
    currency: Currency = Field(examples=["EUR"])
    lines: list[LineFields] = Field(min_length=1, max_length=200)
    issued_on: Day | None = None
    due_days: Annotated[Whole, Field(ge=0, le=365)] = 14
    note: Text = ""
    hours: Ids = Field(default_factory=list)
    expenses: Ids = Field(default_factory=list)
    treatment: Treatments = "standard"
    project: Id | None = None


class InvoiceChange(Body):
    """The fields of a draft to set."""

    client: Name = Field(default_factory=str)
    lines: list[LineFields] = Field(default_factory=list, min_length=1, max_length=200)
    issued_on: Day = Field(default_factory=date.today)
    due_on: Day = Field(default_factory=date.today)
    note: Text = Field(default_factory=str)
    treatment: Treatments = Field(default_factory=lambda: "standard")


class InvoiceState(Body):
    """The state wanted: sent, paid (a payment of what is open is kept), or void, which is for good."""

    state: Literal["sent", "paid", "void"]
    on: Day | None = None


class InvoiceShown(BaseModel):
    """An invoice as it stands. Amounts are exact text; `open` is what is still to be paid."""

    id: str
    number: str
    kind: str
    state: str
    client: str | None
    client_name: str
    issued_on: date
    due_on: date
    paid_on: date | None
    currency: str
    note: str
    treatment: str
    lines: list[LineShown]
    net: Exact
    tax: Exact
    total: Exact
    open: Exact
    project: str | None


@router.get("")
async def list_invoices(
    asked: Paged,
    runtime: Opened,
    user: User,
    state: Annotated[State | None, Query()] = None,
    client: Annotated[str, Query(max_length=64, pattern=r"^[A-Za-z0-9_.-]*$")] = "",
) -> Page[InvoiceShown]:
    """The user's invoices, the newest first."""
    wanted: list[Any] = [InvoiceRow.user == user]
    wanted += [InvoiceRow.state == state] if state else []
    wanted += [InvoiceRow.client == client] if client else []
    rows = await asked.rows(runtime.stores.database, InvoiceRow, *wanted)
    async with runtime.stores.database.read() as session:
        found = await read(session, rows)
    page: Page[InvoiceShown] = asked.page([_shown(one) for one in found], [place(row) for row in rows])
    return page


@router.post("", status_code=201)
async def add_invoice(sent: NewInvoice, runtime: Opened, user: User, response: Response) -> InvoiceShown:
    """Write a draft under the next number of its year."""
    issued = sent.issued_on or date.today()
    try:
        due = issued + timedelta(days=sent.due_days)
    except OverflowError:
        raise HTTPException(422, "#/issued_on: That day lies outside the calendar.") from None
    try:
        made = await runtime.stores.invoices.create(
            user,
            lines=_lines(sent.lines),
            currency=sent.currency,
            issued_on=issued,
            due_on=due,
            client=sent.client,
            note=sent.note,
            hours=sent.hours,
            costs=sent.expenses,
            treatment=sent.treatment,
            project=sent.project,
        )
    except ValueError:
        raise HTTPException(422, "#/client: A client needs a name with letters or digits.") from None
    response.headers["Location"] = f"/api/v1/records/invoices/{made.id}"
    return _versioned(made, response)


@router.get("/{id}")
async def get_invoice(id: Given, runtime: Opened, user: User) -> InvoiceShown:
    """One invoice."""
    return _shown(await _open(id, runtime, user))


@router.patch("/{id}")
async def change_invoice(id: Given, sent: InvoiceChange, runtime: Opened, user: User) -> InvoiceShown:
    """Set fields of a draft; those left out stay as they are."""
    invoice = await _open(id, runtime, user)
    fields: dict[str, Any] = {name: getattr(sent, name) for name in sent.model_fields_set}
    if "lines" in fields:
        fields["lines"] = _lines(sent.lines)
    client = fields.pop("client", None)
    try:
        made = await runtime.stores.invoices.revise(invoice.id, user=user, client=client, **fields)
    except ValueError:
        raise HTTPException(422, "#/client: A client needs a name with letters or digits.") from None
    return _shown(made)


@router.post("/{id}/state")
async def move_invoice(
    id: Given, wanted: InvoiceState, runtime: Opened, user: User, response: Response
) -> InvoiceShown:
    """Bring an invoice into a state, where it may become that."""
    invoice = await _open(id, runtime, user)
    on = wanted.on or date.today()
    return _versioned(await runtime.stores.invoices.move(invoice.id, wanted.state, user=user, on=on), response)


@router.get("/{id}/history")
async def history_of_invoice(id: Given, asked: Paged, runtime: Opened, user: User) -> Page[Changed]:
    """What was changed in one invoice, the newest first."""
    await _open(id, runtime, user)
    return await changes_of(asked, runtime, user, id)


@router.get("/{id}/pdf", response_class=Response, responses={200: {"content": {"application/pdf": {}}}})
async def invoice_pdf(id: Given, runtime: Opened, user: User) -> Response:
    """The invoice as PDF, which is an e-invoice (Factur-X, ZUGFeRD) where nothing lacks for one."""
    invoice = await _open(id, runtime, user)
    sender = await runtime.stores.profiles.load(user)
    async with anyio.TemporaryDirectory() as folder:
        path = Path(folder) / "invoice.pdf"
        arguments = {"invoice": as_json(invoice), "sender": sender, "path": str(path)}
        await runtime.jobs.run("agents.tools.billing.invoice_pdf:draw", arguments, seconds=60)
        drawn = await asyncio.to_thread(path.read_bytes)
    return _file(drawn, "application/pdf", f"{invoice.number}.pdf")


@router.get("/{id}/xml", response_class=Response, responses={200: {"content": {"application/xml": {}}}})
async def invoice_xml(id: Given, runtime: Opened, user: User) -> Response:
    """The invoice as EN 16931 XML (UN/CEFACT CII)."""
    invoice = await _open(id, runtime, user)
    made, sender = as_json(invoice), await runtime.stores.profiles.load(user)
    if missing := lacks(made, sender):
        raise HTTPException(409, f"An e-invoice also says {', '.join(missing)}: fill that in, then ask again.")
    return _file(await asyncio.to_thread(cii, made, sender), "application/xml", f"{invoice.number}.xml")


async def _open(id: str, runtime: Runtime, user: str) -> Invoice:
    invoice = await runtime.stores.invoices.get(id, user=user)
    if invoice is None:
        raise HTTPException(404, "There is no such invoice.")
    return invoice


def _shown(invoice: Invoice) -> InvoiceShown:
    sums = invoice.totals
    return InvoiceShown.model_validate(
        {
            **vars(invoice),
            "client": invoice.client_id,
            "client_name": invoice.client_name,
            "kind": str(invoice.kind),
            "treatment": str(invoice.treatment),
            "lines": [vars(line) for line in invoice.lines],
            "net": sums.net.rounded().amount,
            "tax": sums.tax.rounded().amount,
            "total": sums.total.rounded().amount,
            "open": invoice.open.rounded().amount,
        }
    )


def _versioned(invoice: Invoice, response: Response) -> InvoiceShown:
    found = _shown(invoice)
    response.headers["ETag"] = tag_of(found)
    return found


def _lines(lines: list[LineFields]) -> list[Line]:
    return [Line(one.description, one.quantity, one.unit, one.price, one.vat) for one in lines]


def _file(content: bytes, kind: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, media_type=kind, headers=headers)
