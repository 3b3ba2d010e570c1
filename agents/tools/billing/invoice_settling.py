"""Settles invoices: parts paid, credit notes, reminders with what the law adds, recurring ones, and XRechnung."""

from __future__ import annotations

import re
from decimal import Decimal

from agents.deps import Deps
from agents.spec import AgentError, Artifact, Choice, Finding, Given, Which
from agents.tools.billing.invoice_book import NAME, InvoiceTask, client_words, find_one, named_client, records_of
from agents.tools.billing.invoice_draft import PAYMENT_DAYS, currency_of, default_vat, lines_of
from agents.tools.billing.invoice_report import report
from agents.tools.billing.invoice_text import as_json, cell, figures
from agents.tools.billing.invoice_ubl import ubl
from agents.tools.billing.invoice_xml import XRECHNUNG, cii, lacks, treatment_for
from agents.tools.text.languages import day_in, sum_in
from agents.tools.text.markdown import plain as safe
from agents.tools.writing.papers import language_for, say
from config.countries import country_of
from config.dates import day_text
from memory.business.invoice import Invoice, InvoiceError
from memory.business.late_interest import Owed, owed_on
from memory.business.recurring import RecurringInvoice, RecurringState, as_text
from memory.business.totals import Line, line_amount
from memory.money import parse_money, plain, total

LEVELS = ("friendly reminder", "second reminder", "final notice")


async def pay(task: InvoiceTask, given: Given, deps: Deps) -> Finding:
    """Keep that a part of an invoice, or all of it, was paid."""
    invoice = await find_one(task, deps, states=("sent", "draft"))
    money = parse_money(task.amount) if task.amount else None
    paid = await deps.stores.invoices.pay(invoice.id, money, user=deps.user, on=deps.today)
    came = (money or invoice.open).text()
    text = f"Noted: **{came}** for invoice **{paid.number}**{client_words(paid)}."
    if paid.state != "paid":
        text += f" **{paid.open.text()}** of {paid.totals.total.text()} is still open."
    elif paid.open.amount < 0:
        text += f" It is paid, with {(-paid.open).text()} too much: give that back, or write a credit note for less."
    else:
        text += " It is paid in full."
    data = {**figures(paid), "open": str(paid.open)}
    return Finding(NAME, True, text, data=data, records=records_of([paid]), offers=("undo that", "my win rate"))


async def credit(task: InvoiceTask, given: Given, deps: Deps) -> Finding:
    """Write a credit note over an invoice, or over an amount of it, tax included."""
    invoice = await find_one(task, deps, states=("sent", "paid"))
    lines = None
    if task.amount:
        money = parse_money(task.amount)
        rates = {line.vat for line in invoice.lines}
        if money.currency != invoice.currency or len(rates) > 1:
            raise AgentError(
                f"Invoice {invoice.number} is in {invoice.currency} with {len(rates)} VAT rates: an amount can only be "
                "credited in its currency and with one rate. Credit it in full instead."
            )
        vat = rates.pop()
        net = money.amount / (1 + vat / 100)
        lines = [Line(f"Credit on invoice {invoice.number}", Decimal(1), "", net.quantize(Decimal("0.000001")), vat)]
    made = await deps.stores.invoices.credit(invoice.id, lines, user=deps.user, on=deps.today)
    opening = f"Credit note **{made.number}**{client_words(made)} corrects invoice {invoice.number}."
    after = await deps.stores.invoices.get(invoice.id, user=deps.user) or invoice
    hints = [f"Still open on {invoice.number}: {after.open.text()}." if after.state == "sent" else "It is settled."]
    if made.open.amount:
        hints = [f"To give back: {(-made.open).text()}."]
    return await report(made, opening, deps, hints)


async def interest(task: InvoiceTask, given: Given, deps: Deps) -> Finding:
    """What the law adds to an invoice that is late."""
    invoice = await _late(task, deps)
    owed = await _owed(invoice, deps)
    text = (
        f"Invoice **{invoice.number}**{client_words(invoice)}: {invoice.open.text()} is open, {_days(invoice, deps)}."
    )
    if owed is None:
        text += " I know no rule for late interest where you are; a contract may still name one."
        return Finding(NAME, True, text, data=figures(invoice), records=records_of([invoice]))
    text += (
        f"\n\n- Interest: **{owed.interest.text()}** ({plain(owed.percent)} % a year for {owed.days} days: "
        f"{plain(owed.base)} % base rate of {day_text(owed.known_since)}, the newest I know, and "
        f"{plain(owed.percent - owed.base)} points, {owed.law})"
    )
    if owed.fee:
        text += f"\n- Flat fee: **{owed.fee.text()}**"
    text += "\n\nThis holds between businesses. A newer base rate goes into the setting FREELANCEX_BASE_RATES."
    data = {
        **figures(invoice),
        "interest": str(owed.interest),
        "fee": str(owed.fee or ""),
        "percent": plain(owed.percent),
    }
    offers = (f"payment reminder for invoice {invoice.number}",)
    return Finding(NAME, True, text, data=data, records=records_of([invoice]), offers=offers)


async def remind(task: InvoiceTask, given: Given, deps: Deps) -> Finding:
    """Write the next reminder of an overdue invoice, and count it."""
    invoice = await _late(task, deps)
    reminded = await deps.stores.invoices.remind(invoice.id, user=deps.user, on=deps.today)
    level = min(reminded.reminder_level, len(LEVELS))
    owed = await _owed(reminded, deps) if level > 1 else None
    profile = await deps.stores.profiles.load(deps.user)
    language = await language_for("letter", invoice.client_name or "", deps, usual=await _of_invoices(invoice, deps))
    letter = _letter(reminded, level, owed, str(profile.get("name") or ""), language)
    text = (
        f"The {LEVELS[level - 1]} (level {reminded.reminder_level}) for invoice **{invoice.number}**"
        f"{client_words(invoice)}, to copy into a mail:\n\n---\n\n{letter}\n\n---\n\nIt counts as sent today."
    )
    data = {**figures(reminded), "level": reminded.reminder_level, "text": letter}
    return Finding(NAME, True, text, data=data, records=records_of([reminded]), offers=("undo that",))


async def _of_invoices(invoice: Invoice, deps: Deps) -> str:
    return await language_for("invoice", invoice.client_name or "", deps)


def _letter(invoice: Invoice, level: int, owed: Owed | None, name: str, language: str) -> str:
    due, number = day_in(language, invoice.due_on), invoice.number
    total_, still = (sum_in(language, money.text()) for money in (invoice.totals.total, invoice.open))
    opening = (
        (
            "my invoice {} over {} was due on {}, and {} is still open. It may have been overlooked.",
            (number, total_, due, still),
        ),
        ("on {} my invoice {} was due. {} is still open, although I reminded you before.", (due, number, still)),
        ("in spite of my reminders, {} of invoice {}, due on {}, is still open.", (still, number, due)),
    )[level - 1]
    last = level == len(LEVELS)
    parts = [
        say("Dear {},", language, safe(invoice.client_name or say("ladies and gentlemen", language))),
        say(opening[0], language, *opening[1]),
    ]
    if owed:
        interest_ = sum_in(language, owed.interest.text())
        if owed.fee and last:
            added, fee = "By today interest of {} and a flat fee of {} are added by law ({}).", owed.fee.text()
            parts.append(say(added, language, interest_, sum_in(language, fee), owed.law))
        else:
            parts.append(say("By today interest of {} is added by law ({}).", language, interest_, owed.law))
    parts.append(say("Please transfer it within {} days.", language, str((7, 7, 5)[level - 1])))
    if last:
        parts.append(say("If it does not arrive, I will take legal steps.", language))
    return "\n\n".join([*parts, f"{say('Kind regards', language)}\n{safe(name)}"])


async def recur(task: InvoiceTask, given: Given, deps: Deps) -> Finding:
    """Keep that something is billed again and again."""
    name = task.client or await named_client(given.text, deps)
    if not name:
        raise AgentError("Who is it for? Say for example “invoice Acme 900 € for hosting every month”.")
    profile = await deps.stores.profiles.load(deps.user)
    client = await deps.stores.clients.save(deps.user, name)
    vat = task.vat if task.vat is not None else default_vat(profile) or Decimal(0)
    lines = lines_of(
        task.lines, vat=vat, gross=task.gross, price=task.price, quantity=task.quantity or Decimal(1), work="Retainer"
    )
    every = task.every or "month"
    row = RecurringInvoice(
        user=deps.user,
        client=client.id,
        every=every,
        day=deps.today.day,
        next_on=deps.today,
        due_days=PAYMENT_DAYS if task.due_days is None else task.due_days,
        currency=currency_of(task.lines, task.price, profile, client.currency),
        treatment=treatment_for(profile, client.details(), vat),
        note=task.note or "",
        lines=as_text(lines),
    )
    kept = await deps.stores.recurring.add(row)
    amount = total((line_amount(line, row.currency) for line in lines), row.currency)
    text = (
        f"Every {every}, starting today, I draft an invoice for **{safe(client.name)}** over "
        f"{amount.text()} before VAT. You look at each before it goes out."
    )
    data = {"recurring": kept.id, "every": every, "next_on": kept.next_on.isoformat()}
    return Finding(NAME, True, text, data=data, offers=("my recurring invoices", "undo that"))


async def recur_list(task: InvoiceTask, given: Given, deps: Deps) -> Finding:
    """What is billed again and again."""
    found = [one for one in await deps.stores.recurring.all(deps.user) if one.state != RecurringState.ENDED]
    if not found:
        text = "Nothing is billed again and again. Say “invoice Acme 900 € for hosting every month” to begin."
        return Finding(NAME, True, text, data={"recurring": []})
    names = {client.id: client.name for client in await deps.stores.clients.all(deps.user)}
    rows = ["| Client | Every | Next | What |", "|---|---|---|---|"]
    for one in found:
        what = ", ".join(f"{line.description} {line_amount(line, one.currency).text()}" for line in one.items())
        when = f"{day_text(one.next_on, '%-d %b %Y')}" if one.state == "active" else one.state
        rows.append(f"| {cell(names.get(one.client, ''))} | {one.every} | {when} | {cell(what)} |")
    return Finding(NAME, True, "\n".join(rows), data={"recurring": [one.id for one in found]})


async def recur_stop(task: InvoiceTask, given: Given, deps: Deps) -> Finding:
    """Stop billing something again and again."""
    name = task.client or await named_client(given.text, deps)
    client = await deps.stores.clients.find(deps.user, name) if name else None
    found = [one for one in await deps.stores.recurring.all(deps.user) if one.state != RecurringState.ENDED]
    found = [one for one in found if client is None or one.client == client.id]
    if not found:
        raise AgentError("Nothing of that is billed again and again; say “my recurring invoices” to see what is.")
    if len(found) > 1:
        clients = [await deps.stores.clients.get(one.client, user=deps.user) for one in found]
        names = list(dict.fromkeys(one.name for one in clients if one))
        raise Which("Which recurring invoice?", [Choice(safe(name), {"client": name}) for name in names])
    await deps.stores.recurring.move(found[0].id, RecurringState.ENDED, user=deps.user)
    text = "That is billed no more. Drafts that were written stay."
    return Finding(NAME, True, text, data={"recurring": found[0].id}, offers=("undo that",))


async def xrechnung(task: InvoiceTask, given: Given, deps: Deps) -> Finding:
    """The invoice as XRechnung, the XML that German authorities take."""
    invoice = await find_one(task.model_copy(update={"action": "show"}), deps)
    sender = await deps.stores.profiles.load(deps.user)
    made = as_json(invoice)
    missing = lacks(made, sender)
    missing += [
        word for field, word in (("email", "your e-mail"), ("phone", "your phone number")) if not sender.get(field)
    ]
    if not invoice.client.get("email"):
        missing.append("the client's e-mail")
    if missing:
        raise AgentError(f"An XRechnung also says {', '.join(missing)}: tell me, then ask for it again.")
    write, syntax = (ubl, "UBL") if re.search(r"\bubl\b", given.text, re.I) else (cii, "UN/CEFACT CII")
    xml = write(made, sender, guideline=XRECHNUNG, buyer=task.buyer or invoice.client_name)
    file = await deps.stores.files.put(
        xml, f"xrechnung-{invoice.number}.xml", user=deps.user, thread=deps.thread, made_by=NAME
    )
    text = f"Invoice **{invoice.number}**{client_words(invoice)} as XRechnung 3.0 ({syntax})."
    if not task.buyer:
        text += " Authorities also want their Leitweg-ID in it: say “as XRechnung, Leitweg-ID 04011000-12345-06”."
    artifact = Artifact(file.id, file.name, file.mime, caption=f"XRechnung {invoice.number}")
    offers = (f"invoice {invoice.number} as XRechnung in UBL",) if write is cii else ()
    records = records_of([invoice])
    return Finding(NAME, True, text, data=figures(invoice), records=records, artifacts=(artifact,), offers=offers)


async def _late(task: InvoiceTask, deps: Deps) -> Invoice:
    if task.number or task.client or task.invoice:
        await _refuse_drafts(task, deps)
        return await find_one(task, deps, states=("sent",))
    late = [one for one in await deps.stores.invoices.all(deps.user, states=("sent",)) if one.overdue(deps.today)]
    if len(late) != 1:
        numbers = ", ".join(one.number for one in late) or "none is overdue"
        raise InvoiceError(f"Which invoice do you mean: {numbers}? Please name its number.")
    return late[0]


async def _refuse_drafts(task: InvoiceTask, deps: Deps) -> None:
    """Say so where the invoice that is meant was never sent. Raises InvoiceError."""
    client = await deps.stores.clients.find(deps.user, task.client) if task.client else None
    if not client or await deps.stores.invoices.all(deps.user, states=("sent",), client=client.id):
        return
    if drafts := await deps.stores.invoices.all(deps.user, states=("draft",), client=client.id):
        number = drafts[0].number
        raise InvoiceError(
            f"Invoice {number} for {client.name} is still a draft, so there is nothing to remind of: say “mark invoice "
            f"{number} sent” once it is out."
        )


async def _owed(invoice: Invoice, deps: Deps) -> Owed | None:
    profile = await deps.stores.profiles.load(deps.user)
    country = country_of(*(str(profile.get(name) or "") for name in ("country", "tax_id", "address")))
    return owed_on(invoice.open, invoice.due_on, deps.today, country, deps.settings.base_rates)


def _days(invoice: Invoice, deps: Deps) -> str:
    days = (deps.today - invoice.due_on).days
    return f"{days} days late" if days > 0 else "and not late yet"
