"""Takes in what other programs exported: hours, clients, and payments matched to the invoices they are for.

file ──▶ proposed: kind, columns, how many rows, what is odd ──approved──▶ kept, each row once however often
              ▲                                          └──columns changed by the user──┐
              └──────────────────────────────────────────────────────────────────────────┘
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from agents.deps import Deps
from agents.spec import AgentError, Effect, Finding, Given
from agents.tools.billing.invoice_text import cell
from agents.tools.business.import_columns import (
    Plan,
    Sheet,
    amount_in,
    as_text,
    days_in,
    from_text,
    minutes_in,
    plan_of,
)
from agents.tools.tables.table_files import table_file
from config.countries import country_code
from config.dates import day_text
from memory.blind_search import blinds
from memory.business.clients import key_of
from memory.business.invoice import Invoice, InvoiceError
from memory.business.projects import Project
from memory.business.time_entries import TimeEntry, TimeError
from memory.files import FileRef
from memory.money import EXPONENTS, Money
from memory.once import in_step

NAME = "records"
_KINDS = {"hours": "hours", "clients": "clients", "payments": "payments of a bank statement"}
SHOWN = 5
SECONDS, MEMORY_MB = 20, 768


@dataclass(frozen=True)
class Match:
    """A line of a bank statement, and the invoice it pays, if that is clear."""

    day: date
    money: Money
    payer: str
    reference: str
    invoice: Invoice | None
    why: str


async def propose(kind: str, given: Given, deps: Deps) -> Finding:
    """Show what a table would bring. Raises AgentError, JobError, Unreadable."""
    file = await table_file(None, given, deps)
    sheet = await _sheet(file, deps)
    plan = plan_of(sheet, kind)
    effect = await _asking(file, sheet, plan, deps)
    text = f"I can take in **{cell(file.name)}** as {_KINDS[plan.kind]}{_made_by(plan)}."
    return Finding(NAME, True, text, data=effect.arguments, effect=effect, trust="outside")


async def with_columns(arguments: dict[str, Any], deps: Deps) -> Effect:
    """The proposal anew, with the columns as the user changed them. Raises AgentError, JobError, Unreadable."""
    file = await _file(arguments, deps)
    sheet = await _sheet(file, deps)
    return await _asking(file, sheet, from_text(arguments["kind"], arguments["columns"], sheet), deps)


async def _asking(file: FileRef, sheet: Sheet, plan: Plan, deps: Deps) -> Effect:
    """The question whether a table is to be taken in, with what each column is taken as."""
    rows = ["| Column | taken as | for example |", "|---|---|---|"]
    for field, place in plan.columns.items():
        rows.append(f"| {cell(sheet.head[place])} | {field} | {cell(sheet.rows[0][place][:40])} |")
    unused = [name for place, name in enumerate(sheet.head) if place not in plan.columns.values() and name]
    what = f"{_KINDS[plan.kind]}{_made_by(plan)}"
    preview = f"**{len(sheet.rows)} rows** of **{cell(file.name)}** as {what}:\n\n" + "\n".join(rows)
    if unused:
        preview += f"\n\nNot used: {cell(', '.join(unused[:12]))}."
    if plan.kind == "payments":
        preview += "\n\n" + await _matches_text(sheet, plan, deps)
    arguments = {"file": file.id, "kind": plan.kind, "columns": as_text(plan, sheet)}
    title = f"Import {len(sheet.rows)} rows as {_KINDS[plan.kind]}"
    return Effect("import", arguments, title, preview, editable=("columns",))


async def carry_out(arguments: dict[str, Any], deps: Deps) -> Finding:
    """Take in the file that was approved, with the columns that were approved. Raises AgentError, JobError."""
    sheet = await _sheet(await _file(arguments, deps), deps)
    plan = from_text(arguments["kind"], arguments["columns"], sheet)
    digest = hashlib.sha256("\n".join("\t".join(row) for row in sheet.rows).encode()).hexdigest()
    with in_step(f"import|{deps.user}|{plan.kind}|{digest}"):
        match plan.kind:
            case "hours":
                text, data = await _hours(sheet, plan, deps)
            case "clients":
                text, data = await _clients(sheet, plan, deps)
            case _:
                text, data = await _payments(sheet, plan, deps)
    return Finding(NAME, True, text, data=data, offers=("undo that",))


async def _file(arguments: dict[str, Any], deps: Deps) -> FileRef:
    file = await deps.stores.files.get(arguments["file"], user=deps.user)
    if file is None:
        raise AgentError("That file is no longer here; please attach it again.")
    return file


def _made_by(plan: Plan) -> str:
    return f", as {plan.format} exports them" if plan.format else ""


async def _sheet(file: FileRef, deps: Deps) -> Sheet:
    """The table in a stored file, read in a process of its own."""
    arguments = {"path": await deps.lay(file)}
    found = await deps.jobs.run(
        "agents.tools.business.import_columns:read_file", arguments, seconds=SECONDS, memory_mb=MEMORY_MB
    )
    return Sheet(tuple(found["head"]), tuple(tuple(row) for row in found["rows"]))


async def _hours(sheet: Sheet, plan: Plan, deps: Deps) -> tuple[str, dict[str, Any]]:
    known = {project.title: project for project in await deps.stores.projects.all(deps.user)}
    days = days_in([row[plan.columns["day"]] for row in sheet.rows])
    kept, skipped = 0, 0
    for row, day in zip(sheet.rows, days, strict=True):
        said = _said(row, plan)
        minutes = _minutes(said)
        if day is None or not minutes:
            skipped += 1
            continue
        name = said.get("client", "")
        client = await deps.stores.clients.save(deps.user, name) if key_of(name) else None
        title = said.get("project", "")
        if title and title not in known:
            new = Project(user=deps.user, title=title, client=client.id if client else None, started_on=day)
            known[title] = await deps.stores.projects.save(new)
        note = ", ".join(part for part in (said.get("task", ""), said.get("note", "")) if part)
        entry = TimeEntry(
            user=deps.user, day=day, minutes=minutes, note=note[:500], client=client.id if client else None
        )
        entry.project = known[title].id if title else None
        try:
            await deps.stores.time.log(entry)
        except TimeError:
            skipped += 1
            continue
        kept += 1
    text = f"**{kept}** entries are in your hours." + (
        f" {skipped} rows had no day or time and were left out." if skipped else ""
    )
    return text, {"kept": kept, "skipped": skipped}


async def _clients(sheet: Sheet, plan: Plan, deps: Deps) -> tuple[str, dict[str, Any]]:
    kept, skipped = 0, 0
    for row in sheet.rows:
        said = _said(row, plan)
        if not key_of(said.get("name", "")):
            skipped += 1
            continue
        town = " ".join(part for part in (said.get("postcode", ""), said.get("town", "")) if part)
        address = "\n".join(part for part in (said.get("address", ""), town, said.get("country", "")) if part)
        country, code = country_code(said.get("country", "")), said.get("currency", "").upper()
        fields = {name: said[name] for name in ("email", "phone", "tax_id") if said.get(name)}
        fields |= {"address": address} if address else {}
        fields |= ({"country": country} if country else {}) | ({"currency": code} if code in EXPONENTS else {})
        await deps.stores.clients.save(deps.user, said["name"], **fields)
        kept += 1
    text = f"**{kept}** clients are kept; those that were known are brought up to date."
    return text + (f" {skipped} rows had no name." if skipped else ""), {"kept": kept, "skipped": skipped}


async def _payments(sheet: Sheet, plan: Plan, deps: Deps) -> tuple[str, dict[str, Any]]:
    paid: list[str] = []
    known = {one.source for one in await deps.stores.payments.all(deps.user)}
    for match in await matches(sheet, plan, deps):
        if match.invoice is None:
            continue
        line = f"{match.day}|{match.money}|{match.payer}|{match.reference}"
        async with deps.stores.database.write() as session:
            (source,) = await blinds(session, deps.user, "payments", [line])
        if source in known:
            continue
        try:
            invoice = await deps.stores.invoices.pay(
                match.invoice.id, match.money, user=deps.user, on=match.day, reference=match.reference, source=source
            )
        except InvoiceError:
            continue
        paid.append(f"- Invoice **{invoice.number}**: {match.money.text()}, {invoice.open.text()} open")
    if not paid:
        return "No line of the statement pays an open invoice that is not paid already.", {"paid": 0}
    return "Booked:\n\n" + "\n".join(paid), {"paid": len(paid)}


async def matches(sheet: Sheet, plan: Plan, deps: Deps) -> list[Match]:
    """The money that came in, each line with the open invoice it pays.

    An invoice is meant by its number; else by its open amount with its client's name; else by an open amount that only
    one invoice has. What is open counts down line by line.
    """
    invoices = await deps.stores.invoices.all(deps.user, states=("sent",))
    open_ones = {one.id: one.open for one in invoices if one.open.amount > 0}
    found = []
    for row, day in zip(sheet.rows, days_in([row[plan.columns["day"]] for row in sheet.rows]), strict=True):
        said = _said(row, plan)
        amount = amount_in(said.get("amount", ""))
        if day is None or amount is None or amount <= 0:
            continue
        payer, reference = said.get("payer", ""), said.get("reference", "")
        code = said.get("currency", "").upper()
        left = [one for one in invoices if one.id in open_ones]
        currency = code if code in EXPONENTS else left[0].currency if left else "EUR"
        money = Money(amount, currency)
        left = [one for one in left if one.currency == currency]
        invoice, why = _meant(left, open_ones, money, f"{reference} {payer}")
        if invoice:
            rest = open_ones[invoice.id] - money
            open_ones.pop(invoice.id)
            if rest.amount > 0:
                open_ones[invoice.id] = rest
        found.append(Match(day, money, payer, reference, invoice, why))
    return found


def _meant(left: list[Invoice], open_ones: Mapping[str, Money], money: Money, words: str) -> tuple[Invoice | None, str]:
    named = [one for one in left if one.number in words]
    if len(named) == 1:
        return named[0], "its number"
    said = f" {key_of(words)} "
    same = [one for one in left if open_ones[one.id] == money]
    ours = [one for one in same if one.client_name and f" {key_of(one.client_name)} " in said]
    if len(ours) == 1:
        return ours[0], "client and amount"
    return (same[0], "the amount") if len(same) == 1 else (None, "")


async def _matches_text(sheet: Sheet, plan: Plan, deps: Deps) -> str:
    found = await matches(sheet, plan, deps)
    clear = [one for one in found if one.invoice]
    lines = [
        f"- {day_text(one.day, '%-d %b')}, {one.money.text()}, {cell(one.payer[:40])}: "
        f"**{one.invoice.number}**, by {one.why}"
        for one in clear[:SHOWN]
        if one.invoice
    ]
    more = f"\n- and {len(clear) - SHOWN} more" if len(clear) > SHOWN else ""
    return f"{len(clear)} of {len(found)} incoming lines pay an open invoice:\n\n" + "\n".join(lines) + more


def _said(row: tuple[str, ...], plan: Plan) -> dict[str, str]:
    return {field: row[place] for field, place in plan.columns.items() if place < len(row)}


def _minutes(said: Mapping[str, str]) -> int | None:
    if "minutes" in said and (minutes := minutes_in(said["minutes"])):
        return minutes
    try:
        begins, ends = (datetime.strptime(said[name][:5], "%H:%M") for name in ("begins", "ends"))
    except (KeyError, ValueError):
        return None
    return round((ends - begins).total_seconds() / 60) % (24 * 60)
