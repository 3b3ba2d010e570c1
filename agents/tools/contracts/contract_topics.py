"""What contracts deal with, and the words they use for it in six languages.

A sentence is about a topic when its words say so, or when the heading above it does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from integrations.media.documents.passages import sentences

LONGEST = 1_200
"""Signs of a sentence that are looked at."""


@dataclass(frozen=True)
class Topic:
    """One thing a contract may deal with. `said` finds it in a sentence, `headed` in a heading."""

    name: str
    title: str
    said: re.Pattern[str]
    headed: re.Pattern[str]


@dataclass(frozen=True)
class Clause:
    """A sentence of a contract as it stands, with its place and the heading above it."""

    text: str
    place: str
    heading: str = ""


def _topic(name: str, title: str, headed: str, said: str) -> Topic:
    return Topic(name, title, re.compile(said, re.IGNORECASE), re.compile(rf"\b(?:{headed})", re.IGNORECASE))


_DUE = (
    r"(?:pay(?:able|ment|s)?|paid|due|invoices?|zahl\w*|fällig\w*|rechnung\w*|pay(?:é|ée|és|able|er|era|ables)|"
    r"paiement|"
    r"factures?|pag\w+|facturas?|fatture?|fatturas?|faturas?)"
)
_DAYS = (
    r"\d{1,3}\s*(?:\w+\s*\)?\s*)?(?:calendar |working |business )?(?:days?|tage?n?|jours?|días?|dias?|giorni|"
    r"werktage?n?)"
)
TOPICS = (
    _topic(
        "payment", "Payment terms",
        r"payment|fees?\b|remuneration|invoic|compensation|vergütung|zahlung|honorar|prix|paiement|rémunération|"
        r"facturation"
        r"|pago|honorarios|precio|corrispettivo|pagament|compenso|remunera",
        rf"\b{_DUE}\b.{{0,120}}\b{_DAYS}|\b{_DAYS}.{{0,80}}\b{_DUE}\b|\bnet \d{{1,3}}\b|\b(?:upfront|up front|deposit|"
        r"on signing|anzahlung|vorschuss|acompte|anticipo|adiantamento|acconto)\b|"
        r"\b(?:late payment|verzugszinsen|pénalités de retard de paiement|interessi di mora|intereses de demora)\b|"
        r"\b(?:fixed fee|hourly rate|day rate|stundensatz|tagessatz|pauschalhonorar|tarif journalier|"
        r"tarifa por hora)\b",
    ),
    _topic(
        "liability", "Liability",
        r"liab|indemnit|haftung|responsabilit|responsabilidad",
        r"\bliab(?:le|ility|ilities)\b|\bindemnif\w+|\bhaft(?:et|ung|en|bar)\b|\bfreistell\w*|\bfreizustellen\b|"
        r"\bresponsabilité\b|\bindemnise\w*|\bresponsabilidad(?:e)?\b|\bindemniza\w*|\bresponsabilità\b|\bmanlev\w+|"
        r"\bhold harmless\b|\bindenniz\w+",
    ),
    _topic(
        "ip", "Intellectual property",
        r"intellectual|ownership|copyright|licen[cs]e|work product|nutzungsrecht|urheber|rechte an|propriété|cession|"
        r"propiedad|derechos de|propriet|diritti|propriedade|direitos",
        r"\bintellectual property\b|\bcopyrights?\b|\bwork (?:product|made for hire|for hire)\b|\bmoral rights\b|"
        r"\b(?:assigns?|transfers?|grants?)\b.{0,60}\b(?:rights?|title|licen[cs]e|ownership)\b|"
        r"\b(?:rights?|title|ownership)\b.{0,60}\b(?:pass(?:es)?|vests?|transfers?|belongs?)\b|"
        r"\bnutzungsrechte?\b|\burheber\w*|\bausschließliche rechte\b|\bpropriété intellectuelle\b|"
        r"\bdroits? d['’](?:auteur|exploitation)|\bcède\b|\bpropiedad intelectual\b|\bcede\b.{0,60}\b(?:derechos|"
        r"diritti|direitos)|"
        r"\bproprietà intellettuale\b|\bpropriedade intelectual\b",
    ),
    _topic(
        "termination", "Termination",
        r"terminat|term and|duration|cancellation|kündigung|laufzeit|vertragsdauer|résiliation|durée|terminación|"
        r"resolución|rescisión|duración|recesso|risoluzione|durata|rescisão|vigência",
        r"\bterminat(?:e|es|ed|ion)\b|\bcancel(?:led|s|lation)?\b.{0,60}\b(?:agreement|contract|order|project)\b|"
        r"\bnotice period\b|\bgekündigt\b|\bkündigen\b|\bkündigung\w*|\brésili\w+|\bpréavis\b|\brescindi\w*|"
        r"\brescisión\b|"
        r"\bpreaviso\b|\bresolver el contrato\b|\brecedere\b|\brecesso\b|\bpreavviso\b|\brescisão\b|\baviso prévio\b",
    ),
    _topic(
        "non_compete", "Non-compete and exclusivity",
        r"non-?compet|exclusiv|non-?solicit|restrict|wettbewerb|abwerb|non-?concurrence|no competencia|concorrenza|"
        r"não concorrência|kundenschutz",
        r"\bnon-?compet\w*|\bcompet(?:e|es|ing)\b|\bcompetitors?\b|\bexclusively for\b|\bexclusivity\b|"
        r"\bnon-?solicit\w*|"
        r"\bsolicit\b|\bwettbewerb\w*|\bkonkurr\w+|\bkundenschutz\b|\babwerb\w*|\bnon-?concurrence\b|\bconcurrent\w*|"
        r"\bno competencia\b|\bcompetidor\w*|\bcompetir\b|\bconcorren\w+|\bnão concorrência\b|\bexclusividade?\b|"
        r"\besclusiva\b",
    ),
    _topic(
        "confidentiality", "Confidentiality",
        r"confiden|non-?disclosure|secre|geheimhaltung|vertraulich|verschwiegenheit|riservat|sigilo",
        r"\bconfidential\w*|\bnon-?disclosure\b|\btrade secrets?\b|\bvertraulich\w*|\bgeheimhaltung\w*|"
        r"\bverschwiegen\w*|"
        r"\bstillschweigen\b|\bconfidentiel\w*|\bconfidencial\w*|\briservat\w*|\bsigilo\b",
    ),
    _topic(
        "renewal", "Renewal",
        r"renew|verlängerung|renouvellement|prórroga|renovación|rinnovo|renovação",
        r"\b(?:automatically|tacitly)\b.{0,60}\b(?:renew\w*|extend\w*|prolong\w*)|\brenew(?:s|ed|"
        r"al)?\b.{0,60}\b(?:automatic\w*|"
        r"successive|further|terms?|periods?|years?|months?)\b|\bverlänger\w+|\brenouvel\w+|\btacite reconduction\b|"
        r"\breconduit\w*|\bprorroga\w*|\bprórroga\w*|\brenov(?:ará|ado|ación|ação|a-se)\w*|\brinnov\w+",
    ),
    _topic(
        "law", "Law and venue",
        r"governing|applicable law|jurisdiction|venue|disputes|arbitration|anwendbares|gerichtsstand|recht und|"
        r"droit applicable|loi applicable|ley aplicable|jurisdicción|legge applicabile|foro|lei aplicável|schluss",
        r"\bgoverned by\b|\bgoverning law\b|\blaws? of\b|\bjurisdiction\b|\bvenue\b|\barbitration\b|\bgerichtsstand\b|"
        r"\brecht der\b|\bes gilt\b.{0,40}\brecht\b|\bdroit (?:français|suisse|belge|luxembourgeois|applicable)\b|"
        r"\btribuna(?:l|ux|les|is)\b|"
        r"\b(?:ley|legislación|leyes)\b.{0,20}\b(?:español\w*|aplicable|de)\b|\blegge italiana\b|\bforo\b|"
        r"\blei portuguesa\b",
    ),
    _topic(
        "penalty", "Penalties",
        r"penalt|liquidated|vertragsstrafe|clause pénale|penalización|cláusula penal|penale|multa",
        r"\bpenalt(?:y|ies)\b|\bliquidated damages\b|\bvertragsstrafe\w*|\bpönale\b|\bpénalités?\b|\bclause pénale\b|"
        r"\bpenalizaci\w+|\bpenalidad\w*|\bcláusula penal\b|\bpenal[ei]\b|\bmulta\b|\bdeduct(?:s|ed|"
        r"ion)?\b.{0,60}\b(?:late|delay)",
    ),
    _topic(
        "acceptance", "Acceptance",
        r"acceptance|abnahme|réception|recette|aceptación|accettazione|aceitação",
        r"\baccept(?:s|ed|ance)\b.{0,80}\b(?:deliver\w*|work|results?|days?|writing)|\bdeliver\w*\b.{0,80}\baccepted\b|"
        r"\babnahme\b|\babgenommen\b|\brecette\b|\bprocès-verbal\b|\baceptación\b|\bcollaudo\b|\baceitação\b",
    ),
    _topic(
        "changes", "Changes of the work or the terms",
        r"changes?\b|amendments?|scope changes|änderung|nachtrag|modification|modificaci|modific|alteraç",
        r"\bchange requests?\b|\badditional work\b|\bextra work\b|\bamend(?:s|ed|ment)?\b|\brevisions?\b|"
        r"\bmehraufwand\b|"
        r"\bzusatzleistung\w*|\bänderung\w*\b.{0,60}\b(?:schrift|text)form|\bavenant\b|\bmodificaci\w+|"
        r"\bmodifiche\b|\baditamento\b",
    ),
)  # fmt: skip
BY_NAME = {topic.name: topic for topic in TOPICS}


def clauses(passages: Iterable[dict[str, Any]]) -> list[Clause]:
    """The sentences of a contract, each with its place and heading; numbers of clauses alone are left out."""
    return [
        Clause(" ".join(sentence.split())[:LONGEST], passage["place"], passage["heading"])
        for passage in passages
        for sentence in sentences(passage["text"])
        if len(re.findall(r"[^\W\d_]{2,}", sentence)) >= 3
    ]


def about(topic: Topic, found: Iterable[Clause]) -> list[Clause]:
    """The sentences on one topic: those that say so first, then those that only stand below a heading on it."""
    said, headed = [], []
    for clause in found:
        if topic.said.search(clause.text):
            said.append(clause)
        elif clause.heading and topic.headed.search(clause.heading):
            headed.append(clause)
    return [*said, *headed]
