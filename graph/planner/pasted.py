"""Sets pasted text apart from the user's own words.

A message may carry a job post, a mail or a contract between a line of instruction and another. What is pasted is data:
it fills a slot, and no word in it can add a step. So the instruction is looked for in one paragraph only: the first, or
the last where the first gives none.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from graph.planner import clauses
from graph.planner.clauses import begins_with_verb
from graph.planner.language import differ
from graph.planner.shown import SIGNED, WORKED, looks_like
from graph.planner.words import fold

LONG = 280
"""From this many characters on, a block reads as pasted rather than said."""
BLOCK = 60
"""From this many characters on, what follows a line that points to it ("this job:") is pasted."""
_RULE = r"(?:-{3,}|={3,}|_{3,})[^\S\n]*"
MARKED = (
    re.compile(r"(```|~~~|\"\"\")[^\n]*\n.*\1", re.DOTALL),
    re.compile(rf"^{_RULE}\n(?:.+\n{_RULE}$|.+)", re.DOTALL | re.MULTILINE),
    re.compile(r"^>[^\n]*(?:.*\n>[^\n]*)?", re.DOTALL | re.MULTILINE),
)
"""What marks show, each from its first mark to its last: what is pasted may hold such marks, and nothing in between is
said."""
OPENER = re.compile(
    r"\b(?:here(?:'s| is| are)|below|following|pasted?|job (?:post|ad|description)|posting|text)\b[^\n]*:\s*$",
    re.IGNORECASE,
)
POINTS = re.compile(r"\b(?:this|these|following|below|here(?:'s| is)?|it|the (?:job|post|ad|brief|mail))\b", re.I)
THAT = re.compile(
    r"\b(?:this|that|these|those|them|it|him|her|das|dies\w*|ihn|ihm|ihr|eso|esto|lo|cela|ca|ceci|le|la|questo|quello|"
    r"isso|isto)\b|\w{3,}(?:melo|selo|lo|la|glielo)\b"
)
"""Words for what stands before, folded."""
LEADS = re.compile(
    rf"{POINTS.pattern}|\b(?:dies\w*|folgend\w*|unten|hier|dazu|darauf|est[eoa]s?|siguientes?|aquí|ce(?:ci|t|tte|s)|ça|"
    r"voici|suivante?s?|ci-dessous|quest[oaie]|seguent[ei]|ecco|ist?o|isso|ess[ea]|seguinte|abaixo|"
    r"bio|text[eo]?|testo|paragra\w+|absatz|sentence|satz|letter|message|nachricht|messag\w+|mensa\w+|"
    r"clause|klausel|cl[aá]usula|clausola|ad|anzeige|annonce|anuncio|anúncio|annuncio|"
    r"into|translate|übersetz\w*|tradu\w+|rewrite|reword|shorten|proofread|polish|rephrase)\b",
    re.IGNORECASE,
)
"""Words of a request that lead up to a text, in whichever language, before a colon or above a block."""
ASKS = re.compile(
    r"\?\s*$|^\W*(?:what|how|is|are|am|can|could|should|would|do|does|did|which|why|who|when|where|i|we|i'd|i'm)\b",
    re.I,
)
POLITE = re.compile(r"\b(?:please|pls|plz|bitte|por favor|porfa|s'il te pla[iî]t|stp|svp|per favore|prego)\b", re.I)
POLITE_IN = 120
"""Characters of a text up to which a please in it is said to FreelanceX."""
LINES = 3
"""From so many lines on, what stands in a paragraph of its own below an instruction is pasted."""
LISTED = re.compile(r"^\s*(?:[-*•·]|\d+[.)])\s", re.MULTILINE)
ITEM = 120
"""Characters of a request in a list, at most."""
FIRST_PERSON = re.compile(r"^\s*(?:i'm|i am|my name|my |me:|ich bin|je suis|soy|sono|sou)\b", re.IGNORECASE)
INTO = re.compile(
    r"(?:\w+ ){0,3}(?:in(?:to|s)?|to|auf|al|en|em|para o)\s+(?:english|german|french|spanish|italian|portuguese|dutch|"
    r"englische?|deutsche?|französische?|spanische?|italienische?|portugiesische?|ingl[eé]s|alem[aá]n|franc[eé]s|"
    r"español|italiano|portugu[eéê]s|anglais|allemand|français|espagnol|italien|portugais|inglese|tedesco|francese|"
    r"spagnolo|portoghese|alemão|francês|espanhol)\b.{0,20}\Z",
    re.IGNORECASE,
)
"""A few words for a language that something is to be in."""
HELLO = re.compile(r"\A\W*(?:hi|hello|hey|hallo|hola|bonjour|salut|ciao|ol[áa]|oi)(?: there)?[,!.]\s*", re.IGNORECASE)
INLINE = re.compile(r"(.{8,200}?[:?])\s+(.{20,})", re.DOTALL)
QUOTED = re.compile(r"([^\n\"“„«]{8,200})\s+[\"“„«][^\"“”„«»]{60,}[\"”“»]\s*")
ARROW = re.compile(r"\s(?:<[-=]*|[-=]*>|[←→↑^])\s+\Z")
ARROWS = "<>-=←→↑^ \n"
GRIDS = ("table", "hours")
"""What has lines that begin small."""
WRAPPED = range(60, 100)
"""Characters of a line that may have been broken, so that the next one goes on with it."""
FEW = 20
"""Characters a text has at least that is shown by itself."""
BEHIND = re.compile(r"(?<=[.!?…)»”\"'])\s+(?=[^\W\d_])|\s+(?:<[-=]*|[-=]*>|[←→↑^])\s+")
"""Where the words begin that stand behind what is shown: in a line below it, or in its last line behind a sentence, a
quotation or an arrow."""


@dataclass(frozen=True)
class Said:
    """A message taken apart: what the user asks, and what was pasted with it."""

    words: str
    pasted: str = ""


def separate(message: str, speaks: Callable[[str], bool]) -> Said:
    """Take a message apart. `speaks` tells whether a short text is for an agent."""
    text = message.replace("\r\n", "\n").strip()
    for pattern in MARKED:
        hit = pattern.search(text)
        if hit is None or len(shown := hit.group().strip('`~"-=_> \n')) <= 40:
            continue
        before = text[: hit.start()].strip()
        several = bool(re.search(r"\n\s*\n", before))
        if _ends_open(hit.group()) and (several or not speaks(before)):
            continue  # a line across what is pasted, rather than one above it
        rest = f"{before}\n\n{text[hit.end() :].strip()}".strip()
        around = separate(rest, speaks) if several or len(rest) >= LONG else Said(rest)
        shown = re.sub(r"^> ?", "", shown, flags=re.MULTILINE)
        return Said(around.words, "\n\n".join(filter(None, (around.pasted, shown))))
    if (FIRST_PERSON.match(text) and not OPENER.search(text)) or _lists(text, speaks):
        return Said(text)
    head, told = _opening(text, speaks)
    below = text[len(head) :].strip()
    if head and all(begins_with_verb(part) and speaks(part) for part in (head, *re.split(r"\n\s*\n", below))):
        return Said(text)
    tail = "" if told or _orders(head) else _closing(below, speaks)
    rest = below[: len(below) - len(tail)].rstrip(ARROWS)
    if (head or tail) and (tail or _is_shown(rest, head, text)):
        return Said("\n".join(filter(None, (head, tail))), rest)
    bare = not head and (len(text) >= LONG or text.count("\n") > LINES - 1 or looks_like(text) != "")
    return Said("", text) if bare and not _said(text, speaks) else Said(text)


def _lists(text: str, speaks: Callable[[str], bool]) -> bool:
    """Whether a text is a list of orders and questions, the first of them for an agent."""
    lines = [line for line in text.split("\n") if line.strip()]
    items = [LISTED.sub("", line).strip() for line in lines]
    if len(items) < 2 or not all(map(LISTED.match, lines)) or max(map(len, items)) > ITEM:
        return False
    return clauses.acts(items[0]) and speaks(items[0]) and 2 * sum(map(clauses.acts, items)) >= len(items)


def _ends_open(block: str) -> bool:
    """Whether a block begins with a line across and ends without one."""
    return block[0] in "-=_" and not re.search(rf"\n{_RULE}\Z", block)


def _opening(text: str, speaks: Callable[[str], bool]) -> tuple[str, bool]:
    """What is said before something is shown, "" for nothing, and whether that asks for something."""
    firsts = [re.split(r"\n\s*\n", text, maxsplit=1)[0], text.split("\n", 1)[0]]
    inline = INLINE.fullmatch(text)
    if inline and "\n" not in inline[1] and _leads_inline(inline[1], inline[2]):
        firsts.append(inline[1])
    elif quoted := QUOTED.fullmatch(text):
        firsts.append(quoted[1])
    heads = [first.strip() for first in dict.fromkeys(firsts) if len(first) < len(text)]
    if told := next((head for head in reversed(heads) if _calls(head) and speaks(head)), ""):
        return told, not told.endswith(":") or _orders(told)
    return next((head for head in heads if len(head) < LONG and _leads(head, text[len(head) :])), ""), False


def _calls(head: str) -> bool:
    """Whether a text above others is said to FreelanceX."""
    return _addressed(head) and looks_like(head) not in ("mail", "job")


def _leads(head: str, rest: str) -> bool:
    """Whether a line leads up to what is shown below it, though it may ask for nothing."""
    if _calls(head) and (LEADS.search(head) or looks_like(rest)):
        return True
    if head[0].islower() and looks_like(rest) not in ("", *GRIDS):
        return True
    led = _asks(head) or (bool(LEADS.search(head)) and not looks_like(head))
    return bool(OPENER.search(head)) or (head.endswith(":") and led)


def _leads_inline(head: str, rest: str) -> bool:
    """Whether the beginning of a line leads up to the rest of it."""
    if looks_like(head) or ("\n" in rest and (begins_with_verb(rest) or not looks_like(rest))):
        return False
    if head.endswith(":") and (POINTS.search(head) or (_orders(head) and not (rest[0].isdigit() or _orders(rest)))):
        return True
    if len(rest) >= BLOCK and LEADS.search(head) and not begins_with_verb(rest):
        return True
    return differ(head, rest) or bool(looks_like(rest))


def _closing(text: str, speaks: Callable[[str], bool]) -> str:
    """What is said behind something that is shown, "" for nothing."""
    last = text.rfind("\n") + 1
    below = [text[last:]] if last else []
    behind = [text[joint.end() :] for joint in BEHIND.finditer(text, last)]
    if signed := SIGNED.search(text, last):
        behind.append(text[signed.end() :])
    for tail in (*below, *behind):
        shown = text[: len(text) - len(tail)]
        if _closes(tail, shown, speaks):
            return tail
    return ""


def _closes(tail: str, before: str, speaks: Callable[[str], bool]) -> bool:
    """Whether words behind a text are said about it rather than a part of it.

    They ask for something, and point to it, are in another language, or begin small where the text does not.
    """
    shown = before.rstrip(ARROWS)
    asks = _addressed(tail) or (tail[0].islower() and bool(THAT.search(fold(tail))))
    speaking = speaks(tail)
    if len(tail) > LONG or len(shown) < FEW or not (asks or speaking):
        return False
    if ARROW.search(before):
        return len(shown) >= BLOCK and not shown[0].islower()
    below, like, foreign = before.endswith("\n"), looks_like(shown), differ(tail, shown)
    if not (like or foreign) and _said(shown, speaks):
        return False
    if like == "hours" and WORKED.search(fold(tail)):
        return False
    last = shown[shown.rfind("\n") + 1 :]
    broken = sum(len(line) in WRAPPED for line in shown.split("\n")) > 1
    wrapped = below and broken and last[-1].isalnum()
    listed = last[0].islower() and not (clauses.ASKS.match(fold(tail)) and not shown[0].islower())
    small = tail[0].islower() and not (listed or wrapped)
    if asks and speaking and POINTS.search(tail):
        return below or small
    if below:
        return foreign or small or like in GRIDS
    return small and (foreign or bool(like) or (asks and speaking and len(shown) >= BLOCK))


def _is_shown(rest: str, head: str, text: str) -> bool:
    """Whether what stands below a line of the user's is shown rather than said on."""
    if len(rest) >= LONG or (len(rest) >= FEW and differ(head, rest)) or looks_like(rest) not in ("", "hours"):
        return True
    alone = not re.search(r"\n\s*\n", rest)
    apart = alone and (rest.count("\n") >= LINES - 1 or _stands_apart(text, rest))
    return len(rest) >= BLOCK and (_announces(head) or apart)


def _announces(head: str) -> bool:
    """Whether a line leads up to something that is shown below it."""
    return bool(LEADS.search(head)) or head.rstrip().endswith((":", "?"))


def _stands_apart(text: str, rest: str) -> bool:
    """Whether what is below an instruction is a paragraph of its own that asks nothing and tells of nobody here."""
    return f"\n\n{rest}" in text and not (_addressed(rest) or FIRST_PERSON.match(rest))


def _addressed(part: str) -> bool:
    """Whether a short text is said to someone, as an order or a question, rather than being a title or a notice."""
    short = len(part) < LONG and part.count("\n") < 3 and not LISTED.search(part)
    return short and (part.endswith(":") or _asks(part))


def _asks(part: str) -> bool:
    """Whether a short text is an order or a question."""
    polite = len(part) < POLITE_IN and POLITE.search(part)
    return bool(ASKS.search(part) or polite) or _orders(part)


def _orders(part: str) -> bool:
    """Whether a text begins like an order or a question, or names the language something is to be in."""
    return bool(clauses.ASKS.match(fold(part)) or INTO.match(part)) or begins_with_verb(part)


def _said(text: str, speaks: Callable[[str], bool]) -> bool:
    asked = HELLO.sub("", text)
    return bool(FIRST_PERSON.match(text)) or (
        speaks(text[:LONG]) and (bool(ASKS.search(asked)) or begins_with_verb(asked))
    )
