"""Which of several that were listed a few words mean: "the second one", "the Kestrel one", "2026-014", "die letzte"."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from graph.planner.clauses import begins_with_verb
from graph.planner.words import STOP, fold, words

MOST_WORDS = 8
"""More words than these say something else."""
LEADS = re.compile(
    r"\W*(?:(?:yes|ja|si|oui|sim|ok|hm+|please|bitte|i mean|i meant|ich meine|take|use|it is|it['’]?s|nimm|es ist|toma|"
    r"es|prends|c['’]est|prendi|e|usa|for|the|der|die|das|den|dem|el|la|le|lo|il|o|a|fur|para|pour|per)\b\W*)+"
)
"""What leads up to a choice, folded."""
PLACES = (
    "first erst primer premier primo prima primeir 1st",
    "second zweit segund deuxiem secondo seconda 2nd",
    "third dritt tercer troisiem terz terceir 3rd",
    "fourth viert cuart quatriem quart 4th",
    "fifth funft quint cinquiem 5th",
    "sixth sechst sext sixiem sest 6th",
)
"""How words begin that name a place in a list, folded."""
LAST = re.compile(r"\b(?:last|letzte\w*|ultim[oa]|dernier\w*)\b")
NUMBER = re.compile(r"\W*(?:(?:number|no|nr|nummer|numero|option|#)\W*)?(\d{1,2})\W*")
PLAIN = frozenset(
    "one ones that this from with about invoice client project rechnung kunde projekt factura cliente proyecto facture "
    "projet fattura progetto fatura projeto".split()
)
"""Words that tell nothing apart by themselves."""


def chosen(text: str, labels: Sequence[str]) -> int | None:
    """The place, from 0, of the label that a message means; None where it means none of them, or something else.

    >>> chosen("the second one", ["2026-013, Acme", "2026-014, Kestrel"])
    1
    >>> chosen("2026-013", ["2026-013, Acme", "2026-014, Kestrel"])
    0
    """
    said = fold(text).strip()
    rest = said[lead.end() :] if (lead := LEADS.match(said)) else said
    if not rest or "?" in rest or len(rest.split()) > MOST_WORDS or (begins_with_verb(text) and rest == said):
        return None
    if number := NUMBER.fullmatch(rest):
        place = int(number[1]) - 1
        return place if 0 <= place < len(labels) else _told_apart(rest, labels)
    for place, starts in enumerate(PLACES):
        if any(word.startswith(start) for word in rest.split()[:1] for start in starts.split()):
            return place if place < len(labels) else None
    if LAST.match(rest):
        return len(labels) - 1
    return _told_apart(rest, labels)


def _told_apart(said: str, labels: Sequence[str]) -> int | None:
    """The one label that holds all the words of the text that tell anything, and one which no other has."""
    told = set(_parts(said)) - PLAIN
    named = {word for word in words(said) if len(word) > 2} - PLAIN - STOP
    own = [set(_parts(label)) for label in labels]
    often = Counter(word for parts in own for word in parts)
    shared = [sum(often[word] == 1 for word in parts & told) for parts in own]
    best = max(shared, default=0)
    place = shared.index(best) if best and shared.count(best) == 1 else None
    return place if place is not None and named <= own[place] else None


def _parts(text: str) -> list[str]:
    """The words of a text, of those with figures also what stands between hyphens: 2026-014 is 014 and 14, too."""
    found = [word for word in words(text) if len(word) > 2 or word.isdigit()]
    within = [part for word in found if any(map(str.isdigit, word)) for part in re.split(r"[-./]", word)]
    return [*found, *within, *(part.lstrip("0") for part in within if part.isdigit())]
