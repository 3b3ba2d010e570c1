"""Remembers facts about the user and each client, says where each comes from, corrects and forgets them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import BaseModel

from agents.deps import Deps
from agents.spec import AgentError, AgentSpec, Effect, Finding, Given, Record, Slot
from agents.tools.documents.topics import stems
from agents.tools.remembering.fact_words import SEARCH, read_memory, subject, tidy
from agents.tools.remembering.facts_in_use import named, told_line
from agents.tools.remembering.found import ME, search, with_found
from agents.tools.text.markdown import plain
from integrations.job_boards.dedupe import company_key
from integrations.media.documents.passages import sentences
from memory.facts import Fact, same

NAME = "memory"
LONGEST = 1_000
_TEXTS = r"(?:my |all |every |each )*(?:mails?|e-?mails?|messages?|texts?|letters?|proposals?|invoices?|everything)"
_SPOKEN = r"(?:english|german|spanish|french|italian|portuguese)"
STYLE = (
    r"^\W*(?:(?:please|pls|bitte)\W+)*(?:never (?:use|write|say)\b|(?:don['’]?t|do not) (?:ever )?(?:use|write|say) "
    r"(?:the words?|exclamation|emojis?|[\"“'])|always (?:add|include|mention|put) my\b|"
    rf"(?:begin|start|end|close|sign(?: off)?)(?: {_TEXTS}| off)? with\b\W*(?:[\w,'’-]+\W*){{1,4}}$|"
    rf"keep {_TEXTS}\b.{{0,30}}\b(?:short|brief|formal|casual)|"
    r"say \W?[\w ]{2,30}\W? instead of |always (?:write|answer|reply)\b.{0,40}\bin \w+\W*$|"
    rf"[\w&.-]+(?: [\w&.-]+){{0,2}} (?:(?:always )?(?:prefers?|wants?|expects?) (?:{_TEXTS} in |to be written to in )?"
    rf"{_SPOKEN}|only (?:speaks|reads) {_SPOKEN})\b)(?!.*\?)"
)
"""How texts are to be written, said as a wish for good."""
LISTS = 6
"""Turns back in which a list of facts may have been shown."""
_NTH = re.compile(r"^\W*(?:number |no\.? ?|#)?(\d{1,2})\W*$", re.IGNORECASE)
_PLACE = re.compile(r"\b(?:first|second|third|fourth|fifth|last) (?:one|fact|note)\b", re.IGNORECASE)
_ALL_OF = re.compile(
    r"^\W*(?:everything|all|alles|todo|tout|tudo|tutto)\b.*?\b(?:about|of|über|sobre|sur|su|di)\s+(.+)$", re.I
)
_KNOWN = ("name", "title", "company", "location", "rate", "skills", "languages")
"""Fields of the profile that are told with what is remembered of the user."""


class MemoryTask(BaseModel):
    """What to do: `text` is the statement, what is sought, or whom it is about; `number` one in the list, from 1."""

    action: Literal["remember", "list", "correct", "forget", "search"] = "remember"
    text: str = ""
    number: int = 0
    fact: Annotated[str | None, Slot("record:fact")] = None


async def run(task: MemoryTask, given: Given, deps: Deps) -> Finding:
    """Remember, list, correct, forget, or search all that was read and said. Raises AgentError."""
    facts = await deps.stores.facts.of(deps.user)
    if task.action == "list":
        said = read_memory(given.text)  # whom, in the user's own language
        whom = said.get("text", "") if said["action"] == "list" else task.text
        return await with_found(await _list(whom, facts, deps), whom, deps)
    if task.action == "search":
        return await search(task.text, deps)
    if task.action == "forget":
        return await _forget(task, given, facts, deps)
    if not task.text or len(task.text) > LONGEST:
        raise AgentError('Tell me in a sentence what to remember, as in "remember that ACME always pays late".')
    if task.action == "correct":
        old = await _meant(task, given, facts, deps) or _closest(task.text, facts)
        if old and not same(old[0].text, task.text):
            return await _corrected(task.text, old[0], facts, deps)
    return await _remember(task.text, facts, deps)


async def _remember(text: str, facts: Sequence[Fact], deps: Deps) -> Finding:
    """Keep each sentence as a fact of its own, because each may be about somebody else."""
    kept: list[Fact] = []
    known: list[Fact] = []
    for sentence in sentences(text):
        fact = await _fact(tidy(sentence), facts, deps)
        there = await deps.stores.facts.add(fact)
        (kept if there is fact else known).append(there)
    if not kept:
        return _told(f"I know that already: {'; '.join(plain(told_line(fact)) for fact in known)}.", known)
    whose = " and ".join(dict.fromkeys(plain(fact.client) for fact in kept if fact.client))
    only = f" I use it for {whose} alone." if whose else ""
    return _told(f"I will remember: {'; '.join(plain(fact.text) for fact in kept)}.{only}", kept)


async def _corrected(text: str, old: Fact, facts: Sequence[Fact], deps: Deps) -> Finding:
    fact = await _fact(text, facts, deps)
    fact.client = fact.client or old.client
    kept = await deps.stores.facts.add(fact, instead_of=old.id)
    return _told(f"Corrected: {plain(kept.text)}. Before: {plain(told_line(old))}.", [kept])


async def _fact(text: str, facts: Sequence[Fact], deps: Deps) -> Fact:
    turns = await deps.stores.turns.recent(deps.thread, 1)
    return Fact(
        user=deps.user,
        client=subject(text, await _clients(facts, deps)),
        text=text,
        said_on=deps.today,
        thread=deps.thread,
        turn=turns[0].id if turns else "",
    )


async def _list(whom: str, facts: Sequence[Fact], deps: Deps) -> Finding:
    """What is known about a client, about the user, or of a matter."""
    about = "" if ME.match(whom) else whom
    clients = await _clients(facts, deps)
    if about and (keys := named(about, clients)):
        found = [fact for fact in facts if company_key(fact.client or "") in keys]
        name = next(client for client in clients if company_key(client) in keys)
        missing = f'You have told me nothing about {plain(name)}. Say for example "remember that {plain(name)} …".'
        return _listed(f"What you told me about {plain(name)}:", found, missing)
    if about:
        asked = set(stems(about))
        found = [fact for fact in facts if asked & set(stems(fact.text))]
        return _listed("What you told me about that:", found, "You have told me nothing about that.")
    own = [fact for fact in facts if not fact.client] if whom else list(facts)
    profile = await deps.stores.profiles.load(deps.user)
    known = ", ".join(_one_line(profile[name]) for name in _KNOWN if profile.get(name))
    after = f"\n\nFrom your profile: {plain(known)}." if known else ""
    routes = [] if whom else await deps.stores.routes.of(deps.user)
    if routes:
        lines = "\n".join(f"- “{plain(text)}”: {agent.replace('_', ' ')}" for text, agent in routes)
        after += f"\n\nAs you corrected me, these words are for:\n\n{lines}"
    missing = 'You have told me nothing yet. Say for example "remember that I prefer calls in the morning".'
    return _listed("What you told me:", own, missing, after)


def _one_line(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


async def _forget(task: MemoryTask, given: Given, facts: Sequence[Fact], deps: Deps) -> Finding:
    if hit := _ALL_OF.match(task.text):
        keys = named(hit[1], await _clients(facts, deps))
        own = bool(ME.match(hit[1]))
        gone = [fact for fact in facts if (company_key(fact.client or "") in keys) or (own and not fact.client)]
    else:
        gone = await _meant(task, given, facts, deps) or (
            _closest(task.text, facts) if task.text else _kept_last(facts, deps)
        )
    if not gone:
        raise AgentError('I find nothing of that kind to forget. Say "what do you remember" to see all of it.')
    if len(gone) == 1:  # what one word can bring back is not asked about first
        return await forget({"ids": [gone[0].id]}, deps)
    shown = "\n".join(f"- {plain(told_line(fact))}" for fact in gone)
    effect = Effect("forget", {"ids": [fact.id for fact in gone]}, f"Forget {len(gone)} facts", shown)
    return Finding(NAME, True, f"I would forget {len(gone)} facts.", effect=effect)


async def forget(arguments: dict[str, Any], deps: Deps) -> Finding:
    """Delete facts, with all that they replaced."""
    ids = set(arguments["ids"])
    gone = [fact for fact in await deps.stores.facts.of(deps.user) if fact.id in ids]
    await deps.stores.facts.forget(deps.user, [fact.id for fact in gone])
    names = "; ".join(plain(fact.text) for fact in gone)
    again = (f"Remember that {gone[0].text}",) if len(gone) == 1 else ()
    return Finding(NAME, True, f"Forgotten: {names}." if gone else "It was forgotten already.", offers=again)


async def _meant(task: MemoryTask, given: Given, facts: Sequence[Fact], deps: Deps) -> list[Fact]:
    """The fact that is named by its number in the list shown last, or as "the second one"."""
    nth = _NTH.match(task.text)
    place = int(nth[1]) if nth and task.action == "forget" else task.number
    if not place:
        return [fact for fact in facts if fact.id == task.fact] if _PLACE.search(given.text) else []
    for turn in await deps.stores.turns.recent(deps.thread, LISTS):
        shown = [record["id"] for finding in turn.findings.values() for record in finding["records"]]
        if any(fact.id in shown for fact in facts):
            return [fact for fact in facts if fact.id in shown[place - 1 : place]]
    return list(facts[place - 1 : place])


def _closest(text: str, facts: Sequence[Fact]) -> list[Fact]:
    """The fact that shares most of its words with a text, if half of the fewer words are shared."""
    asked = set(stems(text))

    def shared(fact: Fact) -> float:
        own = set(stems(fact.text))
        return len(asked & own) / max(1, min(len(asked), len(own)))

    best = max(facts, key=shared, default=None)
    return [best] if best and shared(best) >= 0.5 else []


def _kept_last(facts: Sequence[Fact], deps: Deps) -> list[Fact]:
    """The facts of the message with which something was kept last in this conversation."""
    here = [fact for fact in facts if fact.thread == deps.thread]
    return [fact for fact in here if fact.turn == here[0].turn]


async def _clients(facts: Sequence[Fact], deps: Deps) -> list[str]:
    names = [*await deps.stores.clients.names(deps.user), *(fact.client for fact in facts if fact.client)]
    return list(dict.fromkeys(names))


def _listed(head: str, facts: Sequence[Fact], missing: str, after: str = "") -> Finding:
    if not facts:
        return Finding(NAME, True, missing + after)
    lines = "\n".join(f"{number}. {plain(told_line(fact))}" for number, fact in enumerate(facts, 1))
    return _told(f"{head}\n\n{lines}{after}", facts)


def _told(text: str, facts: Sequence[Fact]) -> Finding:
    records = tuple(Record("fact", fact.id, fact.text[:80]) for fact in facts)
    shown = [
        {"text": fact.text, "client": fact.client, "said_on": fact.said_on.isoformat(), "kind": fact.kind}
        for fact in facts
    ]
    return Finding(NAME, True, text, data={"facts": shown}, records=records)


AGENT = AgentSpec(
    name=NAME,
    title="Memory",
    description="Remembers facts and preferences about you and each client, with the day you said so; forgets too.",
    examples=(
        "remember that ACME always pays late",
        "what do you know about ACME",
        "what do you know about me",
        "forget that I like calls in the morning",
        "keep in mind that I don't work on Fridays",
        "I prefer short proposals",
        "never use the word kindly",
        "always add my portfolio link to proposals",
        "begin my mails with “Hi”",
        "keep my mails short",
        "that's wrong, ACME pays within 60 days now",
        "what did I tell you about the Zeta project?",
        "note that Maria at Zeta wants weekly reports",
        "don't remember that",
        "what do you remember?",
        "forget everything about ACME",
        "merk dir, dass ACME immer zu spät zahlt",
        "was weißt du über ACME?",
        "what did we say about the logo?",
        "what did we agree with Zeta about the deadline?",
        "search everything for the notice period",
        "which of my documents mentions the kill fee",
        "what do my notes say about the migration",
        "when did we talk about the server",
        "recuerda que prefiero llamadas por la mañana",
    ),
    cues=(
        r"^\W*(?:(?:please|pls|bitte|hey|also|and|can you|could you)\W+)*"
        r"(?:remember|keep in mind|bear in mind|memori[sz]e)\b(?! me to\b| to\b)",
        r"\b(?:note|don['’]?t forget|never forget) that\b",
        r"\bwhat (?:else )?(?:do|did|have) (?:you|i) (?:know|remember(?:ed)?|noted?|tell you|told you) (?:about|of)\b"
        r"(?! my (?:jobs|outcomes))",
        SEARCH.pattern,
        r"\bwhat do you remember\b|\bdid i (?:tell|mention to) you\b|\bi (?:already )?told you (?:that|about)\b",
        r"\bforget (?:that|what i (?:said|told)|everything about (?!me\b))\b",
        r"\b(?:don['’]?t|do not) (?:remember|note|keep) (?:that|this|it)\b",
        r"^\W*[\w&.-]+(?: [\w&.-]+){0,2} (?:always|never|usually) pays?\b(?!.*\?)",
        r"^\W*i (?:always |usually |really )?prefer \w+(?!.*\?)",
        STYLE,
        r"\bmerk(?:e)? dir\b|\bwas wei(?:ß|ss)t du (?:über|von)\b|\brecuerda que\b|\bqu[ée] sabes (?:de|sobre)\b|"
        r"\bretiens que\b|\bsouviens-toi que\b|\bque sais-tu (?:de|sur)\b|\blembra-te (?:de )?que\b|"
        r"\bo que sabes (?:de|sobre)\b|\bricordati che\b|\bcosa sai (?:di|su)\b",
    ),
    task=MemoryTask,
    read=read_memory,
    run=run,
    makes=("fact",),
    takes=("fact",),
    effects={"forget": forget},
    writes=True,
)
