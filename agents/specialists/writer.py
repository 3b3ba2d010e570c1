"""Writes business texts from templates and facts, and betters texts: shorter, plainer, without mistakes."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Annotated, Any

from pydantic import BaseModel

from agents.deps import Deps
from agents.spec import AgentError, AgentSpec, Artifact, Finding, Given, Record, Slot, Trust
from agents.tools.documents.citations import plain
from agents.tools.documents.document_intake import opened, passages_of
from agents.tools.text.languages import NAMES, day_in, detect, sum_in
from agents.tools.writing.letters import facts_for, kinds, languages_of, letter
from agents.tools.writing.mail_draft import last_text
from agents.tools.writing.plain_language import Better, corrected, plainer, readability, shorter
from agents.tools.writing.rewording import reword
from agents.tools.writing.style import WORDS, style_for, styled
from agents.tools.writing.writer_words import read
from memory.business.invoice import Invoice

NAME = "writer"
WHICH = "Which text is it? Paste it behind a colon, or attach it."
INSTALL = "Install the recommended language model"
NO_MODEL = (
    "A real rewrite needs a language model, and none runs here. What I could do by rule, I did; say “install the "
    "recommended language model” and I can do the rest on this computer."
)
NO_TEMPLATE = (
    "I have no template for that, and free texts need a language model, which does not run here yet. By template I "
    "write {kinds}. Say “install the recommended language model” for everything else."
)
PROMPTS = {
    "shorten": "Shorten the text to about half. Keep what matters, its language and its tone.",
    "plain": "Rewrite the text in plain, clear language: short sentences, common words. Keep its language.",
    "proofread": "Correct spelling, grammar and punctuation. Change nothing else. Keep its language.",
    "rewrite": "Rewrite the text as the user asks: {wish} Keep its language and its length.",
    "free": "Write the business text that the user asks for, ready to send, at most 250 words, in the language of the "
    "request. Use only the facts in the request and between the tags; where one is missing, put a place in square "
    "brackets. The user asks: {wish}",
}
DAYS_TO_PAY = 7
SHOWN = 12


class WriterTask(BaseModel):
    """A text to write, or one to better."""

    action: str = "free"
    kind: str = ""
    language: str = ""
    text: Annotated[str, Slot("pasted")] = ""
    file: Annotated[str | None, Slot("file:document")] = None
    earlier: Annotated[str | None, Slot("record:text")] = None
    client: Annotated[str | None, Slot("client")] = None
    invoice: Annotated[str | None, Slot("record:invoice")] = None
    name: str = ""
    project: str = ""
    service: str = ""
    rate: Annotated[str | None, Slot("rate")] = None
    day: Annotated[date | None, Slot("date")] = None


async def run(task: WriterTask, given: Given, deps: Deps) -> Finding:
    """Write or better a text. Raises AgentError when there is no text to better."""
    if task.action == "letter" and task.kind:
        return await _letter(task, deps)
    if task.action == "free":
        return await _free(task, given, deps)
    text, outside = await _text(task, given, deps)
    language = (detect(text) or detect(given.text)) if text else None
    return await _bettered(task, text, language.code if language else "en", given, deps, outside=outside)


async def _letter(task: WriterTask, deps: Deps) -> Finding:
    """A text by template, filled from the profile, the client and the invoice."""
    written_in = languages_of(task.kind)
    invoice = await _invoice(task, deps) if task.kind.startswith("reminder") else None
    client = task.client or task.name or (invoice.client_name if invoice else "")
    style = await style_for(("mail", "letter", *(("invoice",) if invoice else ())), client, deps)
    wanted = task.language or style.language
    language = wanted if wanted in written_in else "en"
    profile = await deps.stores.profiles.load(deps.user)
    known = {
        **facts_for(profile, language),
        "project": task.project if language == "en" else "",
        "service": task.service,
    }
    if task.kind.startswith("reminder"):
        known["deadline"] = day_in(language, deps.today + timedelta(days=DAYS_TO_PAY))
    if invoice:
        known |= {
            "number": invoice.number,
            "total": sum_in(language, invoice.totals.total.text()),
            "due": day_in(language, invoice.due_on),
        }
    if task.day:
        known |= {"back": day_in(language, task.day), "start": day_in(language, task.day)}
    if task.rate:
        known["new"] = sum_in(language, task.rate)
    made = letter(task.kind, language, {**known, "client": client, "company": client})
    body_styled = styled(made.body, style if made.subject else style.only(*WORDS), language, profile)
    made = replace(made, body=body_styled.text)
    notes = list(body_styled.notes)
    if wanted and wanted != language:
        others = ", ".join(NAMES[one] for one in written_in)
        notes.append(f"I have this text in {others}, so it is in English.")
    if made.open:
        notes.append(f"Fill in what I do not know: {', '.join(made.open)}.")
    head = f"**Subject** {plain(made.subject)}\n\n" if made.subject else ""
    body = f"{head}```\n{made.body.replace('```', '')}\n```"
    data = {
        "kind": made.kind,
        "language": language,
        "subject": made.subject,
        "body": made.body,
        "open": list(made.open),
    }
    return await _kept(made.text, f"Here is {made.title}:\n\n{body}", notes, data, deps)


async def _invoice(task: WriterTask, deps: Deps) -> Invoice | None:
    """The invoice named, else the one that is overdue longest, of the client where one is named."""
    if task.invoice and (found := await deps.stores.invoices.get(task.invoice, user=deps.user)):
        return found
    name = task.client or task.name
    client = await deps.stores.clients.find(deps.user, name) if name else None
    if name and client is None:
        return None
    every = await deps.stores.invoices.all(deps.user, client=client.id if client else None)
    late = [invoice for invoice in every if invoice.overdue(deps.today)]
    return min(late, key=lambda invoice: invoice.due_on, default=None)


async def _free(task: WriterTask, given: Given, deps: Deps) -> Finding:
    """A text no template fits: by a model, from the request and the profile alone."""
    profile = facts_for(await deps.stores.profiles.load(deps.user), "en")
    facts = "; ".join(
        f"{name}: {value}" for name, value in profile.items() if value and name not in ("iban", "a_title")
    )
    style = await style_for(("mail", "letter"), task.client or task.name, deps)
    prompt = f"{PROMPTS['free'].format(wish=given.text)}\n{style.asked}"
    made = await reword(facts, prompt, deps, names=False, beside=given.text)
    if made.text:
        put = styled(made.text, style.only(*WORDS))
        notes = [*put.notes, made.note, "Written by the model; please check it."]
        return await _kept(put.text, put.text, notes, {"by_model": True}, deps)
    if made.note:
        return Finding(NAME, ok=False, text=made.note, error="not usable")
    raise AgentError(NO_TEMPLATE.format(kinds=", ".join(kinds().values())))


async def _text(task: WriterTask, given: Given, deps: Deps) -> tuple[str, bool]:
    """The text to better, and whether it comes from outside. Raises AgentError when there is none."""
    if task.text:
        return task.text, False
    file_id = task.earlier or task.file
    file = next((one for one in given.files if one.kind == "document"), None)
    if file is None and file_id:
        file = await deps.stores.files.get(file_id, user=deps.user)
    if file is None:
        if before := await last_text(deps):
            return before
        raise AgentError(WHICH)
    if file.made_by == NAME:
        return (await deps.stores.files.read(file)).decode(), False
    passages = await passages_of([await opened(file, deps)], deps)
    return "\n\n".join(one["text"] for one in passages), True


async def _bettered(task: WriterTask, text: str, language: str, given: Given, deps: Deps, *, outside: bool) -> Finding:
    trust: Trust = "outside" if outside else "own"
    figures = await asyncio.to_thread(readability, text, language)
    if task.action == "readability":
        return Finding(NAME, ok=True, text=_figures(figures), data=vars(figures), trust=trust)
    wish = " ".join(given.text.split())[:200]
    made = await reword(text, PROMPTS[task.action].format(wish=wish), deps, names=task.action != "rewrite")
    if made.text:
        return await _kept(
            made.text, f"```\n{made.text.replace('```', '')}\n```", [made.note], {"by_model": True}, deps, trust
        )
    rules = {"shorten": shorter, "proofread": lambda text: corrected(text, language),
             "plain": lambda text: plainer(text, language)}  # fmt: skip
    better: Better = await asyncio.to_thread(rules.get(task.action, lambda text: _cleaned(text, language)), text)
    notes = [made.note] if made.note else []
    if task.action == "rewrite":
        notes.append(NO_MODEL)
    elif task.action == "proofread":
        notes.append("By rule I find common mistakes only, not every one.")
    shown = "".join(f"\n- {plain(change)}" for change in better.changes[:SHOWN])
    changes = f"\n\nWhat I changed:\n{shown}" if better.changes else "\n\nI found nothing to change by rule."
    data = {"text": better.text, "changes": list(better.changes), "by_model": False}
    body = f"```\n{better.text.replace('```', '')}\n```{changes}"
    offers = (INSTALL,) if deps.model is None and task.action == "rewrite" else ()
    return await _kept(better.text, body, notes, data, deps, trust, offers)


def _cleaned(text: str, language: str) -> Better:
    """Mistakes mended and wordy phrases out: what can be done of a rewrite by rule."""
    first = corrected(text, language)
    second = plainer(first.text, language)
    return Better(second.text, (*first.changes, *second.changes))


def _figures(figures: Any) -> str:
    ease = "" if figures.ease is None else f", reading ease {figures.ease:.0f} of 100 ({_grade(figures.ease)})"
    lines = [
        f"{figures.words} words in {figures.sentences} sentences, {figures.words_per_sentence:g} words a "
        f"sentence{ease}; "
        f"about {max(figures.minutes, 0.1):g} minutes to read."
    ]
    if figures.long:
        lines += ["These sentences are long:", "\n".join(f"- {plain(one[:200])}" for one in figures.long[:5])]
    return "\n\n".join(lines)


def _grade(ease: float) -> str:
    return "easy" if ease >= 70 else "plain" if ease >= 60 else "fairly hard" if ease >= 45 else "hard"


async def _kept(
    content: str, shown: str, notes: list[str], data: dict[str, Any], deps: Deps, trust: Trust = "own",
    offers: tuple[str, ...] = (),
) -> Finding:  # fmt: skip
    """Keep a text as a file that later messages can refer to."""
    stem = re.sub(r"[^a-z]+", "-", str(data.get("kind") or "text")).strip("-")
    file = await deps.stores.files.put(content.encode(), f"{stem}.md", user=deps.user, thread=deps.thread, made_by=NAME)
    return Finding(
        NAME,
        ok=True,
        text="\n\n".join(filter(None, (shown, *notes))),
        data={"text": content, **data},
        records=(Record("text", file.id, file.name),),
        artifacts=(Artifact(file.id, file.name, file.mime),),
        trust=trust,
        offers=offers or ("Make it shorter",),
    )


AGENT = AgentSpec(
    name=NAME,
    title="Writer",
    description=(
        "Writes business texts (follow-ups, reminders, thank-yous, bios, gig pages, refusals …) in six languages, "
        "and makes "
        "texts shorter, plainer and free of mistakes."
    ),
    examples=(
        "write a friendly payment reminder to ACME",
        "write a firm reminder for the overdue invoice",
        "draft a follow-up on my proposal for Zeta",
        "write a thank-you note to the client",
        "write me a short bio",
        "I need a LinkedIn intro message",
        "out-of-office until 6 January",
        "write a gig description for logo design",
        "how do I politely decline this job",
        "tell the client my rate goes up to 95 € from January",
        "reply to a client who wants more than agreed",
        "write a kick-off message for the project",
        "ask the client for a testimonial",
        "cold intro to a company",
        "make this text shorter: …",
        "proofread this: …",
        "rewrite this friendlier: …",
        "put this into plain English: …",
        "how readable is this text",
        "write a blog post about data cleaning",
        "Schreib eine freundliche Zahlungserinnerung an ACME",
        "Formuliere eine Absage auf Deutsch",
        "Écris un rappel de paiement pour ACME",
        "Escribe un recordatorio de pago",
        "Kürze diesen Text: …",
    ),
    cues=(
        r"\b(?:write|draft|compose|formulate|word|prepare)\b.{0,40}\b(?:reminder|follow[- ]?up|thank[- ]?you|bio|"
        r"linkedin|"
        r"out[- ]of[- ]office|gig|kick[- ]?off|testimonial|reference|refusal|intro\w*|post|blog|announcement|text|"
        r"message|note)\b",
        r"\b(?:rewrite|rephrase|reword|proof-?read|shorten|polish|condense|simplify)\b",
        r"\b(?:make|get)\b.{0,30}\b(?:shorter|friendlier|clearer|more (?:formal|polite|concise|professional)|nicer|"
        r"plainer)\b",
        r"\bpayment reminder\b|\bzahlungserinnerung\b|\bmahnung\b|\brappel de paiement\b|\brecordatorio de pago\b|"
        r"\bsollecito\b|"
        r"\blembrete de pagamento\b",
        r"\bout[- ]of[- ]office\b|\babwesenheits\w*|\blinked ?in\b.{0,30}\b(?:post|intro|message|text|summary)\b",
        r"\b(?:politely )?(?:decline|turn down|say no to)\b.{0,30}\b(?:job|project|client|offer|request|it|them)\b",
        r"\bgig (?:description|text|page)\b|\b(?:my|a|short) bio\b|\bblog ?post\b|\bscope creep\b",
        r"\bplain (?:english|language)\b|\breadab\w+|\btypos?\b|\bspell(?:ing)?\b|\bgrammar\b",
        r"\b(?:schreib\w*|formulier\w*|verfass\w*)\b.{0,40}\b(?:text|absage|dank\w*|erinnerung|beitrag|nachricht|"
        r"bio\w*|anschreiben)\b|"
        r"\b(?:kürze|kürzer|umformulier\w*|korrigier\w*|umschreib\w*)\b",
        r"\b(?:écris|rédige|escribe|redacta|scrivi|escreve|escreva)\b.{0,40}\b(?:texte?o?|rappel|message|mensaje|"
        r"messaggio|mensagem|"
        r"lettre|carta|remerciement|post|bio\w*)\b",
    ),
    task=WriterTask,
    run=run,
    read=read,
    makes=("text",),
)
