"""Whether a message answers the question that is open, or asks for something else.

    an order or a question that is for some agent ──▶ something else
    a statement that speaks loudly for another agent ──▶ something else, unless it holds what was asked for
    anything else that holds a value for the field ──▶ the answer

Words alone do not tell: "translate ten pages" is an order, and says what is to be priced when that was asked.
"""

from __future__ import annotations

import re

from graph.planner.clauses import ASKS, begins_with_verb
from graph.planner.intents import SURE, Intent
from graph.planner.talk import small_talk
from graph.planner.words import fold

LOUD = 1.2
"""From this score on words with a cue speak for an agent by themselves, whatever was asked."""
FEW = 3
"""So few words name a record rather than order something."""
VALUES = frozenset({"money", "rate", "hours", "percent", "number", "date", "url", "email"})
"""Kinds that are read from anywhere in a sentence; the others are the sentence itself, a file or a record."""
TELLS = re.compile(r"\W*(?:i|i'm|i've|we|my|ich|wir|mein|yo|mi|je|j['’ ]|nous|mon|io|il mio|eu|meu)\b")
"""How a sentence about oneself begins, folded."""
DESCRIBES = re.compile(
    r"\W*(?:an?|some|about|it(?:['’]?s| is)?|that(?:['’]s| is)|they|he|she|the (?:client|customer|one)|we|i need|"
    r"\d[\d.,]*|eine?[nrs]?|etwa|es|der kunde|die kundin|un[aeo]?s?|el cliente|le client|il cliente|"
    r"um[a]?|o cliente)\b"
)
"""How work that somebody wants begins to be described, folded: "a shop with 20 products"."""
WORK = re.compile(
    r"\W*(?:(?i:translate|proofread|[uü]bersetzen?|traducir|traduire|tradurre|traduzir)\b(?! this\b| it\b)|"
    r"(?i:build|make|create|develop|design|write|edit|train|clean|scrape|record|transcribe|set up|migrate|redesign|"
    r"baue?n?|erstellen?|schreiben?|escribir|crear|[eé]crire|cr[eé]er|scrivere|creare|escrever|criar)\b"
    r"(?! me\b| mir\b)(?!.*\b(?:to|for|an|für|para|pour|per) [A-Z]))"
)
"""An order that names a freelancer's work and nobody to do it for."""
SETS = re.compile(
    r"\W*(?:make|set|take|use|say|put|mach|nimm|setz|hazlo|pon|mets|prends|metti|prendi|fallo|poe|usa)\b"
    r"(?:\W+(?:it|that|es|das|at|to|auf|mal|a)\b)*\W+\S*\d\S*(?:\W+\w+){0,4}\W*$"
)
"""A value with a word that only sets it, folded: "make it 85 €"."""
NAMES = re.compile(
    r"(?:(?:for|it['’]?s for|it is|it['’]?s|für|es ist|para|es|pour|c['’]est|per|è|é)\s+)?"
    r"(?:(?:the|die|der|das|la|el|le|a|o|il)\s+)?[^\W\d_a-zà-ÿ]\S*(?:\s+(?:[^\W\d_a-zà-ÿ]\S*|&|und|and|y|et|e|of|de|da|do|del|von|van|family|familie|familia|famille|"
    r"in|en|aus|from))*\W*",
)
"""A name, with what leads up to it; the case counts."""
REMARK = re.compile(r"\W*(?:why|what do you mean|warum|wieso|was meinst|por que|que quieres|pourquoi|perche|porque)\b")
"""A question about the question, folded."""


def answers(
    kind: str,
    agent: str,
    message: str,
    best: Intent | None,
    *,
    filled: bool,
    pasted: bool = False,
    exact: bool = True,
    other: bool = False,
) -> bool:
    """Whether a message answers a question for a field of `kind` that the step of `agent` lacks.

    `best` is whom the message is for by itself, `filled` whether it holds a value for the field, `exact` whether that
    is one of its very kind rather than a bare number, `pasted` whether the message carries a text besides the user's
    words, `other` whether it asks the same agent for something else.
    """
    said = fold(message)
    if not filled or (small_talk(message) and kind not in VALUES):
        return False
    asks = message.rstrip().endswith("?") or ASKS.match(said) is not None
    if kind in VALUES and SETS.match(said):
        return True
    if asks or begins_with_verb(message):
        return not _requests(kind, agent, message, best, asks=asks, pasted=pasted)
    if pasted or kind.startswith(("file:", "record:")):
        return True
    if kind == "client" and not NAMES.fullmatch(message.strip()) and len(message.split()) > FEW:
        return False
    if best is None:
        return True
    if kind in VALUES and not exact and best.agent != agent and len(message.split()) > FEW + 1:
        return False  # a number among words for somebody else
    loud = SURE if best.agent == agent and other else LOUD
    if not best.cues or best.score < loud or (best.agent == agent and not other):
        return True
    if kind in VALUES:
        return kind != "date" and best.agent != agent and exact and TELLS.match(said) is not None
    return DESCRIBES.match(said) is not None


def _requests(kind: str, agent: str, message: str, best: Intent | None, *, asks: bool, pasted: bool) -> bool:
    """Whether an order or a question is one of its own."""
    if best is None or best.score < SURE:
        return asks and not pasted and (kind not in VALUES or bool(REMARK.match(fold(message))))
    if kind == "pasted" and not asks and WORK.match(message):
        return False
    if best.agent != agent:
        return True
    short = len(message.split()) <= FEW
    return not (pasted or kind.startswith("file:") or (kind.startswith("record:") and short))
