"""Changes the mail that was drafted last: something added, shorter, friendlier."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from agents.deps import Deps
from agents.tools.text.languages import detect
from agents.tools.writing.mail_words import SENTENCES
from agents.tools.writing.plain_language import shorter

TURNS = 6
"""How far back the draft may lie."""
_ADDS = re.compile(
    r"^\W*(?:(?:please|and|also|oh|bitte|und|noch|y|et|e)\W+)*(?:add|mention|say(?: also| too)?|"
    r"tell (?:him|her|them)|ergänze?|füge? (?:noch )?(?:hinzu|an|ein)|schreib (?:noch |auch )?dazu|"
    r"sag (?:noch|auch|ihm|ihr|ihnen)|añade|agrega|ajoute|aggiungi|adiciona|acrescenta)\b\W*"
    r"(?:(?:also|too|noch|auch|también|aussi|anche|também)\W+)?"
    r"(?:(?:that|dass|que|che)\b\W*)?(?P<what>.{3,})$",
    re.IGNORECASE | re.DOTALL,
)
_SHORTER = re.compile(
    r"\b(?:short(?:er|en)?|brief(?:er)?|concise|kürze?r?|knapper|más (?:corto|breve)|plus (?:court|bref)|"
    r"più (?:corta|corto|breve)|mais (?:curto|curta|breve))\b",
    re.IGNORECASE,
)
_WARMER = re.compile(
    r"\b(?:friendl(?:y|ier)|warm(?:er)?|nicer|kinder|softer|freundlicher|herzlicher|netter|wärmer|"
    r"más (?:amable|cercan[oa])|plus (?:chaleureux|aimable|amical)|più (?:cordiale|gentile|amichevole)|"
    r"mais (?:simpátic[oa]|amável|cordial))\b",
    re.IGNORECASE,
)
_FORMAL = re.compile(
    r"\b(?:more formal(?:ly)?|formal|more polite|politer|förmlicher|formeller|höflicher|más formal|"
    r"plus (?:formel|poli)(?:le)?|più (?:formale|cortese)|mais formal)\b",
    re.IGNORECASE,
)
_SIR = {
    "en": ("Dear", "Kind regards"),
    "de": ("Guten Tag", "Mit freundlichen Grüßen"),
    "es": ("Estimado/a", "Atentamente"),
    "fr": ("Bonjour", "Veuillez agréer mes salutations distinguées"),
    "it": ("Gentile", "Distinti saluti"),
    "pt": ("Prezado/a", "Atenciosamente"),
}
"""Greeting and closing of a mail that is to be more formal."""
_CONTRACTED = {"I'm": "I am", "I'll": "I will", "I've": "I have", "can't": "cannot", "won't": "will not"}
_CONTRACTED |= {"don't": "do not", "isn't": "is not", "it's": "it is", "It's": "It is", "we're": "we are"}
WISHES = re.compile(
    r"^\W*(?:(?:please|bitte|por favor|make it|mach (?:es|sie)|a bit|etwas|now|too|zu|can you|und|and)\W+)*"
    r"(?:more|less|shorter|longer|warmer|softer|nicer|simpler|clearer|stricter|firmer|mehr|weniger|kürzer|länger|"
    r"freundlicher|formeller|förmlicher|höflicher|lockerer|más|menos|plus|moins|più|meno|mais|formal|rewrite|reword)\b",
    re.IGNORECASE,
)
"""A wish about how the last text is written."""
MAKERS = ("mail", "writer", "proposal", "translator")
_WARM = {
    "en": ("Hi", "I hope you are well.", "Warm regards"),
    "de": ("Hallo", "ich hoffe, es geht Ihnen gut.", "Herzliche Grüße"),
    "es": ("Hola", "Espero que esté muy bien.", "Un cordial saludo"),
    "fr": ("Bonjour", "J'espère que vous allez bien.", "Bien amicalement"),
    "it": ("Buongiorno", "spero che stia bene.", "Un caro saluto"),
    "pt": ("Olá", "Espero que esteja bem.", "Um abraço"),
}
"""Greeting, first sentence and closing of a mail that is to be warmer."""


async def last_draft(deps: Deps) -> dict[str, Any] | None:
    """The ``to``, ``subject`` and ``body`` of the mail drafted last in this conversation; None where there is none."""
    waiting = await deps.stores.effects.waiting(user=deps.user, thread=deps.thread)
    for turn in await deps.stores.turns.recent(deps.thread, TURNS):
        proposed = [dict(one.arguments) for one in waiting if one.turn == turn.id and one.effect == "send_mail"]
        made = [one.get("data") or {} for one in turn.findings.values() if one.get("agent") == "mail"]
        for data in (*proposed, *made):
            if isinstance(data.get("body"), str) and data["body"]:
                return dict(data)
    return None


async def last_text(deps: Deps, turns: int = TURNS) -> tuple[str, bool] | None:
    """The text that was written last in this conversation, and whether it comes from outside; None for none.

    This turn counts as one of the `turns` that are looked at.
    """
    for turn in await deps.stores.turns.recent(deps.thread, turns):
        for finding in reversed(turn.findings.values()):
            data = (finding.get("effect") or {}).get("arguments") or finding.get("data") or {}
            text = data.get("body") or data.get("text")
            if finding.get("agent") in MAKERS and isinstance(text, str) and text.strip():
                return text, finding.get("trust") == "outside"
    return None


def changed(draft: Mapping[str, Any], wish: str) -> str | None:
    """The draft's text as wished; None where the words wish nothing that can be done by rule."""
    parts = str(draft["body"]).split("\n\n")
    greeting, middle, closing = (parts[0], parts[1:-1], parts[-1]) if len(parts) > 2 else ("", parts, "")
    said = wish.strip()
    if adds := _ADDS.match(said):
        what = adds["what"].strip(" .")
        middle = [*middle, f"{what[:1].upper()}{what[1:]}."]
    elif _SHORTER.search(said):
        middle = [less for part in middle if (less := shorter(part).text)]
    elif _WARMER.search(said):
        guess = detect("\n".join(middle))
        hello, opening, ending = _WARM[guess.code if guess and guess.code in _WARM else "en"]
        usual = {one["greeting"] for one in SENTENCES.values()}
        first = next((one for one in usual if greeting.startswith(one)), "")
        greeting = f"{hello}{greeting.removeprefix(first)}" if first else greeting
        middle = [opening, *middle]
        closing = "\n".join([ending, *closing.split("\n")[1:]])
    elif _FORMAL.search(said):
        guess = detect("\n".join(middle))
        hello, ending = _SIR[guess.code if guess and guess.code in _SIR else "en"]
        greeting = re.sub(r"^(?:Hello|Hi|Hey|Hallo|Hola|Bonjour|Salut|Buongiorno|Ciao|Olá|Oi)\b", hello, greeting)
        middle = [_in_full(part) for part in middle]
        closing = "\n".join([ending, *closing.split("\n")[1:]])
    else:
        return None
    return "\n\n".join(filter(None, [greeting, *middle, closing]))


def _in_full(text: str) -> str:
    for short, full in _CONTRACTED.items():
        text = re.sub(rf"\b{short.replace(chr(39), '[’' + chr(39) + ']')}\b", full, text)
    return text
