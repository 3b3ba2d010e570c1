"""Reads a short message as the user's word on what waits for it: a yes, a no, or a change of what was proposed.

    "ja, mach das"           ──▶ approve
    "no, don't"              ──▶ reject
    "yes, the second one"    ──▶ approve, of "the second one"
    "change the subject to X"──▶ change, field "subject", value "X"
    "yes, and find me jobs"  ──▶ nothing: a request of its own

Only a message that is nothing else is a word: one line, short, nothing quoted. So text that was pasted is never one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from graph.planner.words import fold

LONGEST = 80
"""Characters of such a message."""
LONGEST_CHANGE = 300
"""Characters of one that says what to write instead."""
SHOWN = re.compile(r"[\n\r\"“”„«»`<>|{}\[\]]")
"""What stands in text that is shown rather than said."""
PLEASE = (
    r"(?:please|pls|plz|bitte|por favor|porfa|s'il te plait|s'il vous plait|stp|svp|per favore|thanks|thank you|thx|"
    r"danke|gracias|merci|grazie|obrigad[oa]|then|dann|now|jetzt|so|gern[e]?|just|mal|ruhig|gut|va|alors|allora|entao)"
)
YES = (
    r"(?:yes|yeah|yep|yup|yess+|sure(?: thing)?|of course|absolutely|certainly|definitely|ok(?:ay|ey)?|alright|fine|"
    r"go ahead|do (?:it|that|so)|go for it|(?:i )?approved?(?: (?:it|that|this))?|confirm(?:ed)?(?: (?:it|that|this))?|"
    r"i agree|agreed|ja(?:wohl)?|jo|jep|klar|natuerlich|naturlich|einverstanden|passt|mach (?:das|es|mal|ruhig)|"
    r"mach'?s|leg los|nur zu|genehmigt|genehmige (?:es|das)|ich genehmige (?:es|das)|freigegeben|bestatigt|"
    r"tu (?:das|es)|si|claro(?: que si)?|vale|de acuerdo|hazlo|adelante|aprobado|apruebalo|confirmado|confirmo|"
    r"esta bien|oui|ouais|d'accord|vas-y|allez-y|fais-le|faites-le|c'est bon|approuve|je confirme|confirme|bien sur|"
    r"certo|va bene|fallo|procedi|approvato|confermo|approvo|d'accordo|"
    r"sim|pode (?:ser|fazer)|faz isso|faca isso|faz|avanca|aprovado|aprovo|combinado)"
)
NO = (
    r"(?:no way|not now|better not|rather not|no lo (?:hagas|envies|mandes)|"
    r"(?:don'?t|do not)(?: (?:do|send|book|delete|post|open|use|run)(?: (?:it|that|this|them))?)?|"
    r"reject(?:ed)?(?: (?:it|that))?|declined?(?: (?:it|that))?|"
    r"lass (?:das sein|es sein|das|es|mal)|(?:lieber|bitte|besser) nicht|mach (?:das|es) nicht|"
    r"nicht (?:senden|schicken|machen|loschen|buchen)|schick (?:das|es|sie|ihn) nicht(?: ab)?|ablehnen|abgelehnt|"
    r"mejor no|rechazado|rechazalo|"
    r"ne (?:le |la |l')?(?:fais|envoie|faites|envoyez) pas(?: ca)?|n'envoie pas(?: ca)?|surtout pas|refuse|"
    r"non (?:farlo|inviarlo|inviarla|mandarlo|mandarla)|meglio di no|meglio no|rifiuta(?:to|lo)?|"
    r"nao (?:facas|faca|envies|envie|mandes|mande)(?: isso)?|melhor nao|rejeita(?:do)?|"
    r"no+|nope|nah|nein|nee|non|nao)"
)
SENDS = (
    r"(?:send(?: (?:it|that|this|them|the (?:mail|email|message)))?(?: (?:off|out|now))?|"
    r"schick(?:e)? (?:es|das|sie|ihn|die mail)(?: (?:ab|los|raus|so))?|sende(?: (?:es|das|sie))?|abschicken|ab damit|"
    r"raus damit|envial[oa]|mandal[oa]|envia(?:r)?|envoie(?:-l[ae])?|envoyez(?:-l[ae])?|invial[oa]|spediscil[oa]|"
    r"envia(?:-[oa])?|manda(?:r)?)"
)
DELETES = r"(?:delete|erase|remove) (?:it|that|this|them)|losch(?:e)? (?:es|das|sie)"
ADDS = r"(?:add|book|keep|save) (?:it|that|this|them)|trag (?:es|das|ihn) ein|buch(?:e)? (?:es|das)"
PRAISES = re.compile(
    r"\W*(?:(?:that )?(?:looks|sounds|is) (?:good|great|perfect|fine|right)|perfect|great|good|cool|nice|super|"
    r"lovely|gut|prima|perfekt|klasse|sieht gut aus|perfecto|genial|muy bien|parfait|tres bien|perfetto|ottimo|"
    r"perfeito|otimo)"
    r"(?:[\s,.!]+(?:thanks|thank you|danke|gracias|merci|grazie|obrigad[oa]))?\W*"
)
"""What may be a yes, and may only say that something is good, folded."""
VERBS = {SENDS: ("send",), DELETES: ("delete", "erase", "remove", "unspend"), ADDS: ("add", "book", "keep")}
"""Orders that name what is to be done, and how the names of such effects begin: no other is meant by them."""
ALL = re.compile(
    r"(?:both|all|all of (?:it|them)|both of them|everything|beide[ns]?|alle[s]?|amb[oa]s|tod[oa]s|tous|toutes|"
    r"les deux|tout|entramb[ie]|tutti|tutte|tutto|tudo)"
)
_GAP = r"[\s,.;:!…–-]*"
_MORE = rf"(?:{_GAP}{PLEASE})*"
_SAYS_NO = re.compile(rf"\W*(?:{PLEASE}{_GAP})*{NO}(?:{_GAP}(?:{NO}|{PLEASE}))*\b")
_SAYS_YES = re.compile(rf"\W*(?:{PLEASE}{_GAP})*{YES}(?:{_GAP}(?:{YES}|{PLEASE}))*\b")
_NAMED = [
    (re.compile(rf"\W*(?:(?:{YES}|{PLEASE}){_GAP})*(?:{verb}){_MORE}\W*"), begins) for verb, begins in VERBS.items()
]
_NONE = re.compile(
    r"\W*(?:none|neither|nothing)(?: of (?:it|them))?\W*|\W*keine[ns]?(?: davon)?\W*|\W*ningun[oa]?\W*|\W*aucun[e]?\W*|"
    r"\W*nessun[oa]\W*|\W*nenhum[a]?\W*"
)
_TO = r"(?:to|into|auf|zu|in|a|en|para|por)"
_FIELD = re.compile(
    rf"\W*(?:(?:{NO}|{PLEASE}|{YES}){_GAP}(?:but{_GAP}|aber{_GAP})?)*"
    rf"(?:(?:change|set|make|edit|aendere|andere|setz(?:e)?|mach(?:e)?|cambia|pon|change|mets|metti|muda|poe) )"
    rf"(?:the |its |den |die |das |el |la |le |l'|il |o |a )?(?P<field>[a-z]{{2,20}}) {_TO}:? (?P<value>\S.*)",
    re.DOTALL,
)
_AMOUNT = re.compile(
    rf"\W*(?:(?:{NO}|{PLEASE}|{YES}){_GAP}(?:but{_GAP}|aber{_GAP})?)*"
    r"(?:make (?:it|that)|change (?:it|that) to|set (?:it|that) to|only|nur|mach(?:e)? (?:es|das|daraus|mal)?|"
    r"hazlo(?: de)?|que sean|mets(?:-en)?|fais-en|metti|fallo(?: di)?|faz|poe)\s*"
    r"(?P<value>\d[\d.,]*)\s*(?:€|\$|£|eur(?:os?)?|usd|dollars?|gbp|chf)?\W*"
)
FIELDS = {
    "betreff": "subject", "asunto": "subject", "objet": "subject", "oggetto": "subject", "assunto": "subject",
    "title": "title", "titel": "title", "titulo": "title", "titre": "title", "titolo": "title",
    "recipient": "to", "address": "to", "empfanger": "to", "destinatario": "to", "destinataire": "to",
    "text": "body", "message": "body", "nachricht": "body", "mensaje": "body", "messaggio": "body",
    "sum": "amount", "betrag": "amount", "summe": "amount", "importe": "amount", "montant": "amount",
    "importo": "amount", "valor": "amount", "place": "place", "ort": "place", "location": "place",
}  # fmt: skip
"""What people call the fields that may be changed, folded."""


@dataclass(frozen=True)
class Word:
    """The user's word. `of` are the words that say on which of several, `all` whether on all of them.

    `begins` are beginnings of the effects that are meant, where the word is one for a certain deed alone. What is not
    `sure` may be a yes, and must be asked about. A change has the
    `field` as the agents call it, empty for the one that is an amount, and the `value` in it.
    """

    says: Literal["approve", "reject", "change"]
    of: str = ""
    all: bool = False
    begins: tuple[str, ...] = ()
    sure: bool = True
    field: str = ""
    value: str = ""


def word_in(text: str) -> Word | None:
    """The user's word that a message is; None where it is anything else.

    >>> word_in("ja, mach das").says
    'approve'
    >>> word_in("yes, the second one").of
    'the second one'
    >>> word_in("yes and find me three jobs") is None
    True
    """
    if SHOWN.search(text.strip()) or len(text) > LONGEST_CHANGE:
        return None
    said = fold(text.strip()).replace("’", "'")
    if change := _change(said, text.strip()):
        return change
    if len(text) > LONGEST or "?" in text:
        return None
    if _NONE.fullmatch(said):
        return Word("reject", all=True)
    if PRAISES.fullmatch(said):
        return Word("approve", sure=False)
    for pattern, begins in _NAMED:
        if pattern.fullmatch(said):
            return Word("approve", begins=begins)
    for says, pattern in (("reject", _SAYS_NO), ("approve", _SAYS_YES)):
        if hit := pattern.match(said):
            rest = re.sub(rf"^{_GAP}(?:to |for |zu |a |pour |per |para )?|\W+$", "", said[hit.end() :])
            return _of("approve" if says == "approve" else "reject", rest)
    return None


def _of(says: Literal["approve", "reject"], rest: str) -> Word | None:
    if not rest:
        return Word(says)
    if ALL.fullmatch(rest):
        return Word(says, all=True)
    names = re.fullmatch(r"(?:the |der |die |das |den |el |la |le |il |o |a )?[\w'’-]+(?: [\w'’-]+){0,3}", rest)
    return Word(says, of=rest) if names else None


def _change(said: str, text: str) -> Word | None:
    if hit := _AMOUNT.fullmatch(said):
        return Word("change", value=hit["value"].rstrip(".,"))
    hit = _FIELD.fullmatch(said)
    if hit is None or (name := FIELDS.get(hit["field"], hit["field"])) not in {*FIELDS.values(), "start", "end"}:
        return None
    value = text[len(text) - len(hit["value"]) :] if len(fold(text)) == len(text) else hit["value"]
    return Word("change", field=name, value=value.strip())
