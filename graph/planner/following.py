"""Whether a message goes on with what came before: a correction, a change, one more of the same.

Such messages name no subject: "no, make it 85", "und auf Spanisch?", "plus court", "the other one". What they are for
is what the turn before was for, unless they speak clearly for someone else.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from graph.planner.clauses import ASKS, begins_with_verb
from graph.planner.words import fold

CORRECTS, SURELY, MAYBE = 1.25, 0.9, 0.3
"""What it is worth for the agents of the turn before that a short message begins with a no, that it goes on, and that
it is short enough to."""
MOST_WORDS, FEW_WORDS = 12, 5
REFUSES = re.compile(r"\W*(?:no|nope|nein|nee|non|nao|wrong)\b(?! (?:more|one|idea|me|se)\b)")
BEGINS = re.compile(
    r"\W*(?:no|nope|wrong|sorry|wait|actually|rather|instead|nee|nein|doch|non|nao|pas|perdon|pardon|scusa|"
    r"desculpa|same|"
    r"not|only|just|but|also|too|to \w+ not|for \w+ too|now|even|still|another|more|less|the other|what about|"
    r"how about|"
    r"and(?: the| for| in| who| what| how| by| only)?|und|aber|auch|lieber|nur|noch|statt|y|e|et|o|mais|pero|ma|mas|"
    r"tambien|anche|aussi|tambem|without|ohne|sin|sans|senza|sem|meglio|never mind|solo|seulement|apenas|ahora|"
    r"adesso|maintenant|agora|jetzt|mejor|plutot|"
    r"piuttosto|melhor|"
    r"otr[ao]s?|altr[aoi]|autre|outr[ao]s?|(?:the )?(?:first|second|third|last|other) (?:one|photo|file|job|part)|"
    r"in [\w ]+ (?:statt|instead)|ok(?:ay)? (?:now|but)|too \w+|zu \w+|trop \w+|troppo \w+|demasiado \w+|muito \w+|"
    r"plus|moins|mas|menos|piu|meno|mehr|weniger|kurzer|langer|shorter|longer|warmer|cheaper|friendlier|softer|simpler|"
    r"la |el |den |die |das |le |il |o )\b"
)
ADJUSTS = re.compile(
    r"\W*(?:(?:please|make it|a bit|a little|slightly|much|even|still|now|bitte|etwas|viel|noch|un po|un poco|un peu|"
    r"um pouco|mach (?:es|ihn|sie)|hazlo|fallo|rends-le|faz)\W+)*"
    r"(?:shorter|longer|friendlier|warmer|softer|simpler|cheaper|stricter|firmer|nicer|clearer|less [a-z]+|"
    r"more (?:formal|casual|polite|friendly|direct|personal|concise|detail\w*|professional|humou?r|serious)|"
    r"kurzer|langer|freundlicher|formeller|hoflicher|lockerer|einfacher|weniger [a-z]+|"
    r"mas (?:corto|larg|breve|formal|amable|cercan)[oa]?|plus (?:court|long|poli|formel|chaleureux|simple)e?|"
    r"moins [a-z]+|"
    r"menos [a-z]+|meno [a-z]+|piu (?:cort|breve|lung|formal|gentil|semplic)[oae]?|"
    r"mais (?:curt|long|formal|simpatic|simples)[oa]?)\b"
)
"""More or less of what a text or figure has already, folded."""
REPLACES = re.compile(
    r"\W*(?:(?:sorry|actually|wait|ok|but|hm+|never mind)\W+)*(?:make (?:it|that) |(?:set|change) (?:it|that) to |"
    r"(?:delete|remove|cancel|drop|keep|change) (?:it|that|this)\W*$|(?:it'?s )?\S*\d\S* ?(?:[a-z]+ )?not \S*\d|"
    r"mach (?:es |das |ihn |sie |mal )?\d.{0,25}\b(?:drauf|draus|daraus|statt)|(?:meglio|mejor|melhor|plutot|lieber) )"
)
"""Another figure, day or word in place of the one that was given, or an order about "it" alone, folded."""
HOLDS = re.compile(
    r"\b(?:instead|rather|as well|too|i (?:meant|mean|said)|meinte ich|ich meinte|quise decir|queria decir|"
    r"je voulais dire|"
    r"volevo dire|intendevo|quis dizer|queria dizer|not \d\S*|(?:the|that) (?:other|last|first|second|third) one|statt|"
    r"mejor|plutot|piuttosto|em vez|invece|al posto|a la place|en vez|leg (?:ihn|es|sie)|hazlo|fallo|fais-le|"
    r"faz isso)\b"
    r"|\bnot [a-z]+\W*$"
)
ASKS_WHY = re.compile(
    r"\W*(?:(?:but|and|aber|und|y|pero|et|mais|e|ma|mas|wait|hm+|ok)\W+)?(?:why|how come|how so|warum|wieso|weshalb|"
    r"por que|pourquoi|perche|porque)\b"
)
"""A question for the reason of what was just said, folded."""
REPEATS = re.compile(
    r"\W*(?:(?:please|and|ok|hm+|bitte|no|now)\W+)*(?:(?:try |do it |once |one )?(?:again|more)|(?:an)?other (?:one|"
    r"version|"
    r"try|go)|a (?:different|new|second) (?:one|version)|half (?:as|the) \w+|twice as \w+|redo (?:it|that)|"
    r"(?:noch ?mal|"
    r"nochmals|"
    r"noch (?:eine?[nrs]?|mehr|welche)|halb so \w+|doppelt so \w+|eine andere|otra (?:vez|version)|de nuevo|mas|"
    r"la mitad|"
    r"encore(?: une fois)?|une autre(?: version)?|deux fois (?:plus|moins) \w+|ancora|di nuovo|un'altra(?: versione)?|"
    r"altr[aei]|de novo|outra (?:vez|versao)|mais uma))\b"
    r"(?:\W+(?:of \w+|please|for me|bitte|por favor|stp|per favore))?\W*$"
)
"""Asking for the same once more, or for another of it, folded."""
CHANGES = re.compile(
    r"^\W*(?:make|set|change|use|show|open|send|mark|put|take|remove|drop|add|they|he|she|it|that|this|with|"
    r"without|for|in|"
    r"as|from|mach|setz|nimm|pon|quite|quita|cambia|mets|enleve|ajoute|metti|togli|aggiungi|poe|tira|muda)\b"
    r"(?=.*\b(?:it|that|this|them|one|last|second|first|too|es|ihn|sie|das|lo|la|le|isso|ultim\w+|dernier\w*|"
    r"letzte\w*)\b|.*\d)"
)
"""Words that change or use what the last answer was about."""


FRAGMENT = re.compile(
    r"\W*(?:(?:and|also|or|but|no|ok|now|only|just|even|not|any(?:thing)?|what about|how about|the same|same|und|auch|"
    r"aber|nur|nicht|y|tambien|pero|solo|no|et|aussi|mais|seulement|pas|e|anche|ma|non|tambem|so|nao)\W+)*"
    r"(?:(?:in|at|for|on|by|over|under|above|below|until|till|with|without|from|since|as|per|before|after|around|to|of|"
    r"auf|fur|bis|ab|mit|ohne|als|pro|nach|um|am|im|bei|seit|en|a|al|para|por|con|sin|desde|hasta|como|sobre|pour|par|"
    r"avec|sans|des|depuis|comme|chez|per|senza|da|dal|fino|come|em|no|na|com|sem|ate|ao)\b|"
    r"(?:yesterday|today|tomorrow|tonight|gestern|heute|morgen|ayer|hoy|manana|hier|demain|ieri|oggi|domani|ontem|hoje|"
    r"amanha|(?:last|next) \w+)\W*$)"
)
"""A piece of a sentence without a verb: a place, a day, a measure, a language, folded."""
ELLIPSIS = re.compile(
    r"\W*(?:(?:no|ok|and|but|wait)\W+)*(?:and|also|what about|how about|the same|same|not|und|auch|was ist mit|nicht|y|"
    r"tambien|que hay de|et|aussi|pas|e|anche|tambem)\W+"
    r"(?!(?:the same|now|then|my|meine?[rn]?|mis?|mes|mon|ma|miei|mie|mi[ao]|meus?|minhas?|"
    r"i)\b)(?P<rest>\w+(?:\W+\w+){0,2})\W*$"
)
"""One to three words behind a word that goes on, folded: "and Thursday?"."""
ADDS = re.compile(
    r"\W*(?:(?:and|also|but|please|ok|wait|und|auch|bitte|y|et|e|ah)\W+)*(?:(?:add|say|mention|write|include|tell "
    r"(?:him|her|them))(?: also| too)? that|mention|leave out|(?:cut|drop|remove|delete|lose|skip|change|rewrite|"
    r"shorten) "
    r"(?:the|that) (?:\w+ )?(?:paragraph|sentence|line|part|bit|subject|greeting|intro|ending|emoji|joke|word|point|"
    r"section)|(?:sag|schreib) (?:ihm|ihr|ihnen|noch|auch|dazu)\b|erwahne?\b|fug\w* .{0,20}\b(?:hinzu|an|ein)\b|"
    r"lass .{0,30}"
    r"\bweg\b|"
    r"(?:anade|agrega|pon|di(?:le|les)) (?:tambien )?que|menciona|quita (?:el|la|lo)|(?:ajoute|dis(?:-lui|-leur)?|"
    r"precise) "
    r"(?:aussi )?que|mentionne|enleve (?:le|la)|(?:aggiungi|di(?:gli|lle)?|scrivi) (?:anche )?che|menziona|"
    r"togli (?:il|la)|"
    r"(?:acrescenta|adiciona|diz(?:-lhe)?) (?:tambem )?que|tira (?:o|a))\b"
)
"""A change of a text that was just written, folded."""
IN_LANGUAGE = re.compile(
    r"\W*(?:(?:and|same|now|the same|also|und|auch|das|y|lo mismo|et|pareil|e|lo stesso|o mesmo)\W+)*"
    r"(?:in(?:to)?|auf|ins|en|al|em|para)\s+(?:english|german|french|spanish|italian|portuguese|dutch|englisch|deutsch|"
    r"franzosisch|spanisch|italienisch|portugiesisch|ingles|aleman|frances|espanol|italiano|portugues|anglais|allemand|"
    r"francais|espagnol|italien|portugais|inglese|tedesco|francese|spagnolo|portoghese|alemao|espanhol)\b.{0,12}$"
)
"""Asking for the same in another language, folded."""
SENDS = re.compile(
    r"^(?:\W*(?:can you|could you|kannst du|puedes|peux-tu|puoi|podes|"
    r"ok(?:ay)?|yes|yep|great|good|perfect|now|and|then|please|go ahead|just|so|ja|gut|und|dann|bitte|si|vale|"
    r"y|ahora|oui|d'accord|bon|et|alors|va bene|perfetto|e|allora|sim|entao|esta bem)\W+)*"
    r"(?:(?:send|mail|email|e-mail|forward)(?: (?:it|that|this|them|her|him|off|over))?\b|"
    r"(?:schick|sende?|maile?)(?: (?:es|das|ihm|ihr|sie|ihn|ihnen|die|den))* ?(?:ab|los|raus|weg)?\b|"
    r"envoie(?:-?(?:l[ae]s?|lui|leur|ca))?\b|envia(?:l[oa]s?|sel[oa])?\b|mand(?:a|al[oa]|asel[oa])\b|"
    r"(?:invia|manda|spedisci)(?:l[oae]|gliel[oa])?\b|(?:envia|manda)(?:-?[oa])?\b)"
)
"""An order to send off what was just made, folded."""
APPLIES = re.compile(
    r"\b(?:apply|appl(?:ying|ication)|bewirb|bewerben?|bewerbung|postule[rz]?|candidature|postul[ao]r?|"
    r"me postulo|candida(?:rmi|ti|tura|r-?me|to)|aplica[r]?|go for it)\b"
)
"""A wish to apply for the job that was just spoken of, folded."""
SUITS = re.compile(
    r"\b(?:for me|fits? me|suits? me|my (?:chances|thing)|(?:fur|zu) mich|zu mir|(?:me|elle|il) (?:va|convient|"
    r"conviene|"
    r"sirve|encaja|cuadra|correspond)|pour moi|para m[i]m?|per me|fa per me|mi conviene|serve-me|me serve|"
    r"combina comigo|"
    r"how good|good fit|worth it)\b"
)
"""A question whether something fits the user, folded."""
DONE = re.compile(
    r"\W*(?:(?:ok|done|yes|great|so|gut|ja|fait|hecho|fatto|feito|listo)\W+)*(?:(?:i(?:['’]?ve| have)?|it(?:['’]s| is|"
    r" was|"
    r" has been)?) (?:just |already )?(?:sent|submitted)|(?:ist |hab(?:e)? (?:es|sie|ihn) )?(?:raus|abgeschickt|"
    r"gesendet|"
    r"verschickt)|(?:la |lo |l'?ai |l'ho |ja )?(?:enviad[oa]|envoyee?|he enviado|inviat[oa]|mandat[oa]|enviei|"
    r"mandei))\b"
)
"""Telling that what was just made has been sent, folded."""
STOPS = re.compile(r"\W*(?:(?:ok|please|and|bitte|now|jetzt)\W+)*(?:stop|stopp|halt|ferma|arrete|para|pause)\b.{0,12}$")
"""An order to stop what runs, folded."""
TEXTS = "mail writer proposal"


@dataclass(frozen=True)
class Next:
    """What people often want after a turn, in words that name no subject, and who does that: `to`, else who did the "
    "turn.

    `most` is how many words it takes at most.
    """

    says: re.Pattern[str]
    after: frozenset[str]
    to: str = ""
    most: int = 8


def _next(says: re.Pattern[str], after: str, to: str = "", most: int = 8) -> Next:
    return Next(says, frozenset(after.split()), to, most)


NEXT = (
    _next(STOPS, "time"),
    _next(ASKS_WHY, "automl", "explain"),
    _next(ADDS, TEXTS, most=MOST_WORDS),
    _next(IN_LANGUAGE, "documents contract web_research scholar voice vision briefing", "translator"),
    _next(SENDS, f"{TEXTS} bookkeeping translator pricing documents time insights briefing voice clients", "mail"),
    _next(APPLIES, "job_search job_match pricing saved_searches career", "proposal"),
    _next(SUITS, "job_search saved_searches", "job_match"),
    _next(DONE, "proposal", "pipeline"),
)
"""By whom a turn is followed by whom."""


def lent(clause: str, last: Sequence[str]) -> dict[str, float]:
    """What it is worth for which agents that a clause comes after a turn of the agents `last`.

    >>> lent("ok apply", ["job_match"])
    {'proposal': 1.25}
    """
    said = fold(clause)
    count = len(said.split())
    for one in NEXT:
        did = [name for name in last if name in one.after]
        if did and count <= one.most and one.says.search(said):
            return {one.to or did[-1]: CORRECTS}
    worth = goes_on(clause) if last else 0.0
    return dict.fromkeys(last, worth) if worth else {}


def stops(text: str, last: Sequence[str]) -> bool:
    """Whether words that take a question back rather stop what runs since the turn before."""
    return "time" in last and STOPS.match(fold(text)) is not None


def goes_on(clause: str) -> float:
    """How strongly a clause by itself says that it goes on with the turn before: 0 to `CORRECTS`."""
    said = fold(clause)
    count = len(said.split())
    no = REFUSES.match(said)
    refuses = count > 1 and no and not ASKS.match(said[no.end() :].removeprefix(" wait"))
    if count <= FEW_WORDS and FRAGMENT.match(said) and not (begins_with_verb(said) or " my " in f" {said} "):
        return CORRECTS
    if (short := ELLIPSIS.match(said)) and not (begins_with_verb(short["rest"]) or ASKS.match(short["rest"])):
        return CORRECTS
    if count <= FEW_WORDS + 1 and any(
        (refuses, *(words.match(said) for words in (ADJUSTS, REPLACES, ASKS_WHY, REPEATS)))
    ):
        return CORRECTS
    if count <= MOST_WORDS and (BEGINS.match(said) or HOLDS.search(said) or CHANGES.match(said)):
        return SURELY
    return MAYBE if count <= FEW_WORDS else 0.0
