"""Cuts the user's words into clauses, one request each.

Sentences and "; " always end a clause. A comma or an "and" ends one only where both sides ask for something: the right
side begins with a verb people give orders with, or it speaks for another agent than the left one.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from graph.planner.words import fold

SENTENCE = re.compile(r"(?<=[.!?…])[\"”')]*\s+(?=[^\s\d])|\n+|;\s+")
COUNTED = re.compile(r"^\s*(?:\d{1,2}[.)]|[a-e]\)|[-*•])\s+", re.MULTILINE)
"""What a line of a list begins with."""
ABBREVIATION = re.compile(
    r"\b(?:e\.g|i\.e|etc|approx|incl|excl|no|nr|vs|mr|mrs|ms|dr|st|inc|ltd|co|ca|z\.b|std|(?<!/)\b[a-z])\.$", re.I
)
THEN = re.compile(
    r"(?:^|,?\s+)(?:and then|then|afterwards|after that|and after|followed by|und dann|dann|danach|anschlie(?:ß|ss)end|"
    r"et puis|puis|ensuite|y luego|luego|y después|después|e poi|poi|e dopo|e depois|depois|em seguida)\s+",
    re.IGNORECASE,
)
JOINT = re.compile(
    r",?\s+(?:and also|and|as well as|plus|also|but|und auch|und|sowie|außerdem|y también|"
    r"y(?!\s+a(?:vait|ura)?\b)|e anche|e também|e|et aussi|et|&|\+)\s+"
    r"|\s(?:/{1,2}|→|[-=]>)\s+|\s(?:[a-e]|[1-5])\)\s+|,\s+(?!\d)|\s[-–—]\s",
    re.IGNORECASE,
)
TELLING = re.compile(
    r"\W*(?:(?:hi|hello|hey)\W+)?(?:i|i'm|im|i've|my|and i|we)\b"
    r"(?!.*\?|.*\b(?:need|want|would like|looking for|search)\b)",
    re.IGNORECASE | re.DOTALL,
)
"""A sentence in the first person that tells rather than asks."""
SHOWS = re.compile(
    r"\W*(?:(?:hi|hello|hey|ok|so)\W+)*(?:here(?:['’]s| is| are| comes?)|hier (?:ist|sind|kommt|habe ich)|"
    r"aqui (?:esta|tienes|va|vai|tens|segue)|te paso|voici|voila|ecco)\b(?!.*\?)|(?!(?:is|are|was|"
    r"were)\b)[^,.?!]{3,60}\b(?:attached|"
    r"im anhang|anbei|adjunt[oa]|en piece jointe|ci-joint|"
    r"allegat[oa]|(?:em )?anexo)\W*$",
    re.IGNORECASE | re.DOTALL,
)
"""What only shows the thing that the request behind it is about, folded: "here is a mail from a customer"."""
ONCE_MORE = re.compile(
    r"\W*(?:please |just )?(?:explain|do|make|build|describe|answer|check|show|tell me)\b.{0,30}\b(?:it|this|that|"
    r"them)\W*$"
)
"""What says in an order what the words before it asked already, folded: "explain it"."""
KEEP = re.compile(
    r"\W*(?:and |so |please |und |y |et |e )*(?:(?:keep|bear) (?:that|this|it) in mind|(?:remember|note|memorise|"
    r"memorize) (?:that|this|it)"
    r"|(?:don['’]?t|do not) forget (?:that|this|it)|merk(?:e)? (?:dir|es dir)(?: das| bitte)?|(?:ten|"
    r"tenlo) en cuenta|recuerdalo|"
    r"tenlo en cuenta|retiens(?:-le| ca)?|garde ca en tete|tienilo a mente|ricordatelo|ricordalo|"
    r"lembra(?:-te)? disso|guarda isso)\W*$"
)
"""An order to keep what was told just before, folded: "keep that in mind"."""
ADDRESS = re.compile(r"\s*(?:https?://|www\.)\S+\s*", re.IGNORECASE)
"""An address by itself is what the sentence before it is about."""
SCRAP = 3
"""So few words without a verb or a question go on with what came before."""
CHANGES = re.compile(
    r"\W*(?:but |and |please |pls )*(?:do not |don['’]?t )?(?:delete|remove|keep|show|open|change|drop|undo|count|save|"
    r"borra|muestra|montre|mostra|zeig|losch|cancella|apaga|supprime)\b"
    r".{0,12}\b(?:it|them|those|these|that|any|one|all|drafts?)\W*$"
)
"""An order so general that it is about what came before."""
NUMBERED = re.compile(
    r"\W*(?:(?:for|the|my|on|fur|para|pour|per|a|la|die|zur?)\s+)*(?P<what>invoice|rechnung|factura|facture|fattura|"
    r"fatura)\s*"
    r"(?:no\.?|nr\.?|number|n°|#)?\s*(?=[\w-]*\d)[\w-]+\b"
)
"""What a request is about, given by its number, folded: "invoice 104"."""
QUANTITIES = re.compile(r"[-*•\s€$£]*\d[^?]*$")
"""What begins with a number and asks nothing only states something for the request that follows."""
VERBS = frozenset(
    "add analyse analyze answer ask book build calculate cancel change check chart clean compare compute "
    "convert create "
    "delete describe do draft draw erase estimate explain export extract fetch find fit forecast forget "
    "generate get give "
    "go help hold invoice keep list listen log look mail make mark match message model move note notify open "
    "paste pick "
    "plan plot polish predict prepare price propose pull put quote rank read recommend record remember remind remove "
    "reply rewrite run save schedule score scrape search send set shorten show solve start stop store suggest sum "
    "summarise summarize take tell track train transcribe translate update upload use visualise visualize void work "
    "write bill erase wipe tidy turn transfer forward proofread say redo grab ping chase attach reword rephrase "
    "redraft reschedule collect gather warn sort filter fill follow clarify confirm crop cut deliver "
    "download duplicate edit enter fix highlight import install jot merge organise organize outline "
    "publish raise renew research resend resize rotate scan snooze speak split stick subtract swap switch "
    "trim undo verify withdraw".split()
)
FOREIGN = re.compile(
    r"(?:(?:traduc|traduz|traduis|traduci|mandal|mandam|mandas|mandagl|mandatel|inviagl|invial|spedisc|envial|enviam|"
    r"envoie|envoy|schick|escrib|escrev|"
    r"redig|redact|scriv|"
    r"schreib|verfass|erstell|hazme|hazle|fammi|fallo|generam|buscam|suche|cherch|cerca|procur|pesquis|trouv|"
    r"trova|encuent|"
    r"encontr|muestr|mostr|montr|zeige|dimmi|resum|riassum|fasse|calcul|calcol|rechn|berechn|recuerd|ricord|"
    r"lembr|rappell|"
    r"erinner|anotam|apunta|segnal|notier|ajout|aggiung|anade|adicion|borra|elimin|cancell|efface|supprim|losch|"
    r"stornier|"
    r"guardam|salva|enregistr|speicher|escog|escolh|choisi|scegli|confront|vergleich|convert|wandel|trascriv|transcri|"
    r"transkrib|regard|prufe|verifi|controll|revisa|explic|expliqu|spieg|erklar|markier|verschieb|sposta|decale|inici|"
    r"avvia|demarr|arrete|prepar|empfiehl|olvida|oublie|dimentic|esquec|vergiss|offne|export|estrai|extrai|recuper|"
    r"prendi|candidat|postul|bewirb|ayuda|aiuta|ajuda|entren|entrain|addestr|trein|trainier|predice|preved|"
    r"prevei|factur|"
    r"fattur|fatur|verschick|registra|bloque|entfern|enleve|togli|repond|rispond|respond|verbuch|previen|avisa|avvis|"
    r"ubersetz(?!er)|compara|compare|analys|analiz|analizz|kalkul|relanc|actualiz|aktualisier|"
    r"aggiorn|atualiz|ordenam|reserv|korrigier|verbesser|mejora|miglior|melhor[ae]|amelior|programma)[a-z]*"
    r"|manda|envia|send|crea|cree|cria|mach|mache|macht|hace|haz|fai|fais|faz|faca|busca|such|find|finde|zeig|"
    r"dime|dis|diz|"
    r"diga|sag|fass|trag|trage|apaga|guarda|elige|nimm|waehle|lee|lies|lis|leggi|mira|schau|pruf|marca|setz|"
    r"stell|leg|lege|"
    r"pon|ponme|mets|metti|poe|coloca|mueve|muda|stopp|starte|hol|hole|zieh|tira|saca|sors|prends|toma|pega|"
    r"hilf|aide|quita|"
    r"maile|apri|abre|ouvre|ecris|lass|gib|gibt|da|dammi|dame|donne|mandame|note|nota|anota)$"
)
"""Verbs people give orders with in other languages, folded: the beginnings of long ones, and short ones whole."""
ASKS = re.compile(
    r"\W*(?:what|which|who|whose|how|when|where|why|is|are|am|do|does|did|can|could|should|was|wer|wie|wieviel|"
    r"welche[rsn]?|"
    r"wann|wo|warum|wem|qui|que|quel(?:le)?s?|combien|comment|quand|pourquoi|quien|cuanto|cuantos|cual|como|"
    r"cuando|cuantas|"
    r"che|chi|cosa|quanto|quanti|quante|quale|come|quando|perche|quem|qual|o que|quantos|quantas|por que)\b"
)
"""How a question begins, folded."""
SOFTENERS = re.compile(
    r"^(?:(?:please|pls|plz|kindly|also|just|now|next|finally|first|so|ok|okay|could you|can you|would you|will you|"
    r"i want you to|i need you to|i'd like you to|help me(?: to)?|let's|let us|you can|and|then|to|if (?:yes|so|not|"
    r"no|ok(?:ay)?|possible|needed|it fits|they do|he did|she did)|if [^,]{2,30},?|"
    r"bitte|erst(?:mal)?|zuerst|mir|mal|dann|auch|kannst du(?: mir)?|konntest du(?: mir)?|por favor|primero|"
    r"luego|me|puedes|"
    r"s'il te plait|stp|svp|d'abord|peux-tu|tu peux|per favore|prima|puoi|mi|primeiro|depois|pode(?:s)?|se sim|si oui|"
    r"falls ja|wenn ja|then|e|y|et|und)[\s,]+)+",
    re.IGNORECASE,
)


ENDED = re.compile(r"[.!?…;]\W*$")


def split(text: str, agent: Callable[[str], str | None]) -> list[tuple[str, bool]]:
    """The clauses of a text in order, each with whether it follows the one before it in time ("then").

    `agent` names the agent a piece speaks for strongly on its own, or None.
    """
    clauses: list[tuple[str, bool]] = []
    for sentence in sentences(text):
        for number, part in enumerate(filter(None, THEN.split(sentence))):
            for place, clause in enumerate(_joined(part, agent)):
                clauses.append((clause, number > 0 and place == 0))
    return clauses


def sentences(text: str) -> list[str]:
    """The sentences of a text, in order."""
    parts: list[str] = []
    for part in SENTENCE.split(COUNTED.sub("", text)):
        if parts and (ABBREVIATION.search(parts[-1]) or ADDRESS.fullmatch(part)):
            parts[-1] += " " + part
        elif part.strip():
            parts.append(part.strip())
    return parts


def _joined(part: str, agent: Callable[[str], str | None]) -> list[str]:
    pieces: list[str] = []
    start = 0
    for joint in JOINT.finditer(part):
        left, right = part[start : joint.start()].strip(), part[joint.end() :].strip()
        if left and right and _separate(left, right, agent, listed=joint.group().strip() == ","):
            pieces.append(left)
            start = joint.end()
    pieces.append(part[start:].strip())
    return [piece for piece in pieces if piece]


def _separate(left: str, right: str, agent: Callable[[str], str | None], *, listed: bool) -> bool:
    """Whether a joint stands between two requests; `listed` says it is a bare comma, as between the items of a list."""
    mine = agent(left)
    if mine is None or QUANTITIES.match(left):
        return False
    if begins_with_verb(right):
        return True
    if TELLING.match(left) or (listed and not ASKS.match(fold(right))):
        return False
    theirs = agent(JOINT.split(right, maxsplit=1)[0])
    return theirs is not None and theirs != mine


def acts(text: str) -> bool:
    """Whether a text orders or asks, rather than tells."""
    return begins_with_verb(text) or ASKS.match(fold(text)) is not None or text.rstrip().endswith("?")


def begins_with_verb(text: str) -> bool:
    """Whether a text starts like an order, after words of politeness."""
    plain = SOFTENERS.sub("", fold(text).strip())
    first = re.match(r"[^\W\d_]+", plain)
    return first is not None and (first.group() in VERBS or bool(FOREIGN.match(first.group())))


def is_scrap(text: str, cues: int) -> bool:
    """Whether a clause with so many `cues` is too little for a request of its own: "invoice 104", "delete those"."""
    said = fold(text)
    if CHANGES.match(said):
        return True
    short = len(said.split()) <= SCRAP and (not cues or any(map(str.isdigit, said)))
    return short and not begins_with_verb(text) and "?" not in text and not ASKS.match(said)
