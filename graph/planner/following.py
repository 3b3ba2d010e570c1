"""Whether a message goes on with what came before: a correction, a change, one more of the same.

Such messages name no subject: "no, make it 85", "und auf Spanisch?", "plus court", "the other one". What they are for
is what the turn before was for, unless they speak clearly for someone else.
"""

from __future__ import annotations

import re

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
CHANGES = re.compile(
    r"^\W*(?:make|set|change|use|show|open|send|mark|put|take|remove|drop|add|they|he|she|it|that|this|with|"
    r"without|for|in|"
    r"as|from|mach|setz|nimm|pon|quite|quita|cambia|mets|enleve|ajoute|metti|togli|aggiungi|poe|tira|muda)\b"
    r"(?=.*\b(?:it|that|this|them|one|last|second|first|too|es|ihn|sie|das|lo|la|le|isso|ultim\w+|dernier\w*|"
    r"letzte\w*)\b|.*\d)"
)
"""Words that change or use what the last answer was about."""


def goes_on(clause: str) -> float:
    """How strongly a clause by itself says that it goes on with the turn before: 0 to `CORRECTS`."""
    said = fold(clause)
    count = len(said.split())
    refuses = count > 1 and REFUSES.match(said)
    if count <= FEW_WORDS + 1 and (refuses or ADJUSTS.match(said) or REPLACES.match(said)):
        return CORRECTS
    if count <= MOST_WORDS and (BEGINS.match(said) or HOLDS.search(said) or CHANGES.match(said)):
        return SURELY
    return MAYBE if count <= FEW_WORDS else 0.0
