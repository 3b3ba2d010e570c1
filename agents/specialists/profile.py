"""The profile: who the freelancer is, told in chat, kept field by field."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from agents.deps import Deps
from agents.spec import AgentError, AgentSpec, Finding, Given, Slot
from agents.tools.billing.invoice_text import cell
from agents.tools.remembering.profile_words import label, name_or_work, rate_text, read_facts, read_profile, valid_iban
from memory.profile import LISTS

NAME = "profile"
BIO_CHARS = 4_000
USEFUL = {
    "name": 'your name ("I\'m Ana Silva")',
    "title": 'what you do ("I\'m a data scientist")',
    "skills": 'your skills ("my skills are Python, SQL")',
    "rate": 'your rate ("my rate is 75 € an hour")',
    "experience": 'something you have done ("I built a churn model for a telecom in 2024")',
    "languages": 'your languages ("I speak English and Portuguese")',
    "address": "your address, for invoices",
    "tax_id": "your tax number, for invoices",
    "iban": "your IBAN, for invoices",
}
"""What helps the other agents most, most useful first."""
ORDER = (
    "name", "title", "company", "location", "country", "rate", "day_rate", "currency", "vat_percent", "tax_percent",
    "skills", "languages", "experience", "portfolio", "availability", "bio", "email", "phone", "address", "tax_id",
    "iban",
)  # fmt: skip


WHOSE = (
    "If this text is about you, say so with it, as in “this is my bio: …”, and I put into your profile what is still "
    "missing there. I kept nothing of it."
)


class ProfileTask(BaseModel):
    """What to keep, add, take out or show."""

    action: Literal["set", "show", "forget"] = "set"
    fields: dict[str, str] = Field(default_factory=dict)
    add: dict[str, list[str]] = Field(default_factory=dict)
    remove: dict[str, list[str]] = Field(default_factory=dict)
    forget: list[str] = Field(default_factory=list)
    pasted: Annotated[str | None, Slot("pasted")] = None


async def run(task: ProfileTask, given: Given, deps: Deps) -> Finding:
    """Keep what was said and show the whole, or show or forget."""
    before = await deps.stores.profiles.load(deps.user)
    if task.action == "show":
        return _shown("This is what I know about you." if before else "I know nothing about you yet.", before)
    if task.action == "forget":
        return await _forget(task, before, deps)
    if task.pasted and task.pasted.startswith(given.text.strip()):  # no word of the user's says whom it is about
        return Finding(NAME, ok=True, text=WHOSE)
    changes = changes_of(task, before)
    if word := name_or_work(given.text, changes):
        raise AgentError(
            f'Is “{word}” your name or what you do? Say "my name is {word}" or "I work as {word}", in your language.'
        )
    if not changes:
        return _shown("Tell me about yourself, in one sentence or in many, and I keep it field by field.", before)
    if re.fullmatch(r"[\d.]+", str(changes.get("rate", ""))):  # said without a currency: the one of before
        if not before.get("currency"):
            raise AgentError(f'In which currency? Say for example "my rate is {changes["rate"]} EUR".')
        changes["rate"] = f"{changes['rate']} {before['currency']}"
    iban = changes.get("iban")
    if iban and not valid_iban(iban):
        raise AgentError(f"The IBAN {iban} has a wrong check digit, so I did not keep it: please look at it again.")
    after = await deps.stores.profiles.save(deps.user, **changes)
    names = [
        label(name).lower() if name != "iban" else "IBAN" for name in changes if name != "currency" or len(changes) == 1
    ]
    return _shown(f"Noted: {', '.join(names)}.", after)


async def _forget(task: ProfileTask, before: dict[str, Any], deps: Deps) -> Finding:
    known = [name for name in task.forget if name in before]
    if not known:
        raise AgentError(f"I do not have your {label(task.forget[0]).lower()}, so there is nothing to forget.")
    after = await deps.stores.profiles.save(deps.user, **dict.fromkeys(known))
    return _shown(f"Forgotten: {', '.join(label(name).lower() for name in known)}.", after)


def changes_of(task: ProfileTask, before: dict[str, Any]) -> dict[str, Any]:
    """The fields that will be saved: single values replace, lists grow and shrink, whatever the case.

    What is pasted is about the user only where their own words state nothing: "set my rate to 70 €, as in this post".
    """
    changes: dict[str, Any] = dict(task.fields)
    add = {name: list(values) for name, values in task.add.items()}
    if task.pasted and not (task.fields or task.add or task.remove):
        for name, value in read_facts(task.pasted).items():
            if name in LISTS:
                add[name] = [*add.get(name, []), *value]
            elif not before.get(name):  # what the user told stands above what a text says
                changes.setdefault(name, value)
        changes.setdefault("bio", task.pasted.strip()[:BIO_CHARS])
    for name in {*add, *task.remove}:
        gone = {value.casefold() for value in task.remove.get(name, [])}
        values: dict[str, str] = {}
        for value in [*before.get(name, []), *add.get(name, [])]:
            values.setdefault(value.casefold(), value)
        kept = [value for key, value in values.items() if key not in gone]
        changes[name] = kept or None
    return {name: value for name, value in changes.items() if value != before.get(name)}


def _shown(opening: str, profile: dict[str, Any]) -> Finding:
    text = opening
    if profile:
        rows = [f"| {label(name)} | {cell(_value(name, profile[name]))} |" for name in sorted(profile, key=_place)]
        text += "\n\n| | |\n|---|---|\n" + "\n".join(rows)
    missing = [hint for name, hint in USEFUL.items() if not profile.get(name)]
    if missing:
        text += f"\n\nStill useful to add: {'; '.join(missing[:3])}."
    offers = ("find jobs that match my profile",) if profile.get("skills") else ()
    return Finding(NAME, True, text, data={"profile": profile}, offers=offers)


def _place(name: str) -> int:
    return ORDER.index(name) if name in ORDER else len(ORDER)


def _value(name: str, value: Any) -> str:
    if isinstance(value, list):
        return ("; " if name == "experience" else ", ").join(str(item) for item in value)
    if name in ("rate", "day_rate"):
        return f"{rate_text(str(value))} {'an hour' if name == 'rate' else 'a day'}"
    return f"{value} %" if name in ("vat_percent", "tax_percent") else str(value)


AGENT = AgentSpec(
    name=NAME,
    title="Profile",
    description="Keeps who you are: name, skills, rate, languages, experience, tax and bank details.",
    examples=(
        "I'm Ana Silva, a data scientist in Lisbon, 75 € an hour, skills Python, SQL, dashboards",
        "set up my profile",
        "my name is Tom Weber and I'm a freelance web developer from Berlin",
        "set my rate to 90 €",
        "my hourly rate is $95",
        "my IBAN is PT50 0002 0123 1234 5678 9015 4",
        "my VAT id is PT123456789",
        "add React to my skills",
        "remove SQL from my skills",
        "my skills are Python, SQL and dashboards",
        "I speak English and Portuguese",
        "I built a churn model for a telecom in 2024",
        "I have worked for a bank on fraud detection since 2021",
        "my address is Rua das Flores 12, Lisbon",
        "show my profile",
        "forget my phone number",
        "change my title to senior data engineer",
        "I'm available 20 hours a week",
        "call me Jo",
        "im a translator, german to english, 8 yrs exp, 0.12 per word",
        "I charge 380 € per day",
        "I raised my rate to 95",
        "I now also do Kubernetes",
        "I moved to Porto",
        "my new email is ana@example.com",
        "I've been a designer for 12 years",
        "here is who I am",
        "that's wrong, my name is Anna with two n",
        "I only work remotely",
        "what skills do you have for me",
        "update my bio: I help small shops sell online",
        "my day rate is 600 dollars",
        "I no longer do WordPress",
    ),
    whole=True,
    cues=(
        r"\bmy profile\b",
        r"\bmy (?:hourly |day |daily )?rate (?:is|to)\b|\bset my (?:hourly |day )?rate\b",
        r"\b(?:to|from) my (?:skills|languages|experience|portfolio)\b|\bmy (?:skills|languages) (?:are|include)\b",
        r"\bmy (?:name|title|iban|vat id|tax (?:id|number)|address|phone(?: number)?|e-?mail|company|bio) (?:is|to)\b",
        r"\bi speak \w+",
        r"^\W*(?:hi,?\s+|hello,?\s+)?(?:i'm|i am) (?:an? )?(?!looking|trying|not|going)[^?]*\b(?:freelance"
        r"|developer|designer|scientist|engineer|writer|consultant|translator)",
        r"\bforget my (?!data\b|account\b)\w+",
        r"^\W*i(?:'ve| have)? (?:built|led|developed|designed|delivered|launched|worked (?:as|for|on))\b",
        r"^\W*(?:hi\W+|hello\W+|hey\W+)?(?:i'm|im|i am|my name(?:'s| is))\s+(?!looking|trying|not\b|going|sure"
        r"|stuck|done|fine|good|ok|back|here|happy|interested|late|working on|using)[\w'’ -]{2,40}",
        r"\bcall me \w+",
        r"\b\d+\s*(?:yrs?|years?)(?: of)? exp",
        r"\bi (?:usually |normally |now |always )?charge\b(?!.*\?)",
        r"\b(?:update|change|edit|fix|correct|set up|complete|fill)\b[^.?!]{0,20}\b(?:profile|bio|rate|title|skills)\b",
        r"\badd\b[^.?!]{1,60}\bto (?:my )?(?:skills|languages|profile|portfolio|experience)\b",
        r"\bi (?:live|am based|work) in\b|\bbased in\b",
    ),
    task=ProfileTask,
    read=read_profile,
    run=run,
)
