"""What was read, said, found out and noted before, with where it stands: for the user's eyes, or for a model to read.

question ──▶ whom does it name? ── nobody ──▶ everything, or for a model: the user's own
                                └─ one ─────▶ the user's own and this client's, never another one's
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime

from agents.deps import Deps
from agents.spec import Record, Source, Trust
from agents.tools.text.markdown import plain
from integrations.media.documents.passages import sentences
from memory.blind_search import stems
from memory.recall.ranking import Asked
from memory.recall.scopes import EVERYTHING, Scope
from memory.recall.search import Recalled
from memory.restrictions import EVERYTHING as ALL_OF_IT

MOST, FOR_MODEL = 6, 5
LONGEST = 320
"""Characters of a quote."""
OWN_WORDS = frozenset({"said", "fact", "note"})
"""Kinds that are the user's own words; the others hold what strangers wrote."""
KNOWN_OTHERWISE = frozenset({"fact"})
"""Kinds that a model is told anyway."""
ANY_KIND = frozenset({"passage", "said", "answered", "research", "fact", "note", "job"})


async def recalled(question: str, deps: Deps, kinds: Iterable[str] = ()) -> list[Recalled]:
    """What the user may see about a question, the best first; those that are only near are left out."""
    if deps.recall is None:
        return []
    named = await deps.recall.scope_of(question, deps.user)
    scope = Scope(named, mixed=True) if len(named) == 1 else EVERYTHING
    hits = await deps.recall.search(question, user=deps.user, scope=scope, limit=MOST, kinds=frozenset(kinds))
    return [hit for hit in await _allowed(hits, deps) if hit.fits]


async def last_said(words: str, client: str, deps: Deps) -> Recalled | None:
    """The newest of the user's own words about a client, given by id, that fit; None where there are none."""
    if deps.recall is None:
        return None
    scope = Scope(frozenset([client]))
    hits = await deps.recall.search(words, user=deps.user, scope=scope, limit=MOST, kinds=OWN_WORDS)
    about = [hit for hit in await _allowed(hits, deps) if hit.fits and hit.client == client]
    return max(about, key=lambda hit: hit.at, default=None)


async def passages_for(words: str, about: str, deps: Deps) -> list[str]:
    """What a model may read of before in a turn of these words, which is `about` some client or none, with its place.

    What is said in the conversation itself is left out: it is read anyway.
    """
    if deps.recall is None or not words.strip():
        return []
    scope = Scope(await deps.recall.scope_of(f"{words} {about}", deps.user))
    if len(scope.clients) > 1:
        scope = Scope()
    kinds = ANY_KIND - KNOWN_OTHERWISE
    hits = await deps.recall.search(words, user=deps.user, scope=scope, limit=FOR_MODEL, kinds=kinds)
    fit = [hit for hit in await _allowed(hits, deps) if hit.fits and hit.group != deps.thread]
    return [f"{where(hit)}:\n{hit.text}" for hit in fit]


async def _allowed(hits: Sequence[Recalled], deps: Deps) -> list[Recalled]:
    """Those that no restriction keeps from being worked with."""
    standing = await deps.stores.restrictions.standing(deps.user)
    if ALL_OF_IT in standing:
        return []
    return [hit for hit in hits if hit.client not in standing and not (standing and hit.several)]


def quoted(question: str, hits: Sequence[Recalled]) -> str:
    """Quotes with where each stands, as a list."""
    return "\n".join(f"- “{plain(quote(question, hit.text))}” ({plain(where(hit))})" for hit in hits)


def quote(question: str, text: str) -> str:
    """The sentences of a text that hold most of what is asked, as they stand there, as many as fit."""
    asked = frozenset(Asked.of(question).stems)
    found = sentences(text)
    best = max(range(len(found)), key=lambda place: (len(asked & frozenset(stems(found[place]))), -place), default=0)
    kept = ""
    for sentence in found[best:]:
        if kept and len(kept) + len(sentence) > LONGEST:
            break
        kept = f"{kept} {sentence}".strip()
    return kept if len(kept) <= LONGEST else kept[: LONGEST - 1].rsplit(" ", 1)[0] + "…"


def where(hit: Recalled) -> str:
    """Where a text stands, as in "contract.pdf, page 3" or "you said on 3 May 2026"."""
    day = _day(hit.at)
    match hit.kind:
        case "passage":
            return ", ".join(filter(None, [hit.title, hit.place]))
        case "said" | "fact":
            return f"you said on {day}"
        case "answered":
            return f"I answered on {day}"
        case "research":
            return f"found out on {day}"
        case "note":
            return f"noted on {day}"
    return f"job “{hit.title}”, {hit.place}"


def records(hits: Sequence[Recalled]) -> tuple[Record, ...]:
    """The documents and facts among them, so that later messages can refer to them."""
    found = {Record("document", hit.group, hit.title) for hit in hits if hit.kind == "passage"}
    return tuple(sorted(found, key=lambda one: one.label))


def sources(hits: Sequence[Recalled]) -> tuple[Source, ...]:
    """What each stands in."""
    return tuple(Source(hit.title or where(hit), hit.place if hit.title else "") for hit in hits)


def trust(hits: Sequence[Recalled]) -> Trust:
    """Whether any of it was read from outside."""
    return "own" if all(hit.kind in OWN_WORDS for hit in hits) else "outside"


def _day(at: datetime) -> str:
    return re.sub("^0", "", f"{at:%d %B %Y}")
