"""Mail: finds jobs in alert mails, lists what came, and writes mails that are sent only when the user says so."""

from __future__ import annotations

import asyncio
import hashlib
import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any
from uuid import uuid4

from pydantic import BaseModel

from agents.deps import Deps
from agents.spec import AgentError, AgentSpec, Effect, Finding, Given, Slot, Source
from agents.tools.jobs.job_intake import MAILS, Job, keep_jobs, open_jobs, with_skills
from agents.tools.jobs.job_text import facts, link
from agents.tools.text.languages import day_in, detect, sum_in
from agents.tools.text.markdown import plain
from agents.tools.writing.mail_draft import TURNS, WISHES, changed, last_draft, last_text
from agents.tools.writing.mail_words import SENTENCES, USUAL_DAYS, greets, letter, read_mail
from agents.tools.writing.papers import language_for
from agents.tools.writing.rewording import reword
from agents.tools.writing.style import AROUND, style_for, styled
from integrations.http import Errand
from integrations.job_boards.post import JobPost
from integrations.mail.account import imap_server, smtp_server
from integrations.mail.imap import fetch
from integrations.mail.letters import Letter
from integrations.mail.smtp import Attached, send, written
from memory.business.invoice import Invoice
from memory.files import FileRef

NAME = "mail"
SURE = 0.2
"""From here on a message is surely in the language it looks like."""
_OF_INVOICE = re.compile(
    r"\b(?:invoices?|bills?|rechnung(?:en)?|facturas?|factures?|fatture?|faturas?|payment|unpaid|overdue|"
    r"\d{4}-\d+)\b",
    re.IGNORECASE,
)
_POINTS = re.compile(r"\b(?:it|that|this|them|sie|ihn|das|la|lo|le)\b", re.IGNORECASE)
"""Words by which a mail is about the invoice at hand: its name, or one that points to it."""
UNCHANGED = (
    "By rule I can make it shorter where words say nothing, warmer, or more formal; here I found nothing to change. "
    "Say “add that …”, or install a language model for a real rewrite."
)
_THIS = re.compile(
    r"^\W*(?:(?:ok|yes|now|and|please|then|great|gut|ja|bitte|und|y|et|e)\W+)*(?:send|mail|email|e-mail|forward|schick\w*|"
    r"sende|envía\w*|envoie\w*|invia\w*|manda\w*|envia\w*)\b(?:\W*(?:it|this|that|them|es|das|lo|la|le)\b)?"
    r"(?:\W+(?:off|to|an|a|à|ab)?\W*(?:her|him|them|ihr|ihm|ihnen|\S+@\S+)?)?\W*$",
    re.IGNORECASE,
)
"""An order to send what was just written."""
READING, SENDING = "mail", "mail_sending"
SECONDS, MEMORY_MB = 60.0, 768
"""What reading the mails of one look into the mailbox may take."""
ALERTS = ("upwork.com", "linkedin.com", "fiverr.com", "freelancer.com", "indeed.com", "glassdoor.com")
"""Whose mails are looked through for jobs."""


class MailTask(BaseModel):
    """What is done with mail. `to` is an address; without one, the client's is taken."""

    action: str = "list"
    to: Annotated[str | None, Slot("email")] = None
    client: Annotated[str | None, Slot("client")] = None
    name: str = ""
    invoice: Annotated[str | None, Slot("record:invoice")] = None
    about: str = ""
    body: str = ""
    sender: str = ""
    days: int = USUAL_DAYS


async def run(task: MailTask, given: Given, deps: Deps) -> Finding:
    """Propose to read or to send; without a server to send by, give the letter alone. Raises Mendable."""
    said = read_mail(given.text)  # in the user's own language, which a gloss may blur
    told = {name: said[name] for name in ("name", "body") if said.get(name)}
    if task.action == "write" or "body" in told:
        return await _letter(task.model_copy(update=told), given, deps)
    draft = await last_draft(deps) if task.action == "list" else None
    if draft and (anew := await _redrafted(draft, task.to, given.text, deps)):
        return anew
    if any(file.name.lower().endswith(MAILS) for file in given.files):
        return _jobs_in(await open_jobs(None, None, None, given, deps), "what you sent", deps)
    await deps.must("connections")
    server = imap_server(deps.settings)
    since = deps.today - timedelta(days=task.days)
    arguments = {"since": str(since), "sender": task.sender}
    what = "job alerts" if task.action == "jobs" else f"mails{f' from {plain(task.sender)}' if task.sender else ''}"
    preview = (
        f"I would sign in at {plain(server.host)} and read the {what} since {since:%d %B %Y}. "
        "Nothing there is changed or marked as read, and no link in a mail is opened."
    )
    effect = Effect(
        "find_jobs" if task.action == "jobs" else "list_mails", arguments, "Read your mail", preview, consent=READING
    )
    return Finding(NAME, ok=True, text=f"I can look for {what} in your mailbox.", effect=effect)


async def list_mails(arguments: dict[str, Any], deps: Deps) -> Finding:
    """What came, as a table."""
    sender = (arguments["sender"],) if arguments["sender"] else ()
    found = await _read(
        "integrations.mail.letters:read_letters", "folder", await _fetched(arguments, sender, deps), deps
    )
    letters = [Letter(**{**one, "sent": datetime.fromisoformat(one["sent"]) if one["sent"] else None}) for one in found]
    rows = "\n".join(
        f"| {f'{one.sent:%d %b %H:%M}' if one.sent else ''} | {plain(one.sender, 60)} | {plain(one.subject)} |"
        for one in letters[:40]
    )
    text = f"| Came | From | Subject |\n|---|---|---|\n{rows}" if letters else "No such mail came."
    if len(letters) > 40:
        text += f"\n\n{len(letters) - 40} more are not shown."
    data = {"mails": [{"from": one.address, "subject": one.subject, "text": one.text[:2_000]} for one in letters]}
    return Finding(NAME, ok=True, text=text, data=data, sources=(Source("your mailbox"),), trust="outside")


async def find_jobs(arguments: dict[str, Any], deps: Deps) -> Finding:
    """The jobs that alert mails tell of, kept as leads."""
    mails = await _fetched(arguments, ALERTS, deps)
    found = await _read("integrations.job_boards.alert_mails:read_mails", "path", mails, deps)
    posts = [JobPost.model_validate(one) for one in found["posts"]]
    jobs = await keep_jobs([with_skills(post) for post in posts], deps)
    return _jobs_in(jobs, f"{len(mails)} alert mails", deps)


def _jobs_in(jobs: list[Job], where: str, deps: Deps) -> Finding:
    lines = [f"{n}. {link(job.post)}\n   {facts(job.post, deps.today)}" for n, job in enumerate(jobs[:30], 1)]
    many = "1 job stands" if len(jobs) == 1 else f"{len(jobs)} jobs stand" if jobs else "No job stands"
    return Finding(
        NAME,
        ok=True,
        text="\n\n".join([f"{many} in {where}{':' if jobs else '.'}", "\n".join(lines)]).strip(),
        data={"jobs": [job.post.model_dump(mode="json", exclude={"description"}) for job in jobs]},
        records=tuple(job.record for job in jobs),
        sources=(Source(where),),
        trust="outside",
        offers=("How well does the first one match my profile?",) if jobs else (),
    )


async def send_mail(arguments: dict[str, Any], deps: Deps) -> Finding:
    """Send exactly what was shown."""
    files = [await _attached(file, deps) for file in arguments.get("files", ())]
    sender, to, subject, body, once = (arguments[name] for name in ("from", "to", "subject", "body", "id"))
    mail = written(sender, to, subject, body, once, files)
    errand = Errand(SENDING, deps.user, agent=NAME, thread=deps.thread, approved=True)
    await send(deps.http, errand, smtp_server(deps.settings), mail)
    return Finding(
        NAME, ok=True, text=f"Sent to {plain(arguments['to'])}: “{plain(arguments['subject'])}”.", data=arguments
    )


async def _fetched(arguments: dict[str, Any], senders: tuple[str, ...], deps: Deps) -> list[bytes]:
    errand = Errand(READING, deps.user, agent=NAME, thread=deps.thread, approved=True)
    since = date.fromisoformat(arguments["since"])
    return await fetch(deps.http, errand, imap_server(deps.settings), since, senders)


async def _read(reader: str, argument: str, mails: Sequence[bytes], deps: Deps) -> Any:
    """What a reader says of mails, which strangers wrote."""
    with tempfile.TemporaryDirectory() as folder:
        await asyncio.to_thread(_lay, Path(folder), mails)
        return await deps.jobs.run(reader, {argument: folder}, seconds=SECONDS, memory_mb=MEMORY_MB)


def _lay(folder: Path, mails: Sequence[bytes]) -> None:
    for number, data in enumerate(mails):
        (folder / f"{number:05}").write_bytes(data)


async def _letter(task: MailTask, given: Given, deps: Deps) -> Finding:
    names_it = not given.text or _OF_INVOICE.search(given.text) or (not task.body and _POINTS.search(given.text))
    if not (task.body or task.about) and _THIS.match(given.text) and (this := await _this(task, deps)):
        return this
    invoice = await deps.stores.invoices.get(task.invoice, user=deps.user) if task.invoice and names_it else None
    name = task.client or task.name or (invoice.client_name if invoice else "")
    to = task.to or (await _address(name, deps) if name else "")
    profile = await deps.stores.profiles.load(deps.user)
    style = await style_for(("mail", *(("invoice",) if invoice else ())), name, deps)
    guess = detect(given.text)
    usual = guess.code if guess and guess.code in SENTENCES and guess.sure > SURE else "en"
    language = style.language if style.language in SENTENCES else await language_for("mail", name, deps, usual=usual)
    about, said = task.about, task.body
    files = list(given.files)
    if invoice is not None:
        files.append(await _pdf_of(invoice, deps))
        named = SENTENCES[language]
        about = about or named["named"].format(number=invoice.number)
        total, due = sum_in(language, invoice.totals.total.text()), day_in(language, invoice.due_on)
        said = said or named["invoice"].format(number=invoice.number, total=total, due=due)
    subject, body = letter(about, said, name, str(profile.get("name") or ""), language)
    if task.body:  # the user's own words stay as they are
        style = style.only(*AROUND, *(() if greets(task.body) else ("greeting", "tone")))
    body = styled(body, style, language, profile).text
    return await _proposed(to, subject, body, files, name, deps)


async def _this(task: MailTask, deps: Deps) -> Finding | None:
    """What was written last in this conversation as a mail: the draft of one, or else any text; None for neither."""
    draft, text = await last_draft(deps), await last_text(deps, 2 if task.invoice else TURNS)
    if text is None:
        return None
    mail = draft or {"subject": text[0].strip().splitlines()[0][:80]}
    return await _proposed(task.to or str(mail.get("to") or ""), str(mail["subject"]), text[0], [], task.name, deps)


async def _redrafted(draft: Mapping[str, Any], to: str | None, wish: str, deps: Deps) -> Finding | None:
    """The mail drafted last, as the user wishes it now; None where the words wish nothing about it."""
    body = changed(draft, wish)
    if body is None and to is None and not WISHES.search(wish):
        return None
    old, note = str(draft["body"]), ""
    if (body is None and to is None) or body == old:
        made = await reword(old, f"Rewrite the mail as the user asks: {wish} Keep its language.", deps)
        body, note = made.text or old, made.note or ("" if made.text else UNCHANGED)
    mail = await _proposed(to or str(draft.get("to") or ""), str(draft["subject"]), body or old, [], "", deps)
    return replace(mail, text=f"{mail.text}\n\n{note}") if note else mail


async def _address(name: str, deps: Deps) -> str:
    """The address of a client, or of the person at one who is called so; empty where none is known."""
    if client := await deps.stores.clients.find(deps.user, name):
        return client.email
    for client in await deps.stores.clients.all(deps.user):
        for person in await deps.stores.contacts.people(deps.user, client.id):
            if name.casefold() in (person.name.casefold(), *person.name.casefold().split()):
                return person.email or client.email
    return ""


async def _proposed(to: str, subject: str, body: str, files: list[FileRef], name: str, deps: Deps) -> Finding:
    """A mail to look at, which is sent when the user says so; without a server to send by, the text alone."""
    shown = _shown(to or "the address you choose", subject, body, [file.name for file in files])
    settings, data = deps.settings, {"to": to, "subject": subject, "body": body}
    if not await deps.may("connections"):
        why = "I cannot send it, because the mailbox here is an owner's; copy it into your mail program."
        return Finding(NAME, ok=True, text=f"{shown}\n\n{why}", data=data)
    if not settings.smtp_host:
        why = "I cannot send it, because no mail server is connected; copy it into your mail program."
        return Finding(NAME, ok=True, text=f"{shown}\n\n{why}", data=data)
    if not to:
        raise AgentError(f"I know no address of {name or 'the person'}; write it, as in “to name@company.com”.")
    sender = settings.mail_from or settings.mail_user
    arguments = {"from": sender, "to": to, "subject": subject, "body": body, "id": f"<{uuid4()}@freelancex>"}
    hashed = [
        {"id": file.id, "name": file.name, "sha256": hashlib.sha256(await deps.stores.files.read(file)).hexdigest()}
        for file in files
    ]
    return Finding(NAME, ok=True, text=shown, effect=await sending({**arguments, "files": hashed}, deps))


async def sending(arguments: dict[str, Any], deps: Deps) -> Effect:
    """The proposal to send a mail, shown in full. Raises Mendable now for what could not be sent after the yes."""
    sender, to, subject, body, once = (arguments[name] for name in ("from", "to", "subject", "body", "id"))
    files = [await _attached(file, deps) for file in arguments["files"]]
    if not body.strip():
        raise AgentError("There is nothing in this mail yet; write its text first.")
    written(sender, to, subject, body, once, files)
    shown = _shown(to, subject, body, [file.name for file in files])
    return Effect(
        "send_mail",
        arguments,
        f"Send a mail to {plain(to)}",
        f"I would send this mail from {plain(sender)} by {plain(smtp_server(deps.settings).host)}:\n\n{shown}",
        editable=("to", "subject", "body"),
        lasts_h=24,
    )


def _shown(to: str, subject: str, body: str, files: list[str]) -> str:
    listed = "".join(f"\n\n**Attached** {plain(name)}" for name in files)
    return f"**To** {plain(to)}\n\n**Subject** {plain(subject)}\n\n```\n{_fenced(body)}\n```{listed}"


async def _pdf_of(invoice: Invoice, deps: Deps) -> FileRef:
    """The invoice as it was printed in this conversation. Raises AgentError when it was not."""
    here = await deps.stores.files.in_thread(deps.thread, user=deps.user)
    found = next((file for file in here if file.name == f"Invoice {invoice.number}.pdf"), None)
    if found is None:
        raise AgentError(f'Print invoice {invoice.number} first: say "show invoice {invoice.number}", then send it.')
    return found


async def _attached(file: dict[str, str], deps: Deps) -> Attached:
    """A file as it was when it was shown. Raises AgentError when it is gone or another."""
    ref = await deps.stores.files.get(file["id"], user=deps.user)
    if ref is None:
        raise AgentError(f"{file['name']} is no longer here, so the mail was not sent.")
    data = await deps.stores.files.read(ref)
    if hashlib.sha256(data).hexdigest() != file["sha256"]:
        raise AgentError(f"{file['name']} is not what you saw any more, so the mail was not sent; ask for it again.")
    return Attached(ref.name, ref.mime, data)


def _fenced(text: str) -> str:
    return text.replace("```", "'''")


AGENT = AgentSpec(
    name=NAME,
    title="Mail",
    description="Finds jobs in your alert mails, lists what came, and writes mails that you approve before they go.",
    examples=(
        "Check my mail for new job alerts",
        "Any new mail from Acme this week?",
        "Send a mail to nora@orbit.example saying I can start on Monday",
        "Draft a follow-up mail to Acme about the proposal",
        "What is in my inbox today?",
        "Look for jobs in my alert mails",
        "Write an email to the client about the delay",
        "Follow up with Studio Nord by email about the unpaid invoice",
        "Schreib eine Mail an Müller GmbH wegen des Angebots",
        "show me the mails from linkedin",
        "email the invoice to nora@orbit.example",
    ),
    task=MailTask,
    run=run,
    read=read_mail,
    cues=(
        r"\b(?:e-?mails?|mails?|inbox|mailbox|postfach)\b(?!.{0,20}\b(?:campaign|sequence|marketing|list|template)\b)",
        r"\b(?:send|write|draft|compose|schreib\w*)\b.{0,30}\b(?:e-?mail|mail)\b",
        r"\balert mails?\b|\bjob alerts?\b",
        r"\bfollow[- ]?up (?:mail|e-?mail|message)\b|\bfollow up with\b.*\b(?:mail|e-?mail)\b",
    ),
    effects={"list_mails": list_mails, "find_jobs": find_jobs, "send_mail": send_mail},
    resource="connections",
    edits={"send_mail": sending},
    consents=(READING,),
    makes=("job",),
    takes=("invoice",),
)
