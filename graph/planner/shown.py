"""What a text is by its looks: a job post, a contract, a mail, a table, somebody's card, hours or a bill.

What somebody shows looks different from what they say: it greets another, has a heading, columns or clauses.
"""

from __future__ import annotations

import re

from graph.planner.words import fold

MONEY = r"(?:[€$£]|\b(?:eur|euros?|usd|gbp|chf|brl|zl|dollars?)\b|r\$)"
GREETS = re.compile(
    r"(?:dear|hi|hello|hey|good (?:morning|afternoon|evening|day)|guten (?:tag|morgen|abend)|hallo|moin|liebe[rs]?|"
    r"sehr geehrte[rs]?|bonjour|bonsoir|salut|cher|chere|madame|monsieur|hola|buenos dias|buenas tardes|estimad[oa]s?|"
    r"querid[oa]|gentile|egregio|buongiorno|buonasera|ciao|salve|spettabile|ola|oi|prezad[oa]s?|car[oa]s?|"
    r"bom dia|boa tarde|exm[oa])\b[^\n.!?:;]{0,40}[,!:\n]"
)
"""How a mail begins, folded."""
_FAREWELL = (
    r"\b(?i:(?:best|kind|warm|many)(?: (?:regards|wishes|thanks))?|regards|rgds|sincerely|cheers|br|thanks|thank you|"
    r"(?:viele|liebe|beste|schöne|mit freundlichen|freundliche) grü(?:ss|ß)en?|gr[uü](?:ss|ß)e?|vg|lg|mfg|"
    r"(?:bien )?cordialement|bien à vous|à bientôt|atentamente|(?:un )?saludos?|un abrazo|(?:cordiali|distinti) saluti|"
    r"a presto|atenciosamente|com os melhores cumprimentos|cumprimentos|abraços?|obrigad[oa]|merci|gracias|grazie|"
    r"danke)\b[,.!]?\s+"
)
SIGNS_OFF = re.compile(rf"{_FAREWELL}(?=[^\W\d_a-zà-þ][^\n]{{1,40}}(?:\n[^\n]{{0,60}}){{0,6}}\W*\Z)")
"""How a mail ends, before a name and what may stand below it."""
SIGNED = re.compile(rf"{_FAREWELL}(?:[^\W\d_a-zà-þ][\w.-]*\s+){{1,3}}(?=[a-zà-þ])")
"""A farewell and a name, before words that begin small."""
STATES = re.compile(
    r"(?:please (?:note|find|be (?:aware|advised|informed))|we regret|bitte beachten sie|anbei|"
    r"(?:hiermit|wir) teilen wir|veuillez|nous vous|le informamos|les informamos|adjunto|si prega|la informiamo|"
    r"informamos|segue (?:em )?anexo|vimos por este)\b"
)
"""How a notice to somebody begins, folded."""
HEADS = re.compile(
    r"^\W*(?:from|to|subject|sent|date|cc|von|an|betreff|gesendet|datum|de|para|asunto|enviado|objet|"
    r"envoye|a|da|oggetto|inviato|assunto)\s?: ",
    re.MULTILINE,
)
"""The head of a mail, folded."""
CLAUSE = re.compile(
    r"^\W*(?:§+ ?\d|(?:art(?:icle|ikel|iculo|icolo|igo)?|clause|clausula|clausola|klausel|section|ziffer)\.? ?"
    r"\d+|\d{1,2}(?:\.\d{1,2})*\.? +(?:term|fees?|payment|liability|termination|confidential|non-compete|governing|"
    r"haftung|"
    r"kundigung|vergutung|pagament|paiement|pago))|"
    r"\b(?:either party|the (?:contractor|client|consultant|recipient|freelancer|supplier|company|customer) "
    r"(?:shall|may|must|will|agrees|waives|is liable)|shall (?:not|be|refrain|indemnify)|"
    r"der (?:auftragnehmer|auftraggeber|kunde) (?:haftet|ist|verpflichtet|darf|hat|tritt)|"
    r"le (?:prestataire|client) (?:s.engage|cede|peut|doit|est)|el (?:proveedor|contratista|cliente|prestador) "
    r"(?:se compromete|respondera|cede|podra|debera|no podra)|il (?:fornitore|committente|prestatore|collaboratore) "
    r"(?:si impegna|cede|puo|deve|non puo|risponde)|o (?:prestador|contratad[oa]|contratante|fornecedor) "
    r"(?:obriga|responde|cede|pode|deve|compromete|nao)|non-?disclosure|hereinafter|vertragsstrafe)\b",
    re.MULTILINE,
)
"""Words of contracts, folded."""
AGREEMENT = re.compile(
    r"\A\W*(?:[\w-]+ ){0,4}(?:agreement|contract|vertrag|vereinbarung|contrat|contrato|contratto|accordo|acordo|nda|"
    r"terms (?:of|and) \w+)\b[^\n.?!]{0,60}(?:\n|\.{3})"
)
"""The heading of a contract, folded."""
OFFERS = re.compile(
    r"\b(?:we(?:['’]re| are) (?:\S+ ){0,3}?(?:looking|hiring|searching|seeking|after)|we (?:need|seek|want)\b|"
    r"(?:wanted|needed|required|hiring)\b|"
    r"looking for (?:\S+ ){1,6}(?:for our|to (?:join|help)|who)\b|in search of|"
    r"gesucht|(?:wir )?such(?:en|t)\b|(?:wir )?brauchen|"
    r"se (?:busca|necesita|requiere)n?|buscamos|necesitamos|cerca(?:si|nsi)|cerchiamo|ricerca\b|procura-se|"
    r"procuramos|precisamos|precisa-se|buscam-se|contrata-se|vaga\b|recherch(?:e|ons)|(?:on|nous|je) cherch(?:e|ons)|"
    r"szukamy|hiring|seeks?\b)|\(m/[wf]/[dx]\)|/(?:in|r)\b(?= )"
)
"""Words by which somebody offers work, folded."""
TERMS = re.compile(
    rf"\b(?:remote|remoto|hybrid|on ?site|freelance\w*|contract|part.?time|full.?time|apply|applications?|bewerb\w+|"
    rf"candidat\w+|postul\w+|portfolio\w*|cv|references?|references|referenz\w*|samples?|budget|rate|salary|"
    rf"fixed price|"
    rf"deadline|start(?:ing)?|beginn|inicio|debut|inizio|experience|erfahrung|experiencia|esperienza|requirements?|"
    rf"skills|must.have|hours? (?:a|per) week|h/week|months?|monate|meses|mois|mesi|proposals?|propuesta|"
    rf"livraison|consegna|entrega|lieferung|honorar|tarif\w*|per (?:hour|word|day|post)|pro wort|bonus|posted|"
    rf"asap|immediate\w*|sofort|expert|senior|junior)\b|{MONEY}"
)
"""What offers of work say besides, folded."""
CARD = re.compile(r"\S+@\S+\.\w{2,}|(?:\+|\b00?)\d[\d \-/().]{6,}\d")
"""An address of mail or a number of a telephone."""
SPENT = re.compile(
    r"\b(?:receipt|total|subtotal|paid|invoice (?:no|number|#)|amount due|rechnung(?:snr)?|quittung|summe|mwst|ust|"
    r"iva|tva|vat|ticket|factura|recibo|facture|recu|ricevuta|fattura|fatura|kassenbon|beleg)\b"
)
"""Words of receipts and bills, folded."""
WORKED = re.compile(
    r"\b\d{1,2}[:.h]\d{2} ?(?:-|–|to|bis|a|,)\s?\S*\d{1,2}[:.h]\d{2}\b|"
    r"\b\d+(?:[.,]\d+)? ?(?:h|hrs?|hours?|std|stunden|horas?|heures?|ore)\b|\b\d{1,2}h\d{2}\b"
)
"""Hours at the beginning or the end of a line, folded."""
MEANS = re.compile(
    r"\W*(?:what(?:['’]?s| is| does| do)? (?:this|it|that|they)(?: say| mean| about)?|was (?:heisst|steht|bedeutet|"
    r"sagt|"
    r"wollen|will|schreib\w+) (?:das|da|hier|er|sie|die)?|que (?:dice|significa|pone|quieren?)|(?:qu'est.ce que (?:ca|"
    r"c)|"
    r"que) (?:veut dire|dit|disent|est)|cosa (?:dice|significa|vuol\w*)|che (?:dice|significa)|o que (?:diz|quer dizer|"
    r"significa|dizem))\b"
)
"""Asking what a text says, folded."""
SEPARATORS = ",;\t|"
ROWS = 3
"""So many lines with the same columns are a table."""
LOOKED_AT = {
    "job": "job_match",
    "contract": "contract",
    "mail": "writer",
    "table": "data_analyst",
    "hours": "time",
    "bill": "bookkeeping",
    "card": "clients",
}
"""Who looks at a pasted text of each kind that came without a request."""
WORKS_ON = {
    "job": ("job_match", "proposal", "pricing", "job_search"),
    "contract": ("contract",),
    "mail": ("writer", "mail", "calendar", "translator"),
    "table": ("data_analyst", "automl", "records"),
    "hours": ("time",),
    "bill": ("bookkeeping",),
    "card": ("clients",),
}
"""Which agents work on each kind."""


def looks_like(text: str) -> str:
    """What a text looks like: "table", "hours", "contract", "mail", "bill", "card" or "job"; "" when like nothing.

    >>> looks_like("Dear Ms Low, we agree. Kind regards, Ada")
    'mail'
    """
    said = fold(text.strip())
    lines = [line for line in said.split("\n") if line.strip()]
    money = len(re.findall(MONEY, said))
    if _columns(lines):
        return "table"
    if len(lines) >= ROWS - 1 and sum(bool(WORKED.search(line)) for line in lines) >= len(lines) - (len(lines) > ROWS):
        return "hours"
    if AGREEMENT.match(said) or CLAUSE.search(said):
        return "contract"
    letter = bool(GREETS.match(said)) + bool(SIGNS_OFF.search(text)) + bool(HEADS.match(said)) > (len(lines) < ROWS)
    if OFFERS.search(said) and len(set(TERMS.findall(said))) > 1 + letter:
        return "job"
    if letter or STATES.match(said):
        return "mail"
    if money and len(lines) >= ROWS and len(set(SPENT.findall(said))) > 1:
        return "bill"
    if CARD.search(said) and len(lines) >= ROWS and max(map(len, lines)) <= 60 and not money:
        return "card"
    return ""


def _columns(lines: list[str]) -> bool:
    """Whether the lines have the same few columns."""
    for sign in SEPARATORS:
        counts = [line.count(sign) for line in lines]
        if counts and min(counts) >= (2 if sign == "," else 1) and len(set(counts)) == 1 and len(lines) >= ROWS:
            return True
    return False
