"""Reads in which language a client wants what is written to them: "Acme wants invoices in German"."""

from __future__ import annotations

import re

from agents.tools.text.languages import NAMES, named

_CAPITAL = r"[^\W\d_a-zà-ÿ][\w&.'’-]*"
_NAME = (
    r"(?!(?:I|We|Ich|Wir|Yo|Je|Nous|Io|Eu|He|She|It|They|This|That)\b)"
    rf"(?P<{{}}>{_CAPITAL}(?: (?:&|und|{_CAPITAL}|family))*)"
)
_IN = r"(?:in|auf|en|em|into)"
_PAPERS = (
    r"(?i:invoices?|bills?|mails?|e-?mails?|letters?|proposals?|offers?|quotes?|papers?|documents?|everything|"
    r"rechnung(?:en)?|angebote?|briefe?|alles|facturas?|propuestas?|correos?|todo|factures?|devis|propositions?|tout|"
    r"fatture|fattura|offerte|proposte|tutto|faturas?|propostas?|tudo)"
)
WISHED = (
    rf"^\W*(?:(?:my client|client|a|la|die|der|el|il|o) )?{_NAME.format('a')} (?:always |only |immer |nur |siempre |"
    r"toujours |sempre )?(?:wants?|needs?|prefers?|expects?|gets?|would like|would rather have|möchte|will|wünscht|"
    r"braucht|bekommt|hätte gerne?|quiere|prefiere|necesita|veut|préfère|vuole|preferisce|quer|prefere) "
    rf"[^.?!]{{0,30}}\b{_PAPERS}\b[^.?!]{{0,20}}?\b{_IN} (?P<la>\w+)\W*$",
    rf"^\W*{_NAME.format('b')} (?:only |always |nur |solo |seulement |só )?(?:speaks?|writes?|reads?|spricht|schreibt|"
    rf"habla|escribe|parle|écrit|parla|scrive|fala|escreve) (?:only |nur |{_IN} )?(?P<lb>\w+)\W*$",
    rf"^\W*{_NAME.format('c')}['’]s? (?:correspondence )?language is (?P<lc>\w+)\W*$",
    rf"^\W*(?:please |bitte )?(?:always |immer )?(?:[Ww]rite|[Ss]end|[Ii]nvoice|[Bb]ill|[Ss]chreib\w*|[Ss]chick\w*) "
    rf"(?:to |an )?{_NAME.format('d')} (?:(?:always |immer |all |their |die |alle )*{_PAPERS} {_IN} (?P<ld>\w+)\W*$|"
    rf"(?:always |immer )?{_IN} (?P<le>\w+),? (?:from now on|always|in (?:the )?future|every time|ab jetzt|immer|"
    r"in Zukunft|künftig)\W*$)",
)
"""What says it, case counting."""
_COMPILED = tuple(map(re.compile, WISHED))


def language_wish(text: str) -> tuple[str, str] | None:
    """The client and the English name of the language; None where the words say something else.

    >>> language_wish("Acme möchte Rechnungen auf Deutsch")
    ('Acme', 'German')
    """
    for hit in filter(None, (pattern.search(" ".join(text.split())) for pattern in _COMPILED)):
        found = hit.groupdict()
        name, said = (next(value for key, value in found.items() if value and len(key) == size) for size in (1, 2))
        if code := next(iter(named(said)), None):
            return name, NAMES[code]
    return None
