"""Reads what is to be remembered, listed, corrected or forgotten, and what a message plainly states by the way."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from agents.tools.remembering.facts_in_use import named
from integrations.job_boards.dedupe import company_key
from integrations.media.documents.passages import sentences

_PLEASE = (
    r"^\W*(?:(?:please|pls|bitte|por favor|per favore|s['’]il te pla[iî]t|hey|also|and|can you|could you|"
    r"kannst du|puedes|peux-tu|puoi|podes|olha|oye|i (?:already )?(?:told|said) (?:to )?you)\W+)*"
)
_THAT = r"(?:\s*,?\s*(?:that|dass|que|che)\b|\s*[:,])?\s*"
REMEMBER = re.compile(
    rf"{_PLEASE}(?:(?:you (?:should|must) )?(?:remember|note(?: down)?|make a note|(?:keep|bear) in mind|memori[sz]e)|"
    r"don['’]?t (?:ever )?forget|never forget|for (?:the future|next time|your information)|fyi|"
    r"merk(?:e)? dir|denk(?:e)? daran|vergiss nicht|notier(?:e)?(?: dir)?|recuerda|no olvides|ten en cuenta|anota|"
    r"guarda(?: a[íi])?|"
    r"retiens|souviens-toi|n['’]oublie pas|note|lembra(?:-te)?|n[ãa]o (?:te )?esque[çc]as|ricorda(?:ti)?|"
    rf"non dimenticare|tieni presente)\b{_THAT}(?P<text>.+)$",
    re.IGNORECASE | re.DOTALL,
)
FORGET = re.compile(
    rf"{_PLEASE}(?:forget|delete|remove|drop|erase|vergiss|l[öo]sch(?:e)?|olvida|borra|oublie|efface|esquece|apaga|"
    r"dimentica|cancella)\b(?:\s+(?:the )?(?:fact|note)s?)?" + _THAT + r"(?P<text>.*)$",
    re.IGNORECASE | re.DOTALL,
)
UNDO = re.compile(r"\b(?:don['’]?t|do not) (?:remember|note|keep) (?:that|this|it)\b", re.IGNORECASE)
CORRECT = re.compile(
    rf"{_PLEASE}(?:(?:no\W+)?that['’]?s (?:wrong|not (?:right|true)(?: any ?more)?|no longer true)|correct(?:ion)?|"
    r"you remember (?:that )?wrong(?:ly)?|das stimmt nicht(?: mehr)?|change (?:the )?(?:fact|note))\b"
    r"(?:\s*(?P<number>\d{1,2})\b)?(?:\s+to\b)?" + _THAT + r"(?P<text>.+)$",
    re.IGNORECASE | re.DOTALL,
)
FORGET_ALL = re.compile(r"\bforget (?P<text>(?:everything|all) (?:about|of) .+)$", re.IGNORECASE)
AFTERWARDS = re.compile(
    r"[\s,;.]+(?:(?:please )?(?:(?:keep|bear) (?:that|it|this) in mind|(?:remember|note) (?:that|it|this))|"
    r"merk dir das|recu[ée]rdalo|retiens-le|lembra-te disso|ricordatelo)\W*$",
    re.IGNORECASE,
)
"""What stands behind a statement that is to be remembered."""
LIST = re.compile(
    r"\bwhat (?:else )?(?:do|did|have) (?:you|i) (?:know|remember|note|noted|remembered|tell|told|say|said)\b|"
    r"\b(?:list|show)\b.{0,30}\b(?:facts|remember|memory|memories|preferences)\b|\bwas wei(?:ß|ss)t du\b|"
    r"\bwas hast du dir gemerkt\b|\bqu[ée] sabes (?:de|sobre)\b|\bque sais-tu\b|\bo que (?:sabes|voc[êe] sabe)\b|"
    r"\b(?:che )?cosa sai\b|\bdid i (?:ever |not )?(?:tell|say|mention)\b|\bwhat you (?:know|remember)\b|"
    r"\bdid you (?:keep|note|remember|save)\b",
    re.IGNORECASE,
)
SEARCH = re.compile(
    r"\bwhat (?:did|have) we (?:say|said|discuss(?:ed)?|agreed?|decided?|talk(?:ed)?)\b|"
    r"\b(?:when|where) did we (?:talk|speak|discuss)\b|\bwhat do we know\b|"
    r"\b(?:search|look) (?:in |through )?"
    r"(?:everything|all (?:of )?my \w+|my (?:notes|documents|files|conversations)) for\b|"
    r"\bwhich of my (?:documents|files|notes)\b|"
    r"\bwhat do(?:es)? (?:my|any of my|all my) (?:notes|documents|files) (?:say|mention)\b|\bwas haben wir\b|"
    r"\bqu[ée] (?:dijimos|hablamos|acordamos)\b|\bqu['’]avons-nous dit\b|\bcosa abbiamo detto\b|"
    r"\bo que (?:dissemos|combin[áa]mos)\b",
    re.IGNORECASE,
)
"""What asks for all that was read and said, not only for what was told to be remembered."""
_ABOUT = re.compile(r"\b(?:about|of|über|von|sobre|sur|di|de|su)\s+(?P<whom>[^?.!,]+)", re.IGNORECASE)
_SUBJECT = re.compile(
    r"^(?P<name>(?!(?:I|We|They|He|She|It|You|My|The|This|That|There|Their|His|Her|What|Who|How|Please|Always|Never|Begin|Start|End|Close|Sign|Keep|Write|"
    r"Say|Use|Send|Greet|Make|Call|Avoid|No|Schreib|Beginne|Mondays?|"
    r"Tuesdays?|Wednesdays?|Thursdays?|Fridays?|Saturdays?|Sundays?|Ich|Mein|Yo|Je|Eu|Io)\b)"
    r"[A-Z][\w&.'’-]*(?: (?:[A-Z][\w&.'’-]*|&|of|de|und|and))*)\s+"
    r"(?:always|never|usually|often|mostly|only|pays?|prefers?|wants?|likes?|hates?|needs?|expects?|is|are|has|does|"
    r"doesn['’]t|don['’]t|zahlt|will|mag|ist|hat|bezahlt|paga|prefiere|siempre|paie|pr[ée]f[èe]re|toujours|prefere|"
    r"sempre|preferisce|immer|nie|[a-z]{2,}s)\b"
)
_NAME = r"(?!(?:They|He|She|It|We|You|The|This|That)\b)[A-Z][\w&.'’-]*(?: [A-Z&][\w&.'’-]*){0,3}"
_OF_A_CLIENT = re.compile(
    rf"^{_NAME} (?:(?:always|never|usually|often) \w+|(?:prefers?|insists? on|hates?) \w+|"
    r"pays? (?:late|early|on time|within)\b)"
)
_OF_ONESELF = re.compile(
    r"^I (?:always |usually |really )?(?:prefer|hate|can['’]t stand|never work|don['’]t work|only work) \w+"
)
_SURELY_A_NAME = re.compile(r"^[A-Z][A-Z&]+\b|\b(?:GmbH|AG|Ltd|Inc|LLC|SL|SARL)\b")
_NOT_LASTING = re.compile(
    r"\b(?:today|tomorrow|this (?:week|time|one)|now|instead|would|if|it|them)\b|[?]", re.IGNORECASE
)
LONGEST = 200


def read_memory(clause: str) -> dict[str, Any]:
    """What to do, and the words it is about."""
    said = clause.strip()
    if UNDO.search(said):
        return {"action": "forget", "text": ""}
    if hit := CORRECT.match(said):
        return {"action": "correct", "text": tidy(hit["text"]), "number": int(hit["number"] or 0)}
    if hit := FORGET_ALL.search(said):
        return {"action": "forget", "text": tidy(hit["text"])}
    if SEARCH.search(said):
        return {"action": "search", "text": tidy(SEARCH.sub("", said, count=1).rstrip("?"))}
    said = AFTERWARDS.sub("", said)
    if LIST.search(said):
        whom = _ABOUT.search(said)
        return {"action": "list", "text": tidy(whom["whom"]) if whom else ""}
    if said.endswith("?"):
        return {"action": "list", "text": tidy(said.rstrip("?"))}
    if (hit := REMEMBER.match(said)) and hit["text"].strip():
        return {"action": "remember", "text": tidy(hit["text"])}
    if hit := FORGET.match(said):
        return {"action": "forget", "text": tidy(hit["text"])}
    told = re.sub(_PLEASE + r"(?:that\b)?\s*", "", said, count=1, flags=re.IGNORECASE)
    return {"action": "remember", "text": tidy(told)}


def subject(text: str, clients: Iterable[str]) -> str | None:
    """The client a statement is about, as written: one that is known, else a name that the statement begins with."""
    names = list(clients)
    keys = named(text, names)
    if known := next((name for name in names if company_key(name) in keys), None):
        return known
    hit = _SUBJECT.match(text)
    return hit["name"] if hit else None


def stated(words: str, clients: Iterable[str]) -> list[str]:
    """What the user's words state plainly and for long, of themselves or of a client; at most two."""
    names = list(clients)
    sure = (
        said for said in lasting(words) if _OF_ONESELF.match(said) or named(said, names) or _SURELY_A_NAME.search(said)
    )
    return [tidy(said) for said in sure][:2]


def lasting(words: str) -> list[str]:
    """The sentences of the user's words that state something for long, of themselves or of whom may be a client."""
    said = [sentence.strip() for sentence in sentences(words)]
    return [
        one
        for one in said
        if len(one) <= LONGEST and not _NOT_LASTING.search(one) and (_OF_ONESELF.match(one) or _OF_A_CLIENT.match(one))
    ]


def tidy(text: str) -> str:
    """A statement as it is kept: one line, without the stop at its end."""
    line = " ".join(text.split()).strip(" .!,;:")
    if re.fullmatch(r"[“\"][^“”\"]*[”\"]", line) or len(re.findall('[“”"]', line)) % 2:
        line = line.strip(' .!,;:"“”')
    return line[:1].upper() + line[1:] if line else ""
