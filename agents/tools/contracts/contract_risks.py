"""What in a contract may hurt a freelancer: rules that look at its sentences, each with its reason and a question.

A rule fires on sentences of its topic. It names how bad that is, why in plain words, and what to ask for instead.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from agents.tools.contracts.contract_topics import Clause

Weight = Literal["high", "medium", "low"]
LONG_DAYS, VERY_LONG_DAYS = 31, 60
"""Days until payment that are long, and longer than EU law allows between businesses unless expressly agreed."""
LONG_MONTHS = 12


@dataclass(frozen=True)
class Risk:
    """One thing to look out for, with the sentence it rests on."""

    name: str
    weight: Weight
    why: str
    ask: str
    text: str
    place: str


@dataclass(frozen=True)
class Rule:
    """`fits` tells of one sentence on `topic` whether it holds the risk."""

    name: str
    topic: str
    weight: Weight
    why: str
    ask: str
    fits: Callable[[str], bool]


def _said(pattern: str, but: str = "") -> Callable[[str], bool]:
    says, no = re.compile(pattern, re.IGNORECASE), re.compile(but, re.IGNORECASE) if but else None
    return lambda text: bool(says.search(text)) and not (no and no.search(text))


_DAYS = re.compile(
    r"\bnet (\d{1,3})\b|\b(\d{1,3})\s*(?:\(\w+\)\s*)?(?:calendar |working |business )?"
    r"(?:days?|tage?n?|werktage?n?|jours?|días?|dias?|giorni)\b",
    re.IGNORECASE,
)
_PAYS = re.compile(
    r"\bpay|paid|\bdue\b|invoice|zahl|fällig|rechnung|paiement|payab|payé|facture|pag(?:o|a|ar|ado|ará|ati|amento)|"
    r"factura|"
    r"fattur|fatura",
    re.IGNORECASE,
)
_OTHER_DAYS = re.compile(
    r"\b(?:terminat|notice|kündig|préavis|preaviso|preavviso|aviso|dispute|object|reject|accept|abnahm)", re.I
)
_MONTHS = re.compile(
    r"\b(?:(\d{1,2})|(twelve|zwölf|douze|doce|dodici|doze|eighteen|achtzehn|twenty-four|vierundzwanzig|"
    r"vingt-quatre))\s*"
    r"(?:\(\d+\)\s*)?-?(?:months?|monate?n?|mois|meses|mesi)\b|"
    r"\b(?:(\d)|(one|two|three|five|ein|zwei|drei|fünf|un|deux|trois|uno|dos|tres|due|tre|dois|"
    r"três))\s*(?:\(\d+\)\s*)?-?"
    r"(?:years?|jahre?n?|ans?|années|años?|anni|anos?)\b",
    re.IGNORECASE,
)


def _days(text: str) -> int:
    """The most days a sentence gives for payment; 0 when it gives none."""
    if not _PAYS.search(text) or (_OTHER_DAYS.search(text) and not re.search(r"\bnet \d", text, re.IGNORECASE)):
        return 0
    return max((int(hit[1] or hit[2]) for hit in _DAYS.finditer(text)), default=0)


def _long(text: str) -> bool:
    """Whether a sentence names a year or more."""
    found = [int(hit[1]) if hit[1] else LONG_MONTHS for hit in _MONTHS.finditer(text)]
    return max(found, default=0) >= LONG_MONTHS


_ON_PAYMENT = (
    r"\b(?:full |complete )?payment\b|\bpaid in full\b|\b(?:be)?zahlung\b|\bbezahlt\b|\bpaiement\b|\bpago\b|"
    r"\bpagamento\b|"
    r"\bsaldo\b"
)
_WIDE = (
    r"worldwide|anywhere|any (?:other )?(?:business|compan\w+|competitor|client)|in any capacity|weltweit|jegliche|"
    r"alle unternehmen|monde entier|tout (?:autre )?(?:client|concurrent)|todo el mundo|cualquier|qualsiasi|"
    r"qualquer|exclusively for"
)
_BAN = (
    r"shall not|may not|must not|agrees not|will not|refrain|darf|nicht für|unterlässt|verpflichtet sich|untersagt|"
    r"s['’]interdit|ne pourra|no podrá|se compromete a no|si impegna a non|non potrà|não poderá|exclusively|"
    r"ausschließlich|"
    r"exclusivement|exclusiva"
)
RULES: tuple[Rule, ...] = (
    Rule("unlimited_liability", "liability", "high",
         "You would answer for damage without any limit, with all you own.",
         "Can liability be limited to the fee, or to what my insurance covers?",
         _said(r"\bunlimited\b|\bwithout (?:any )?limit(?:ation)?\b|\b(?:unbeschränkt|unbegrenzt|in voller höhe)\b|"
               r"\bunbeschränkte\w* haft|\billimitée?\b|\bsans (?:aucune )?limit\w+|\bilimitad[ao]\b|\bsin límite\b|"
               r"\billimitata\b|\bsenza limit\w+|\bsem limit\w+",
               r"\b(?:intent|wil+ful|gross negligence|vorsatz|vorsätzlich|grobe\w* fahrlässigkeit|faute lourde|"
               r"dol\b|dolo\b|"
               r"colpa grave|culpa grave)")),
    Rule("broad_indemnity", "liability", "high",
         "You would pay for every claim of others, whether it is your fault or not.",
         "Can the indemnity be limited to claims that my own breach causes?",
         _said(r"\b(?:indemnif\w+|hold harmless)\b.{0,120}\b(?:any and all|all|any)\b.{0,40}\b(?:claims|losses|"
               r"damages|costs)|"
               r"\bstellt\b.{0,100}\bvon (?:allen|sämtlichen|jeglichen)\b.{0,40}\b(?:ansprüchen|forderungen|schäden)|"
               r"\bgaranti\w*\b.{0,60}\bcontre tou(?:te|s)\b|\bindemniza\w+\b.{0,80}\b(?:cualquier|toda)|"
               r"\bmanlev\w+\b.{0,80}\bqualsiasi|\bindemniz\w+\b.{0,80}\b(?:qualquer|todas)",
               r"\bclient (?:shall|will) indemnify|each party (?:shall|will) indemnify|gross negligence|"
               r"its own breach")),
    Rule("very_long_payment", "payment", "high",
         f"The money comes after {VERY_LONG_DAYS} days or more, longer than the law usually lets businesses agree.",
         "Can payment be due 14 to 30 days after the invoice?",
         lambda text: _days(text) >= VERY_LONG_DAYS),
    Rule("long_payment", "payment", "medium",
         "The money comes later than the usual 30 days, so you lend it to the client until then.",
         "Can payment be due 14 to 30 days after the invoice, or with a deposit?",
         lambda text: LONG_DAYS <= _days(text) < VERY_LONG_DAYS),
    Rule("pay_when_paid", "payment", "high",
         "You are paid only if somebody else pays your client first.",
         "Can payment be due whether or not the end client has paid?",
         _said(r"\b(?:once|when|after|until|if|only)\b.{0,60}\b(?:end[- ]client|end customer|client'?s customer|"
               r"its (?:own )?"
               r"customer)\b.{0,40}\bpa(?:id|ys|yment)|\bendkunde\w*\b.{0,60}\b(?:gezahlt|bezahlt|zahlung)|"
               r"\bclient final\b.{0,60}\b(?:payé|paiement|règle)|\bcliente final\b.{0,60}\b(?:pag)|"
               r"\bcliente finale\b.{0,60}\bpag")),
    Rule("withholding", "payment", "medium",
         "The client may keep money back on its own judgement.",
         "Which defects allow holding money back, how much of it, and who decides?",
         _said(r"\b(?:withhold|retain|reduce|set off)\b.{0,80}\b(?:payment|fee|invoice|amounts?)|\b(?:sole|"
               r"absolute) discretion\b"
               r".{0,80}\bpa(?:y|id|yment)|\bpa(?:y|id|yment)\w*\b.{0,80}\b(?:sole|absolute) discretion|"
               r"\b(?:einbehalten|zurückbehalten|kürzen)\b|\bretenir\b.{0,60}\b(?:paiement|somme)|"
               r"\bretener\b.{0,60}\bpago|"
               r"\btrattenere\b|\breter\b.{0,60}\bpagament")),
    Rule("ip_before_payment", "ip", "high",
         "Your work belongs to the client before it is paid for, so you lose the means to insist on payment.",
         "Can the rights pass to the client on full payment?",
         _said(r"\b(?:upon|on|at|from the moment of|as of|immediately (?:upon|on)) (?:its |their |the )?(?:creation|"
               r"being created|"
               r"delivery|conception)|\bas (?:it is|they are|soon as) created\b|\b(?:regardless|"
               r"irrespective) of\b.{0,30}\bpa(?:y|id)|"
               r"\bwhether or not\b.{0,30}\bpa(?:y|id)|\bbefore payment\b|\bmit (?:ihrer |der |"
               r"deren )?(?:entstehung|erstellung|schaffung)|"
               r"\bzum zeitpunkt (?:ihrer |der )?entstehung|\bunabhängig von der (?:be)?zahlung|\bdès (?:leur |sa |"
               r"la )?création|"
               r"\bau fur et à mesure\b|\bindépendamment du paiement|\bdesde (?:su|el momento de su) creación|"
               r"\bal momento della (?:loro |sua )?creazione|\bdesde a (?:sua )?criação",
               r"\b(?:upon|on|after|subject to|until) (?:receipt of )?(?:the )?(?:full |complete )?payment|"
               r"\bnach vollständiger (?:be)?zahlung")),
    Rule("ip_without_payment", "ip", "medium",
         "The rights pass to the client and nothing ties that to being paid.",
         "Can the rights pass to the client on full payment, and may I keep what I knew and had before?",
         _said(r"\b(?:assigns?|transfers?|vests?|work(?:s)? (?:made )?for hire|cède|cede|überträgt|räumt)\b|"
               r"\bexclusive property\b|\b(?:rights?|ownership)\b.{0,40}\b(?:belongs?|pass(?:es)?)\b", _ON_PAYMENT)),
    Rule("one_sided_termination", "termination", "high",
         "The client can end the contract at once, and you cannot or only with notice.",
         "Can both sides have the same notice, and is work done until then paid?",
         _said(r"\b(?:client|company|customer|platform|we)\b.{0,30}\bmay\b.{0,60}\b(?:terminate|cancel|suspend|"
               r"close)\b.{0,90}\b(?:at any time|"
               r"immediately|without (?:notice|cause|reason)|with immediate effect|for any reason)|"
               r"\b(?:client|company|customer|platform|we)\b.{0,20}\bmay\b.{0,30}\b(?:at any time|immediately|"
               r"without (?:notice|cause))\b.{0,60}\b(?:terminate|cancel|suspend)|"
               r"\b(?:auftraggeber(?:in)?|kunde|agentur)\b.{0,40}\b(?:jederzeit|fristlos|"
               r"ohne einhaltung einer (?:kündigungs)?frist)\b|"
               r"\b(?:le )?client\b.{0,40}\bpeut\b.{0,60}\b(?:à tout moment|sans préavis)|"
               r"\bel cliente podrá\b.{0,80}\b(?:en cualquier momento|sin preaviso)|"
               r"\bil (?:cliente|committente) (?:può|potrà)\b.{0,60}\b(?:in qualsiasi momento|senza preavviso)|"
               r"\bo cliente poderá\b.{0,60}\b(?:a qualquer momento|sem aviso)",
               r"\beither party\b|\bboth parties\b|\bbeide (?:vertrags)?parteien\b|\bjede partei\b|\bgood cause\b|"
               r"\bwichtige[mn] grund\b")),
    Rule("broad_non_compete", "non_compete", "high",
         "You could not work for others in your field, for a long time or nearly anywhere.",
         "Can this be limited to named clients and to the time of the contract, or be paid for?",
         lambda text: bool(re.search(_BAN, text, re.I)) and (_long(text) or bool(re.search(_WIDE, text, re.I)))),
    Rule("non_compete", "non_compete", "medium",
         "It limits whom else you may work for.",
         "Which clients does it mean by name, and for how long?",
         lambda text: bool(re.search(_BAN, text, re.I)) and not _long(text) and not re.search(_WIDE, text, re.I)),
    Rule("auto_renewal", "renewal", "medium",
         "It goes on by itself unless you end it in time, so note the day in your calendar.",
         "Can it end by itself, or be ended at any time with a month's notice?",
         _said(r"\bautomatic\w*|\bautomatisch\b|\bstillschweigend\b|\bverlängert sich\b|\btacite\w*|"
               r"\btacit(?:ly)?\b|\btácita\w*|"
               r"\bautomátic\w*|\btacitamente\b|\bunless\b.{0,80}\b(?:notice|terminat)",
               r"\b(?:no|not|nicht|kein\w*|sans|pas de|non)\b.{0,25}\b(?:automatic\w*|stillschweigend\w*|tacit\w*|"
               r"renew\w*|rinnov\w*)|"
               r"\bnicht automatisch\b")),
    Rule("penalty", "penalty", "high",
         "A fixed sum falls due for a delay or a breach, even without damage.",
         "Can the penalty go, or be capped at 5 % of the fee and depend on my fault?",
         _said(r"\bpenalt(?:y|ies)\b|\bliquidated damages\b|\bvertragsstrafe\b|\bpönale\b|\bpénalités?\b|"
               r"\bclause pénale\b|"
               r"\bpenalizaci\w+|\bpenalidad\w*|\bcláusula penal\b|\buna penale\b|\bpenali\b|\bmulta\b|\bdeduct",
               r"\b(?:no|keine?|aucune|sans|sin|nessuna|sem) (?:penalt\w+|vertragsstrafe|pénalités?|penalizaci\w+|"
               r"penale|multa)|"
               r"\bclient\b.{0,30}\b(?:pays?|owes?)\b|\bretard de paiement\b|"
               r"\bverzug(?:szinsen)?\b.{0,30}\bauftraggeber")),
    Rule("endless_confidentiality", "confidentiality", "low",
         "The duty to keep silent never ends.",
         "Can it end three to five years after the contract?",
         _said(r"\bperpetu\w+|\bindefinite\w*|\bwithout (?:any )?(?:time )?limit|\bforever\b|\bunbefristet\b|"
               r"\bzeitlich unbegrenzt\b|"
               r"\bdurée (?:illimitée|indéterminée)|\bindefinid\w+|\bindeterminat\w+|\bsenza limiti di tempo")),
    Rule("unilateral_changes", "changes", "medium",
         "The other side may change the terms alone.",
         "Can changes need the agreement of both sides in writing?",
         _said(r"\b(?:client|company|platform|agency|we|customer)\b.{0,30}\bmay\b.{0,30}\b(?:amend|change|modify|"
               r"update)\b.{0,60}\b(?:terms|agreement|fees?|conditions)|"
               r"\b(?:auftraggeber|plattform)\b.{0,40}\b(?:jederzeit|einseitig)\b.{0,40}\bänder")),
    Rule("unlimited_revisions", "changes", "medium",
         "You would change your work as often as the client likes, for the same fee.",
         "Can two rounds of changes be included, and further ones be paid by the hour?",
         _said(r"\bunlimited (?:number of )?(?:revisions|changes|corrections)|\bas many revisions\b|"
               r"\buntil the client is (?:fully )?satisfied|"
               r"\bunbegrenzt\w*\b.{0,20}\b(?:korrektur|änderung|überarbeitung)|\bbeliebig viele\b|"
               r"\bnombre illimité\b")),
)  # fmt: skip

MISSING: Mapping[str, tuple[str, str]] = {
    "payment": ("It does not say when you are paid.", "When is each invoice due, and is there a deposit?"),
    "liability": ("It does not limit your liability, so the law applies, which may have no limit.",
                  "Can liability be limited to the fee?"),
    "ip": ("It does not say who owns the work and from when.", "Which rights pass to the client, and when?"),
    "termination": ("It does not say how it ends early and what is paid then.", "With what notice can each side end "
                                                                                "it?"),
    "acceptance": ("It does not say when the work counts as accepted.",
                   "Can it count as accepted when nobody objects within ten days?"),
    "changes": ("It does not say what happens when more work is wanted.", "Are further wishes offered and paid "
                                                                          "separately?"),
    "law": ("It does not say which law and court apply.", "Which law and which court apply?"),
    "confidentiality": ("It does not say what is secret and how long.", "What counts as confidential, and for how "
                                                                        "long?"),
}  # fmt: skip
"""What should stand in a contract: why it matters and what to ask."""


def risks(found: Mapping[str, Sequence[Clause]]) -> list[Risk]:
    """The risks in a contract's sentences by topic, the worst first; each rule is named once, by its first sentence."""
    named: dict[str, Risk] = {}
    for rule in RULES:
        hit = next((clause for clause in found.get(rule.topic, ()) if rule.fits(clause.text)), None)
        if hit and not _milder(rule.name, named):
            named[rule.name] = Risk(rule.name, rule.weight, rule.why, rule.ask, hit.text, hit.place)
    order = {"high": 0, "medium": 1, "low": 2}
    return sorted(named.values(), key=lambda risk: order[risk.weight])


_WORSE = {
    "long_payment": "very_long_payment",
    "ip_without_payment": "ip_before_payment",
    "non_compete": "broad_non_compete",
}
"""A rule that says less than another one that has fired already."""


def _milder(name: str, named: Mapping[str, Risk]) -> bool:
    return _WORSE.get(name, "") in named
