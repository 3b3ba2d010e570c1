"""Reads from what a user told how texts are to be written, what an hour costs, and who pays late.

"Acme prefers short mails in German"  ──▶  length short (mail), language de (mail)
"never use the word kindly"           ──▶  never kindly
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from agents.tools.text.languages import named

Kind = Literal["greeting", "closing", "language", "length", "tone", "never", "instead", "always"]
Place = Literal["mail", "proposal", "letter", "invoice"]
"""Where a text stands: a mail, a proposal, a text of the writer, or what goes with an invoice."""

_Q = r"[“”\"'‘’«»„]"
_PLACES: dict[Place, str] = {
    "mail": r"e-?mails?|mails?|messages?|nachrichten?|correos?|mensajes?|courriels?|mensagens?|messaggi\w*",
    "proposal": r"proposals?|offers?|bids?|applications?|angebote?n?|propuestas?|offres?|propostas?|propost[ae]",
    "letter": r"letters?|reminders?|posts?|bios?|briefe?n?",
    "invoice": r"invoices?|bills?|rechnung(?:en)?|facturas?|factures?|faturas?|fattur[ae]",
}
_TEXTS = "|".join([*_PLACES.values(), r"texts?|texten?|answers?|replies|drafts?|everything|all of it"])
_GREETINGS = (
    r"hi there|hi|hello|hey|dear|good (?:morning|day)|hallo|moin|guten tag|liebe[rs]?|servus|grüezi|"
    r"hola|buenos días|estimad[oa]s?|bonjour|salut|cher|chère|ciao|buongiorno|salve|gentile|olá|oi|bom dia|"
    r"car[oa]|prezad[oa]s?"
)
GREETING = re.compile(
    rf"^(?P<word>{_GREETINGS})(?P<rest>(?:[, ][^\n]{{0,80}})?[,:!])[ \t]*$", re.IGNORECASE | re.MULTILINE
)
"""The line that greets, in a text."""
_NEVER = re.compile(
    r"\b(?:never|don['’]?t(?: ever)?|do not|stop|avoid|no more|nie(?:mals)?|nunca|jamais|mai)\b[^.“\"]{0,20}?"
    r"\b(?:us(?:e|ing)|writ(?:e|ing)|say(?:ing)?|verwende\w*|benutz\w*|schreib\w*|us\w+|escrib\w*|utilis\w*|usare)\b"
    rf"\s*(?:(?P<the>(?:the|my|das|die|la|le|les?|a|il)?\s*(?:words?|phrases?|wort|wörter|palabras?|mots?|palavras?|"
    rf"parol[ae])(?: (?:like|such as|wie))?\s*[:,]?)|(?={_Q}))\s*(?P<what>.+)$",
    re.IGNORECASE,
)
_WITHOUT = re.compile(
    r"\b(?:no|never|without|avoid|stop|don['’]?t|keine|sin|sans|sem|senza)\b.{0,30}"
    r"\b(?P<what>exclamation (?:marks?|points?)|ausrufezeichen|emojis?)",
    re.IGNORECASE,
)
_INSTEAD = re.compile(
    rf"\b(?:say|write|use|sag|schreib\w*)\b\s+{_Q}?(?P<new>[^“”\"«»]{{2,40}}?){_Q}?,?\s+"
    rf"(?:instead of|rather than|and not|not|statt|nicht)\s+{_Q}?(?P<old>[^“”\"«».,;]{{2,40}}?){_Q}?\s*(?:$|[.,;])",
    re.IGNORECASE,
)
_ALWAYS = re.compile(
    r"\b(?:always|immer|siempre|toujours|sempre)\b\W+(?:please\W+)?(?:add|include|mention|put|attach|link(?: to)?|"
    r"write|füge?|erwähne?|nenne?|añad\w+|incluy\w+|ajout\w+|adicion\w+|aggiung\w+)\s+(?P<what>.+)$",
    re.IGNORECASE,
)
_ADDED = re.compile(
    rf"{_Q}|https?:|\b(?:links?|web ?sites?|portfolio|phone|number|address|signature|linkedin|github|calendar|booking|"
    r"availability|webseite|telefon\w*|enlace|lien|adresse|sitio|sito)\b",
    re.IGNORECASE,
)
_TO = re.compile(
    rf"\s+(?:to|in|into|on|under|at the (?:end|bottom|top) of|below|zu|in|an|a|en|dans|nei|nelle)\s+"
    rf"(?:(?:all|every|each|any|of|the|my|our|it|it all|meine\w*|jede\w*|mis?|mes|tod[oa]s?)\s+)*(?:{_TEXTS})\b.*$",
    re.IGNORECASE,
)
_GREET = re.compile(
    rf"\b(?:begin|start|open|greet|address|say|grüß\w*)\b[^.]{{0,50}}?(?:\bwith\b|\bmit\b|\bas\b)?\s*{_Q}?(?P<word>{_GREETINGS})"
    rf"\b{_Q}?",
    re.IGNORECASE,
)
_CLOSE = re.compile(
    rf"\b(?:sign(?: off| it| them)?|end|close|finish|schließ\w*)\b[^.]{{0,40}}?\b(?:with|as|mit)\s+{_Q}?"
    rf"(?P<word>[^“”\"«».,;\n]{{2,40}}?){_Q}?\s*(?:$|[.,;])",
    re.IGNORECASE,
)
_LANGUAGE = re.compile(
    rf"\b(?:{_TEXTS}|write|writes|correspond\w*|communicat\w*|answer|reply|schreib\w*)\b.{{0,30}}?\b(?:in|auf|en|em)\s+[A-ZÀ-Þa-zà-ÿ]+"
    r"|\b(?:only (?:speaks|reads|understands)|(?:speaks|reads|understands) only|prefers?|wants?|spricht nur)\s+"
    r"(?:(?:it|everything|all|to \w+|being \w+) ?){0,3}(?:in )?[A-ZÀ-Þ][a-zà-ÿ]+",
)
_SHORT = r"short(?:er)?|brief(?:er)?|concise|crisp|kurze?[ns]?|kürzere?|knapp\w*|cort[oa]s?|breves?|court[es]*|brevi?"
_LONG = r"longe?r?|detailed|thorough|ausführlich\w*|detallad[oa]s?|détaillé\w*|detalhad[oa]s?|dettagliat[ei]"
_LIKES = (
    r"prefers?|likes?|loves?|wants?|needs?|keep|make|write|mag|will|möchte|prefier\w+|préf[èe]re\w*|prefer\w+|halte?"
)
_WISHED = re.compile(rf"\b(?:{_LIKES}|hates?|dislikes?|should|must|always|schreib\w*)\b", re.IGNORECASE)
_FORMAL = re.compile(
    rf"\b(?:{_LIKES})\b.{{0,30}}\b(?:formal\w*|polite(?:r)? (?:tone|style)|förmlich\w*|formel\w*)\b", re.IGNORECASE
)
_CASUAL = re.compile(
    rf"\b(?:{_LIKES})\b.{{0,30}}"
    r"\b(?:casual|informal\w*|relaxed|friendl(?:y|ier)|first[- ]name|locker\w*|decontract\w*)\b",
    re.IGNORECASE,
)
_NOT = re.compile(r"\b(?:not|n['’]t|never|no longer|hates?|dislikes?|nicht|kein\w*)\b", re.IGNORECASE)
LATE = re.compile(
    r"(?<!never )(?<!not )\b(?:pays?|paid|paying|settles?)\b.{0,30}\blate\b(?! fee)|\blate payer\b|"
    r"\bslow (?:to pay|payer)\b|"
    r"\bnever pays on time\b|\bbad payer\b|\bzahlt\b.{0,30}\b(?:zu )?spät\b|\bpaga\b.{0,20}\b(?:tarde|tardi|in ritardo|"
    r"con retraso)\b|\bpaie\b.{0,20}\ben retard\b",
    re.IGNORECASE,
)
"""What says that somebody pays late."""
RATE = re.compile(r"\b(?:rates?|charg\w+|pays?|bill\w*|ask for|stundensatz|satz|tarifa|tarif|tariffa)\b", re.IGNORECASE)
"""What says that a price beside it is a rate."""
_COMMENTS: tuple[tuple[str, str], ...] = (
    (r"\btoo (?:long|wordy|verbose)\b|\bmuch shorter\b|^\W*shorter\b|\bzu lang\b|\b(?:nice|good) and short\b",
     "I prefer short texts"),
    (r"\btoo (?:short|brief|terse)\b|\bmore details?\b|\bzu kurz\b", "I prefer detailed texts"),
    (r"\btoo (?:formal|stiff|cold)\b|\b(?:more|be) casual\b|\bzu (?:förmlich|steif)\b", "I prefer a casual tone"),
    (r"\btoo (?:casual|informal|chummy|familiar)\b|\b(?:more|be) formal\b|\bzu locker\b", "I prefer a formal tone"),
)  # fmt: skip


@dataclass(frozen=True)
class Wish:
    """One way in which texts are to be written; `old` is what an "instead" replaces, no `places` are all places."""

    kind: Kind
    value: str
    places: frozenset[Place] = frozenset()
    old: str = ""


def wishes(text: str) -> list[Wish]:
    """What a statement wishes of texts, nothing for one about something else."""
    return [Wish(kind, value, _places(text, value, old), old) for kind, value, old in _found(" ".join(text.split()))]


def in_comment(comment: str) -> list[str]:
    """The statements a comment beside a thumb makes about texts, as they are kept."""
    said = [statement for pattern, statement in _COMMENTS if re.search(pattern, comment, re.IGNORECASE)]
    if not said and (language := re.search(r"\b(?:in|auf|en|em) [A-ZÀ-Þa-zà-ÿ]+", comment)) and named(language[0]):
        said.append(f"I want my texts {language[0]}")
    return said or ([comment.strip().rstrip(".")] if wishes(comment) else [])


def _places(text: str, *beside: str) -> frozenset[Place]:
    """The kinds of texts that are named, where the words wished for themselves name none."""
    for word in filter(None, beside):
        text = text.replace(word, " ")
    return frozenset(name for name, words in _PLACES.items() if re.search(rf"\b(?:{words})\b", text, re.IGNORECASE))


def _found(text: str) -> Iterator[tuple[Kind, str, str]]:
    if hit := _INSTEAD.search(text):
        yield "instead", hit["new"].strip(), hit["old"].strip()
        return
    if hit := _WITHOUT.search(text):
        yield "never", "!" if hit["what"].casefold().startswith(("excl", "ausr")) else "emoji", ""
        return
    if hit := _NEVER.search(text):
        for word in _listed(_TO.sub("", hit["what"])):
            yield "never", word, ""
        return
    if (hit := _ALWAYS.search(text)) and _ADDED.search(hit["what"]):
        yield "always", _TO.sub("", hit["what"]).strip(" ."), ""
        return
    if hit := _CLOSE.search(text):
        yield "closing", hit["word"].strip(), ""
    elif (hit := _GREET.search(text)) and not _NOT.search(text):
        yield "greeting", hit["word"], ""
    if (hit := _LANGUAGE.search(text)) and (languages := named(hit[0])) and not _NOT.search(text):
        yield "language", languages[0], ""
    if length := _length(text):
        yield "length", length, ""
    if _FORMAL.search(text) and not re.search(r"\b(?:less|too) formal", text, re.IGNORECASE):
        yield "tone", "casual" if _NOT.search(text) else "formal", ""
    elif _CASUAL.search(text):
        yield "tone", "formal" if _NOT.search(text) else "casual", ""


def _length(text: str) -> str:
    """Whether a text is to be "short" or "long"; "" when nothing is said of it."""
    if not _WISHED.search(text):
        return ""
    for value, words in (("short", _SHORT), ("long", _LONG)):
        near = rf"\b(?:{words})\b.{{0,25}}\b(?:{_TEXTS})\b|\b(?:{_TEXTS})\b.{{0,30}}\b(?:{words})\b"
        if re.search(near, text, re.IGNORECASE):
            return {"short": "long", "long": "short"}[value] if _NOT.search(text) else value
    return ""


def _listed(text: str) -> list[str]:
    """Words as they are listed, in quotation marks or between commas."""
    quoted = re.findall(r"[“\"«„]([^“”\"«»„]+)[”\"»“]", text)
    parts = quoted or re.split(r",|\b(?:or|and|nor|oder|und|ni|ou|o|e)\b", text)
    return [word for part in parts if (word := part.strip(" .;:!?“”\"'‘’«»„")) and len(word) <= 40]
