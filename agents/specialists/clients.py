"""Clients: who they are, whom to talk to, what was done for them, notes with their day, and whom to get back to."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from typing import Annotated, Any, Literal

from pydantic import BaseModel

from agents.deps import Deps
from agents.spec import AgentError, AgentSpec, Finding, Given, Record, Slot
from agents.tools.billing.invoice_book import named_client
from agents.tools.business.client_card import LABELS, card, details
from agents.tools.business.client_words import THEIR_MAIL, THEIR_RATE, read_client
from agents.tools.business.language_wish import WISHED, language_wish
from agents.tools.business.reminder_words import day_of
from agents.tools.text.markdown import plain
from config.dates import day_text
from memory.business.clients import Client
from memory.business.contacts import FollowUp
from memory.money import find_prices

NAME = "clients"
USUAL = timedelta(days=7)
"""When to get back to somebody where no day is said."""


class ClientTask(BaseModel):
    """What to do with which client."""

    action: Literal["save", "person", "note", "follow", "whom", "done", "list", "show"] = "show"
    name: Annotated[str | None, Slot("client", "Which client, for example Acme GmbH?")] = None
    person: str | None = None
    role: str = ""
    note: str | None = None
    when: str = ""
    email: str = ""
    phone: str = ""
    address: str = ""
    tax_id: str = ""
    language: str = ""
    terms: str = ""
    currency: str = ""
    rate: str = ""


def needs(filled: dict[str, Any]) -> list[str]:
    """Whom it is about, except for lists; a note may name a known client anywhere."""
    return ["name"] if filled.get("action", "show") in ("save", "person", "follow") else []


async def run(task: ClientTask, given: Given, deps: Deps) -> Finding:
    """Do one thing with the user's clients. Raises AgentError."""
    if wish := language_wish(given.text):  # in the user's own language, which a gloss may blur
        task = task.model_copy(update={"action": "save", "name": wish[0], "language": wish[1]})
    actions: dict[str, Callable[[ClientTask, Given, Deps], Awaitable[Finding]]] = {
        "save": _save,
        "person": _person,
        "note": _note,
        "follow": _follow,
        "whom": _whom,
        "done": _done,
        "list": _list,
    }
    return await actions.get(task.action, _show)(task, given, deps)


async def _save(task: ClientTask, given: Given, deps: Deps) -> Finding:
    name = await named_client(given.text, deps) or task.name or ""
    said = read_client(given.text)  # names and numbers as the user wrote them, whatever the language around them
    told = {field: str(said.get(field) or getattr(task, field)) for field in LABELS if field != "country"}
    told = {field: value for field, value in told.items() if value}
    if "rate" in told:
        told["rate"] = await _an_hour(told["rate"], deps)
    before = await deps.stores.clients.find(deps.user, name)
    client = await deps.stores.clients.save(deps.user, _longer(task.name, name), **told)
    if before is None:
        text = f"**{plain(client.name)}** is among your clients now."
    elif told:
        changed = [f"{LABELS[field].lower()} {plain(value)}" for field, value in told.items()]
        text = f"**{plain(client.name)}**: {', '.join(changed)}, kept."
        if old := [f"{LABELS[field].lower()} {plain(value)}" for field in told if (value := getattr(before, field))]:
            text += f" Before it was {', '.join(old)}."
    else:
        text = f"**{plain(client.name)}** was among your clients already."
    lines = details(client)
    if task.person:
        await deps.stores.contacts.person(deps.user, client.id, task.person, email=told.get("email", ""))
        lines = [f"- Contact: {plain(task.person)}", *lines]
    known = "\n".join(lines)
    lacking = [LABELS[field].lower() for field in ("email", "address") if not getattr(client, field)]
    hint = f"\n\nStill unknown: {' and '.join(lacking)}, which an invoice prints." if lacking and not before else ""
    offers = (f"Start the timer for {client.name}", f"Show {client.name}")
    return _found(client, f"{text}{f'{chr(10)}{chr(10)}{known}' if known else ''}{hint}", offers)


async def _an_hour(rate: str, deps: Deps) -> str:
    """A rate with what it is in and for: ``52`` is ``52 EUR/h``, in the user's own currency."""
    profile = await deps.stores.profiles.load(deps.user)
    whole = rate if re.search(r"[^\d.,\s]", rate) else f"{rate} {profile.get('currency') or 'EUR'}"
    prices = find_prices(whole)
    return f"{prices[0].money}/h" if prices and not prices[0].unit else whole


async def _person(task: ClientTask, given: Given, deps: Deps) -> Finding:
    name = await named_client(given.text, deps) or task.name or ""
    client = await deps.stores.clients.save(deps.user, name)
    if not task.person:
        raise AgentError(f"Say who it is, such as “Anna Meyer is my contact at {client.name}, anna@acme.com”.")
    row = await deps.stores.contacts.person(
        deps.user, client.id, task.person, email=task.email, phone=task.phone, role=task.role
    )
    more = ", ".join(plain(value) for value in (row.role, row.email, row.phone) if value)
    text = f"**{plain(row.name)}** is kept as contact at **{plain(client.name)}**{f': {more}' if more else ''}."
    return _found(client, text, (f"Show {client.name}",))


async def _note(task: ClientTask, given: Given, deps: Deps) -> Finding:
    client = await _client(task, given, deps)
    if not task.note:
        raise AgentError(f"Tell me what to note, such as “note for {client.name}: wants a discount”.")
    row = await deps.stores.contacts.note(deps.user, client.id, deps.today, task.note)
    text = f"Noted for **{plain(client.name)}**, {day_text(row.day)}: {plain(row.text, 300)}"
    return _found(client, text, (f"Follow up with {client.name} next week",))


async def _follow(task: ClientTask, given: Given, deps: Deps) -> Finding:
    name = await named_client(given.text, deps) or task.name or ""
    client = await deps.stores.clients.save(deps.user, name)
    day = day_of(task.when, deps.today) or deps.today + USUAL
    if day < deps.today:
        raise AgentError("That day is over already; name one to come, such as “next Tuesday”.")
    row = await deps.stores.contacts.follow_up(deps.user, client.id, day, task.note or "")
    about = f" about {plain(row.text)}" if row.text else ""
    assumed = "" if day_of(task.when, deps.today) else " You named no day, so I took a week from now."
    when = day_text(day, "%A, %-d %B")
    text = f"I keep that you want to get back to **{plain(client.name)}** on {when}{about}.{assumed}"
    return _found(client, text, ("Whom should I get back to?",), follow_up=row.id, due=day.isoformat())


async def _whom(task: ClientTask, given: Given, deps: Deps) -> Finding:
    rows = await deps.stores.contacts.open(deps.user)
    if not rows:
        text = "Nobody waits for you. Say “follow up with Acme next week”, and I keep it."
        return Finding(NAME, True, text, data={"follow_ups": []})
    names = {client.id: client.name for client in await deps.stores.clients.all(deps.user)}
    lines = []
    for number, row in enumerate(rows, start=1):
        about = f": {plain(row.text)}" if row.text else ""
        lines.append(f"{number}. **{plain(names[row.client])}**, {day_words(row.due, deps.today)}{about}")
    text = "You wanted to get back to:\n\n" + "\n".join(lines)
    data = {"follow_ups": [{"client": names[row.client], "due": row.due.isoformat(), "text": row.text} for row in rows]}
    records = tuple(Record("client", row.client, names[row.client]) for row in rows)
    return Finding(NAME, True, text, data=data, records=records, offers=(f"I got back to {names[rows[0].client]}",))


async def _done(task: ClientTask, given: Given, deps: Deps) -> Finding:
    client = await _client(task, given, deps)
    rows: list[FollowUp] = await deps.stores.contacts.open(deps.user, client=client.id)
    if not rows:
        raise AgentError(f"There was no open follow-up with {client.name}.")
    await deps.stores.contacts.done(rows[0].id, user=deps.user, on=deps.today)
    left = len(rows) - 1
    text = f"Good, you got back to **{plain(client.name)}**." + (f" {left} more with them open." if left else "")
    return _found(client, text, (f"Note for {client.name}: …",))


async def _list(task: ClientTask, given: Given, deps: Deps) -> Finding:
    clients = await deps.stores.clients.all(deps.user)
    if not clients:
        text = "You have no clients here yet. Say “add client Acme GmbH, anna@acme.com”, or write an invoice for one."
        return Finding(NAME, True, text, data={"clients": []})
    rows = [f"| {plain(one.name)} | {plain(one.email)} | {plain(one.phone)} | {plain(one.rate)} |" for one in clients]
    count = f"{len(clients)} {'client' if len(clients) == 1 else 'clients'}"
    text = f"You have {count}.\n\n| Client | Mail | Phone | Rate |\n|---|---|---|---|\n" + "\n".join(rows)
    records = tuple(Record("client", one.id, one.name) for one in clients)
    offers = (f"Show {clients[0].name}",)
    return Finding(NAME, True, text, data={"clients": [one.name for one in clients]}, records=records, offers=offers)


async def _show(task: ClientTask, given: Given, deps: Deps) -> Finding:
    client = await _client(task, given, deps)
    text, counts = await card(client, deps)
    if not any(counts.values()) and len(text.splitlines()) < 2:
        text += "\n\nNothing is known yet but the name. Say for example “ACME's mail is anna@acme.com”."
    offers = (f"Show my unbilled hours for {client.name}", f"Follow up with {client.name} next week")
    return _found(client, text, offers, **counts)


async def _client(task: ClientTask, given: Given, deps: Deps) -> Client:
    """The client meant. Raises AgentError."""
    name = await named_client(given.text, deps) or task.name
    client = await deps.stores.clients.find(deps.user, name) if name else None
    if client is None:
        known = ", ".join(await deps.stores.clients.names(deps.user)) or "none yet"
        said = f"I know no client called {name}" if name else "Which client do you mean"
        raise AgentError(f"{said}; there {'are' if ',' in known else 'is'} {known}. “Add client …” makes one.")
    return client


def _longer(told: str | None, known: str) -> str:
    """``Acme GmbH`` where the user says so and ``Acme`` was known."""
    return told if told and known.casefold() in told.casefold() else known


def day_words(day: date, today: date) -> str:
    """``today``, ``2 days late``, or the day."""
    late = (today - day).days
    if late > 0:
        return "1 day late" if late == 1 else f"{late} days late"
    return "today" if late == 0 else f"{day_text(day, '%A, %-d %B')}"


def _found(client: Client, text: str, offers: tuple[str, ...], **data: Any) -> Finding:
    record = Record("client", client.id, client.name)
    return Finding(NAME, True, text, data={"client": client.name, **data}, records=(record,), offers=offers)


AGENT = AgentSpec(
    name=NAME,
    title="Clients",
    description="Keeps clients and their people, notes and history, and says whom to get back to.",
    examples=(
        "Add a client: ACME GmbH, anna@acme.com, phone +49 30 1234567",
        "List my clients",
        "What did I do for ACME?",
        "Show me everything about Zeta Ltd",
        "Follow up with Zeta next week about the offer",
        "Whom should I get back to?",
        "Note for ACME: wants a discount next year",
        "I called ACME today, they want a new logo",
        "Anna Meyer is my contact at ACME",
        "ACME's address is Hauptstr. 1, 10115 Berlin",
        "What's ACME's email?",
        "I got back to Zeta",
        "Set ACME's payment terms to 30 days",
        "Neuer Kunde: Müller GmbH, info@mueller.de",
        "Añade el cliente Acme",
        "Montre-moi mes clients",
        "Chi devo ricontattare?",
    ),
    task=ClientTask,
    run=run,
    read=read_client,
    needs=needs,
    cues=(
        r"^\W*[A-Z][^.?!]{1,40}\b(?:is|are|became) (?:now )?(?:an?|my|our) (?:new )?(?:client|customer)\b",
        r"\b(?:add|new|create|save|register)\b[^.?!]{0,15}\b(?:client|customer|contact)\b",
        r"\b(?:list|show|which|who are|all|see|how many)\b[^.?!]{0,15}\b(?:clients|customers|contacts)\b|"
        r"^\W*my clients\W*$",
        r"^(?!.*\bremind\b).*\bfollow(?:ed|ing)?[- ]?ups?\b(?!.{0,20}\b(?:mail|e-?mail|invoice)\b)"
        r"|^(?!.*\bremind\b).*\b(?:get|got|come) back to\b|\bcheck in with\b",
        r"\bwhat (?:did|have) i (?:do|done)\b[^.?!]{0,10}\bfor\b|\bhistory (?:of|with)\b|"
        r"\beverything (?:about|on)\b",
        r"^\W*(?:add |make |take )?(?:a )?note (?:for|on|about)\b|^\W*i (?:just )?(?:called|met|phoned|"
        r"spoke (?:to|with))\b",
        r"\b(?:is|as) (?:my|the|our|a) (?:\w+ )?contact (?:at|for|of)\b|\bcontact at\b",
        r"['’]s? (?:new )?(?:e-?mail|mail|phone|telephone|address|vat id|vat number|payment terms|number|"
        r"contact)\b",
        r"\b(?:neuer? kund\w+|meine kunden|mis clientes|mes clients|i miei clienti|meus clientes|nachfassen)\b",
    ),
    surely=(*WISHED, THEIR_MAIL, THEIR_RATE),
    makes=("client",),
    writes=True,
)
